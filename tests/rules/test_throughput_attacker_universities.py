"""The attacker again, over universities: several may apply, yet what they offered is told all together beside them.

`/metrics/universities` tells how many enquiries had an offer of a team, and how many teams were offered: the groups by
university, added up. So the attacker is given both of the whole service, part by part and fate by fate, and knows that each
university offered one team where it offered any. All that is open is which universities it was.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

import highspy
import numpy as np

from service.throughput.counts import facts_of
from service.throughput.grouped import grouped
from service.throughput.groups import GroupBy
from service.throughput.log import History
from service.throughput.members import members_of
from service.throughput.periods import MONTHS, Period, closing_instant, month_of
from service.throughput.telling import ALL_FACTS
from tests.rules.test_throughput_attacker import AS_OF, END, THRESHOLD, answers, stretch
from tests.support.counted import counted, parts
from tests.support.logs import CALENDARS, Log

UNIVERSITIES = tuple(str(UUID(int=place)) for place in range(1, 5))

Part = tuple[int, frozenset[str]]
Cell = tuple[frozenset[str], Part]
"""Enquiries for which exactly these universities offered a team, in a part of the service."""


def an_enquiry(submitted: str, offers: Sequence[str]) -> Log:
    """An enquiry that these universities offered a team for."""
    log = Log(f"{submitted}-01 09:00").then(f"{submitted}-02 09:00", "publish", "open_call")
    for university in offers:
        log.then(f"{submitted}-05 09:00", "interest", data={"organisation": university, "interest": university})
    return log


def a_service(chance: Random, enquiries: int, months: int) -> list[History]:
    """A small service with two to four universities, some keen and some not."""
    keen = {university: chance.choice([0.08, 0.3, 0.6]) for university in UNIVERSITIES[: chance.randint(2, 4)]}
    logs: list[History] = []
    for _ in range(enquiries):
        begun = month_of(END - 1 - int(chance.random() * months))
        offers = [university for university, share in keen.items() if chance.random() < share]
        log = an_enquiry(begun, offers)
        if chance.random() < 0.6:
            if offers and chance.random() < 0.6:
                log.commission(f"{begun}-20 09:00")
            log.close(f"{begun}-25 09:00", chance.choice(["withdrawn", "no_funding"]))
        logs.append(log.rows)
    return logs


class Attack:
    """Every answer of one as_of as equations over how many enquiries each set of universities has in each part."""

    def __init__(self, service: Sequence[History], *, asks_by_university: bool = True) -> None:
        cases = counted(service, closing_instant(AS_OF))
        self.first = int(cases.heads["month"].min())
        facts = dict(facts_of(cases, Period(AS_OF.replace(day=1), date(2027, 6, 1), AS_OF)))
        members = members_of(cases, GroupBy.UNIVERSITY)
        self.known = sorted(members)
        self.truth: Counter[Cell] = Counter()
        for place, month in enumerate(cases.heads["month"].tolist()):
            part = stretch(month, self.first), frozenset(name for name in ALL_FACTS if facts[name][place])
            self.truth[frozenset(one for one in self.known if members[one][place]), part] += 1
        sets = [frozenset(some) for size in range(len(self.known) + 1) for some in combinations(self.known, size)]
        self.cells = [(some, part) for part in {part for _, part in self.truth} for some in sets]
        self.place = {cell: place for place, cell in enumerate(self.cells)}
        self.told = 0
        self.solver = self._solver(cases, asks_by_university=asks_by_university)

    def _solver(self, cases: Any, *, asks_by_university: bool) -> Any:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the library has no types
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as the library has it
        solver.addVars(len(self.cells), np.zeros(len(self.cells)), np.full(len(self.cells), float(len(cases))))
        for place in range(len(self.cells)):
            solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)
        for part in {part for _, part in self.cells}:
            here = [cell for cell in self.cells if cell[1] == part]
            self._equal(solver, here, [1] * len(here))
            self._equal(solver, here, [int(bool(some)) for some, _ in here])
            self._equal(solver, here, [len(some) for some, _ in here])
        for start, end in self.windows() if asks_by_university else ():
            period = Period(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1), AS_OF)
            for group in grouped(parts(cases), period, CALENDARS, THRESHOLD, GroupBy.UNIVERSITY)[1]:
                for name, count in answers(group.figures):
                    assert count >= THRESHOLD, (group.key, name)
                    self.told += 1
                    cells = list(self.cells_of(group.key, name, start, end))
                    assert sum(self.truth[cell] for cell in cells) == count
                    self._equal(solver, cells, [1] * len(cells))
        return solver

    def windows(self) -> Iterator[tuple[int, int]]:
        years = max((END - self.first) // MONTHS, 1)
        return combinations([self.first, *(END - MONTHS * place for place in range(years - 1, -1, -1))], 2)

    def cells_of(self, key: str, name: str, start: int, end: int) -> Iterator[Cell]:
        inside = {stretch(month, self.first) for month in range(max(start, self.first), end)}
        for some, part in self.cells:
            if key in some and part[0] in inside and (name == "submitted" or name in part[1]):
                yield some, part

    def _equal(self, solver: Any, cells: Sequence[Cell], weights: Sequence[int]) -> None:
        true = float(sum(self.truth[cell] * weight for cell, weight in zip(cells, weights, strict=True)))
        places = np.array([self.place[cell] for cell in cells], dtype=np.int32)
        solver.addRow(true, true, len(places), places, np.array(weights, dtype=float))

    def secrets(self) -> Iterator[tuple[str, list[Cell]]]:
        """Yield every count of one to four of a university: of everything so far and of each year, by each fact or none."""
        for key in self.known:
            for start, end in self.windows():
                for name in ("submitted", *sorted(ALL_FACTS)):
                    cells = list(self.cells_of(key, name, start, end))
                    if 1 <= sum(self.truth[cell] for cell in cells) < THRESHOLD:
                        yield f"{key} {name} {start}-{end}", cells

    def follows(self, cells: Sequence[Cell]) -> bool:
        costs = np.zeros(len(self.cells))
        costs[[self.place[cell] for cell in cells]] = 1
        self.solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        true = sum(self.truth[cell] for cell in cells)
        return all(
            abs(self._best(sense) - true) < 0.5 for sense in (highspy.ObjSense.kMaximize, highspy.ObjSense.kMinimize)
        )

    def _best(self, sense: Any) -> float:
        self.solver.changeObjectiveSense(sense)
        self.solver.run()
        assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self.solver.getInfo().objective_function_value)


def given_away(service: Sequence[History]) -> tuple[list[str], Attack]:
    """Return the small counts that follow, and did not from what is told of the whole service alone."""
    attack, without = Attack(service), Attack(service, asks_by_university=False)
    follow = [(name, cells) for name, cells in attack.secrets() if attack.follows(cells)]
    return [name for name, cells in follow if not without.follows(cells)], attack


def test_the_last_university_does_not_follow_from_the_teams_of_all() -> None:
    """Three that offered eight teams each and one that offered four: all of them less those three would leave four."""
    service = [an_enquiry("2027-03", [UNIVERSITIES[place % 3]]).rows for place in range(24)]
    service += [an_enquiry("2027-04", [UNIVERSITIES[3]]).rows for _ in range(4)]
    service += [an_enquiry("2027-04", []).rows for _ in range(9)]
    assert given_away(service)[0] == []


def test_no_small_count_of_a_university_follows() -> None:
    told = 0
    for seed in range(24):
        chance = Random(seed)  # noqa: S311 - the same services each time
        found, attack = given_away(a_service(chance, chance.choice([40, 90, 160]), chance.choice([8, 26])))
        assert found == [], seed
        told += attack.told
    assert told > 40, "the attacker was told next to nothing, so that nothing was shown"
