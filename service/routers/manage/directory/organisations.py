"""Organisations: councils, universities, funders; what is known of each, and who took over from whom."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions import organisations as actions
from service.actions.organisations import OrganisationChange, OrganisationEntry
from service.errors import not_found
from service.records import audit, concerned, directory, people, researchers
from service.records.database import Unit
from service.routers.form_schemas import checked
from service.routers.forms import AskedForm, Filled, Mistakes, Posted, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.directory.shelf import (
    AT_ONCE,
    CHANGES_SHOWN,
    ENQUIRIES_SHOWN,
    ROOM,
    STATES,
    WAYS,
    put,
    require_seen,
    words,
    yes_or_no,
)
from service.routers.paging import encode_cursor, place_at

router = APIRouter(include_in_schema=False)

PATH = f"{ROOM}/organisations"
_PEOPLE_SHOWN = 20
_DONE = {
    "added": "The organisation was added.",
    "saved": "The changes are saved. Dates that hang on them are counted again.",
    "succeeded": "The successor is recorded.",
    "alone": "Nobody took over: the succession is taken back.",
}
_TOLD = {
    "name": "Enter a name, on one line of at most 200 characters",
    "kind": "Choose what kind of body it is",
    "nation": "Choose whose bank holidays it keeps",
    "area": "Choose a region from the list",
    "sector": "Choose a sector from the list",
    "code": "Enter a code, on one line of at most 200 characters",
    "agenda_clear_days": "Enter the clear days as a whole number from 0 to 250",
    "clearance_working_days": "Enter the working days as a whole number from 0 to 250",
}


@router.get(PATH)
def list_organisations(desk: ManagerDesk, view: AskedForm) -> Response:
    """Organisations by name, narrowed by the address; what it asks for and cannot be is as if it were not asked."""
    after = place_at(view.line("cursor"), str)
    q, partner = words(view), yes_or_no(view, "partner")
    kind = view.line("kind") if view.line("kind") in vocabulary.ORGANISATION_KINDS else ""
    rows = desk.read(
        lambda unit: directory.organisations(
            unit, kind=kind or None, partner=partner, q=q or None, after=after, limit=AT_ONCE + 1
        )
    )
    asked = {"q": q, "kind": kind, "partner": view.line("partner") if partner is not None else ""}
    told = {
        "rows": rows[:AT_ONCE],
        "asked": Filled(dict(asked)),
        "narrowed": {name: value for name, value in asked.items() if value},
        "following": encode_cursor(rows[AT_ONCE - 1].name_key) if len(rows) > AT_ONCE else None,
        "back": ROOM,
    }
    return desk.page("manage/directory/organisations.html", told, room=ROOM)


@router.get(f"{PATH}/new")
def ask(desk: ManagerDesk) -> Response:
    """Which organisation?"""
    return _new(
        desk,
        Filled({"kind": "", "nation": desk.ctx.nation, "agenda_clear_days": "5", "clearance_working_days": "20"}),
        200,
    )


@router.post(f"{PATH}/new")
def add(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add it."""
    mistakes, again = Mistakes(), partial(_new, desk)
    entry = checked(OrganisationEntry, _sent(posted), mistakes, _TOLD)
    if entry is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    return put(desk, posted, lambda unit: actions.add_organisation(unit, desk.ctx, entry).id, again, PATH, "added")


@router.get(PATH + "/{organisation_id}")
def show(desk: ManagerDesk, organisation_id: PathId, done: str = "") -> Response:
    """One organisation: its facts, to be changed, and what hangs on it."""
    return _page(desk, meant(organisation_id, "organisation"), done=_DONE.get(done))


@router.post(PATH + "/{organisation_id}")
def change(desk: ManagerDesk, organisation_id: PathId, posted: PostedForm) -> Response:
    """Save what the form says."""
    identity, mistakes = _known(desk, organisation_id), Mistakes()
    again = partial(_page, desk, identity)
    change = checked(OrganisationChange, _sent(posted), mistakes, _TOLD)
    if change is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    return put(desk, posted, lambda unit: _save(unit, desk, identity, posted, change), again, PATH, "saved")


@router.post(PATH + "/{organisation_id}/succession")
def succeed(desk: ManagerDesk, organisation_id: PathId, posted: PostedForm) -> Response:
    """Say who took over, or that nobody did after all."""
    identity, mistakes = _known(desk, organisation_id), Mistakes()
    is_undone = posted.line("do") == "undo"
    named = None if is_undone else posted.line("succeeded_by")
    if not is_undone:
        mistakes.required("succeeded_by", named or "", "Enter the name of the organisation that took over")
    told = {"succeeded_by": "Enter a name, on one line of at most 200 characters"}
    change = None if mistakes else checked(OrganisationChange, {"succeeded_by": named}, mistakes, told)

    def again(form: Filled, status: int) -> Response:
        # A circle is refused without naming the field; there is only this one.
        form.errors = {
            "succeeded_by" if name == "page" and status == 409 else name: each for name, each in form.errors.items()
        }
        return _page(desk, identity, form, status)

    if change is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    done = "alone" if is_undone else "succeeded"
    return put(desk, posted, lambda unit: _save(unit, desk, identity, posted, change), again, PATH, done)


def _save(unit: Unit, desk: Desk, identity: UUID, posted: Posted, change: OrganisationChange) -> UUID:
    known = directory.lock_organisation(unit, identity)
    if known is None:
        raise not_found("organisation")
    facts = change.model_dump(exclude_unset=True)
    if "succeeded_by" in facts:
        named = facts.pop("succeeded_by")
        found = directory.organisation_meant(unit, named) if named else None
        # A name that nobody has differs, and is refused in its own words by the action.
        facts["succeeded_by_id"] = found.id if found else named
    if any(getattr(known, name) != value for name, value in facts.items()):
        require_seen(posted, known.version)
        actions.change_organisation(unit, desk.ctx, identity, change)
    return identity


def _sent(posted: Posted) -> dict[str, object]:
    names = ("area", "sector", "code")
    return {
        **{
            name: posted.line(name)
            for name in ("name", "kind", "nation", "agenda_clear_days", "clearance_working_days")
        },
        **{name: posted.line(name) or None for name in names},
        "partner": "partner" in posted and posted.line("partner") == "yes",
    }


def _known(desk: Desk, organisation_id: str) -> UUID:
    identity = meant(organisation_id, "organisation")
    if desk.read(lambda unit: directory.organisation(unit, identity)) is None:
        raise not_found("organisation")
    return identity


def _new(desk: Desk, form: Filled, status: int) -> Response:
    told = {"form": form, "organisation": None, "back": PATH}
    return desk.page("manage/directory/organisation_new.html", told, room=ROOM, status=status)


def _page(
    desk: Desk, identity: UUID, sent: Filled | None = None, status: int = 200, done: str | None = None
) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        found = directory.organisation(unit, identity)
        if found is None:
            raise not_found("organisation")
        values: dict[str, str | list[str]] = {
            "name": found.name,
            "kind": found.kind,
            "nation": found.nation,
            "area": found.area or "",
            "sector": found.sector or "",
            "code": found.code or "",
            "partner": "yes" if found.partner else "",
            "agenda_clear_days": str(found.agenda_clear_days),
            "clearance_working_days": str(found.clearance_working_days),
        }
        form = Filled(values)
        if sent is not None:
            # The succession has a form of its own: what was typed there leaves the facts as they are.
            form = Filled(sent.values if "name" in sent.values else values | sent.values, sent.errors)
        members = directory.persons(unit, organisation_id=identity, limit=_PEOPLE_SHOWN + 1)
        return {
            "form": form,
            "organisation": found,
            "version": form.value("seen") if status != 412 and form.value("seen") else found.version,
            "successor": directory.organisation(unit, found.succeeded_by_id) if found.succeeded_by_id else None,
            "taken_over": directory.taken_over_by(unit, identity),
            "enquiries": concerned.organisation(unit, identity, ENQUIRIES_SHOWN),
            "changes": audit.page(unit, subject=f"organisation:{identity}", limit=CHANGES_SHOWN),
            "people": members[:_PEOPLE_SHOWN],
            "has_more_people": len(members) > _PEOPLE_SHOWN,
            "contacts": people.contacts_of(unit, identity),
            "researchers": researchers.count(unit, identity),
            "freshness": researchers.freshness(unit, identity, desk.ctx.now),
        }

    told = {**desk.read(work), "ways": WAYS, "states": STATES, "stale": status == 412, "done": done, "back": PATH}
    return desk.page("manage/directory/organisation.html", told, room=ROOM, status=status)
