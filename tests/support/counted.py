"""The figures asked of histories written by hand: each is counted, packed and read back, as a stored one is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from service.throughput import cohort, further, survival
from service.throughput import grouped as by_group
from service.throughput.calendars import Calendars
from service.throughput.cases import MILESTONES, case_of
from service.throughput.log import LoggedEvent
from service.throughput.measured import Measured
from service.throughput.packing import HOLDERS, NEVER, OUTCOMES, STATES, Counted, pack
from service.throughput.periods import Period
from service.throughput.stays import stays_of
from service.throughput.survival import Curve, Observed
from service.working_time import local_date, ticks_of

Histories = Iterable[Sequence[LoggedEvent]]


def counted(histories: Histories, closes: datetime) -> Counted:
    """Return the cases of these histories as they stand at `closes`."""
    cases = (case_of(history, closes) for history in histories)
    packed = [pack(case) for case in cases if case is not None]
    heads, spans, universities, moves, _ = zip(*packed, strict=True) if packed else ((), (), (), (), ())
    return Counted.of(heads, spans, universities, moves)


def parts(cases: Counted) -> Iterator[Counted]:
    """Yield cases in two parts, the first of them larger, as a store hands them over some at a time."""
    first = np.arange(len(cases)) < len(cases) - len(cases) // 3
    for which in (first, ~first):
        if which.any():
            yield cases.take(which)


def _asked(of: Any, histories: Histories, period: Period, calendars: Calendars, threshold: int, *more: Any) -> Any:
    return of(parts(counted(histories, period.closes)), period, calendars, threshold, *more)


throughput = partial(_asked, cohort.throughput)
funnel = partial(_asked, cohort.funnel)
ageing = partial(_asked, further.ageing)
answers = partial(_asked, further.answers)
transitions = partial(_asked, further.transitions)
demand = partial(_asked, by_group.demand)
grouped = partial(_asked, by_group.grouped)


# ------------------------------------------------------------------------------------------------- one case, spelt out


@dataclass(frozen=True)
class Turn:
    waiting_on: str
    worked: int
    ended: bool


@dataclass(frozen=True)
class Stay:
    state: str
    worked: int
    held: int
    elapsed: int
    ended: bool
    was_held: bool
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Shown:
    """What the figures make of one case. Durations are in microseconds."""

    submitted_on: date
    outcome: str | None
    reopened: bool
    watched: int
    reached: Mapping[str, int]
    stays: tuple[Stay, ...]

    @property
    def is_commissioned(self) -> bool:
        return "commissioned" in self.reached

    @property
    def is_closed(self) -> bool:
        return "closed" in self.reached

    @property
    def is_decided(self) -> bool:
        return self.is_commissioned or self.is_closed


def shown(history: Sequence[LoggedEvent], closes: datetime, calendars: Calendars) -> Shown | None:
    """Return what an enquiry counts for before `closes`, or None when it had not been submitted by then."""
    one = counted([history], closes)
    if not len(one):
        return None
    [head] = one.heads
    as_of = local_date(closes) - timedelta(days=1)
    measured = Measured(one, calendars, Period(as_of.replace(day=1), local_date(closes), as_of))
    stays, turns = stays_of(one, calendars, ticks_of(closes))
    parts = [
        list(run)
        for _, run in groupby(zip(turns.state, turns.holder, turns.worked, turns.ended, strict=True), itemgetter(0))
    ]
    outcome = OUTCOMES[head["outcome"]].value if head["outcome"] < len(OUTCOMES) else None
    return Shown(
        submitted_on=local_date(datetime.fromtimestamp(int(head["submitted_at"]) / 1_000_000, UTC)),
        outcome=outcome,
        reopened=bool(head["reopened"]),
        watched=int(measured.watched[0]),
        reached={name: int(measured.took_to(name)[0]) for name in MILESTONES if head[name] != NEVER},
        stays=tuple(
            Stay(
                STATES[state].value,
                worked=int(stays.worked[place]),
                held=int(stays.held[place]),
                elapsed=int(stays.elapsed[place]),
                ended=bool(stays.ended[place]),
                was_held=bool(stays.was_held[place]),
                turns=tuple(
                    Turn(HOLDERS[holder].value, int(worked), bool(ended)) for _, holder, worked, ended in parts[place]
                ),
            )
            for place, state in enumerate(stays.state)
        ),
    )


# ---------------------------------------------------------------------------------------------------- curves, spelt out

Rises = tuple[tuple[int, float], ...]


def incidence(observed: Observed) -> Rises:
    """Return each time at which the share rose, with the share from then on."""
    curve = survival.incidence(observed)
    return tuple(zip(curve.times.tolist(), curve.shares.tolist(), strict=True))


def quantile(rises: Rises, share: float) -> int | None:
    """Return the smallest time by which a share had got there."""
    times, shares = zip(*rises, strict=True) if rises else ((), ())
    return survival.quantile(Curve(np.array(times, np.int64), np.array(shares, np.float64)), share)
