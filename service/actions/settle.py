"""Settle: close a month's log for good, so that its figures never change again (DESIGN.md section 5)."""

from collections.abc import Sequence
from datetime import datetime

from service.context import Context
from service.records import closing, events
from service.records.database import Database, Unit


def settle(unit: Unit, ctx: Context, closes: datetime) -> None:
    """See to it that nothing is recorded before `closes` from now on. Raises ValueError when it is in the future."""
    if closes > ctx.now:
        raise ValueError(f"{closes.isoformat()} is not over yet")
    events.settle_before(unit, closes)


def close(unit: Unit, ctx: Context, closes: datetime) -> None:
    """The same for figures that read nothing of an earlier service: its history can still come in before `closes`.

    Raises ValueError when it is in the future.
    """
    if closes > ctx.now:
        raise ValueError(f"{closes.isoformat()} is not over yet")
    events.close_before(unit, closes)


def close_some(database: Database, now: datetime) -> int:
    """Work out what some cases counted as in months that are over, keep it, and return how many cases were seen to.

    The work is done outside any writing transaction. Where somebody else did the same meanwhile, theirs stands.
    """
    batch = database.read(closing.next_batch)
    if batch is None:
        return 0
    made = database.read(lambda unit: closing.made_of(unit, batch))
    database.transact(lambda unit: closing.keep(unit, batch, made, now))
    return max(1, len(batch.cases))


def close_through(database: Database, ctx: Context, month: int, sources: Sequence[str] = closing.SOURCES) -> None:
    """Close a settled month and all before it for figures that count what these sources say, as far as that is not done yet."""
    while not database.read(lambda unit: closing.is_closed(unit, month, sources)):
        if not close_some(database, ctx.now) and not database.read(
            lambda unit: closing.is_closed(unit, month, sources)
        ):
            raise AssertionError(f"month {month} was asked for before it was settled")
