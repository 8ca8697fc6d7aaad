"""When the cases of each group were submitted and what they are: all that decides what may be told of a group."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from service.throughput.counts import facts_of, is_spam, occurring
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
        self._everybody.update(occurring(codes[cover]))
        for key, which in members.items():
            self._groups[key].update(occurring(codes[which & kept]))

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
        for (month, facts), times in self._spelt(self._groups[key]).items():
            if start <= month < end:
                counts.update(dict.fromkeys((*facts, "submitted"), times))
        return counts

    def _spelt(self, codes: Counter[int]) -> Counter[Seen]:
        """Return the months and the facts that stand in codes."""
        return Counter({(code >> len(self._facts), self._facts_in(code)): times for code, times in codes.items()})

    def _facts_in(self, code: int) -> frozenset[str]:
        return frozenset(name for place, name in enumerate(self._facts) if code >> place & 1)
