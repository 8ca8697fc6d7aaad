"""Which group may be told what, decided once per as_of so that no small count follows from all answers together.

Every group stands on one rung of a fixed ladder. A rung says how finely the group's enquiries may be told apart: into
which stretches of time, and by which facts. What is told of a group is made of whole parts of that division and of
nothing else, whatever period is asked for.

Why no small count follows (docs/decisions/0070 argues it at length): a group has at least the threshold of enquiries in
every part of its division, and at least one other group stands on the same rung. Let two enquiries of one part swap
their groups: no answer changes. So what the division does not tell apart stays open between at least two groups, and
what it does is not small. Groups of which nothing is told are at least two and hold at least the threshold together, or
hold nobody.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from service.throughput.periods import MONTHS, Period, month_number

Part = tuple[int, frozenset[str]]
"""A stretch of time, counted back from the as_of, and which of the rung's facts hold."""
Seen = tuple[int, frozenset[str]]
"""The month number of a submission and the facts about it."""

FACTS: tuple[frozenset[str], ...] = (
    frozenset({"open", "decided", "commissioned", "exit:answered", "exit:signposted"}),
    frozenset({"open", "decided", "commissioned"}),
    frozenset({"open", "decided"}),
    frozenset({"commissioned"}),
    frozenset(),
)
"""From fine to coarse. How many were submitted is told on every rung."""
FACTS_APART: tuple[frozenset[str], ...] = (
    frozenset({"open", "decided", "commissioned", "unmet"}),
    frozenset({"open", "decided", "unmet"}),
    frozenset({"unmet"}),
    frozenset({"open", "decided", "commissioned"}),
    frozenset({"open", "decided"}),
    frozenset(),
)
"""The same where several groups may apply: demand by topic tells what was unmet."""
ALL_FACTS = frozenset[str]().union(*FACTS, *FACTS_APART)


@dataclass(frozen=True, slots=True)
class Stretches:
    """The months with submissions up to the as_of, cut into years that end where the as_of does.

    `end` is the month after the as_of. The oldest stretch also holds the months that make no whole year. `cuts` is how
    many of the newest cuts between years are made: with none, everything so far is one stretch.
    """

    first: int
    end: int
    cuts: int

    def of(self, month: int) -> int:
        """Return which stretch a month lies in; 0 is the newest."""
        return min((self.end - 1 - month) // MONTHS, self.cuts)

    def make_up(self, start: int, end: int) -> bool:
        """Tell whether months from `start` up to `end` are whole stretches, at least one of them."""
        start, end = max(start, self.first), min(end, self.end)
        borders = {self.first, *(self.end - MONTHS * place for place in range(self.cuts + 1))}
        return start < end and {start, end} <= borders


@dataclass(frozen=True, slots=True)
class Rung:
    """How finely a group's enquiries may be told apart."""

    stretches: Stretches
    facts: frozenset[str]

    def tells(self, period: Period) -> bool:
        """Tell whether a period is made up of whole stretches, so that something may be told of it."""
        return self.stretches.make_up(month_number(period.start), month_number(period.end))

    def part(self, seen: Seen) -> Part:
        """Return which part of the division an enquiry is in."""
        return self.stretches.of(seen[0]), seen[1] & self.facts


def ladder(first: int, end: int, facts: Sequence[frozenset[str]] = FACTS) -> tuple[Rung, ...]:
    """Return the rungs from fine to coarse: every year, the last one and the rest, or everything so far as one."""
    years = max((end - first) // MONTHS, 1)
    cuts = sorted({years - 1, min(years - 1, 1), 0}, reverse=True)
    rungs = [
        (rank_of_cut + rank_of_facts, Rung(Stretches(first, end, cut), told))
        for (rank_of_cut, cut), (rank_of_facts, told) in product(enumerate(cuts), enumerate(facts))
    ]
    return tuple(rung for _, rung in sorted(rungs, key=lambda ranked: ranked[0]))


class _Division:
    """All enquiries as a rung tells them apart."""

    def __init__(self, rung: Rung, everybody: Counter[Seen]) -> None:
        self._part = {seen: rung.part(seen) for seen in everybody}
        self.everybody = self.parts_of(everybody)

    def parts_of(self, counts: Mapping[Seen, int]) -> Counter[Part]:
        parts: Counter[Part] = Counter()
        for seen, count in counts.items():
            parts[self._part[seen]] += count
        return parts

    def is_enough(self, counts: Mapping[Part, int], threshold: int) -> bool:
        """Tell whether at least the threshold are in every part in which anybody is."""
        return all(counts.get(part, 0) >= threshold for part in self.everybody)


@dataclass(frozen=True, slots=True)
class Sightings:
    """How many enquiries of all, and of each group, were submitted when and are what."""

    everybody: Counter[Seen]
    groups: Mapping[str, Counter[Seen]]

    def rungs(
        self, end: int, threshold: int, *, several_apply: bool, adds_up: bool | None = None
    ) -> Mapping[str, Rung]:
        """Return the rung of every group of which something may be told; `end` is the month after the as_of.

        `adds_up` says that the sum of all groups is told somewhere, as it is where each enquiry is in one of them.
        """
        facts = FACTS_APART if several_apply else FACTS
        steps = ladder(min((month for month, _ in self.everybody), default=end), end, facts)
        divisions = {rung: _Division(rung, self.everybody) for rung in steps}
        if not (adds_up or not several_apply):
            alone = ((key, self._open_to_alone(key, divisions, threshold)) for key in self.groups)
            return {key: rung for key, rung in alone if rung is not None}
        open_to = {
            rung: self._open_to(division, threshold, several_apply=several_apply)
            for rung, division in divisions.items()
        }
        return _together(steps, self._sizes(), open_to, threshold)

    def _sizes(self) -> dict[str, int]:
        return {key: counts.total() for key, counts in self.groups.items()}

    def _open_to(self, division: _Division, threshold: int, *, several_apply: bool) -> list[str]:
        """Return the groups with at least the threshold in every part in which anybody is, and outside where needed."""
        return [
            key
            for key, counts in self.groups.items()
            if counts and self._may(key, division, threshold, several_apply=several_apply)
        ]

    def _may(self, key: str, division: _Division, threshold: int, *, several_apply: bool) -> bool:
        ours = division.parts_of(self.groups[key])
        if not division.is_enough(ours, threshold):
            return False
        return not several_apply or division.is_enough(division.everybody - ours, threshold)

    def _open_to_alone(self, key: str, divisions: Mapping[Rung, _Division], threshold: int) -> Rung | None:
        """Return the first rung on which at least the threshold are in every part of a group, and as many outside it.

        Where several groups may apply, belonging to one says nothing of belonging to another, so nothing else counts.
        """
        able = (rung for rung, division in divisions.items() if self._may(key, division, threshold, several_apply=True))
        return next(able, None) if self.groups[key] else None


def _together(
    steps: tuple[Rung, ...], sizes: Mapping[str, int], open_to: Mapping[Rung, list[str]], threshold: int
) -> dict[str, Rung]:
    """Place every group on the finest rung that it shares with another; push groups off until enough are withheld.

    Whoever knows this rule as well knows that those withheld are small, unless some were pushed off. So they must not
    all be as large as what is small can be, and of several that are equally small all are pushed off, whatever they
    are called.
    """
    placed: dict[str, Rung] = {}
    for rung in steps:
        able = [key for key in open_to[rung] if key not in placed]
        if len(able) > 1:
            placed |= dict.fromkeys(able, rung)
    while placed:
        withheld = [size for key, size in sizes.items() if key not in placed]
        if not any(withheld) or (len(withheld) > 1 and sum(withheld) >= threshold and set(withheld) != {threshold - 1}):
            break
        coarsest = max(placed.values(), key=steps.index)
        standing = {key: size for key, size in sizes.items() if placed.get(key) == coarsest}
        pushed = {key for key, size in standing.items() if size == min(standing.values())}
        for key in standing if len(standing) - len(pushed) == 1 else pushed:
            del placed[key]
    return placed
