"""The attacker again, over universities: several may apply, yet what they offered is told all together beside them.

`/metrics/universities` tells how many enquiries had an offer of a team, and how many teams were offered: the groups by
university, added up. So the attacker is given both of the whole service, part by part and fate by fate, and knows that each
university offered one team where it offered any. All that is open is which universities it was.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random
from uuid import UUID

from service.throughput.counts import facts_of
from service.throughput.grouped import grouped
from service.throughput.groups import GroupBy
from service.throughput.log import History
from service.throughput.members import members_of
from service.throughput.packing import Counted
from service.throughput.periods import closing_instant, month_of
from service.throughput.telling import ALL_FACTS
from tests.support.attacker import AS_OF, END, THRESHOLD, Part, Worlds, answers, is_counted, period_of, stretch, windows
from tests.support.counted import counted, parts
from tests.support.logs import CALENDARS, Log

UNIVERSITIES = tuple(str(UUID(int=place)) for place in range(1, 5))

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
        facts = dict(facts_of(cases, period_of(END - 1, END)))
        members = members_of(cases, GroupBy.UNIVERSITY)
        self.known = sorted(members)
        truth: Counter[Cell] = Counter()
        for place, month in enumerate(cases.heads["month"].tolist()):
            part = stretch(month, self.first), frozenset(name for name in ALL_FACTS if facts[name][place])
            truth[frozenset(one for one in self.known if members[one][place]), part] += 1
        sets = [frozenset(some) for size in range(len(self.known) + 1) for some in combinations(self.known, size)]
        self.cells = [(some, part) for part in {part for _, part in truth} for some in sets]
        self.told = 0
        self.worlds = Worlds(truth, dict.fromkeys(self.cells, len(cases)))
        for part in {part for _, part in self.cells}:
            here = [cell for cell in self.cells if cell[1] == part]
            self.worlds.tell(here)
            self.worlds.tell(here, [int(bool(some)) for some, _ in here])
            self.worlds.tell(here, [len(some) for some, _ in here])
        if asks_by_university:
            self._ask(cases)

    def _ask(self, cases: Counted) -> None:
        for window in windows(self.first):
            for group in grouped(parts(cases), period_of(*window), CALENDARS, THRESHOLD, GroupBy.UNIVERSITY)[1]:
                for name, count in answers(group.figures):
                    assert count >= THRESHOLD, (group.key, name)
                    self.told += 1
                    assert self.worlds.tell(self.cells_of(group.key, name, window)) == count

    def cells_of(self, key: str, name: str, window: tuple[int, int]) -> list[Cell]:
        return [cell for cell in self.cells if key in cell[0] and is_counted(name, cell[1], window, self.first)]

    def secrets(self) -> Iterator[tuple[str, list[Cell]]]:
        """Yield every count of one to four of a university: of everything so far and of each year, by each fact or none."""
        for key in self.known:
            for window in windows(self.first):
                for name in ("submitted", *sorted(ALL_FACTS)):
                    cells = self.cells_of(key, name, window)
                    if self.worlds.is_small(cells):
                        yield f"{key} {name} {window}", cells


def given_away(service: Sequence[History]) -> tuple[list[str], Attack]:
    """Return the small counts that follow, and did not from what is told of the whole service alone."""
    attack, without = Attack(service), Attack(service, asks_by_university=False)
    follow = [(name, cells) for name, cells in attack.secrets() if attack.worlds.follows(cells)]
    return [name for name, cells in follow if not without.worlds.follows(cells)], attack


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
