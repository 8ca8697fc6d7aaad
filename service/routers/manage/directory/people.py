"""People: how to reach each, what they are to the service, and whether they want to be reminded."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import people as actions
from service.actions.people import PersonChange, PersonEntry
from service.errors import not_found
from service.records import audit, concerned, directory
from service.records import people as known_people
from service.records.database import Unit
from service.records.directory import PersonRow
from service.routers import visits
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
    id_asked,
    put,
    require_seen,
    words,
    yes_or_no,
)
from service.routers.paging import encode_cursor, place_at

router = APIRouter(include_in_schema=False)

PATH = f"{ROOM}/people"
STAFF_ROLES = {"manager": "Research manager", "service_lead": "Service lead"}
_DONE = {
    "added": "The person was added.",
    "saved": "The changes are saved.",
    "out": "They are signed out everywhere. To come in again they need a new link.",
}
_TOLD = {
    "name": "Enter a name, on one line of at most 200 characters",
    "email": "Enter an email address in the correct format, like name@example.com",
    "phone": "Enter a phone number, like 01632 960 001 or +44 808 157 0192",
    "organisation": "Enter an organisation, on one line of at most 200 characters",
}


@router.get(PATH)
def list_people(desk: ManagerDesk, view: AskedForm) -> Response:
    """People in the order they became known, narrowed by the address."""
    after = place_at(view.line("cursor"), UUID)
    q, at = words(view), id_asked(view, "organisation")
    staff, contact = yes_or_no(view, "staff"), yes_or_no(view, "contact")

    def work(unit: Unit) -> tuple[list[PersonRow], str]:
        rows = directory.persons(
            unit, organisation_id=at, staff=staff, contact=contact, q=q or None, after=after, limit=AT_ONCE + 1
        )
        body = directory.organisation(unit, at) if at else None
        return rows, body.name if body else ""

    rows, at_name = desk.read(work)
    asked: dict[str, str | list[str]] = {
        "q": q,
        "organisation": str(at or ""),
        "staff": view.line("staff") if staff is not None else "",
        "contact": view.line("contact") if contact is not None else "",
    }
    told = {
        "rows": rows[:AT_ONCE],
        "at_name": at_name,
        "asked": Filled(asked),
        "narrowed": {name: value for name, value in asked.items() if value},
        "following": encode_cursor(rows[AT_ONCE - 1][0].id) if len(rows) > AT_ONCE else None,
        "roles": STAFF_ROLES,
        "back": ROOM,
    }
    return desk.page("manage/directory/people.html", told, room=ROOM)


@router.get(f"{PATH}/new")
def ask(desk: ManagerDesk, view: AskedForm) -> Response:
    """Who is to be known?"""
    at = id_asked(view, "organisation")
    body = desk.read(lambda unit: directory.organisation(unit, at)) if at else None
    return _new(desk, Filled({"organisation": body.name if body else ""}), 200)


@router.post(f"{PATH}/new")
def add(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add them."""
    mistakes, again = Mistakes(), partial(_new, desk)
    entry = checked(PersonEntry, _sent(posted, None), mistakes, _TOLD)
    if entry is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    return put(desk, posted, lambda unit: actions.add_person(unit, desk.ctx, entry).id, again, PATH, "added")


@router.get(PATH + "/{person_id}")
def show(desk: ManagerDesk, person_id: PathId, done: str = "") -> Response:
    """One person: what is known of them, to be changed, and their enquiries."""
    return _page(desk, meant(person_id, "person"), done=_DONE.get(done))


@router.post(PATH + "/{person_id}")
def change(desk: ManagerDesk, person_id: PathId, posted: PostedForm) -> Response:
    """Save what the form says. Whether they are staff, the settings say."""
    identity, mistakes = meant(person_id, "person"), Mistakes()
    again = partial(_page, desk, identity)
    row = desk.read(lambda unit: directory.person(unit, identity))
    if row is None:
        raise not_found("person")
    if "signed_out" in posted:
        return _sign_out(desk, identity, posted)
    change = checked(PersonChange, _sent(posted, row), mistakes, _TOLD)
    if change is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> UUID:
        known = directory.lock_person(unit, identity)
        if known is None:
            raise not_found("person")
        now = {**known.model_dump(), "reminders_stopped": known.reminders_stopped_at is not None}
        facts = change.model_dump(exclude_unset=True)
        if any(name == "organisation" or now[name] != value for name, value in facts.items()):
            require_seen(posted, known.version)
            actions.change_person(unit, desk.ctx, identity, change)
        return identity

    return put(desk, posted, work, again, PATH, "saved")


def _sign_out(desk: Desk, identity: UUID, posted: Posted) -> Response:
    def work(unit: Unit) -> UUID:
        return actions.change_person(unit, desk.ctx, identity, PersonChange(signed_out=True)).id

    def again(form: Filled, status: int) -> Response:
        return _page(desk, identity, Filled(errors=form.errors), status)

    return put(desk, posted, work, again, PATH, "out")


def _sent(posted: Posted, known: PersonRow | None) -> dict[str, object]:
    """Return what a form says of somebody new, or of somebody known."""
    sent: dict[str, object] = {
        "name": posted.line("name"),
        **{name: posted.line(name) or None for name in ("email", "phone")},
        "is_contact": posted.line("is_contact") == "yes",
    }
    body = posted.line("organisation")
    if known is None:
        return {**sent, "organisation": body or None}
    sent["reminders_stopped"] = posted.line("reminders_stopped") == "yes"
    standing = known[1].name if known[1] else ""
    # A name leads on to whoever succeeded the body: left as it stands, it must move nobody.
    return (
        sent
        if known_people.name_key(body) == known_people.name_key(standing)
        else {**sent, "organisation": body or None}
    )


def _new(desk: Desk, form: Filled, status: int) -> Response:
    told = {"form": form, "person": None, "back": PATH}
    return desk.page("manage/directory/person_new.html", told, room=ROOM, status=status)


def _page(
    desk: Desk, identity: UUID, sent: Filled | None = None, status: int = 200, done: str | None = None
) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        row = directory.person(unit, identity)
        if row is None:
            raise not_found("person")
        person, body = row
        form = sent or Filled(
            {
                "name": person.name,
                "email": person.email or "",
                "phone": person.phone or "",
                "organisation": body.name if body else "",
                "is_contact": "yes" if person.is_contact else "",
                "reminders_stopped": "yes" if person.reminders_stopped_at else "",
            }
        )
        return {
            "form": form,
            "person": person,
            "body": body,
            "version": form.value("seen") if status != 412 and form.value("seen") else person.version,
            "signs_in_as": visits.staff_of(desk.request).role_of(person.email),
            "enquiries": concerned.person(unit, identity, ENQUIRIES_SHOWN),
            "changes": audit.page(unit, subject=f"person:{identity}", limit=CHANGES_SHOWN),
        }

    told = {
        **desk.read(work),
        "roles": STAFF_ROLES,
        "ways": WAYS,
        "states": STATES,
        "stale": status == 412,
        "done": done,
        "back": PATH,
    }
    return desk.page("manage/directory/person.html", told, room=ROOM, status=status)
