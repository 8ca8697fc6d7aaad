"""What an address of the queue asks for: its filters and order, read calmly, and written again for the next link.

Today's counts and the queue's rows are both read from such an address, so they cannot differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import get_args
from urllib.parse import urlencode
from uuid import UUID

from service import vocabulary
from service.records import queue
from service.records.database import Unit
from service.records.needs import soon_from
from service.routers.form_values import whole_number
from service.routers.forms import Mistakes, Posted
from service.routers.manage.desk import Desk
from service.states import ENQUIRY_STATES, OPEN_STATES, WaitingOn
from service.workflows.exits import OUTCOMES
from service.working_time import local_date

OPEN, ALL = "open", "all"
"""Every open state together, and every state there is, as values of `state`."""
ME, NOBODY = "me", "none"
DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
_LONGEST_WORDS = 200

SORTS: dict[str, str] = {
    "priority": "Most pressing first",
    "decision_date": "Soonest decision first",
    "age": "Oldest first",
    "submitted_at": "In the order they came",
}
STATES: dict[str, str] = {OPEN: "Any open state", ALL: "Open or closed"} | {
    str(code): words.label for code, words in ENQUIRY_STATES.items() if code != "draft"
}
HOLDERS: dict[str, str] = {
    WaitingOn.TEAM: "The team",
    WaitingOn.ENQUIRER: "The enquirer",
    WaitingOn.UNIVERSITIES: "The universities",
    WaitingOn.LEAD: "The lead researcher",
    WaitingOn.FUNDER: "The funder",
    WaitingOn.SIGNATORIES: "Those who sign",
    WaitingOn.NOBODY: "Nobody",
}
_MANY = ("state", "waiting_on", "flag", "outcome", "sector", "topic")
_ONE = ("owner", "dated_by", "organisation", "q", "decision_before", "sort", "limit")
NAMES = (*_MANY, *_ONE)
"""What an address of the queue may ask, beside the place in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One address, read: what the queue is narrowed to, how it is ordered, how much of it is shown."""

    filters: queue.Filters
    sort: queue.Sort = "priority"
    limit: int = DEFAULT_LIMIT
    errors: Mapping[str, str] = field(default_factory=dict)


def asked(desk: Desk, unit: Unit, form: Posted) -> Asked:
    """Read an address. What it cannot mean is told in `errors`, a sentence a field."""
    mistakes = Mistakes()

    def codes(name: str, known: Mapping[str, str]) -> list[str]:
        return mistakes.choices(name, form.chosen(name), known, "Choose from the list")

    states = codes("state", STATES)
    filters = queue.Filters(
        states=() if ALL in states else OPEN_STATES if OPEN in states else states,
        outcomes=codes("outcome", OUTCOMES),
        owner=_person(desk, form, mistakes, "owner"),
        unowned=form.line("owner") == NOBODY,
        holders=codes("waiting_on", HOLDERS),
        flags=dict.fromkeys(codes("flag", vocabulary.NEEDS), True),
        sectors=codes("sector", vocabulary.SECTORS),
        topics=codes("topic", vocabulary.TOPICS),
        organisation=_words(form, mistakes, "organisation"),
        q=_words(form, mistakes, "q"),
        decision_before=_before(form, mistakes),
        soon=soon_from(unit, desk.ctx),
        dated_by=_person(desk, form, mistakes, "dated_by"),
    )
    sort = mistakes.choice("sort", form.line("sort"), SORTS, "Choose an order from the list")
    order: queue.Sort = next((each for each in get_args(queue.Sort) if each == sort), "priority")
    return Asked(filters, order, _limit(form, mistakes), mistakes.found)


def opening(form: Posted) -> Posted:
    """Return an address as it is meant: one that narrows nothing asks for what is open, which is what there is to do.

    Whatever else is asked for is looked for among closed ones too, unless it says otherwise.
    """
    return form if address(form, sort=None, limit=None) else Posted({**form.values, "state": (OPEN,)})


def address(form: Posted, **instead: str | Sequence[str] | None) -> str:
    """Return the query string of the same address, with some of its parts put differently or, as None, left out."""
    parts: dict[str, str | Sequence[str] | None] = {name: form.chosen(name) for name in NAMES}
    parts |= instead
    return urlencode({name: value for name, value in parts.items() if value}, doseq=True)


def today_of(desk: Desk) -> date:
    """Return the London day at this desk."""
    return local_date(desk.ctx.now)


def _person(desk: Desk, form: Posted, mistakes: Mistakes, name: str) -> UUID | None:
    written = form.line(name)
    if not written or (written == NOBODY and name == "owner"):
        return None
    if written == ME:
        return desk.person_id
    return _read(mistakes, name, "Choose somebody from the list", lambda: UUID(written))


def _before(form: Posted, mistakes: Mistakes) -> date | None:
    return mistakes.date("decision_before", form, "The day before which it is decided")


def _words(form: Posted, mistakes: Mistakes, name: str) -> str | None:
    return mistakes.fits(name, form.line(name), _LONGEST_WORDS, "What you look for")


def _limit(form: Posted, mistakes: Mistakes) -> int:
    written = form.line("limit")
    if not written:
        return DEFAULT_LIMIT
    limit = whole_number(written, 4)
    if limit is not None and 1 <= limit <= LARGEST_LIMIT:
        return limit
    mistakes.add("limit", f"Show between 1 and {LARGEST_LIMIT} at a time")
    return DEFAULT_LIMIT


def _read(mistakes: Mistakes, name: str, sentence: str, read: Callable[[], UUID]) -> UUID | None:
    try:
        return read()
    except ValueError:
        mistakes.add(name, sentence)
        return None
