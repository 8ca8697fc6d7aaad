"""Why nobody: the requirement whose removal would bring people back, and what nobody covers."""

from dataclasses import dataclass

import numpy as np

from service.matching.constraints import Requirement
from service.matching.hurdles import Hurdles
from service.matching.profiles import BriefProfile
from service.matching.reading import Crowd, Reading
from service.matching.wording import counted
from service.working_time.wording import listed, short_date


@dataclass(frozen=True)
class Unmet:
    """Something that stands in the way.

    `requirement` is a code: "not_enough_to_go_on", "directory", a requirement or several joined by "+", or
    "method:economic", "topic:homes" for a gap. `would_return` is how many people come back without it.
    """

    requirement: str
    text: str
    would_return: int


def why_unmet(crowd: Crowd, failed: Hurdles) -> tuple[Unmet, ...]:
    """What emptied the list; when it is not empty, what of the brief nobody in it covers; () when all is well."""
    if not crowd.table.rows:
        return (Unmet("directory", "The researcher directory is empty: ask the universities to add their people.", 0),)
    if not crowd.reading.says_something:
        return (Unmet("not_enough_to_go_on", _not_enough(crowd.reading), 0),)
    if np.logical_or.reduce(list(failed.values())).all():
        return _emptied(crowd.reading.brief, failed)
    return _gaps(crowd, failed)


def _not_enough(reading: Reading) -> str:
    if reading.relevance.terms:
        return (
            "There is not enough to go on: no researcher's publications or statement use any of the brief's words. "
            "Name the subject in other words, or choose a topic."
        )
    return "There is not enough to go on yet: say in a sentence what is asked, or choose a topic."


def _emptied(brief: BriefProfile, failed: Hurdles) -> tuple[Unmet, ...]:
    """The smallest sets of requirements that keep people out, the one that would bring back most people first.

    People off the subject are counted only when nobody is on it: they are not who the manager is looking for.
    """
    off_subject = failed[Requirement.SUBJECT]
    counted_in = np.ones_like(off_subject) if off_subject.all() else ~off_subject
    marks = sum(np.where(fails, 1 << place, 0) for place, fails in enumerate(failed.values()))
    found, times = np.unique(np.asarray(marks)[counted_in], return_counts=True)
    counts = {
        frozenset(one for place, one in enumerate(failed) if int(mark) >> place & 1): int(often)
        for mark, often in zip(found, times, strict=True)
    }
    smallest = [unmet for unmet in counts if not any(other < unmet for other in counts)]
    smallest.sort(key=lambda unmet: (-counts[unmet], [one not in unmet for one in Requirement]))
    return tuple(
        Unmet(
            "+".join(one for one in Requirement if one in unmet), _kept_out(unmet, counts[unmet], brief), counts[unmet]
        )
        for unmet in smallest
    )


def _kept_out(unmet: frozenset[Requirement], often: int, brief: BriefProfile) -> str:
    """Say what keeps people out. That nobody is on the subject is no condition that could be dropped: it is said plainly."""
    people = counted(often, "person", "people")
    reasons = [_in_words(one, brief) for one in Requirement if one in unmet and one is not Requirement.SUBJECT]
    if Requirement.SUBJECT not in unmet:
        return f"{people} would come back without {listed(reasons)}."
    if not reasons:
        return (
            f"Nobody listed works on this subject: {people} in the directory work{'s' if often == 1 else ''} on others."
        )
    return f"Nobody listed works on this subject, and {people} would be kept out by {listed(reasons)} besides."


def _in_words(requirement: Requirement, brief: BriefProfile) -> str:
    match requirement:
        case Requirement.SUBJECT:
            return "the subject"
        case Requirement.CONFLICT:
            return "their conflict with the organisation that asks"
        case Requirement.EXCLUSION:
            return "being left out, by their own wish or by the team"
        case Requirement.NEEDED_BY:
            return f"the needed-by date ({short_date(brief.needed_by)})" if brief.needed_by else "the needed-by date"
        case Requirement.CAPACITY:
            return "needing days that they have already given away"


def _gaps(crowd: Crowd, failed: Hurdles) -> tuple[Unmet, ...]:
    """Each topic and method wanted that nobody who can be suggested covers, with how many others would."""
    kept_out = np.logical_or.reduce(list(failed.values()))
    gaps: list[Unmet] = []
    for sign in crowd.reading.needs:
        covers = crowd.strength(sign) > 0
        if (covers & ~kept_out).any():
            continue
        back = int((covers & kept_out & crowd.on_subject).sum())
        would = (
            f"{counted(back, 'person', 'people')} kept out of the list would"
            if back
            else "neither does anyone kept out of it"
        )
        gaps.append(Unmet(f"{sign.kind}:{sign.code}", f"Nobody in the list covers {sign.label}; {would}.", back))
    return tuple(gaps)
