"""Where a case spent its time: stays in states, turns with the ball, holds. All durations are in microseconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from service.states import EnquiryState
from service.throughput.log import History, LoggedEvent
from service.working_time import Calendar, working_time_between

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which nothing changed that the figures look at; `worked` is the working time in it, on hold or not."""

    state: str
    waiting_on: str
    on_hold: bool
    start: datetime
    end: datetime
    worked: int


@dataclass(frozen=True, slots=True)
class Turn:
    """An unbroken time in which one party held the ball inside one stay; a hold does not break it."""

    waiting_on: str
    worked: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """One unbroken time in one state: working time without holds, working time on hold, all time."""

    state: str
    worked: int
    held: int
    elapsed: int
    ended: bool
    was_held: bool
    turns: tuple[Turn, ...]


def entered(row: LoggedEvent) -> str | None:
    """Return the state an enquiry's own row leads to; a row of its project says nothing about that."""
    return row.to_state if row.machine == "enquiry" else None


def spans_of(rows: History, end: datetime, calendar: Calendar) -> list[Span]:
    """Return what happened from the first row to `end`, cut where state, ball or hold changed."""
    changes = [(rows[0].to_state, rows[0].waiting_on, rows[0].on_hold)]
    instants = [rows[0].recorded_at]
    for row in rows[1:]:
        if entered(row) == EnquiryState.CLOSED:
            break
        following = (entered(row) or changes[-1][0], row.waiting_on, row.on_hold)
        if following != changes[-1]:
            changes.append(following)
            instants.append(row.recorded_at)
    return [
        Span(*change, start, until, working_time_between(start, until, calendar) // TICK)
        for change, start, until in zip(changes, instants, [*instants[1:], end], strict=True)
    ]


def stays_of(spans: Sequence[Span], *, is_closed: bool) -> Iterator[Stay]:
    """Yield the stays these spans make up; the last has ended only if the case is closed."""
    for state, run in groupby(spans, key=attrgetter("state")):
        parts = list(run)
        yield Stay(
            state=state,
            worked=_worked(parts),
            held=sum(span.worked for span in parts if span.on_hold),
            elapsed=(parts[-1].end - parts[0].start) // TICK,
            ended=is_closed or parts[-1] is not spans[-1],
            was_held=any(span.on_hold for span in parts),
            turns=tuple(_turns(parts, spans[-1], is_closed=is_closed)),
        )


def _turns(parts: Sequence[Span], last: Span, *, is_closed: bool) -> Iterator[Turn]:
    for holder, run in groupby(parts, key=attrgetter("waiting_on")):
        held = list(run)
        yield Turn(holder, _worked(held), ended=is_closed or held[-1] is not last)


def _worked(spans: Sequence[Span]) -> int:
    return sum(span.worked for span in spans if not span.on_hold)
