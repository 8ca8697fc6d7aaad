"""Whom the service has reached: councils of the register that have never been heard from, area by area.

For funders an area is told only where enough councils have asked and enough have not, and where what is withheld does
not follow from the rest (docs/decisions/0076). Managers are told everything, by name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.throughput.access import AREAS, area_of
from service.throughput.suppression import NOTHING_IS_SMALL

COUNCIL_KINDS = ("council",)
"""What counts as a council in the register, combined authorities among them."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it stood in the register, and whether it had ever asked."""

    id: UUID
    name: str
    area: str | None
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How many councils there are, have asked and never have; None stands for what is withheld."""

    key: str
    on_register: int
    heard_from: int | None
    never: int | None
    suppressed: bool = False


def reach(bodies: Iterable[Body], threshold: int) -> tuple[Reach, tuple[Reach, ...]]:
    """Return the total, which is never withheld, and every area as far as it may be told."""
    areas = _by_area(bodies)
    told = _told(areas, threshold)
    total = _counted("", [body for found in areas.values() for body in found])
    return total, tuple(_shown(area, areas.get(area, []), is_told=area in told) for area in AREAS)


def _by_area(bodies: Iterable[Body]) -> Mapping[str, list[Body]]:
    areas: defaultdict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        areas[area_of(body.area)].append(body)
    return areas


def _shown(area: str, bodies: Collection[Body], *, is_told: bool) -> Reach:
    counted = _counted(area, bodies)
    if is_told or not bodies:
        return counted
    return Reach(area, counted.on_register, None, None, suppressed=True)


def _counted(key: str, bodies: Collection[Body]) -> Reach:
    heard = sum(body.is_heard for body in bodies)
    return Reach(key, len(bodies), heard, len(bodies) - heard)


def _told(areas: Mapping[str, Collection[Body]], threshold: int) -> set[str]:
    """Return the areas that may be told. What the register holds is public; who asked is not.

    Both numbers of an area reach the threshold. Those withheld are none, or at least two that reach it together in both
    numbers: the largest of them could then be split between them in several ways. Else the smallest area joins them.
    """
    sizes = {area: _counted(area, bodies) for area, bodies in areas.items()}
    if threshold <= NOTHING_IS_SMALL:
        return set(sizes)
    told = {area for area, size in sizes.items() if min(size.heard_from or 0, size.never or 0) >= threshold}
    while told:
        withheld = [size for area, size in sizes.items() if area not in told]
        heard, never = sum(size.heard_from or 0 for size in withheld), sum(size.never or 0 for size in withheld)
        if not withheld or (len(withheld) > 1 and min(heard, never) >= threshold):
            break
        told.remove(min(told, key=lambda area: (sizes[area].on_register, area)))
    return told
