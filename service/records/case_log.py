"""The log of every case as managers take it out: what happened when, and nothing about people."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import false, literal, null, select
from sqlmodel import col

from service.records.database import Unit
from service.records.tables import Enquiry, Event, PastEvent

_AT_ONCE = 5_000

HERE, IMPORTED = "service", "imported"


class CaseEvent(NamedTuple):
    """One thing that happened to a case, with what was known of the case then."""

    case: str
    """The reference: ours, or the earlier service's own."""
    event: str
    state: str
    waiting_on: str
    time: datetime
    outcome: str | None
    on_hold: bool
    machine: str
    """Whose event and state these are: enquiry or project."""
    actor_role: str | None
    sector: str | None
    area: str | None
    enquiry_type: str | None
    topics: list[str]
    source: str
    """service, or imported from an earlier service's log."""


def case_events(unit: Unit) -> Iterator[CaseEvent]:
    """Yield the events of everything that was submitted, each case's together and in order, oldest case first; streamed.

    Cases that came in from an earlier service follow, as their log stands now.
    """
    here = (
        select(
            col(Enquiry.reference), col(Event.event), col(Event.to_state), col(Event.waiting_on), col(Event.recorded_at), col(Event.outcome),
            col(Event.on_hold), col(Event.machine), col(Event.actor_role), col(Event.sector), col(Event.area), col(Event.enquiry_type),
            col(Event.topics), literal(HERE),
        )
        .join(Enquiry, col(Enquiry.id) == col(Event.enquiry_id))
        .where(col(Enquiry.reference).is_not(None))
        .order_by(col(Event.enquiry_id), col(Event.seq))
    )  # fmt: skip
    before = (
        select(
            col(PastEvent.reference), col(PastEvent.event), col(PastEvent.to_state), col(PastEvent.waiting_on), col(PastEvent.occurred_at),
            col(PastEvent.outcome), false(), literal("enquiry"), null(), col(PastEvent.sector), col(PastEvent.area),
            col(PastEvent.enquiry_type), col(PastEvent.topics), literal(IMPORTED),
        )
        .where(col(PastEvent.replaced_at).is_(None))
        .order_by(col(PastEvent.case_id), col(PastEvent.step))
    )  # fmt: skip
    for query in (here, before):
        rows = unit.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
        yield from (event._replace(on_hold=bool(event.on_hold)) for event in map(CaseEvent._make, rows))
