"""One enquiry's history made into what the figures count.

A case is watched from its submission to its first closing, or to the as_of when that comes first. What a reopening
brings afterwards is a new clock beside the old result (DOMAIN.md section 2) and is not counted here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from service.states import EnquiryState, Outcome
from service.throughput.calendars import Calendars
from service.throughput.groups import Membership, membership_of
from service.throughput.log import History, LoggedEvent
from service.throughput.stays import TICK, Stay, entered, spans_of, stays_of
from service.working_time import local_date, working_time_between


@dataclass(frozen=True, slots=True)
class Case:
    """One enquiry as counted. Durations are working time since submission, holds taken out, in microseconds."""

    submitted_on: date
    """The London day."""
    by_split: bool
    """It came out of another enquiry, and its question was counted there."""
    outcome: str | None
    """How it was first closed; None while it was open."""
    reopened: bool
    watched: int
    """From submission to the first closing, or to the as_of."""
    reached: Mapping[str, int]
    """The milestones that were reached, each with the time it took."""
    stays: tuple[Stay, ...]
    groups: Membership
    organisation: UUID | None
    """Who asked, as far as the log names a body."""
    submitted_at: datetime
    enquiry_id: UUID
    counted: History
    """The rows from its submission to its first closing."""
    rows: History
    """Those and what came later, up to the as_of: findings are used after an enquiry is closed."""
    closes: datetime

    @property
    def is_spam(self) -> bool:
        return self.outcome == Outcome.SPAM

    @property
    def is_commissioned(self) -> bool:
        return "commissioned" in self.reached

    @property
    def is_decided(self) -> bool:
        return self.is_commissioned or self.is_closed

    @property
    def is_closed(self) -> bool:
        return "closed" in self.reached


def case_of(history: History, closes: datetime, calendars: Calendars) -> Case | None:
    """Return what an enquiry's history counts for before `closes`, or None when it had not been submitted by then.

    The rows may come in any order; those recorded at `closes` or later change nothing.
    """
    rows = sorted((row for row in history if row.recorded_at < closes), key=attrgetter("seq"))
    while rows and entered(rows[0]) in {None, EnquiryState.DRAFT}:
        rows.pop(0)
    if not rows:
        return None
    last = next((place for place, row in enumerate(rows) if entered(row) == EnquiryState.CLOSED), None)
    closing = None if last is None else rows[last]
    counted = rows if last is None else rows[: last + 1]
    start, end = rows[0].recorded_at, closing.recorded_at if closing else closes
    calendar = calendars.of_area(counted[-1].area)
    spans = spans_of(counted, end, calendar)
    stays = tuple(stays_of(spans, is_closed=closing is not None))
    holds = [(span.start, span.end) for span in spans if span.on_hold]
    watched = sum(stay.worked for stay in stays)
    reached = {
        name: working_time_between(start, instant, calendar, holds) // TICK
        for name, instant in _milestones(rows, counted, start, end)
    }
    if closing:
        reached["closed"] = watched
    return Case(
        submitted_on=local_date(start),
        by_split="split_from" in rows[0].data,
        outcome=closing.outcome if closing else None,
        reopened=any(row.event == "reopen" for row in rows[len(counted) :]),
        watched=watched,
        reached=reached,
        stays=stays,
        groups=membership_of(counted),
        organisation=counted[-1].organisation_id,
        submitted_at=start,
        enquiry_id=rows[0].enquiry_id,
        counted=counted,
        rows=rows,
        closes=closes,
    )


def _milestones(rows: History, counted: History, start: datetime, end: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield each milestone on the way, reached between `start` and `end`, with the first instant of it."""
    responded = min((_happened(row, start) for row in rows if row.event == "first_response"), default=None)
    if responded is not None and responded <= end:
        yield "first_response", responded
    agreed = (row for row in counted if row.event == "agree" or entered(row) == EnquiryState.OPEN_CALL)
    published = (row for row in counted if entered(row) == EnquiryState.OPEN_CALL)
    commissioned = (row for row in counted if entered(row) == EnquiryState.COMMISSIONED)
    for name, found in (("agreed_brief", agreed), ("published", published), ("commissioned", commissioned)):
        first = next(found, None)
        if first is not None:
            yield name, first.recorded_at


def _happened(row: LoggedEvent, start: datetime) -> datetime:
    """Return when a contact took place: it may be logged later, and what came before the submission stands at 0."""
    told = row.data.get("occurred_at")
    happened = datetime.fromisoformat(told) if isinstance(told, str) else row.recorded_at
    return max(start, min(happened, row.recorded_at))
