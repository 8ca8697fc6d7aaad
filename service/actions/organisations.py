"""Organisations: add one, change one, say who succeeded it."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from service.actions import remind
from service.actions.audit import audit
from service.actions.planning import replan
from service.actions.shapes import Area, Name, Nation, OrganisationKind, Sector, Sent
from service.context import Context
from service.errors import conflict, invalid, not_found
from service.records import directory, people, register
from service.records.database import Unit
from service.records.tables import Organisation

Days = Annotated[int, Field(ge=0, le=250)]


class OrganisationEntry(Sent):
    """A new organisation."""

    name: Name
    kind: OrganisationKind | None = Field(default=None, description="`other` when left out; a partner is a university.")
    nation: Nation | None = Field(
        default=None, description="Whose bank holidays it keeps; the service's when left out."
    )
    area: Area | None = None
    sector: Sector | None = None
    code: Name | None = Field(default=None, description="The code other registers know it by.")
    partner: bool = Field(default=False, description="Calls may be sent to it, and it has a feed.")
    agenda_clear_days: Days = Field(default=5, description="Clear days before a meeting that papers go out.")
    clearance_working_days: Days = Field(default=20, description="Working days a paper takes to be cleared.")
    succeeded_by: Name | None = Field(default=None, description="The name or id of the body that took over.")


class OrganisationChange(Sent):
    """What is to change of an organisation; what is not sent stays."""

    name: Name = Field(default_factory=str)
    kind: OrganisationKind = Field(default_factory=str)
    nation: Nation = Field(default_factory=str)
    area: Area | None = None
    sector: Sector | None = None
    code: Name | None = None
    partner: bool = Field(default_factory=bool)
    agenda_clear_days: Days = Field(default_factory=int)
    clearance_working_days: Days = Field(default_factory=int)
    succeeded_by: Name | None = Field(default=None, description="A name or an id; null when nobody did after all.")


def add_organisation(unit: Unit, ctx: Context, entry: OrganisationEntry) -> Organisation:
    """Add and return an organisation. Raises Problem 409 when the name is taken, 422 for an unknown successor."""
    _require_free_name(unit, entry.name, None)
    organisation = Organisation(
        name=entry.name,
        name_key=people.name_key(entry.name),
        kind=entry.kind or ("university" if entry.partner else "other"),
        nation=entry.nation or ctx.nation,
        area=entry.area,
        sector=entry.sector,
        code=entry.code,
        partner=entry.partner,
        agenda_clear_days=entry.agenda_clear_days,
        clearance_working_days=entry.clearance_working_days,
        created_at=ctx.now,
    )
    _require_partner_is_university(organisation)
    unit.add(organisation)
    unit.flush()
    if entry.succeeded_by is not None:
        organisation.succeeded_by_id = _successor(unit, organisation, entry.succeeded_by)
        unit.add(organisation)
    register.note(unit, ctx, organisation)
    audit(unit, ctx, "create", f"organisation:{organisation.id}", name=organisation.name, kind=organisation.kind)
    return organisation


def change_organisation(unit: Unit, ctx: Context, organisation_id: UUID, change: OrganisationChange) -> Organisation:
    """Change and return an organisation; another nation, agenda or clearance counts its enquiries' dates again.

    Raises Problem 404 for an unknown one, 409 for a name that is taken or a succession that would run in a circle.
    """
    organisation = directory.lock_organisation(unit, organisation_id)
    if organisation is None:
        raise not_found("organisation")
    facts: dict[str, Any] = change.model_dump(exclude_unset=True)
    if "succeeded_by" in facts:
        successor = facts.pop("succeeded_by")
        facts["succeeded_by_id"] = None if successor is None else _successor(unit, organisation, successor)
    if "name" in facts:
        _require_free_name(unit, facts["name"], organisation.id)
        facts["name_key"] = people.name_key(facts["name"])
    changed = _set(organisation, facts)
    _require_partner_is_university(organisation)
    if changed:
        organisation.version += 1
        unit.add(organisation)
        unit.flush()
        register.note(unit, ctx, organisation)
        audit(unit, ctx, "change", f"organisation:{organisation.id}", changed=changed)
    if "nation" in changed:
        remind.recompute_calendar(unit, ctx, organisation.nation)
    elif {"agenda_clear_days", "clearance_working_days"} & set(changed):
        replan(unit, ctx, organisation_id=organisation.id)
    return organisation


def known_or_new(unit: Unit, ctx: Context, text: str, *, kind: str = "other") -> Organisation:
    """Return the organisation that a name or an id stands for; an unknown name is added, an unknown id refused (422)."""
    found = directory.organisation_meant(unit, text)
    if found is not None:
        return found
    if _is_id(text):
        raise invalid("organisation", "There is no organisation with this id.")
    return add_organisation(unit, ctx, OrganisationEntry(name=text, kind=kind))


def known(unit: Unit, text: str, field: str = "organisation") -> Organisation:
    """Return the organisation that a name or an id stands for. Raises Problem 422 when there is none."""
    found = directory.organisation_meant(unit, text)
    if found is None:
        raise invalid(field, f"There is no organisation called {text}.")
    return found


def known_university(unit: Unit, text: str | None) -> Organisation:
    """Return the university that a name or an id stands for. Raises Problem 422 when there is none."""
    if text is None:
        raise invalid("organisation", "Say which university they are at, by name or id.")
    found = known(unit, text)
    if found.kind != "university":
        raise invalid("organisation", f"{found.name} is not recorded as a university.")
    return found


def make_partner(unit: Unit, ctx: Context, organisation: Organisation) -> None:
    """See that an organisation is a partner university. Raises Problem 409 when it is known to be something else."""
    if organisation.partner:
        return
    if organisation.kind not in {"university", "other"}:
        raise conflict(f"{organisation.name} is recorded as {organisation.kind}, not as a university.")
    organisation.kind, organisation.partner = "university", True
    organisation.version += 1
    unit.add(organisation)
    register.note(unit, ctx, organisation)
    audit(unit, ctx, "change", f"organisation:{organisation.id}", changed=["kind", "partner"])


def _set(organisation: Organisation, facts: Mapping[str, Any]) -> list[str]:
    changed = sorted(name for name, value in facts.items() if getattr(organisation, name) != value)
    for name in changed:
        setattr(organisation, name, facts[name])
    return changed


def _require_free_name(unit: Unit, name: str, own_id: UUID | None) -> None:
    holder = directory.organisation_called(unit, name)
    if holder is not None and holder.id != own_id:
        raise conflict(f"There is an organisation called {holder.name} already.", existing=str(holder.id))


def _require_partner_is_university(organisation: Organisation) -> None:
    if organisation.partner and organisation.kind != "university":
        raise invalid("partner", "Only a university can be a partner: set kind to university.")


def _successor(unit: Unit, organisation: Organisation, text: str) -> UUID:
    """Return the id of the body that took over, having made sure that it does not lead back."""
    successor = known(unit, text, "succeeded_by")
    if successor.id == organisation.id:
        raise invalid("succeeded_by", "No organisation succeeds itself.")
    following = directory.lock_successions(unit, organisation.id, successor.id)
    step: UUID | None = successor.id
    while step is not None:
        if step == organisation.id:
            raise conflict(f"{successor.name} was itself succeeded by {organisation.name}: that would run in a circle.")
        step = following.get(step)
    return successor.id


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
