"""An attacker asks for every period and grouping and solves for what was withheld: no count of one to four follows.

The attacker is made stronger than any funder: what is true of the whole service is known to them exactly, fact by fact
and year by year, however small. All that is open to them is who belongs to which group. Their reasoning is exact: an
integer programme asks whether another world gives all the same answers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import highspy
import numpy as np
import pytest

from service.throughput.counts import facts_of
from service.throughput.grouped import demand, grouped
from service.throughput.groups import KEYS, SEVERAL_APPLY, GroupBy
from service.throughput.log import History
from service.throughput.members import members_of
from service.throughput.packing import Counted
from service.throughput.periods import MONTHS, Period, closing_instant, month_number, month_of
from service.throughput.telling import ALL_FACTS
from tests.support.counted import counted, parts
from tests.support.logs import CALENDARS, Log

THRESHOLD = 5
AS_OF = date(2027, 5, 31)
END = month_number(AS_OF) + 1
FATES = ("open", "commissioned", "completed", "answered", "signposted", "declined", "no_funding")

Part = tuple[int, frozenset[str]]
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


def stretch(month: int, first: int) -> int:
    return min((END - 1 - month) // MONTHS, max((END - first) // MONTHS, 1) - 1)


class Attack:
    """Every answer of one as_of as equations over how many of each group are in each part of the service."""

    def __init__(self, service: Sequence[History], grouping: GroupBy) -> None:
        cases = counted(service, closing_instant(AS_OF))
        self.first = int(cases.heads["month"].min())
        self.truth: Counter[Cell] = Counter()
        self.parts: Counter[Part] = Counter()
        facts = dict(facts_of(cases, Period(AS_OF.replace(day=1), date(2027, 6, 1), AS_OF)))
        members = members_of(cases, grouping)
        for place, month in enumerate(cases.heads["month"].tolist()):
            part = stretch(month, self.first), frozenset(name for name in ALL_FACTS if facts[name][place])
            self.parts[part] += 1
            self.truth.update((key, part) for key, which in members.items() if which[place])
        self.several = grouping in SEVERAL_APPLY
        self.cells = [(key, part) for key in KEYS[grouping] for part in self.parts]
        self.place = {cell: place for place, cell in enumerate(self.cells)}
        self.told = 0
        self.solver = self._solver(cases, grouping)

    def _solver(self, cases: Counted, grouping: GroupBy) -> Any:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the library has no types
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as the library has it
        upper = np.array([self.parts[part] for _, part in self.cells], dtype=float)
        solver.addVars(len(self.cells), np.zeros(len(self.cells)), upper)
        for place in range(len(self.cells)):
            solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)
        if not self.several:
            for part, count in self.parts.items():
                self._equal(solver, [cell for cell in self.cells if cell[1] == part], count)
        for start, end in self.windows():
            period = Period(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1), AS_OF)
            _, groups = grouped(parts(cases), period, CALENDARS, THRESHOLD, grouping)
            told = [(group.key, answer) for group in groups for answer in answers(group.figures)]
            if grouping == GroupBy.TOPIC:
                unmet = demand(parts(cases), period, CALENDARS, THRESHOLD).topics
                told += [(topic.key, ("submitted", topic.submitted)) for topic in unmet if topic.submitted is not None]
                told += [(topic.key, ("unmet", topic.unmet)) for topic in unmet if topic.unmet is not None]
            for key, (name, count) in told:
                assert count >= THRESHOLD, (key, name)
                self.told += 1
                self._equal(solver, list(self.cells_of(key, name, start, end)), count)
        return solver

    def windows(self) -> Iterator[tuple[int, int]]:
        """Every period that begins and ends with a stretch; a test of its own shows that no other tells anything."""
        years = max((END - self.first) // MONTHS, 1)
        borders = [self.first, *(END - MONTHS * place for place in range(years - 1, -1, -1))]
        return combinations(borders, 2)

    def cells_of(self, key: str, name: str, start: int, end: int) -> Iterator[Cell]:
        inside = {stretch(month, self.first) for month in range(max(start, self.first), end)}
        for part in self.parts:
            if part[0] in inside and (name == "submitted" or name in part[1]):
                yield key, part

    def _equal(self, solver: Any, cells: Sequence[Cell], count: int) -> None:
        assert sum(self.truth[cell] for cell in cells) == count
        places = np.array([self.place[cell] for cell in cells], dtype=np.int32)
        solver.addRow(float(count), float(count), len(places), places, np.ones(len(places)))

    def secrets(self) -> Iterator[tuple[str, list[Cell]]]:
        """Yield every count of one to four of a group: of everything so far and of each year, by each fact or none."""
        for key in sorted({key for key, _ in self.truth}):
            for start, end in self.windows():
                for name in ("submitted", *sorted(ALL_FACTS)):
                    cells = list(self.cells_of(key, name, start, end))
                    if 1 <= sum(self.truth[cell] for cell in cells) < THRESHOLD:
                        yield f"{key} {name} {start}-{end}", cells

    def follows(self, cells: Iterable[Cell]) -> bool:
        """Tell whether every world with the same answers has the same number in these cells."""
        chosen = list(cells)
        costs = np.zeros(len(self.cells))
        costs[[self.place[cell] for cell in chosen]] = 1
        everything = np.arange(len(self.cells), dtype=np.int32)
        self.solver.changeColsCost(len(costs), everything, costs)
        true = sum(self.truth[cell] for cell in chosen)
        return all(
            abs(self._best(sense) - true) < 0.5 for sense in (highspy.ObjSense.kMaximize, highspy.ObjSense.kMinimize)
        )

    def _best(self, sense: Any) -> float:
        self.solver.changeObjectiveSense(sense)
        self.solver.run()
        assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self.solver.getInfo().objective_function_value)


def answers(figures: Any) -> Iterator[tuple[str, int]]:
    for name in ("submitted", "decided", "open", "commissioned"):
        if (count := getattr(figures, name)) is not None:
            yield name, count
    if figures.conversion is not None:
        yield "commissioned", figures.conversion.numerator
        yield "decided", figures.conversion.denominator
    for name, count in (figures.exits or {}).items():
        if count is not None:
            yield f"exit:{name}", count
    if figures.time_to is not None:
        assert set(figures.time_to) == {"commissioned"}
        reached = figures.time_to["commissioned"]
        yield "commissioned", reached.reached
        yield "open", reached.still_open
    assert figures.time_in_state is None
    withheld = ("originating", "reopened", "spam", "in_time", "use", "money", "enquirers")
    assert {getattr(figures, name) for name in withheld} == {None}


@pytest.mark.parametrize("grouping", [GroupBy.SECTOR, GroupBy.TOPIC])
def test_no_small_count_follows_from_every_answer(grouping: GroupBy) -> None:
    told = secrets = 0
    for seed in range(8):
        chance = Random(seed)  # noqa: S311 - the same services each time
        attack = Attack(a_service(chance, chance.choice([12, 60, 150, 250]), chance.choice([3, 14, 30])), grouping)
        told += attack.told
        for name, cells in attack.secrets():
            secrets += 1
            assert not attack.follows(cells), (seed, name)
    assert told > 60, "the attacker was told next to nothing, so that nothing was shown"
    assert secrets > 60


def test_only_whole_stretches_tell_anything_of_a_group() -> None:
    service = a_service(Random(5), 120, 26)  # noqa: S311 - the same service each time
    attack = Attack(service, GroupBy.SECTOR)
    whole = set(attack.windows())
    cases = counted(service, closing_instant(AS_OF))
    for start, end in combinations(range(attack.first, END + 1, 5), 2):
        period = Period(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1), AS_OF)
        _, groups = grouped(parts(cases), period, CALENDARS, THRESHOLD, GroupBy.SECTOR)
        assert any(group.figures.submitted is not None for group in groups) <= ((start, end) in whole)
        assert all(group.figures.suppressed for group in groups)
