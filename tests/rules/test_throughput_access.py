"""Who asked, and who had never asked before, whatever the order in which cases come."""

from datetime import date
from itertools import permutations
from uuid import UUID

from service.throughput.access import Access, access
from service.throughput.periods import Period
from tests.support.counted import counted
from tests.support.logs import Log, london

APRIL = Period(date(2026, 4, 1), date(2026, 5, 1), date(2026, 5, 31))
CLOSES = london("2026-06-01 00:00")
BODY, OTHER = UUID(int=1 << 64), UUID(int=1)
LOGS = [
    Log("2026-03-02 09:00", area="wales", sector="council_public_health", organisation=BODY),
    Log("2026-04-02 09:00", area="london", sector="council_public_health", organisation=BODY),
    Log("2026-04-03 09:00", area="london", sector="council_other", organisation=OTHER),
    Log("2026-04-03 09:00", area="scotland", sector=None, organisation=OTHER),
    Log("2026-04-04 09:00", area=None, sector="an_older_word"),
    Log("2026-04-01 09:00", area="wales", sector="nhs", organisation=OTHER).close("2026-04-02 09:00", "spam"),
    Log("2026-05-04 09:00", area="wales", sector="nhs", organisation=UUID(int=9)),
]


def test_a_body_asks_for_the_first_time_once_in_whatever_order() -> None:
    total = Access(
        "", submitted=4, bodies=2, public_health=1, other_department=1, other_bodies=1, not_known=1, first_time=1,
        returning=2, body_not_known=1,
    )  # fmt: skip
    for logs in permutations(LOGS[:4]):
        parts = [counted([log.rows for log in some], CLOSES) for some in (logs[:1], logs[1:], LOGS[4:])]
        told, areas = access(parts, APRIL)
        assert told == total
        found = {area.key: area for area in areas if area.submitted}
        # Of two at the same instant the one counts as the first whose area is named first.
        assert {key: area.first_time for key, area in found.items()} == {"london": 1, "scotland": 0, "not_known": 0}
        assert {key: area.bodies for key, area in found.items()} == {"london": 2, "scotland": 1, "not_known": 0}


def test_nobody_asked() -> None:
    told, areas = access([], APRIL)
    assert {told.submitted, told.bodies, *(area.submitted for area in areas)} == {0}
