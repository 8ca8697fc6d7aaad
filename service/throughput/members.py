"""Which of many cases are in which group."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from service.throughput.groups import KEYS, GroupBy
from service.throughput.packing import ONE_OF, Counted, words_of

Flags = NDArray[np.bool_]


def members_of(counted: Counted, grouping: GroupBy) -> dict[str, Flags]:
    """Return the groups of a grouping that is not by time, those of the vocabulary in its order, with the cases in each."""
    if grouping == GroupBy.UNIVERSITY:
        return _by_university(counted)
    if grouping in ONE_OF:
        placed = counted.heads[grouping.value]
        return {key: placed == place for place, key in enumerate(KEYS[grouping])}
    topics = counted.heads["topics"]
    return {key: topics >> np.uint64(place) & np.uint64(1) > 0 for place, key in enumerate(KEYS[grouping])}


def _by_university(counted: Counted) -> dict[str, Flags]:
    sets: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, packed in enumerate(counted.universities.tolist()):
        sets[packed].append(place)
    found: defaultdict[str, Flags] = defaultdict(lambda: np.zeros(len(counted), np.bool_))
    for packed, places in sets.items():
        for university in words_of(packed):
            found[university][places] = True
    return dict(found)
