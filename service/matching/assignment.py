"""Who could take what: several open briefs and the people who fit them, shared out as well and as fairly as can be.

A proposal and nothing else. As many briefs as can be get somebody, those who fit best; what people and universities were given
before counts against giving them more, so that load spreads; nobody is given more than their days allow, and nobody whom a
ranking would not suggest. The rule and its weights stand in `flow`, the reasons in `passing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.matching.candidates import Candidate
from service.matching.flow import Network, best_flow
from service.matching.passing import PassedUp, passed_up, why_short
from service.matching.profiles import ResearcherProfile
from service.matching.scoring import UNIT
from service.matching.sharing import OpenBrief, Plan, Terms

MOST_ALTERNATES = 3


@dataclass(frozen=True)
class Proposed:
    """One person for a brief: their score, their place in its ranking, and who could stand in, in order."""

    researcher: ResearcherProfile
    score: float
    place: int
    alternates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one brief, best first; who ranked higher and why it is not them; "" or why there are not more."""

    brief: OpenBrief
    people: tuple[Proposed, ...]
    passed_up: tuple[PassedUp, ...]
    short: str


@dataclass(frozen=True)
class PersonLoad:
    """What one person would have: briefs by name, live offers and projects they lead already, and the days left then."""

    researcher: ResearcherProfile
    briefs: tuple[str, ...]
    has: int
    days_left: int


@dataclass(frozen=True)
class UniversityLoad:
    """What one university would have: briefs by name, and for how many of its people."""

    id: str
    name: str
    briefs: tuple[str, ...]
    people: int


@dataclass(frozen=True)
class Assignment:
    """Proposals in the order of the briefs; the load of people and of universities, the heaviest first; the whole fit."""

    proposals: tuple[Proposal, ...]
    people: tuple[PersonLoad, ...]
    universities: tuple[UniversityLoad, ...]
    fit: float


def assign(briefs: Sequence[OpenBrief], terms: Terms) -> Assignment:
    """The best way to share these briefs out. It depends on nothing but what is told: not on any order it is told in."""
    plan = _plan(sorted(briefs, key=lambda brief: brief.id), terms)
    proposals = tuple(_proposal(brief, plan, terms) for brief in briefs)
    return Assignment(
        proposals,
        _people(plan),
        _universities(plan),
        round(sum(each.score for proposal in proposals for each in proposal.people), 4),
    )


def _plan(briefs: Sequence[OpenBrief], terms: Terms) -> Plan:
    """Who takes what, found with everything in the order of names and ids."""
    known = {each.researcher.id: each.researcher for brief in briefs for each in brief.people}
    people = sorted(known.values(), key=lambda person: (person.name, person.id))
    place_of = {person.id: place for place, person in enumerate(people)}
    codes = {key: code for code, key in enumerate(sorted({person.university_id for person in people}))}
    edges = sorted(
        (number, place_of[each.researcher.id], round(each.score * UNIT))
        for number, brief in enumerate(briefs)
        for each in brief.people
    )
    columns = np.array(edges, dtype=np.int64).reshape(-1, 3)
    network = Network(
        brief=columns[:, 0],
        person=columns[:, 1],
        score=columns[:, 2],
        university=np.array([codes[person.university_id] for person in people], dtype=np.int64),
        slots=np.array([terms.slots(person) for person in people], dtype=np.int64),
        has=np.array([terms.has.get(person.id, 0) for person in people], dtype=np.int64),
        briefs=len(briefs),
        per_brief=terms.per_brief,
        per_university=terms.per_university,
    )
    taken = columns[best_flow(network)]
    given: dict[str, list[OpenBrief]] = {}
    for number, place, _ in taken.tolist():
        given.setdefault(people[place].id, []).append(briefs[number])
    return Plan(terms, known, {key: tuple(mine) for key, mine in given.items()})


def _proposal(brief: OpenBrief, plan: Plan, terms: Terms) -> Proposal:
    chosen = [
        (place, each) for place, each in enumerate(brief.people, 1) if brief in plan.given.get(each.researcher.id, ())
    ]
    here = [each.researcher for _, each in chosen]
    people = tuple(
        Proposed(each.researcher, each.score, place, _alternates(brief, each.researcher, here, plan))
        for place, each in chosen
    )
    short = "" if len(chosen) == terms.per_brief else why_short(brief, here, plan)
    return Proposal(brief, people, passed_up(brief, here, plan), short)


def _alternates(
    brief: OpenBrief, standing: ResearcherProfile, here: Sequence[ResearcherProfile], plan: Plan
) -> tuple[Candidate, ...]:
    """Who could stand in for somebody: with days to spare after what they are proposed for, at no other's university."""
    elsewhere = {person.university_id for person in here if person is not standing}
    able = (
        each
        for each in brief.people
        if each.researcher not in here
        and each.researcher.university_id not in elsewhere
        and plan.slots_left(each.researcher) > 0
    )
    return tuple(each for each, _ in zip(able, range(MOST_ALTERNATES), strict=False))


def _people(plan: Plan) -> tuple[PersonLoad, ...]:
    found = []
    for key, given in plan.given.items():
        person = plan.people[key]
        names = tuple(brief.name for brief in given)
        days_left = person.free_days - plan.terms.days * len(given)
        found.append(PersonLoad(person, names, plan.terms.has.get(key, 0), days_left))
    found.sort(key=lambda load: (-len(load.briefs) - load.has, load.researcher.name, load.researcher.id))
    return tuple(found)


def _universities(plan: Plan) -> tuple[UniversityLoad, ...]:
    found = []
    for key, given in plan.at_universities().items():
        people = [plan.people[person] for person in plan.given if plan.people[person].university_id == key]
        found.append(UniversityLoad(key, people[0].university, tuple(brief.name for brief in given), len(people)))
    found.sort(key=lambda load: (-len(load.briefs), load.name, load.id))
    return tuple(found)
