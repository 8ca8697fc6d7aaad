"""Who changed a project's papers since somebody looked at them."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from service.records.changes import Changed
from service.records.database import Unit
from service.records.tables import Event, Organisation, Person


def newest_changes(
    unit: Unit, enquiry_id: UUID, codes: Collection[str], count: int, naming: UUID | None = None
) -> list[Changed]:
    """Return an enquiry's last `count` events with one of these codes, oldest first; only those about `naming`, when given.

    A paper's version rises by one with each of its events, so the difference of two versions says how many to ask for.
    """
    if count < 1:
        return []
    query = (
        select(Event, Person.name, Organisation.name)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Event.actor_organisation_id), isouter=True)
        .where(Event.enquiry_id == enquiry_id, col(Event.event).in_(codes))
        .order_by(col(Event.seq).desc())
    )
    found = [
        Changed(row.recorded_at, person or organisation or "The service", row.event, row.machine, row.to_state, ())
        for row, person, organisation in unit.exec(query)
        if naming is None or str(naming) in row.data.values()
    ]
    return found[:count][::-1]
