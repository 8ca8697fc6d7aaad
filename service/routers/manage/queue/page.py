"""The queue: every enquiry that was sent, narrowed and ordered by its address, and several of them changed at once."""

from collections.abc import Callable, Mapping
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import bulk
from service.actions.bulk import Done, Picked
from service.ids import parse_reference
from service.records import enquiries, people
from service.records.database import Unit
from service.routers.form_values import whole_number
from service.routers.forms import (
    LINE_LENGTH,
    PROSE_LENGTH,
    AskedForm,
    Filled,
    Mistakes,
    Posted,
    PostedForm,
    asked_in,
)
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.queue import asked
from service.routers.manage.queue.rows import Listing, listing
from service.workflows.exits import OUTCOMES

router = APIRouter(include_in_schema=False)

ROOM = "/manage/queue"
READY: tuple[tuple[str, str], ...] = (
    ("Mine", "owner=me&state=open"),
    ("Nobody's yet", "owner=none&state=open"),
    ("Everything open", "state=open"),
    ("Past its due date", "flag=overdue"),
    ("The enquirer answered", "flag=replied"),
    ("Waiting on universities", "state=open&waiting_on=universities"),
    ("Soonest decision", "state=open&sort=decision_date"),
)
"""Views that everybody has: their names and addresses."""

_FOLDED = frozenset(asked.NAMES) - {"q", "owner", "sort"}
"""What stands in the part of the form that is folded away while it is not used."""

Work = Callable[[Unit], Done]


@router.get(ROOM)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """The enquiries that the address asks for; those that are open, where it narrows nothing.

    Looking for a reference leads to its enquiry, whatever its state and whatever else the address asks.
    """
    words = view.line("q")
    named = desk.read(lambda unit: enquiries.by_reference(unit, words)) if words else None
    if named is not None:
        return desk.go(f"/manage/enquiries/{named.reference}")
    return _page(desk, view, {"done": _told(view)})


@router.post(ROOM)
def change(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Hand the ticked enquiries to somebody, or set a date for each. What can be done is done; the others are named."""
    view, mistakes = asked_in(posted.prose("view")), Mistakes()
    picked = _picked(posted, mistakes)
    what, work = (_dating if posted.line("do") == "date" else _handing)(desk, posted, picked, mistakes)
    if mistakes:
        return _page(desk, view, {"form": Filled.from_posted(posted, mistakes.found)}, 422)
    result = desk.write(posted, work)
    if result.refused:
        told = {"done": _sentence(what, len(result.done), len(result.already)), "refused": result.refused}
        left = {"row": [written for written in posted.chosen("row") if written.partition(".")[0] in result.refused]}
        return _page(desk, view, {**told, "form": Filled({**Filled.from_posted(posted).values, **left})}, 409)
    counts = {"count": str(len(result.done)), "already": str(len(result.already))}
    return desk.go(f"{ROOM}?{asked.address(view, cursor=view.line('cursor'), did=what, **counts)}")


def _handing(desk: Desk, posted: Posted, picked: list[Picked], mistakes: Mistakes) -> tuple[str, Work]:
    team = {str(person.id) for person in desk.read(people.staff)}
    chosen = mistakes.required("assign_to", posted.line("assign_to"), "Choose who takes them over")
    if chosen and chosen not in team:
        mistakes.add("assign_to", "Choose somebody of the team")
    reason = mistakes.required("reason", posted.prose("reason"), "Say why they change hands")
    mistakes.fits("reason", reason, PROSE_LENGTH, "The reason")
    return "assigned", lambda unit: bulk.reassign_all(unit, desk.ctx, picked, UUID(chosen), reason)


def _dating(desk: Desk, posted: Posted, picked: list[Picked], mistakes: Mistakes) -> tuple[str, Work]:
    on = mistakes.date("on", posted, "The day")
    if on is None or on <= asked.today_of(desk):
        mistakes.add("on", "Enter a day after today")
    note = mistakes.required("note", posted.line("note"), "Say what to remind you of")
    mistakes.fits("note", note, LINE_LENGTH, "The note")
    day = on or asked.today_of(desk)
    return "dated", lambda unit: bulk.set_date_for_all(unit, desk.ctx, picked, day, note)


def _picked(posted: Posted, mistakes: Mistakes) -> list[Picked]:
    """Read the ticks, each a reference and the version that was shown."""
    found: dict[str, Picked] = {}
    for written in posted.chosen("row"):
        reference, _, version = written.partition(".")
        meant = parse_reference(reference)
        seen = whole_number(version)
        if meant is None or seen is None:
            mistakes.add("row", "One of the ticks could not be read. Load the page again and tick them anew.")
        else:
            found[meant] = Picked(meant, seen)
    if not posted.chosen("row"):
        mistakes.add("row", "Tick the enquiries that this is for")
    if len(found) > asked.LARGEST_LIMIT:
        mistakes.add("row", f"Tick at most {asked.LARGEST_LIMIT} at a time")
    return list(found.values())


def _page(desk: Desk, view: Posted, told: Mapping[str, object], status: int = 200) -> Response:
    """Return the page of a view; one whose address cannot be read shows what is wrong with it, and no rows."""
    view = asked.opening(view)
    found = desk.read(lambda unit: listing(desk, unit, view))
    form = told.get("form") or Filled()
    if found.view.errors and isinstance(form, Filled):
        form.errors |= dict(found.view.errors)
        status = max(status, 422)
    shown = {
        "found": found,
        "sought": Filled.from_posted(view, found.view.errors),
        "asked": asked,
        # Nothing presses of what is closed: that order has the last asked first there.
        "sorts": asked.SORTS | ({"priority": "Last asked first"} if view.chosen("state") == ["closed"] else {}),
        "ready": READY,
        "outcomes": OUTCOMES,
        "view": asked.address(view, cursor=view.line("cursor")),
        "view_kept": asked.address(view, cursor=view.line("cursor")) if not _is_opening(view) else "",
        "owners": [(str(each.id), each.name) for each in found.team],
        "ticked": {written.partition(".")[0] for written in form.chosen("row")} if isinstance(form, Filled) else (),
        "is_open": bool(_FOLDED & set(found.view.errors)),
        "folded": sum(len(view.chosen(name)) for name in _FOLDED - {"limit", "state"}) + len(_states_narrowed_to(view)),
        "is_narrowed": bool(asked.address(view, sort=None, limit=None, state=_narrowing(view))),
        "switch": _switch(found, view),
        "closed_ones": _closed_ones(found, view),
        "everything": f"{ROOM}?state={asked.ALL}",
        "first": asked.address(view) if view.line("cursor") else None,
        "following": asked.address(view, cursor=found.following) if found.following else None,
        "refused": {},
        **told,
        "form": form,
    }
    return desk.page("manage/queue.html", shown, room=ROOM, status=status)


def _switch(found: Listing, view: Posted) -> list[tuple[str, int, str | None]]:
    """Return the same view of open, of closed and of all enquiries: name, how many, and address unless it is shown."""
    if found.open is None or found.closed is None:
        return []
    states = view.chosen("state")
    shown = asked.ALL if asked.ALL in states or not states else states[0] if len(states) == 1 else None
    parts = (("Open", asked.OPEN, found.open), ("Closed", "closed", found.closed))
    return [
        (name, count, None if code == shown else f"{ROOM}?{asked.address(view, state=code)}")
        for name, code, count in (*parts, ("Open and closed", asked.ALL, found.open + found.closed))
    ]


def _closed_ones(found: Listing, view: Posted) -> tuple[int, str] | None:
    """Return how many closed enquiries a view of open ones would find that finds none itself, and where they are."""
    if found.rows or not found.closed or view.chosen("state") != [asked.OPEN]:
        return None
    return found.closed, f"{ROOM}?{asked.address(view, state='closed')}"


def _states_narrowed_to(view: Posted) -> list[str]:
    """Return the states ticked in the folded part, not counting what the switch above the rows chooses."""
    states = _narrowing(view)
    return [] if states in ([asked.OPEN], ["closed"]) else states


def _narrowing(view: Posted) -> list[str]:
    return [state for state in view.chosen("state") if state != asked.ALL]


def _is_opening(view: Posted) -> bool:
    """Tell whether it is what the queue shows unasked."""
    return asked.address(view, sort=None, state=_narrowing(view)) == f"state={asked.OPEN}" and not view.line("cursor")


def _told(view: Posted) -> str | None:
    """Return what was just done, as the address tells it."""
    count, already = (whole_number(view.line(name), 3) for name in ("count", "already"))
    return None if count is None or already is None else _sentence(view.line("did"), count, already)


def _sentence(what: str, count: int, already: int) -> str | None:
    things = f"{count} {'enquiry' if count == 1 else 'enquiries'}"
    said = {"assigned": f"{things} changed hands.", "dated": f"A date was set for {things}."}.get(what)
    if said is None or not already:
        return said if count or already else None
    was = "1 was" if already == 1 else f"{already} were"
    return f"{said} {was} so already."
