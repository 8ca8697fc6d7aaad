"""Calls to universities, read from the log: one for each time a university was sent one, with what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from service.states import EnquiryState
from service.throughput.log import History, LoggedEvent
from service.throughput.periods import month_number
from service.working_time import local_date

OPENING = frozenset({"publish", "relaunch"})
ENDING = frozenset({"close_call", "pull"})


@dataclass(slots=True)
class Sent:
    """One call to one university, and what became of it."""

    university: str
    sent_at: datetime
    month: int
    """The number of the London month in which it was sent."""
    ended_at: datetime | None = None
    answered_at: datetime | None = None
    interests: int = 0
    late: int = 0
    declined: str | None = None
    """The reason of a decline that stands."""
    offers: int = 0
    accepted: int = 0
    turned_down: int = 0
    commissioned: int = 0
    end_on: date | None = None
    delivered_on: date | None = None

    def answer(self, at: datetime) -> None:
        """Note the first answer."""
        self.answered_at = self.answered_at or at


@dataclass(slots=True)
class _Case:
    """One enquiry's calls as its rows are read."""

    open: dict[str, Sent] = field(default_factory=dict)
    """By university, the newest call it was sent."""
    by_interest: dict[str, Sent] = field(default_factory=dict)
    by_offer: dict[str, Sent] = field(default_factory=dict)
    all: list[Sent] = field(default_factory=list)
    commissioned: Sent | None = None


def calls_of(rows: History) -> Sequence[Sent]:
    """Return every call to every university, given an enquiry's rows in order."""
    case = _Case()
    for row in rows:
        _read(case, row)
    return case.all


def _read(case: _Case, row: LoggedEvent) -> None:
    data = row.data
    if row.event == "deliver":
        if case.commissioned is not None:
            case.commissioned.delivered_on = case.commissioned.delivered_on or local_date(row.recorded_at)
        return
    if row.event in OPENING:
        month = month_number(local_date(row.recorded_at))
        for university in cast("Sequence[str]", data.get("recipients", ())):
            _end(case, row.recorded_at, only=university)
            case.open[university] = Sent(university, row.recorded_at, month)
            case.all.append(case.open[university])
        return
    if row.event in ENDING or row.to_state == EnquiryState.CLOSED:
        _end(case, row.recorded_at)
        return
    here = _meant(case, row)
    if here is not None:
        _note(case, row, here)


def _meant(case: _Case, row: LoggedEvent) -> Sent | None:
    """Return which call a row is about."""
    if row.event in {"accept_offer", "decline_offer"}:
        return case.by_offer.get(str(row.data.get("offer")))
    if row.event == "offer":
        return case.by_interest.get(str(row.data.get("interest")))
    return case.open.get(str(row.data.get("organisation")))


def _note(case: _Case, row: LoggedEvent, here: Sent) -> None:
    match row.event:
        case "interest":
            here.answer(row.recorded_at)
            here.interests += 1
            here.late += bool(row.data.get("late"))
            here.declined = None
            case.by_interest[str(row.data.get("interest"))] = here
        case "recipient_declined":
            here.answer(row.recorded_at)
            here.declined = str(row.data.get("decline_reason"))
        case "offer":
            here.offers += 1
            case.by_offer[str(row.data.get("offer"))] = here
        case "accept_offer":
            here.accepted += 1
        case "decline_offer":
            here.turned_down += 1
        case "commission":
            here.commissioned += 1
            here.end_on = date.fromisoformat(str(row.data["end_on"])) if row.data.get("end_on") else None
            case.commissioned = here
        case _:
            pass


def _end(case: _Case, at: datetime, only: str | None = None) -> None:
    for university, sent in case.open.items():
        if only in {None, university}:
            sent.ended_at = sent.ended_at or at
