"""Putting off: what could not be sent now is tried again later, for letters and pokes alike."""

from service.clock import machine_now
from service.records import sending
from service.records.database import Database
from service.records.sending import Claimed


def defer(database: Database, claimed: Claimed, failure: Exception) -> None:
    """Put a claimed message back for a later try, with what its transport said."""
    _put_off(database, claimed, str(failure))


def defer_fault(database: Database, claimed: Claimed, fault: Exception) -> None:
    """The same for a fault of ours, which must hold up neither the queue nor, once mended, this message.

    It is named by its kind alone: its words may hold what somebody wrote.
    """
    _put_off(database, claimed, f"{type(fault).__name__} in the service itself")


def _put_off(database: Database, claimed: Claimed, error: str) -> None:
    database.transact(lambda unit: sending.record_deferred(unit, claimed, machine_now=machine_now(), error=error))
