"""Whom the service has reached: councils of the register that have never been heard from, area by area.

For funders an area is told only where enough councils have asked and enough have not, and where what is withheld does
not follow from the rest (docs/decisions/0076). Managers are told everything, by name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
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

    The register alone says which areas are cover for the others: those too small ever to be told, and the next
    smallest, until they are two and hold twice the threshold. None is needed where nothing is small. With them are
    withheld the areas in which either number is small. Nothing is told where what is withheld is small altogether, or
    leaves one of those areas only one number: so nothing follows for whoever knows this rule as well.
    """
    held = {area: _counted(area, bodies) for area, bodies in areas.items()}
    order = sorted(held, key=lambda area: (held[area].on_register, area))
    if threshold <= NOTHING_IS_SMALL:
        return set(order)
    small = [area for area in order if min(held[area].heard_from or 0, held[area].never or 0) < threshold]
    if not small:
        return set(order)
    cover: list[str] = []
    for area in order:
        if held[area].on_register < 2 * threshold or not _is_cover(cover, held, threshold):
            cover.append(area)
    others = [area for area in small if area not in cover]
    heard = sum(held[area].heard_from or 0 for area in (*cover, *others))
    never = sum(held[area].never or 0 for area in (*cover, *others))
    choices = [list(range(held[area].on_register + 1)) for area in cover]
    choices += [_small_numbers(held[area].on_register, threshold) for area in others]
    if min(heard, never) < threshold or not _leaves_open(choices, heard):
        return set()
    return set(order).difference(cover, others)


def _is_cover(areas: Collection[str], held: Mapping[str, Reach], threshold: int) -> bool:
    return len(areas) > 1 and sum(held[area].on_register for area in areas) >= 2 * threshold


def _small_numbers(on_register: int, threshold: int) -> list[int]:
    """Return how many councils of an area may have asked where they are few, or those that never did are."""
    return [heard for heard in range(on_register + 1) if min(heard, on_register - heard) < threshold]


def _leaves_open(choices: Sequence[Sequence[int]], total: int) -> bool:
    """Tell whether each of several numbers, of which only the total is known, may be one or another of its choices."""
    for place, numbers in enumerate(choices):
        others = _sums([*choices[:place], *choices[place + 1 :]])
        if sum(others >> (total - number) & 1 for number in numbers if number <= total) < 2:
            return False
    return True


def _sums(choices: Iterable[Sequence[int]]) -> int:
    """Return every sum of one number of each, as the bits that are set."""
    sums = 1
    for numbers in choices:
        sums = reduce(or_, (sums << number for number in numbers))
    return sums
