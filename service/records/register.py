"""The register of bodies: what it said at a past instant, and which of its councils had been heard from by then."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlmodel import col, func

from service.context import Context
from service.records import events
from service.records.database import Unit
from service.records.tables import Event, Organisation, RegisterEntry
from service.states import EnquiryState, Outcome
from service.throughput.reach import Body


def note(unit: Unit, ctx: Context, organisation: Organisation) -> None:
    """Write down what the register says of a body from now on. Takes the event counter's lock."""
    unit.add(
        RegisterEntry(
            organisation_id=organisation.id,
            recorded_at=events.recording_instant(unit, ctx.now),
            name=organisation.name,
            kind=organisation.kind,
            area=organisation.area,
            succeeded_by_id=organisation.succeeded_by_id,
        )
    )
    unit.flush()


def bodies_before(unit: Unit, closes: datetime, kinds: Iterable[str]) -> list[Body]:
    """Return the bodies of these kinds that stood in the register just before `closes`, by name, heard from or not.

    A body that another took over from has left the register; whoever took over counts as heard from where either was.
    """
    found = _entries(unit, closes)
    following = {entry.organisation_id: entry.succeeded_by_id for entry in found.values() if entry.succeeded_by_id}
    heard: set[UUID] = set()
    for organisation_id in _heard_before(unit, closes, (each.organisation_id for each in found.values())):
        heard.update(_line(organisation_id, following))
    wanted = set(kinds)
    return sorted(
        (
            Body(entry.organisation_id, entry.name, entry.area, is_heard=entry.organisation_id in heard)
            for entry in found.values()
            if entry.kind in wanted and entry.succeeded_by_id is None
        ),
        key=lambda body: (body.name.casefold(), body.id),
    )


def _entries(unit: Unit, closes: datetime) -> Mapping[UUID, RegisterEntry]:
    """Return the last entry of every body before `closes`; of two of one instant the one added later."""
    newest = (
        select(col(RegisterEntry.organisation_id), func.max(col(RegisterEntry.recorded_at)).label("at"))
        .where(col(RegisterEntry.recorded_at) < closes)
        .group_by(col(RegisterEntry.organisation_id))
        .subquery()
    )
    rows = unit.exec(
        select(RegisterEntry)  # type: ignore[call-overload]
        .join(
            newest,
            and_(
                col(RegisterEntry.organisation_id) == newest.c.organisation_id,
                col(RegisterEntry.recorded_at) == newest.c.at,
            ),
        )
        .order_by(col(RegisterEntry.id))
    ).scalars()
    return {entry.organisation_id: entry for entry in rows}


def _heard_before(unit: Unit, closes: datetime, organisation_ids: Iterable[UUID]) -> set[UUID]:
    """Return the bodies that are named in a row of an enquiry that was submitted, and not found to be spam, before."""
    spam = select(col(Event.enquiry_id)).where(
        col(Event.event) == "close", col(Event.outcome) == Outcome.SPAM, col(Event.recorded_at) < closes
    )
    here = and_(
        col(Event.organisation_id) == col(Organisation.id),
        col(Event.recorded_at) < closes,
        col(Event.to_state) != EnquiryState.DRAFT,
        col(Event.enquiry_id).not_in(spam),
    )
    heard = set(unit.connection().scalars(select(col(Organisation.id)).where(exists().where(here))))
    return heard & set(organisation_ids)


def _line(start: UUID, following: Mapping[UUID, UUID]) -> set[UUID]:
    """Return a body and everybody who took over after it."""
    line: set[UUID] = set()
    step: UUID | None = start
    while step is not None and step not in line:
        line.add(step)
        step = following.get(step)
    return line
