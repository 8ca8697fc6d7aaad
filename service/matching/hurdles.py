"""What stands in everybody's way, worked out for all of them at once."""

from collections.abc import Mapping

import numpy as np

from service.matching.constraints import Requirement, asking_names
from service.matching.index import day_number
from service.matching.reading import Choice, Crowd
from service.matching.ties import ties

Hurdles = Mapping[Requirement, Choice]
"""For each requirement, who does not meet it."""


def hurdles(crowd: Crowd) -> Hurdles:
    """The requirements nobody, somebody or everybody fails to meet; someone who fails none can be suggested."""
    return {
        Requirement.SUBJECT: ~crowd.on_subject,
        Requirement.CONFLICT: _in_conflict(crowd),
        Requirement.EXCLUSION: _left_out(crowd),
        Requirement.NEEDED_BY: ~in_time(crowd),
        Requirement.CAPACITY: crowd.table.capacity <= crowd.table.committed,
    }


def in_time(crowd: Crowd) -> Choice:
    """Who could start before the answer is needed."""
    needed_by = crowd.reading.brief.needed_by
    if needed_by is None:
        return np.ones(len(crowd.table.rows), dtype=np.bool_)
    return np.maximum(crowd.table.starts, day_number(crowd.reading.today)) < day_number(needed_by)


def _in_conflict(crowd: Crowd) -> Choice:
    found = np.zeros(len(crowd.table.rows), dtype=np.bool_)
    asking = asking_names(crowd.reading.brief)
    for number in crowd.table.with_conflicts:
        found[number] = not asking.isdisjoint(crowd.row(number).conflicts)
    for key in crowd.index.tied_to(crowd.reading.brief.commissioner):
        number = crowd.table.place_of[key]
        known = ties(crowd.reading.brief, crowd.row(number).profile, crowd.reading.today)
        found[number] |= any(tie.is_sure for tie in known)
    for code, key in enumerate(crowd.table.university_ids):
        if key in crowd.reading.brief.commissioner:
            found |= crowd.table.universities == code
    return found


def _left_out(crowd: Crowd) -> Choice:
    found = crowd.table.hidden.copy()
    for key in crowd.reading.brief.exclusions:
        if (number := crowd.table.place_of.get(key)) is not None:
            found[number] = True
    return found
