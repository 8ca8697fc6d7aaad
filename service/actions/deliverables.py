"""Deliverables: what a project hands over and by when, until each is accepted or waived."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from service.actions.commissioning import lock_living, note
from service.context import Context
from service.errors import conflict, not_found
from service.records import projects
from service.records.database import Unit
from service.records.tables import Deliverable
from service.states import DeliverableStatus

_S = DeliverableStatus
_SETTLED = frozenset({_S.ACCEPTED, _S.WAIVED})
_ONWARDS: Mapping[DeliverableStatus, frozenset[DeliverableStatus]] = {
    _S.PLANNED: frozenset({_S.DELIVERED, _S.ACCEPTED, _S.WAIVED}),
    _S.DELIVERED: frozenset({_S.ACCEPTED, _S.WAIVED}),
    _S.ACCEPTED: frozenset(),
    _S.WAIVED: frozenset(),
}
"""What a deliverable may become: always onwards, and nothing once it is settled."""


def add_deliverable(
    unit: Unit, ctx: Context, project_id: UUID, title: str, due_on: date, status: DeliverableStatus = _S.PLANNED
) -> Deliverable:
    """Add something a project will hand over, and return it."""
    project, enquiry = lock_living(unit, project_id)
    deliverable = Deliverable(project_id=project.id, title=title, due_on=due_on, status=_S.PLANNED, created_at=ctx.now)
    _advance(ctx, deliverable, status)
    unit.add(deliverable)
    unit.flush()
    note(
        unit, ctx, enquiry, project, "deliverable_added",
        deliverable=str(deliverable.id), due_on=due_on.isoformat(), status=deliverable.status,
    )  # fmt: skip
    return deliverable


def change_deliverable(
    unit: Unit, ctx: Context, project_id: UUID, deliverable_id: UUID, changes: Mapping[str, Any]
) -> Deliverable:
    """Set `title`, `due_on` or `status` of a deliverable and return it.

    Raises Problem 404 for one of another project, 409 once it is accepted or waived, or for a step backwards.
    """
    project, enquiry = lock_living(unit, project_id)
    deliverable = projects.deliverable(unit, project_id, deliverable_id)
    if deliverable is None:
        raise not_found("deliverable")
    changed = {name: value for name, value in changes.items() if getattr(deliverable, name) != value}
    if not changed:
        return deliverable
    if deliverable.status in _SETTLED:
        raise conflict(f"This deliverable was {deliverable.status} already. Add another one instead.")
    deliverable.title = changed.get("title", deliverable.title)
    deliverable.due_on = changed.get("due_on", deliverable.due_on)
    if "status" in changed:
        _advance(ctx, deliverable, DeliverableStatus(changed["status"]))
    deliverable.version += 1
    unit.add(deliverable)
    unit.flush()
    event = "deliverable_settled" if deliverable.status in _SETTLED else "deliverable_changed"
    note(
        unit, ctx, enquiry, project, event,
        deliverable=str(deliverable.id), due_on=deliverable.due_on.isoformat(), status=deliverable.status,
    )  # fmt: skip
    return deliverable


def may_become(status: DeliverableStatus) -> list[DeliverableStatus]:
    """Return what a deliverable of this status may become, in the order of the work; nothing once it is settled."""
    return [each for each in _S if each in _ONWARDS[status]]


def _advance(ctx: Context, deliverable: Deliverable, status: DeliverableStatus) -> None:
    """Move a deliverable on and note when; what is accepted was delivered."""
    before = DeliverableStatus(deliverable.status)
    if status == before:
        return
    if status not in _ONWARDS[before]:
        raise conflict(f"A deliverable goes onwards only: it is {before}, and cannot become {status}.")
    if status in {_S.DELIVERED, _S.ACCEPTED}:
        deliverable.delivered_at = deliverable.delivered_at or ctx.now
    if status in _SETTLED:
        deliverable.settled_at = ctx.now
    deliverable.status = status
