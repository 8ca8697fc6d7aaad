"""Digest: each working day at its start the team is told what there is to do, in one mail a person."""

from service.actions import remind
from service.clock import Clock
from service.context import Context
from service.ids import new_id
from service.records.database import Database


def run(database: Database, clock: Clock, nation: str) -> int:
    """Write today's digests if they are due, and return how many mails those are.

    Runs when no reminder is due any more, so that the day's own are in. However many workers run it, each person gets
    one a day.
    """
    ctx = Context(now=clock.now(), request_id=f"digest-{new_id()}", nation=nation)
    if not database.read(lambda unit: remind.is_digest_due(unit, ctx)):
        return 0
    return database.transact(lambda unit: remind.write_digests(unit, ctx))
