"""How long the service's own work of each product has taken, beside what the ladder promises."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from service.states import ProjectState
from service.throughput.calendars import Calendars
from service.throughput.spreads import WORKING_DAYS, days
from service.throughput.survival import Observed, incidence, quantile
from service.working_time import TICK, working_time_between


class Moved(NamedTuple):
    """One project's move from one state to another, with the product it was started as where the log carries it."""

    project_id: UUID
    recorded_at: datetime
    to_state: str
    area: str | None
    product: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Working days from start to delivery of a product; None where fewer than the threshold were delivered."""

    key: str
    delivered: int
    unfinished: int
    stopped: int
    median: float | None
    p75: float | None
    p90: float | None
    suppressed: bool


def taken(
    moves: Iterable[Moved], products: Iterable[str], closes: datetime, calendars: Calendars, threshold: int
) -> tuple[Taken, ...]:
    """Return how long each product took, from the moves of all projects before `closes`, each project's in order.

    Kaplan-Meier: a project that is still running, or was stopped, is kept for as long as it was watched.
    """
    delivered: defaultdict[str, list[int]] = defaultdict(list)
    unfinished: defaultdict[str, list[int]] = defaultdict(list)
    stopped: defaultdict[str, int] = defaultdict(int)
    running: dict[UUID, Moved] = {}

    def watched(start: Moved, until: datetime) -> int:
        return working_time_between(start.recorded_at, until, calendars.of_area(start.area)) // TICK

    for move in moves:
        if move.to_state == ProjectState.ACTIVE:
            running.setdefault(move.project_id, move)
        elif move.to_state in {ProjectState.DELIVERED, ProjectState.TERMINATED}:
            start = running.pop(move.project_id, None)
            if start is not None and start.product is not None:
                is_delivered = move.to_state == ProjectState.DELIVERED
                (delivered if is_delivered else unfinished)[start.product].append(watched(start, move.recorded_at))
                stopped[start.product] += not is_delivered
    for start in running.values():
        if start.product is not None:
            unfinished[start.product].append(watched(start, closes))
    codes = [*products, *sorted((delivered.keys() | unfinished.keys()) - set(products))]
    observed = {code: Observed.of(delivered[code], unfinished=unfinished[code]) for code in codes}
    return tuple(_taken(code, observed[code], stopped[code], threshold) for code in codes)


def _taken(code: str, observed: Observed, stopped: int, threshold: int) -> Taken:
    delivered = len(observed.reached)
    unfinished = len(observed.unfinished) - stopped
    if delivered < threshold:
        return Taken(code, delivered, unfinished, stopped, None, None, None, suppressed=True)
    curve = incidence(observed)
    found = (quantile(curve, share) for share in (0.5, 0.75, 0.9))
    median, p75, p90 = (None if ticks is None else days(ticks, WORKING_DAYS) for ticks in found)
    return Taken(code, delivered, unfinished, stopped, median, p75, p90, suppressed=False)


def by_code(found: Iterable[Taken]) -> Mapping[str, Taken]:
    """Return them by product."""
    return {each.key: each for each in found}
