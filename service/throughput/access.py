"""Fair access: from which areas and from which departments of councils enquiries come, and who had never asked before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.throughput.counts import Flags, in_period, is_spam
from service.throughput.firsts import Firsts
from service.throughput.groups import KEYS, NOT_KNOWN, GroupBy
from service.throughput.packing import Cases
from service.throughput.periods import Period
from service.vocabulary import REGIONS

DEPARTMENTS: Mapping[str, str] = {"council_public_health": "public_health", "council_other": "other_department"}
"""What the sector of an enquiry says of the department it came from; nothing else does."""
AREAS, _SECTORS = KEYS[GroupBy.AREA], KEYS[GroupBy.SECTOR]
_AREA, _BODY = GroupBy.AREA.value, ("body_high", "body_low")


@dataclass(frozen=True, slots=True)
class Access:
    """Who asked. The four kinds of asker make up submitted; so do first_time, returning and body_not_known."""

    key: str
    submitted: int
    bodies: int
    public_health: int
    other_department: int
    other_bodies: int
    not_known: int
    first_time: int
    returning: int
    body_not_known: int


_COUNTS = tuple(field.name for field in fields(Access) if field.name != "key")


def access(cases: Cases, period: Period) -> tuple[Access, tuple[Access, ...]]:
    """Return who asked in a period, all together and area by area, from every case up to its as_of; spam counts nowhere.

    Needs all of them, since a body asks for the first time once. Their order changes nothing.
    """
    counts: defaultdict[str, NDArray[Any]] = defaultdict(lambda: np.zeros(len(AREAS), np.int64))
    first = Firsts(_BODY, by=("submitted_at", "month", _AREA))
    asked = Firsts((*_BODY, _AREA))
    for part in cases:
        heads = part.heads[~is_spam(part)]
        first.add(heads[heads["has_body"]])
        heads = heads[in_period(heads, period)]
        asked.add(heads[heads["has_body"]])
        for mark, holds in _marks(heads):
            counts[mark] += _by_area(heads[holds])
    counts["bodies"] = _by_area(asked.heads)
    counts["first_time"] = _by_area(first.heads[in_period(first.heads, period)])
    counts["returning"] = counts["submitted"] - counts["body_not_known"] - counts["first_time"]
    total = {name: int(counts[name].sum()) for name in _COUNTS} | {"bodies": asked.count_apart(_BODY)}
    areas = (Access(area, **{name: int(counts[name][place]) for name in _COUNTS}) for place, area in enumerate(AREAS))
    return Access("", **total), tuple(areas)


def area_of(area: str | None) -> str:
    """Return the area as figures group by it."""
    if not area:
        return NOT_KNOWN
    return area if area in REGIONS else "elsewhere"


def _by_area(heads: NDArray[Any]) -> NDArray[Any]:
    return np.bincount(heads[_AREA], minlength=len(AREAS))


def _marks(heads: NDArray[Any]) -> Iterator[tuple[str, Flags]]:
    """Yield what may be said of who asked, with the heads it holds of."""
    sector = heads[GroupBy.SECTOR.value]
    yield "submitted", np.ones(len(heads), np.bool_)
    yield "body_not_known", ~heads["has_body"]
    yield "not_known", sector == _SECTORS.index(NOT_KNOWN)
    for told, department in DEPARTMENTS.items():
        yield department, sector == _SECTORS.index(told)
    yield "other_bodies", ~np.isin(sector, [_SECTORS.index(told) for told in (*DEPARTMENTS, NOT_KNOWN)])
