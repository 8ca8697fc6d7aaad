"""Settle: close a month's log for good, so that its figures never change again (DESIGN.md section 5)."""

from datetime import datetime

from service.context import Context
from service.records import events
from service.records.database import Unit


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
