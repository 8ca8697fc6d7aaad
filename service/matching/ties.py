"""Ties with the organisation that asks, as records of research show them: written together lately, or working there now.

What is sure keeps somebody out of the suggestions, as a declared conflict does, with the paper named; what is not sure (a name
that is alike, a paper at the edge of the time, work that has ended) is a hint beside their name, and keeps nobody out: a person
wrongly kept out would never hear of it.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from service.matching.names import SAME, sureness
from service.matching.profiles import BriefProfile, Employer, Publication, ResearcherProfile
from service.matching.wording import counted
from service.working_time.wording import short_date

RECENT_YEARS = 3
"""How long having written together counts. Papers have no day, only a year: of the year that lies this far back it is not sure."""


class Tie(NamedTuple):
    """A tie with the organisation that asks, as a sentence; only a sure one keeps somebody out."""

    text: str
    is_sure: bool


def ties(brief: BriefProfile, person: ResearcherProfile, today: date) -> tuple[Tie, ...]:
    """Every tie that their publications and employers show, the sure ones first."""
    found = [*_at_work(brief, person, today), *_in_writing(brief, person, today)]
    return tuple(sorted(found, key=lambda tie: not tie.is_sure))


def names_of(person: ResearcherProfile) -> frozenset[str]:
    """Every name of an organisation that their publications and employers hold."""
    written = {name for paper in person.publications for name in paper.organisations}
    return frozenset(written | {employer.name for employer in person.employers})


def _at_work(brief: BriefProfile, person: ResearcherProfile, today: date) -> Iterator[Tie]:
    if person.university_id in brief.commissioner:
        return
    for employer in person.employers:
        how = sureness(brief.commissioner, employer.name)
        if how is None or (employer.since is not None and employer.since > today):
            continue
        if employer.until is not None and employer.until < today:
            if today.year - employer.until.year <= RECENT_YEARS:
                yield Tie(
                    f"Worked for {employer.name} until {short_date(employer.until)}, {_as_said(employer)}.",
                    is_sure=False,
                )
        elif how == SAME:
            yield Tie(f"Works for the organisation that asks too: {employer.name}, {_as_said(employer)}.", is_sure=True)
        else:
            yield Tie(
                f"Perhaps works for the organisation that asks: {employer.name}, {_as_said(employer)}.", is_sure=False
            )


def _in_writing(brief: BriefProfile, person: ResearcherProfile, today: date) -> Iterator[Tie]:
    sure: list[tuple[Publication, str]] = []
    unsure: list[tuple[Publication, str]] = []
    for paper in person.publications:
        age = RECENT_YEARS + 1 if paper.year is None else today.year - paper.year
        for name in paper.organisations if age <= RECENT_YEARS else ():
            if how := sureness(brief.commissioner, name):
                (sure if how == SAME and age < RECENT_YEARS else unsure).append((paper, name))
    if sure:
        yield Tie(f"Wrote lately with somebody of {_told(sure)}.", is_sure=True)
    elif unsure:
        yield Tie(
            f"Perhaps wrote lately with somebody of the organisation that asks, named {_told(unsure)}.", is_sure=False
        )


def _told(found: list[tuple[Publication, str]]) -> str:
    """The name on the newest of these papers, and the paper; how many more there are."""
    found = sorted(found, key=lambda each: (-(each[0].year or 0), each[0].id, each[1]))
    paper, name = found[0]
    others = len({each.id for each, _ in found}) - 1
    more = f" and {counted(others, 'more publication')}" if others else ""
    return f"{name}: “{paper.title}” ({paper.year}){more}"


def _as_said(employer: Employer) -> str:
    return "as ORCID has it" if employer.source == "orcid" else "as their entry says"
