"""The rows of the queue as pages show them: a stretch of an address's enquiries with what each needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from service.records import needs, people, plans, queue
from service.records.database import Unit
from service.records.queue import Row
from service.routers.forms import Posted
from service.routers.manage import telling
from service.routers.manage.desk import Desk
from service.routers.manage.queue import asked
from service.routers.paging import encode_cursor
from service.routers.queue_places import place_after, stood
from service.states import OPEN_STATES, EnquiryState
from service.workflows.exits import OUTCOMES
from service.working_time import local_date


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One enquiry as a row tells it."""

    reference: str
    version: int
    question: str
    state: str
    """Its label."""
    outcome: str | None
    """How it ended, in words; None while it is open."""
    waiting_on: str
    waiting_since: date
    is_call_due: bool
    """Its call ran out of time: whoever it is waiting on since when, the team has to close or extend it."""
    owner: str | None
    organisation: str | None
    due_on: date | None
    slack: str | None
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of the queue: its rows, how many there are in all, and the cursor of what follows."""

    view: asked.Asked
    rows: list[Listed]
    total: int
    following: str | None
    team: list[Colleague]
    open: int | None = None
    closed: int | None = None
    """How many there would be of either, were the view not narrowed to some state."""


def listing(desk: Desk, unit: Unit, view: Posted) -> Listing:
    """Return what an address shows; nothing where it cannot be read. Raises Problem 400 for a cursor that is none."""
    read = asked.asked(desk, unit, view)
    team = [Colleague(person.id, person.name) for person in people.staff(unit)]
    if read.errors:
        return Listing(read, [], 0, None, team)
    today, after = asked.today_of(desk), place_after(view.line("cursor") or None, read.sort)
    rows = queue.page(unit, read.filters, sort=read.sort, today=today, after=after, limit=read.limit + 1)
    shown = rows[: read.limit]
    following = encode_cursor(stood(shown[-1], read.sort)) if len(rows) > read.limit else None
    opened, closed = (replace(read.filters, states=states) for states in (OPEN_STATES, {EnquiryState.CLOSED}))
    total, *sides = queue.counts(unit, [read.filters, opened, closed], today)
    return Listing(read, listed(desk, unit, shown, read.filters.soon), total, following, team, *sides)


def listed(desk: Desk, unit: Unit, rows: Sequence[Row], soon: date | None) -> list[Listed]:
    """Return rows with what each enquiry needs and the slack it has left, in order, with one query for them all."""
    today = asked.today_of(desk)
    standings = [row.standing for row in rows]
    needed = needs.shown(unit, [each.enquiry.id for each in standings], today, soon or today) if rows else {}
    slacks = plans.slacks(unit, [(each.enquiry, each.organisation) for each in standings], today, desk.ctx.nation)
    return [_listed(each, needed[each.enquiry.id], slacks.get(each.enquiry.id)) for each in standings]


def _listed(standing: queue.Standing, needed: tuple[str, ...], slack: int | None) -> Listed:
    enquiry = standing.enquiry
    return Listed(
        reference=enquiry.reference or "",
        version=enquiry.version,
        question=enquiry.question,
        state=telling.headline(enquiry.state, is_agreed="to_publish" in needed),
        outcome=OUTCOMES[enquiry.outcome] if enquiry.outcome else None,
        waiting_on=asked.HOLDERS[standing.holder],
        waiting_since=local_date(enquiry.waiting_since),
        is_call_due=standing.holder != enquiry.waiting_on,
        owner=standing.owner.name if standing.owner else None,
        organisation=standing.organisation.name if standing.organisation else enquiry.organisation_name,
        due_on=enquiry.due_on,
        slack=None if slack is None else _in_words(slack),
        needs=needed,
    )


def _in_words(slack: int) -> str:
    """Say how many working days what comes next can still wait."""
    days = f"{abs(slack)} working {'day' if abs(slack) == 1 else 'days'}"
    return f"{days} too late for when it is needed" if slack < 0 else f"{days} to spare before it is needed"
