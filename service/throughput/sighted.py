"""When the cases of each group were submitted and what they are: all that decides what may be told of a group."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from service.throughput.counts import facts_of, is_spam
from service.throughput.groups import SEVERAL_APPLY, GroupBy
from service.throughput.measured import Flags
from service.throughput.packing import Counted
from service.throughput.periods import Period, month_number
from service.throughput.telling import ALL_FACTS, Rung, Seen, Sightings


class Sighted:
    """How many of all cases, and of each group, were submitted when and are what: everything so far, whatever the period."""

    def __init__(self, period: Period, grouping: GroupBy) -> None:
        """Look at them as of a period's end."""
        self._period, self._grouping = period, grouping
        self._everybody = Counter[int]()
        self._groups: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._facts: list[str] = []
        self._spelling: dict[int, Seen] = {}
        self._adds_up = grouping == GroupBy.UNIVERSITY

    def add(self, part: Counted, members: Mapping[str, Flags]) -> None:
        """Add some cases, with those that are in each group."""
        facts = [(name, holds) for name, holds in facts_of(part, self._period) if name in ALL_FACTS]
        self._facts = [name for name, _ in facts]
        codes = part.heads["month"].astype(np.int64) << len(facts)
        for place, (_, holds) in enumerate(facts):
            codes |= holds.astype(np.int64) << place
        kept = ~is_spam(part)
        # What universities offered is told all together as well: enquiries without any offer are no cover for one of them.
        cover = kept & (part.heads["interest"] > 0) if self._adds_up else kept
        found, place_of = np.unique(codes, return_inverse=True)
        for counts, which in (
            (self._everybody, cover),
            *((self._groups[key], here & kept) for key, here in members.items()),
        ):
            times = np.bincount(place_of[which], minlength=len(found))
            some = np.flatnonzero(times)
            counts.update(dict(zip(found[some].tolist(), times[some].tolist(), strict=True)))

    def rungs(self, threshold: int) -> Mapping[str, Rung]:
        """Return the rung of every group of which something may be told."""
        sightings = Sightings(
            self._spelt(self._everybody), {key: self._spelt(codes) for key, codes in self._groups.items()}
        )
        end = month_number(self._period.as_of) + 1
        return sightings.rungs(end, threshold, several_apply=self._grouping in SEVERAL_APPLY, adds_up=self._adds_up)

    def counts(self, key: str) -> Counter[str]:
        """Return how many of a group's cases in the period count as what."""
        counts, start, end = Counter[str](), month_number(self._period.start), month_number(self._period.end)
        for code, times in self._groups[key].items():
            month, facts = self._seen(code)
            if start <= month < end:
                counts.update(dict.fromkeys((*facts, "submitted"), times))
        return counts

    def _spelt(self, codes: Counter[int]) -> Counter[Seen]:
        """Return the months and the facts that stand in codes."""
        return Counter({self._seen(code): times for code, times in codes.items()})

    def _seen(self, code: int) -> Seen:
        if code not in self._spelling:
            facts = frozenset(name for place, name in enumerate(self._facts) if code >> place & 1)
            self._spelling[code] = code >> len(self._facts), facts
        return self._spelling[code]
