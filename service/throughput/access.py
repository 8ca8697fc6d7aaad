"""Fair access: from which areas and from which departments of councils enquiries come, and who had never asked before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.throughput.groups import NOT_KNOWN
from service.throughput.periods import Period
from service.vocabulary import REGIONS
from service.working_time import london_midnight

DEPARTMENTS: Mapping[str, str] = {"council_public_health": "public_health", "council_other": "other_department"}
"""What the sector of an enquiry says of the department it came from; nothing else does."""
AREAS = (*REGIONS, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Submission:
    """One enquiry, with the facts last known before its first closing and by the as_of."""

    submitted_at: datetime
    enquiry_id: Any
    organisation_id: Any
    """Ids are only compared, in whatever form they are kept; None where no body is known."""
    area: str | None
    sector: str | None


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


def access(submissions: Iterable[Submission], period: Period) -> tuple[Access, tuple[Access, ...]]:
    """Return who asked in a period, all together and area by area, from every submission up to its as_of, spam apart.

    Needs all of them, since a body asks for the first time once. Their order changes nothing.
    """
    start, end = london_midnight(period.start), min(london_midnight(period.end), period.closes)
    first: dict[Any, tuple[datetime, Any]] = {}
    asked: list[Submission] = []
    for each in submissions:
        if each.organisation_id is not None:
            when = each.submitted_at, each.enquiry_id
            first[each.organisation_id] = min(first.get(each.organisation_id, when), when)
        if start <= each.submitted_at < end:
            asked.append(each)
    counts: dict[str, Counter[str]] = {key: Counter() for key in ("", *AREAS)}
    bodies: dict[str, set[Any]] = {key: set() for key in counts}
    for each in asked:
        for key in ("", area_of(each.area)):
            counts[key].update(_marks(each, first))
            if each.organisation_id is not None:
                bodies[key].add(each.organisation_id)
    total, *areas = (Access(key=key, bodies=len(bodies[key]), **_members(counts[key])) for key in counts)
    return total, tuple(areas)


def area_of(area: str | None) -> str:
    """Return the area as figures group by it."""
    if not area:
        return NOT_KNOWN
    return area if area in REGIONS else "elsewhere"


def _members(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in Access.__dataclass_fields__ if name not in {"key", "bodies"}}


def _marks(each: Submission, first: Mapping[Any, tuple[datetime, Any]]) -> tuple[str, str, str]:
    asker = DEPARTMENTS.get(each.sector, "other_bodies") if each.sector else "not_known"
    if each.organisation_id is None:
        return "submitted", asker, "body_not_known"
    is_first = first[each.organisation_id] == (each.submitted_at, each.enquiry_id)
    return "submitted", asker, "first_time" if is_first else "returning"
