"""What keeps a fitting person from being suggested: conflicts, exclusions, dates and load. Shown, never hidden."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.matching.profiles import BriefProfile, ResearcherProfile
from service.working_time.wording import short_date

# A council is the same council under each of its styles.
STYLES = re.compile(
    r"\b(?:the|council|city|county|borough|metropolitan|district|london|royal|unitary|authority|of|mbc)\b"
)


class Requirement(StrEnum):
    """What a person must meet to be suggested; the order is the order of telling."""

    SUBJECT = "subject"
    CONFLICT = "conflict"
    EXCLUSION = "exclusion"
    NEEDED_BY = "needed_by"
    CAPACITY = "capacity"


@dataclass(frozen=True)
class Availability:
    """When a person could start (`starts`), how many days they have left, and whether both will do for the brief."""

    starts: date
    free_days: int
    in_time: bool

    @property
    def available(self) -> bool:
        """Days left, and a start before the answer is needed."""
        return self.in_time and self.free_days > 0


def availability(person: ResearcherProfile, needed_by: date | None, today: date) -> Availability:
    """The person's availability; a brief without a date is always in time, one whose date has come never is."""
    starts = max(person.available_from or today, today)
    return Availability(starts, person.free_days, needed_by is None or starts < needed_by)


def conflicts(brief: BriefProfile, person: ResearcherProfile) -> tuple[str, ...]:
    """A sentence for each declared conflict with the organisation that asks."""
    asking = asking_names(brief)
    return tuple(
        f"Has declared a conflict of interest with {name}."
        for name in person.declared_conflicts
        if known_as(name) in asking
    ) + employment(brief, person)


def employment(brief: BriefProfile, person: ResearcherProfile) -> tuple[str, ...]:
    """A sentence when they work for the organisation that asks."""
    works_there = person.university_id in brief.commissioner
    return (f"Works for the organisation that asks: {person.university}.",) if works_there else ()


def asking_names(brief: BriefProfile) -> frozenset[str]:
    """The names the asking organisation goes by, as names are compared."""
    return frozenset(known_as(name) for name in brief.commissioner) - {""}


def exclusions(brief: BriefProfile, person: ResearcherProfile) -> tuple[str, ...]:
    """A sentence for each other reason to leave them out: their own wish, or a manager's recorded one."""
    said = ("Has asked not to be suggested.",) if person.hidden else ()
    reason = brief.exclusions.get(person.id)
    return said if reason is None else (*said, f"Left out by the team: {reason}")


def availability_in_words(person: ResearcherProfile, needed_by: date | None, today: date) -> str:
    """One sentence on when they could start and how many days they have."""
    free = availability(person, needed_by, today)
    when = "now" if free.starts == today else f"from {short_date(free.starts)}"
    days = f"{free.free_days} of {person.capacity_days} days free"
    if needed_by is None:
        return f"Could start {when}; {days}."
    return f"Could start {when}, {'before' if free.in_time else 'too late for'} {short_date(needed_by)}; {days}."


def known_as(name: str) -> str:
    """A name as names are compared: without case, marks and the words that say what kind of council it is."""
    words = re.sub(r"[^\w]+", " ", name.casefold())
    return " ".join(STYLES.sub(" ", words).split()) or words.strip()
