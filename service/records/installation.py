"""Facts about this installation as a whole."""

from sqlmodel import SQLModel, delete, select, update

from service.records.database import Unit
from service.records.tables import Enquiry, PastEvent, ServiceState


def is_invented(unit: Unit) -> bool:
    """Tell whether this installation was filled with an invented year."""
    return unit.get(ServiceState, "demo") is not None


def demo_state(unit: Unit) -> str | None:
    """Return `filling` or `filled` for an invented year, None for a service that is in earnest."""
    state = unit.get(ServiceState, "demo")
    return state.value if state else None


def mark_demo(unit: Unit, value: str) -> None:
    """Mark everything here as invented: every page and export says so from then on."""
    state = unit.get(ServiceState, "demo") or ServiceState(key="demo", value=value)
    state.value = value
    unit.add(state)


def has_enquiries(unit: Unit) -> bool:
    """Tell whether anybody has asked anything here, or of a service before."""
    asked = unit.exec(select(Enquiry.id).limit(1)).first() is not None
    return asked or unit.exec(select(PastEvent.id).limit(1)).first() is not None


def wipe(unit: Unit) -> None:
    """Empty every table of an invented year that was interrupted. Raises LookupError for records in earnest."""
    if demo_state(unit) != "filling":
        raise LookupError("only an interrupted demo is wiped")
    # An enquiry may point at another, and an organisation at its successor: those go first.
    for table, column in (
        ("enquiry", "duplicate_of_id"),
        ("enquiry", "continues_id"),
        ("organisation", "succeeded_by_id"),
    ):
        unit.exec(update(SQLModel.metadata.tables[table]).values({column: None}))
    for table in reversed(SQLModel.metadata.sorted_tables):
        unit.exec(delete(table))
