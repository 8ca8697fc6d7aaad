"""Funding: which source pays for what, from sought to confirmed or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.actions.commissioning import lock_living, note
from service.context import Context
from service.errors import conflict, forbidden, invalid, not_found
from service.principals import Role
from service.records import projects
from service.records.database import Unit
from service.records.tables import Enquiry, FundingLine
from service.states import FundingStatus


@dataclass(frozen=True, slots=True)
class Source:
    """One source of money or of help in kind. `own_funds` marks the service's own."""

    source: str
    amount: Decimal
    kind: str
    status: str = FundingStatus.SOUGHT
    evidence: str | None = None
    own_funds: bool = False


def add_funding_line(unit: Unit, ctx: Context, project_id: UUID, source: Source) -> FundingLine:
    """Record one source of a project's funding and return it.

    Raises Problem 422 for a confirmation without evidence, and 403 or 409 when it is the service's own money and the
    actor may not confirm that.
    """
    project, enquiry = lock_living(unit, project_id)
    line = FundingLine(
        project_id=project.id,
        source=source.source,
        amount=source.amount,
        kind=source.kind,
        status=source.status,
        evidence=source.evidence,
        own_funds=source.own_funds,
        recorded_by_id=ctx.actor.person_id,
        created_at=ctx.now,
    )
    _settle(ctx, enquiry, line, was_own=False)
    unit.add(line)
    unit.flush()
    note(unit, ctx, enquiry, project, "funding_line_added", **_as_recorded(line))
    return line


def change_funding_line(
    unit: Unit, ctx: Context, project_id: UUID, line_id: UUID, changes: Mapping[str, Any]
) -> FundingLine:
    """Set some members of a funding line, by the names of `Source`, and return it.

    Raises Problem 404 for a line of another project, and as `add_funding_line` does.
    """
    project, enquiry = lock_living(unit, project_id)
    line = projects.funding_line(unit, project_id, line_id)
    if line is None:
        raise not_found("funding line")
    changed = {name for name, value in changes.items() if getattr(line, name) != value}
    if not changed:
        return line
    was_own = line.own_funds and line.status == FundingStatus.CONFIRMED
    for name in changed:
        setattr(line, name, changes[name])
    _settle(ctx, enquiry, line, was_own=was_own)
    line.version += 1
    unit.add(line)
    unit.flush()
    note(unit, ctx, enquiry, project, "funding_line_changed", **_as_recorded(line))
    return line


def _as_recorded(line: FundingLine) -> dict[str, object]:
    """Return what figures read of a line; who the source is stays out of the log."""
    return {
        "funding_line": str(line.id),
        "status": line.status,
        "kind": line.kind,
        "amount": str(line.amount),
        "own_funds": line.own_funds,
    }


def _settle(ctx: Context, enquiry: Enquiry, line: FundingLine, *, was_own: bool) -> None:
    """Note who confirmed a line, having made sure that they may (DOMAIN.md section 2, confirm_funding)."""
    if line.status != FundingStatus.CONFIRMED:
        line.confirmed_by_id, line.confirmed_at = None, None
        return
    if not (line.evidence or "").strip():
        raise invalid("evidence", "Say where the confirmation can be seen: a letter, a minute, a purchase order.")
    if line.own_funds or was_own:
        _require_may_confirm_own(ctx, enquiry)
    line.confirmed_by_id, line.confirmed_at = ctx.actor.person_id, ctx.now


def _require_may_confirm_own(ctx: Context, enquiry: Enquiry) -> None:
    if ctx.actor.role != Role.SERVICE_LEAD:
        raise forbidden("The service's own money is confirmed by a service lead. Record it as sought and ask one.")
    if ctx.actor.person_id is None or ctx.actor.person_id == enquiry.owner_id:
        raise conflict(
            "You own this enquiry, so another service lead has to confirm the service's own money. "
            "Record it as sought and ask one."
        )
