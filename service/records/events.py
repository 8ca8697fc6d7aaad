"""The event log: appended under one counter, read in its order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.context import Context
from service.ids import new_id
from service.records.database import Unit
from service.records.tables import Enquiry, Event, EventCounter, Organisation
from service.workflows.commands import Waiver


def append(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    event: str,
    *,
    from_state: str,
    to_state: str,
    machine: str = "enquiry",
    project_id: UUID | None = None,
    reason: str | None = None,
    waivers: Sequence[Waiver] = (),
    data: dict[str, object] | None = None,
) -> Event:
    """Append one event with the facts about its enquiry as they are now, and return it.

    Takes the counter's lock, which is held to the commit: `seq` has no gaps in commit order and `recorded_at`
    never decreases along it, whatever the clocks of several processes say.
    """
    counter = _locked_counter(unit, ctx.now)
    counter.seq += 1
    counter.recorded_at = max(counter.recorded_at, ctx.now)
    organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    row = Event(
        seq=counter.seq,
        id=new_id(),
        recorded_at=counter.recorded_at,
        enquiry_id=enquiry.id,
        project_id=project_id,
        machine=machine,
        event=event,
        from_state=from_state,
        to_state=to_state,
        waiting_on=enquiry.waiting_on,
        outcome=enquiry.outcome,
        on_hold=enquiry.on_hold,
        epoch=enquiry.epoch,
        actor_role=ctx.actor.role,
        actor_id=ctx.actor.person_id,
        actor_organisation_id=ctx.actor.organisation_id,
        version=enquiry.version,
        reason=reason,
        waivers=[waiver.model_dump() for waiver in waivers],
        data=data or {},
        sector=enquiry.sector,
        area=organisation.area if organisation else None,
        enquiry_type=enquiry.enquiry_type,
        topics=list(enquiry.topics),
        organisation_id=enquiry.organisation_id,
        request_id=ctx.request_id,
    )
    unit.add(counter)
    unit.add(row)
    unit.flush()
    return row


def note(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    event: str,
    *,
    project_id: UUID | None = None,
    reason: str | None = None,
    data: dict[str, object] | None = None,
) -> Event:
    """Append one event that leaves the enquiry in its state, and return it."""
    state = enquiry.state
    return append(
        unit, ctx, enquiry, event, from_state=state, to_state=state, project_id=project_id, reason=reason, data=data
    )


def needed_by(enquiry: Enquiry) -> dict[str, object]:
    """Return by when something usable is needed, as an event that sets it carries it: figures read nothing else."""
    return {"needed_by": enquiry.needed_by.isoformat()} if enquiry.needed_by else {}


def since_version(unit: Unit, enquiry_id: UUID, version: int) -> list[Event]:
    """Return what happened to an enquiry after it had `version`, in order: what a stale reader missed."""
    return list(
        unit.exec(
            select(Event).where(Event.enquiry_id == enquiry_id, Event.version > version).order_by(Event.seq)  # type: ignore[arg-type]
        )
    )


def settle_before(unit: Unit, as_of: datetime) -> None:
    """Lift the counter to `as_of` (an instant not in the future): nothing can later be recorded behind it."""
    counter = _locked_counter(unit, as_of)
    counter.recorded_at = max(counter.recorded_at, as_of)
    counter.settled_until = max(counter.settled_until or as_of, as_of)
    unit.add(counter)
    unit.flush()


def close_before(unit: Unit, closes: datetime) -> None:
    """Lift the counter to `closes` without noting that figures were told: what came in from elsewhere may still count."""
    counter = _locked_counter(unit, closes)
    counter.recorded_at = max(counter.recorded_at, closes)
    unit.add(counter)
    unit.flush()


def is_closed_before(unit: Unit, closes: datetime) -> bool:
    """Tell whether nothing can be recorded here before `closes` any more."""
    counter = unit.get(EventCounter, 1)
    return counter is not None and counter.recorded_at >= closes


def recorded_until(unit: Unit) -> datetime | None:
    """Return the instant behind which no event can be recorded any more, without the lock; None where there is no log."""
    counter = unit.get(EventCounter, 1)
    return counter.recorded_at if counter else None


def recording_instant(unit: Unit, now: datetime) -> datetime:
    """Return the instant at which something beside an event, which figures read too, is recorded: never in a settled past.

    Takes the counter's lock, so ask for it after every other lock.
    """
    return max(_locked_counter(unit, now).recorded_at, now)


def settled_until(unit: Unit, now: datetime) -> datetime | None:
    """Return up to when figures were told, None when nobody asked yet; nobody settles more before this unit's end.

    Takes the counter's lock, so ask for it after every other lock.
    """
    return _locked_counter(unit, now).settled_until


def told_until(unit: Unit) -> datetime | None:
    """Return the same without the lock, for whoever only says what would happen."""
    counter = unit.get(EventCounter, 1)
    return counter.settled_until if counter else None


def of_enquiry(unit: Unit, enquiry_id: UUID) -> list[Event]:
    """Return an enquiry's events in the order they were recorded."""
    return list(
        unit.exec(select(Event).where(Event.enquiry_id == enquiry_id).order_by(Event.seq))  # type: ignore[arg-type]
    )


def latest(unit: Unit, enquiry_id: UUID, *events: str) -> Event | None:
    """Return the newest of an enquiry's events with one of these codes, or None."""
    return unit.exec(
        select(Event)
        .where(Event.enquiry_id == enquiry_id, Event.event.in_(events))  # type: ignore[attr-defined]
        .order_by(Event.seq.desc())  # type: ignore[attr-defined]
    ).first()


def _locked_counter(unit: Unit, now: datetime) -> EventCounter:
    counter = unit.exec(select(EventCounter).with_for_update().execution_options(populate_existing=True)).first()
    if counter is None:
        # Two first writers meet on the primary key; the loser's whole unit is run again.
        counter = EventCounter(id=1, seq=0, recorded_at=now)
        unit.add(counter)
        unit.flush()
    return counter
