"""The figures worked out again from a raw log, with nothing of the service's own: other code, other algorithms.

Working time is added up day by day, and shares are exact fractions, moved from each unfinished case to those watched
longer (Efron 1967, redistribution to the right), which gives the same as Kaplan-Meier and Aalen-Johansen.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_DEFAULT = {
    "triage": "team", "scoping": "team", "drafting": "team", "sign_off": "enquirer", "open_call": "universities", "selecting": "team",
    "costing": "universities", "funding": "funder", "contracting": "signatories", "commissioned": "lead", "closed": "nobody",
}  # fmt: skip
_EXITS = (
    "completed", "answered", "signposted", "declined", "withdrawn", "duplicate", "no_capacity", "no_funding", "missed_window",
    "parallel_study", "lapsed", "terminated",
)  # fmt: skip
_SECOND = 1_000_000
_WORKING_DAY, _DAY = 8 * 3600 * _SECOND, 24 * 3600 * _SECOND

Row = tuple[str, str, str, str, datetime]
"""Case, state (or first_response), who holds the ball (or empty), outcome (or empty), instant; in the log's order."""


@dataclass
class _Watched:
    """Durations in microseconds, by how they ended."""

    reached: list[int] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)
    unfinished: list[int] = field(default_factory=list)

    def quantiles(self, unit: int) -> dict[str, Any]:
        marks = sorted(
            [(t, 0) for t in self.reached] + [(t, 1) for t in self.overtaken] + [(t, 2) for t in self.unfinished]
        )
        weight, left, share = Fraction(1, len(marks) or 1), len(marks), Fraction(0)
        found: dict[Fraction, int] = {}
        for at, group in groupby(marks, key=lambda mark: mark[0]):
            kinds = Counter(kind for _, kind in group)
            share += weight * kinds[0]
            left -= kinds[0] + kinds[1]
            for wanted in (Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)):
                if share >= wanted:
                    found.setdefault(wanted, at)
            if kinds[2] and left > kinds[2]:
                weight *= Fraction(left, left - kinds[2])
            left -= kinds[2]
        told = [found.get(wanted) for wanted in (Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))]
        shown = [None if each is None else round(each / unit, 2) for each in told]
        return {**dict(zip(("median", "p75", "p90"), shown, strict=True)), "not_reached": None in told}


def figures(rows: Sequence[Row], closes: datetime, days_off: Collection[date]) -> dict[str, Any]:
    """Return a cohort of everything so far as the service tells it, without what only holds and splits bring in."""
    cases: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[4] < closes:
            cases[row[0]].append(row)
    counts: Counter[str] = Counter()
    times = {name: _Watched() for name in ("first_response", "agreed_brief", "published", "commissioned", "closed")}
    closed_before: Counter[str] = Counter()
    states = {
        state: (_Watched(), _Watched(), defaultdict[str, _Watched](_Watched)) for state in _DEFAULT if state != "closed"
    }
    for case in cases.values():
        case.sort(key=lambda row: row[4])
        first = next((place for place, row in enumerate(case) if row[1] == "closed"), None)
        lived = case if first is None else case[:first]
        began, ended = case[0][4], closes if first is None else case[first][4]
        closed = first is not None
        counts["submitted"] += 1
        there = {row[1] for row in lived}
        counts["commissioned"] += "commissioned" in there
        counts["decided"] += closed or "commissioned" in there
        if first is not None:
            counts[case[first][3]] += 1
            counts["reopened"] += any(row[1] not in {"closed", "first_response"} for row in case[first:])
        at = {
            "first_response": next((row[4] for row in case if row[1] == "first_response" and row[4] <= ended), None),
            "published": next((row[4] for row in lived if row[1] == "open_call"), None),
            "commissioned": next((row[4] for row in lived if row[1] == "commissioned"), None),
            "closed": ended if closed else None,
        }
        at["agreed_brief"] = at["published"]
        for name, watched in times.items():
            instant = at[name]
            if instant is not None:
                watched.reached.append(_worked(began, instant, days_off))
            else:
                closed_before[name] += closed
                overtaken = closed and name not in {"first_response", "closed"}
                (watched.overtaken if overtaken else watched.unfinished).append(_worked(began, ended, days_off))
        _stay(lived, ended, days_off, closed, states)
    shown = {
        name: {**watched.quantiles(_WORKING_DAY), "reached": len(watched.reached), "closed_before": closed_before[name],
               "still_open": len(watched.overtaken) + len(watched.unfinished) - closed_before[name]}
        for name, watched in times.items()
    }  # fmt: skip
    return {
        "submitted": counts["submitted"],
        "originating": counts["submitted"],
        "decided": counts["decided"],
        "open": counts["submitted"] - counts["decided"],
        "commissioned": counts["commissioned"],
        "reopened": counts["reopened"],
        "spam": 0,
        "conversion": {
            "numerator": counts["commissioned"],
            "denominator": counts["decided"],
            "value": round(counts["commissioned"] / counts["decided"], 4),
        },
        "exits": {outcome: counts[outcome] for outcome in _EXITS},
        "time_to": shown,
        "time_in_state": {state: _told(*watched) for state, watched in states.items()},
    }


def _stay(
    lived: Sequence[Row], ended: datetime, days_off: Collection[date], closed: bool,  # noqa: FBT001 - for one caller, beside it
    states: Mapping[str, tuple[_Watched, _Watched, dict[str, _Watched]]],
) -> None:  # fmt: skip
    moments: list[tuple[str, str, datetime]] = []
    for _, state, holder, _, instant in lived:
        before = moments[-1] if moments else ("", "", instant)
        now = before[0] if state == "first_response" else state
        usual = before[1] if now == before[0] else _DEFAULT[now]
        moments.append((now, holder or usual, instant))
    for length in (1, 2):
        # First stays, cut where the state changes, then turns, cut where who holds the ball changes too.
        runs = [list(run) for _, run in groupby(moments, key=lambda moment: moment[:length])]
        for place, run in enumerate(runs):
            until = runs[place + 1][0][2] if place + 1 < len(runs) else ended
            over = closed or place + 1 < len(runs)
            worked = _worked(run[0][2], until, days_off)
            stays, elapsed, turns = states[run[0][0]]
            watched = stays if length == 1 else turns[run[0][1]]
            (watched.reached if over else watched.unfinished).append(worked)
            if length == 1:
                passed = (until - run[0][2]) // timedelta(microseconds=1)
                (elapsed.reached if over else elapsed.unfinished).append(passed)


def _told(stays: _Watched, elapsed: _Watched, turns: Mapping[str, _Watched]) -> dict[str, Any]:
    def counted(watched: _Watched) -> dict[str, Any]:
        both = {"reached": len(watched.reached), "still_open": len(watched.unfinished)}
        return watched.quantiles(_WORKING_DAY) | both

    return counted(stays) | {
        "elapsed": elapsed.quantiles(_DAY),
        "waiting_on": {
            holder: counted(each) | {"working_days": round(sum(each.reached + each.unfinished) / _WORKING_DAY, 2)}
            for holder, each in turns.items()
        },
        "held": {"stays": 0, "working_days": 0.0},
    }


def _worked(start: datetime, end: datetime, days_off: Collection[date]) -> int:
    """Return the microseconds from nine to five in London between two instants, day by day."""
    total = timedelta(0)
    day, last = start.astimezone(_LONDON).date(), end.astimezone(_LONDON).date()
    while day <= last:
        if day.weekday() < 5 and day not in days_off:
            opens, shuts = (datetime.combine(day, time(hour), _LONDON).astimezone(start.tzinfo) for hour in (9, 17))
            total += max(timedelta(0), min(end, shuts) - max(start, opens))
        day += timedelta(days=1)
    return total // timedelta(microseconds=1)
