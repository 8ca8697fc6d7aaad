"""The service's own history of each product: how long delivered projects took, once there are enough to say."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from statistics import median

ENOUGH = 5
"""Delivered projects of a product from which on their median is told."""


@dataclass(frozen=True, slots=True)
class History:
    """The median working days from start to delivery, rounded up, and of how many projects."""

    median_working_days: int
    projects: int


def histories(spells: Iterable[tuple[str, int]]) -> dict[str, History]:
    """Return what the service's own projects say, by product code, from pairs of a code and working days."""
    by_product: dict[str, list[int]] = defaultdict(list)
    for code, days in spells:
        by_product[code].append(days)
    return {
        code: History(ceil(median(found)), len(found)) for code, found in by_product.items() if len(found) >= ENOUGH
    }
