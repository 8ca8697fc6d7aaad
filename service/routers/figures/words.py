"""What the figures' names are called on pages and in reports, for people who do not know the service from inside."""

from collections.abc import Mapping

from service import vocabulary
from service.states import ENQUIRY_STATES, WaitingOn
from service.throughput.definitions import DEFINITIONS, Definition
from service.throughput.groups import NOT_KNOWN, GroupBy
from service.workflows.exits import OUTCOMES

__all__ = ["OUTCOMES"]

STATES: Mapping[str, str] = {state.value: words.label for state, words in ENQUIRY_STATES.items()}
HOLDERS: Mapping[str, str] = {
    WaitingOn.TEAM: "The service's own team",
    WaitingOn.ENQUIRER: "Whoever asked",
    WaitingOn.UNIVERSITIES: "Universities",
    WaitingOn.LEAD: "The lead researcher",
    WaitingOn.FUNDER: "Funders",
    WaitingOn.SIGNATORIES: "Those who sign",
    WaitingOn.NOBODY: "Nobody",
}
MILESTONES: Mapping[str, str] = {
    "first_response": "First response from a person",
    "agreed_brief": "Brief agreed",
    "published": "Brief sent to universities",
    "commissioned": "Project commissioned",
    "closed": "Closed, whichever way",
}
IN_TIME: Mapping[str, str] = {
    "in_time": "Something usable in time",
    "late": "Late, or nothing yet though the day is over",
    "nothing_usable": "Closed without anything usable",
    "not_yet": "Nothing yet, and the day still ahead",
    "no_date": "No day was given",
}
USE: Mapping[str, str] = {
    "used": "Used",
    "planned": "Not yet, but planned",
    "no": "Not used",
    "cannot_say": "Cannot say",
}
SOURCES: Mapping[str, str] = {"service": "from the service's own funds", "others": "from others"}
ENQUIRERS: Mapping[str, str] = {
    "first_time": "Asked for the first time",
    "returning": "Had asked before",
    "not_known": "Not known",
}
UNMET: Mapping[str, str] = {reason: OUTCOMES[reason] for reason in ("no_capacity", "no_funding", "missed_window")}
AGES: Mapping[str, str] = {
    "up_to_20": "Up to 20 working days",
    "up_to_60": "21 to 60",
    "up_to_120": "61 to 120",
    "over_120": "More than 120",
}
GROUPINGS: Mapping[GroupBy, str] = {
    GroupBy.MONTH: "Month",
    GroupBy.QUARTER: "Quarter",
    GroupBy.SECTOR: "Sector",
    GroupBy.AREA: "Area",
    GroupBy.ENQUIRY_TYPE: "Type of enquiry",
    GroupBy.TOPIC: "Topic",
    GroupBy.UNIVERSITY: "University",
}
TEAM_FILES: Mapping[str, str] = {
    "councils": "Councils never heard from, by name",
    "access": "Who asked, by area and department",
    "brokerage": "Minutes of brokerage",
    "reminders": "What became of reminders",
    "readiness": "How ready briefs were",
    "products": "What products took here",
}
"""The files that only the team has."""
_GROUPS: Mapping[GroupBy, Mapping[str, str]] = {
    GroupBy.SECTOR: vocabulary.SECTORS,
    GroupBy.AREA: vocabulary.REGIONS,
    GroupBy.ENQUIRY_TYPE: vocabulary.ENQUIRY_TYPES,
    GroupBy.TOPIC: vocabulary.TOPICS,
}
_MONTHS = "January February March April May June July August September October November December".split()


def group(grouping: GroupBy, key: str, names: Mapping[str, str]) -> str:
    """Return what a group is called; `names` tells those of organisations."""
    if grouping is GroupBy.MONTH:
        return month(key)
    if grouping is GroupBy.QUARTER:
        year, _, quarter = key.partition("-Q")
        first = 3 * int(quarter) - 3
        return f"{_MONTHS[first]} to {_MONTHS[first + 2]} {year}"
    if key == NOT_KNOWN:
        return "Not known"
    return _GROUPS.get(grouping, names).get(key, key)


def month(key: str) -> str:
    """Return a month such as 2026-04 in words."""
    year, _, number = key.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def definition(figure: str) -> Definition:
    """Return the definition of a figure that holds now."""
    return next(each for each in reversed(DEFINITIONS) if each.figure == figure)


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: "1 enquiry", "1,234 enquiries"."""
    return f"{number:,} {one if number == 1 else many}"
