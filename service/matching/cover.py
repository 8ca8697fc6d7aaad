"""The few people who together cover most: an exact search, small because people who cover the same are alike.

Only the best ranked of each university among those who cover the same can be chosen, and only for as many universities as
others in a team could take from them; so the search looks at kinds of people, of which eight needs leave 255 at most.
An integer program gives the same answers in ten to a hundred times the time (docs/decisions/0032).
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

MOST_NEEDS = 8
"""How many needs are weighed together: with more, those beyond are covered only by chance."""
_MOST_TRIED = 500
"""Ways that are looked at one by one when they promise equally much: enough for every directory that was tried."""

Numbers = NDArray[np.int64]
Counts = NDArray[np.int8]


def fewest_who_cover(
    covering: NDArray[np.bool_], universities: Sequence[int], totals: Sequence[int], lead: int, most: int
) -> list[int]:
    """Who joins a lead, at most `most` people, by their place in the ranking, the best first.

    `covering` has a row for each need that is open and a column for each person, best ranked first. The needs covered are as
    many as can be; then the people as few, their universities as many (the lead's counted), and their totals as high as can be.
    """
    covering = covering[covering.any(axis=1)][:MOST_NEEDS]
    if not len(covering):
        return []
    masks = (1 << np.arange(len(covering))) @ covering.astype(np.int64)
    people = _alike(masks, universities, most + 1)
    kinds = np.array(sorted(people), dtype=np.int64)
    counts = np.array([number.bit_count() for number in range(1 << len(covering))], dtype=np.int8)
    size, covered = _size_and_reach(kinds, counts, most)
    best: tuple[int, int, tuple[int, ...]] | None = None
    chosen: tuple[int, ...] = ()
    highest = {kind: totals[places[0]] for kind, places in people.items()}
    ways = _ways(kinds, counts, size, covered)
    promise = np.array([highest[int(kind)] for kind in kinds])[ways].sum(axis=1)
    nearby = {universities[lead], *(universities[place] for places in people.values() for place in places)}
    most_universities = min(size + 1, len(nearby))
    for way in np.argsort(-promise, kind="stable")[:_MOST_TRIED]:
        if best is not None and best[0] == most_universities and best[1] > promise[way]:
            break
        for team in product(*(people[int(kinds[kind])] for kind in ways[way])):
            together = len({universities[lead], *(universities[place] for place in team)})
            worth = (together, sum(totals[place] for place in team), tuple(sorted(-place for place in team)))
            if best is None or worth > best:
                best, chosen = worth, team
    return sorted(chosen)


def _alike(masks: Numbers, universities: Sequence[int], most: int) -> dict[int, list[int]]:
    """For everything that somebody covers: the best ranked who covers just that, at each of the first few universities."""
    found: dict[int, list[int]] = {}
    codes = np.asarray(universities, dtype=np.int64)
    _, firsts = np.unique(masks * (int(codes.max()) + 1) + codes, return_index=True)
    for place in sorted(int(first) for first in firsts if masks[first]):
        alike = found.setdefault(int(masks[place]), [])
        if len(alike) < most:
            alike.append(place)
    return found


def _size_and_reach(kinds: Numbers, counts: Counts, most: int) -> tuple[int, int]:
    """How few people cover as much as `most` people can, and how many needs that is."""
    reach, covered = np.zeros(1, dtype=np.int64), [0]
    for _ in range(most):
        reach = np.unique(np.bitwise_or.outer(reach, kinds))
        covered.append(int(counts[reach].max()))
    return covered.index(max(covered)), max(covered)


def _ways(kinds: Numbers, counts: Counts, size: int, covered: int) -> Numbers:
    """Every choice of `size` kinds that covers so many needs, a row each."""
    rows, unions = np.arange(len(kinds))[:, None], kinds
    for step in range(2, size + 1):
        grown_rows, grown_unions = [], []
        for last, kind in enumerate(kinds):
            union = unions | kind
            kept = (rows[:, -1] < last) & ((counts[union] == covered) | (step < size))
            grown_rows.append(np.column_stack((rows[kept], np.full(int(kept.sum()), last))))
            grown_unions.append(union[kept])
        rows, unions = np.concatenate(grown_rows), np.concatenate(grown_unions)
    ways: Numbers = rows[counts[unions] == covered]
    return ways
