"""What a question holds in memory does not grow with the cases, and what it puts aside comes back as it was."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from functools import partial

import numpy as np

from service.throughput.cases import case_of
from service.throughput.cohort import throughput
from service.throughput.grouped import grouped
from service.throughput.groups import GroupBy
from service.throughput.packing import Counted, pack
from service.throughput.periods import Period
from service.throughput.spool import Spool
from tests.support.logs import CALENDARS, Log

PERIOD = Period(date(2026, 3, 1), date(2026, 6, 1), date(2026, 5, 31))
_PART = 2_000


def test_durations_come_back_under_their_names_in_their_order_also_from_a_file() -> None:
    one, two = np.arange(200_000), np.arange(5)
    with Spool() as spool:
        spool.put("one", one[:3])
        spool.put(("two", True), two)
        spool.put("one", one[3:])
        spool.put("none", one[:0])
        assert spool.take("one").tolist() == one.tolist()
        spool.put(("two", True), two)
        assert spool.take(("two", True)).tolist() == [*two, *two]
        assert spool.take("none").tolist() == spool.take("nothing").tolist() == []


def test_ten_times_the_cases_take_hardly_more_memory() -> None:
    """A case in memory takes some 500 bytes: 40,000 more of them, held, would be 20 MB."""
    log = Log("2026-03-02 09:00", sector="nhs").then("2026-03-04 09:00", "accept", "scoping")
    case = case_of(log.commission("2026-04-02 09:00").close("2026-05-05 10:00", "completed").rows, PERIOD.closes)
    assert case is not None
    packed = pack(case)

    def parts(count: int) -> Iterator[Counted]:
        for _ in range(count):
            yield Counted.of([packed.head] * _PART, [packed.spans] * _PART, [packed.universities] * _PART)

    for ask in (throughput, partial(grouped, grouping=GroupBy.SECTOR)):
        peaks = []
        for count in (2, 22):
            tracemalloc.start()
            ask(parts(count), PERIOD, CALENDARS, 5)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] - peaks[0] < 5_000_000
