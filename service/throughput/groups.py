"""By what figures can be grouped, and to which groups an enquiry belongs.

Facts about an enquiry are those last known in the stretch that is counted: managers classify after the submission, and
what is learned after the first closing, or after the as_of, moves nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

from service.throughput.log import History
from service.vocabulary import ENQUIRY_TYPES, REGIONS, SECTORS, TOPICS

NOT_KNOWN = "not_known"


class GroupBy(StrEnum):
    """What a funder may group by."""

    MONTH = "month"
    QUARTER = "quarter"
    SECTOR = "sector"
    AREA = "area"
    ENQUIRY_TYPE = "enquiry_type"
    TOPIC = "topic"
    UNIVERSITY = "university"


BY_TIME = frozenset({GroupBy.MONTH, GroupBy.QUARTER})
SEVERAL_APPLY = frozenset({GroupBy.TOPIC, GroupBy.UNIVERSITY})
"""An enquiry may be in several of these groups or in none, so they do not add up to anything."""
KEYS: Mapping[GroupBy, tuple[str, ...]] = {
    GroupBy.SECTOR: (*SECTORS, NOT_KNOWN),
    GroupBy.AREA: (*REGIONS, NOT_KNOWN),
    GroupBy.ENQUIRY_TYPE: (*ENQUIRY_TYPES, NOT_KNOWN),
    GroupBy.TOPIC: tuple(TOPICS),
}
"""Every group is listed, whether or not anything is in it: a list of those that occur would tell that somebody is."""
_ANYTHING_ELSE = {GroupBy.SECTOR: "other", GroupBy.AREA: "elsewhere", GroupBy.ENQUIRY_TYPE: "other"}

Membership = Mapping[GroupBy, frozenset[str]]


def membership_of(counted: History) -> Membership:
    """Return the groups of an enquiry, given its rows from submission to first closing, of which there is one."""
    last = counted[-1]
    return {
        GroupBy.SECTOR: _one(GroupBy.SECTOR, last.sector),
        GroupBy.AREA: _one(GroupBy.AREA, last.area),
        GroupBy.ENQUIRY_TYPE: _one(GroupBy.ENQUIRY_TYPE, last.enquiry_type),
        GroupBy.TOPIC: frozenset(topic if topic in TOPICS else "other" for topic in last.topics),
        GroupBy.UNIVERSITY: frozenset(
            str(row.data["organisation"]) for row in counted if row.event == "interest" and "organisation" in row.data
        ),
    }


def _one(grouping: GroupBy, told: str | None) -> frozenset[str]:
    if not told:
        return frozenset({NOT_KNOWN})
    return frozenset({told if told in KEYS[grouping] else _ANYTHING_ELSE[grouping]})
