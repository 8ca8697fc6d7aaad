"""Refresh: what the service stands on grows with time. Bank holidays are written in as far as they are known."""

from service.actions import remind
from service.clock import Clock
from service.context import Context
from service.records import calendars
from service.records.database import Database, Unit
from service.settings import Settings


def run(database: Database, clock: Clock, settings: Settings) -> int:
    """Write in bank holidays that are not known yet, recompute the dates they move, and return how many were new."""
    ctx = Context(now=clock.now(), nation=settings.service_nation)

    def prepare(unit: Unit) -> int:
        known = len(calendars.days(unit))
        remind.prepare(unit, ctx)
        return len(calendars.days(unit)) - known

    return database.transact(prepare)
