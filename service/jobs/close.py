"""Close: what every enquiry counts as at a month's end is worked out soon after it, so that no question for figures waits."""

from service.actions.settle import close, close_some
from service.clock import Clock
from service.context import Context
from service.records import closing, events
from service.records.database import Database
from service.working_time import local_date, london_midnight, month_start


def run(database: Database, clock: Clock) -> int:
    """See to some cases in months that are over, and return how many; then let go of what other rules made.

    The month is closed for the service's own events alone. What comes in from an earlier service may still count in it
    until somebody asks for its figures.
    """
    now = clock.now()
    over = london_midnight(month_start(local_date(now)))
    if database.read(events.recorded_until) is None:
        return 0
    if not database.read(lambda unit: events.is_closed_before(unit, over)):
        database.transact(lambda unit: close(unit, Context(now=now), over))
    return close_some(database, now) or database.transact(lambda unit: closing.forget_other_rules(unit, now))
