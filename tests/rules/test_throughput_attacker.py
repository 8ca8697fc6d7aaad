"""An attacker asks for every period and grouping and solves for what was withheld: no count of one to four follows.

The attacker is made stronger than any funder: what is true of the whole service is known to them exactly, fact by fact
and year by year, however small. All that is open to them is who belongs to which group. Their reasoning is exact: an
integer programme asks whether another world gives all the same answers.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

import pytest

from service.throughput.counts import facts_of
from service.throughput.demand import demand
from service.throughput.grouped import grouped
from service.throughput.groups import KEYS, SEVERAL_APPLY, GroupBy
from service.throughput.log import History
from service.throughput.members import members_of
from service.throughput.packing import Counted
from service.throughput.periods import closing_instant, month_of
from service.throughput.telling import ALL_FACTS
from tests.support.attacker import AS_OF, END, THRESHOLD, Part, Worlds, answers, is_counted, period_of, stretch, windows
from tests.support.counted import counted, parts
from tests.support.logs import CALENDARS, Log

FATES = ("open", "commissioned", "completed", "answered", "signposted", "declined", "no_funding")

Cell = tuple[str, Part]


def a_service(chance: Random, enquiries: int, months: int) -> list[History]:
    """A small service: few sectors are frequent, most are rare, and so are most fates."""
    sectors = chance.sample(KEYS[GroupBy.SECTOR], k=chance.randint(2, 6))
    weights = [chance.choice([1, 2, 5, 12]) for _ in sectors]
    fates = [chance.choice([0, 1, 3, 8]) + 0.1 for _ in FATES]
    logs: list[History] = []
    for _ in range(enquiries):
        begun = END - 1 - int(chance.random() ** 1.5 * months)
        log = Log(
            f"{month_of(begun)}-01 09:00",
            sector=chance.choices(sectors, weights)[0],
            topics=chance.sample(KEYS[GroupBy.TOPIC][:5], k=chance.choice([0, 1, 1, 2, 3])),
        )
        [fate] = chance.choices(FATES, fates)
        later = f"{month_of(begun)}-20 09:00"
        if fate in {"commissioned", "completed"}:
            log.commission(later)
        if fate not in {"open", "commissioned"}:
            log.close(f"{month_of(begun)}-25 09:00", fate)
        logs.append(log.rows)
    return logs


class Attack:
    """Every answer of one as_of as equations over how many of each group are in each part of the service."""

    def __init__(self, service: Sequence[History], grouping: GroupBy) -> None:
        cases = counted(service, closing_instant(AS_OF))
        self.first = int(cases.heads["month"].min())
        truth: Counter[Cell] = Counter()
        self.parts: Counter[Part] = Counter()
        facts = dict(facts_of(cases, period_of(END - 1, END)))
        members = members_of(cases, grouping)
        for place, month in enumerate(cases.heads["month"].tolist()):
            part = stretch(month, self.first), frozenset(name for name in ALL_FACTS if facts[name][place])
            self.parts[part] += 1
            truth.update((key, part) for key, which in members.items() if which[place])
        self.keys = sorted({key for key, _ in truth})
        self.told = 0
        self.worlds = Worlds(truth, {(key, part): self.parts[part] for key in KEYS[grouping] for part in self.parts})
        self._ask(cases, grouping)

    def _ask(self, cases: Counted, grouping: GroupBy) -> None:
        if grouping not in SEVERAL_APPLY:
            for part in self.parts:
                self.worlds.tell([(key, part) for key in KEYS[grouping]])
        for window in windows(self.first):
            period = period_of(*window)
            _, groups = grouped(parts(cases), period, CALENDARS, THRESHOLD, grouping)
            told = [(group.key, answer) for group in groups for answer in answers(group.figures)]
            if grouping == GroupBy.TOPIC:
                unmet = demand(parts(cases), period, CALENDARS, THRESHOLD).topics
                told += [(topic.key, ("submitted", topic.submitted)) for topic in unmet if topic.submitted is not None]
                told += [(topic.key, ("unmet", topic.unmet)) for topic in unmet if topic.unmet is not None]
            for key, (name, count) in told:
                assert count >= THRESHOLD, (key, name)
                self.told += 1
                assert self.worlds.tell(self.cells_of(key, name, window)) == count

    def cells_of(self, key: str, name: str, window: tuple[int, int]) -> list[Cell]:
        return [(key, part) for part in self.parts if is_counted(name, part, window, self.first)]

    def secrets(self) -> Iterator[tuple[str, list[Cell]]]:
        """Yield every count of one to four of a group: of everything so far and of each year, by each fact or none."""
        for key in self.keys:
            for window in windows(self.first):
                for name in ("submitted", *sorted(ALL_FACTS)):
                    cells = self.cells_of(key, name, window)
                    if self.worlds.is_small(cells):
                        yield f"{key} {name} {window}", cells


@pytest.mark.parametrize("grouping", [GroupBy.SECTOR, GroupBy.TOPIC])
def test_no_small_count_follows_from_every_answer(grouping: GroupBy) -> None:
    told = secrets = 0
    for seed in range(8):
        chance = Random(seed)  # noqa: S311 - the same services each time
        attack = Attack(a_service(chance, chance.choice([12, 60, 150, 250]), chance.choice([3, 14, 30])), grouping)
        told += attack.told
        for name, cells in attack.secrets():
            secrets += 1
            assert not attack.worlds.follows(cells), (seed, name)
    assert told > 60, "the attacker was told next to nothing, so that nothing was shown"
    assert secrets > 60


def test_only_whole_stretches_tell_anything_of_a_group() -> None:
    service = a_service(Random(5), 120, 26)  # noqa: S311 - the same service each time
    attack = Attack(service, GroupBy.SECTOR)
    whole = set(windows(attack.first))
    cases = counted(service, closing_instant(AS_OF))
    for start, end in combinations(range(attack.first, END + 1, 5), 2):
        _, groups = grouped(parts(cases), period_of(start, end), CALENDARS, THRESHOLD, GroupBy.SECTOR)
        assert any(group.figures.submitted is not None for group in groups) <= ((start, end) in whole)
        assert all(group.figures.suppressed for group in groups)
