"""A team as a form describes it: who would lead, what they bring and when. Whoever fills it in, the same is refused."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from service.actions import respond
from service.errors import invalid
from service.routers.form_schemas import YES_NO, checked, iso, lines
from service.routers.form_values import read_day
from service.routers.forms import Mistakes, Posted
from service.routers.schemas.briefs import InterestSent
from service.routers.university_views import team_of

_TOLD = {
    "lead": "Say who would lead",
    "lead.name": "Enter the lead's name, on one line of at most 200 characters",
    "lead.email": "Enter the lead's email address in the correct format, like name@example.com",
    "team": "Enter one person on a line, at most 50, each of at most 200 characters",
    "with_universities": "Enter one university on a line, at most 20, each of at most 200 characters",
    "capacity_days": "Enter the days of work as a whole number, like 40, up to 10,000",
    "earliest_start": "Enter the earliest they could start",
    "cost_band": "Choose what it would probably cost",
    "conflicts": "Describe the conflicts of interest in at most 20,000 characters",
}
_EMPTY = {
    "lead.name": "Enter the lead's name",
    "lead.email": "Enter the lead's email address",
    "capacity_days": "Enter how many days of work they could give",
}
"""What is asked for where nothing was written."""
_IN_ORDER = (
    "lead_researcher_id", "lead_name", "lead_email", "team", "with_universities", "statement", "capacity_days",
    "earliest_start", "cost_band", "conflicts", "show_enquirer",
)  # fmt: skip
"""The fields as they stand on the page."""


class _Listed(Protocol):
    """Somebody of a university's directory."""

    id: UUID
    name: str
    email: str


def read_team(
    posted: Posted, mistakes: Mistakes, known: Sequence[_Listed], asked: Mapping[str, str]
) -> respond.Team | None:
    """Return the team a form describes, or None with its mistakes noted. Who is chosen among `known` needs no more.

    `asked` holds the sentences that depend on who is asked: lead.researcher_id, statement and show_enquirer.
    """
    chosen = posted.line("lead_researcher_id")
    listed = next((each for each in known if str(each.id) == chosen), None)
    if chosen and listed is None:
        mistakes.add("lead_researcher_id", asked["lead.researcher_id"])
    shown = mistakes.choice("show_enquirer", posted.line("show_enquirer"), YES_NO, asked["show_enquirer"])
    sent = {
        "lead": {
            "researcher_id": listed.id if listed else None,
            "name": posted.line("lead_name") or (listed.name if listed else ""),
            "email": posted.line("lead_email") or (listed.email if listed else ""),
        },
        "team": lines(posted, "team"),
        "with_universities": lines(posted, "with_universities"),
        "statement": posted.prose("statement"),
        "capacity_days": posted.line("capacity_days"),
        "earliest_start": iso(read_day(posted, mistakes, "earliest_start", "The earliest start")),
        "cost_band": posted.line("cost_band"),
        "conflicts": posted.prose("conflicts") or None,
        "show_enquirer": shown == "yes",
    }
    if shown is None:
        mistakes.add("show_enquirer", asked["show_enquirer"])
    # How long it may be need not be told of a box that is empty.
    without = {**_EMPTY, "statement": asked["statement"].partition(",")[0]}
    empty = {name: words for name, words in without.items() if not posted.line(name.replace(".", "_"))}
    found = checked(InterestSent, sent, mistakes, {**_TOLD, **asked, **empty})
    mistakes.put_in_order(_IN_ORDER)
    return None if found is None else team_of(found)


def read_places(posted: Posted, mistakes: Mistakes) -> list[UUID]:
    """Return the interests in the order of the places given to them: `place-<interest>` is 1 for the most wanted."""
    places: dict[int, UUID] = {}
    for name in posted.values:
        place = posted.line(name)
        if not name.startswith("place-") or not place:
            continue
        try:
            number, interest = int(place), UUID(name.removeprefix("place-"))
        except ValueError as problem:
            raise invalid("ranked", "Choose a place for each team from the list.") from problem
        if number in places:
            mistakes.add(name, "Two teams have the same place. Give each a place of its own.")
        places[number] = interest
    return [places[number] for number in sorted(places)]
