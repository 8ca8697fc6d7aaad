"""Figures for the team alone: minutes of brokerage, what became of reminders, how ready briefs were when published.

They go by the month in which something was written down, not by cohort, so a month that is over never changes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from service.states import EnquiryState
from service.throughput.periods import Period, month_number, month_of
from service.vocabulary import BRIEF_SECTIONS
from service.working_time import local_date

FATES = (
    "met_before_due", "sent_on_time", "sent_as_put_off", "sent_late", "stopped_once_due", "replaced", "not_sendable",
    "cancelled",
)  # fmt: skip
"""What becomes of a reminder. Of those that are judged the first three are good, the next two are not."""
_GOOD, _BAD = FATES[:3], FATES[3:5]
NOT_NOTED = "not_noted"
"""The state of what was written down before states were noted with it."""
STATES = (*(state.value for state in EnquiryState), NOT_NOTED)


@dataclass(frozen=True, slots=True)
class Logged:
    """Time logged in some stretch of time."""

    by_state: Mapping[str | None, tuple[int, int]] = field(default_factory=dict)
    """How many entries with time were written in a state, and their minutes; None where the state was not noted."""
    enquiries: Mapping[int, int] = field(default_factory=dict)
    """On how many enquiries so many minutes were logged."""


@dataclass(frozen=True, slots=True)
class PerEnquiry:
    """Minutes of the enquiries on which any were logged; each quantile is the smallest number that enough do not exceed."""

    median: int | None
    p75: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class TimeLogged:
    """Entries with time, their minutes together, and on how many enquiries."""

    key: str
    entries: int
    minutes: int
    enquiries: int
    per_enquiry: PerEnquiry
    by_state: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of the reminders of one rule, or of all of them, that were settled in a period."""

    key: str
    settled: int
    fates: Mapping[str, int]
    met: float | None
    """The share of the good among those that are judged."""


class Published(NamedTuple):
    """One publication of a brief, with the sections that were advised on; None where that was not noted."""

    recorded_at: datetime
    advised: tuple[str, ...] | None
    wording: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """Briefs published, and of how many readiness had nothing more to advise."""

    key: str
    published: int
    ready: int
    advised: int
    not_noted: int
    wording: int
    sections: Mapping[str, int]


def brokerage(
    everything: Logged, months: Mapping[str, Logged], period: Period
) -> tuple[TimeLogged, tuple[TimeLogged, ...]]:
    """Return the time logged in a period, all together and month by month; months that are not given had none."""
    return _time("", everything), tuple(_time(month, months.get(month, Logged())) for month in months_of(period))


def reminders(counts: Mapping[tuple[str, str], int], rules: Iterable[str]) -> tuple[Reminded, tuple[Reminded, ...]]:
    """Return what became of reminders, all together and rule by rule, given how often each fate befell each rule."""
    by_rule: dict[str, Counter[str]] = {rule: Counter() for rule in rules}
    everything: Counter[str] = Counter()
    for (rule, fate), count in counts.items():
        by_rule.setdefault(rule, Counter())[fate] += count
        everything[fate] += count
    return _reminded("", everything), tuple(_reminded(rule, by_rule[rule]) for rule in by_rule)


def readiness(rows: Iterable[Published], period: Period) -> tuple[Readiness, tuple[Readiness, ...]]:
    """Return how ready the briefs published in a period were, all together and month by month."""
    counts: dict[str, Counter[str]] = {"": Counter(), **{month: Counter() for month in months_of(period)}}
    for row in rows:
        marks = tuple(_marks(row))
        for key in ("", month_of(month_number(local_date(row.recorded_at)))):
            counts[key].update(marks)
    total, *months = (_readiness(key, found) for key, found in counts.items())
    return total, tuple(months)


def months_of(period: Period) -> tuple[str, ...]:
    """Return the months of a period that were over by its as_of."""
    last = min(month_number(period.end), month_number(period.as_of) + 1)
    return tuple(month_of(month) for month in range(month_number(period.start), last))


def fate_of(status: str, *, days_late: int, was_put_off: bool, by_person: bool) -> str | None:
    """Return which of FATES a follow-up has met that was settled so many days after it was due; None while it stands."""
    if status == "sent":
        return "sent_late" if days_late > 0 else "sent_as_put_off" if was_put_off else "sent_on_time"
    if status == "cancelled":
        return "cancelled" if by_person else "met_before_due" if days_late < 0 else "stopped_once_due"
    return {"collapsed": "replaced", "suppressed": "not_sendable"}.get(status)


def _time(key: str, logged: Logged) -> TimeLogged:
    minutes = {state or NOT_NOTED: minutes for state, (_, minutes) in logged.by_state.items()}
    return TimeLogged(
        key,
        entries=sum(entries for entries, _ in logged.by_state.values()),
        minutes=sum(minutes.values()),
        enquiries=sum(logged.enquiries.values()),
        per_enquiry=PerEnquiry(*(_quantile(logged.enquiries, share) for share in (50, 75, 90))),
        by_state={state: minutes.get(state, 0) for state in STATES},
    )


def _quantile(times: Mapping[int, int], percent: int) -> int | None:
    """Return the smallest of some numbers that so many of a hundred do not exceed, given how often each occurs."""
    wanted, reached = -(-sum(times.values()) * percent // 100), 0
    for number in sorted(times):
        reached += times[number]
        if reached >= wanted:
            return number
    return None


def _reminded(key: str, counts: Counter[str]) -> Reminded:
    good, bad = (sum(counts[fate] for fate in fates) for fates in (_GOOD, _BAD))
    judged = good + bad
    share = round(good / judged, 4) if judged else None
    return Reminded(key, counts.total(), {fate: counts[fate] for fate in FATES}, share)


def _marks(row: Published) -> Iterator[str]:
    """Yield everything that one publication counts as."""
    yield "published"
    if row.advised is None:
        yield "not_noted"
        return
    yield "advised" if row.advised else "ready"
    if row.wording > 0:
        yield "wording"
    yield from (f"section:{section}" for section in row.advised)


def _readiness(key: str, counts: Counter[str]) -> Readiness:
    return Readiness(
        key=key,
        published=counts["published"],
        ready=counts["ready"],
        advised=counts["advised"],
        not_noted=counts["not_noted"],
        wording=counts["wording"],
        sections={section: counts[f"section:{section}"] for section in (*BRIEF_SECTIONS, "enquiry")},
    )
