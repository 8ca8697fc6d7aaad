"""A team proposal: a lead and others who together cover the brief's topics and methods, with an alternate for each.

Greedy set cover, on purpose: the rules fit in four sentences, and a manager can follow them. The lead is the best
ranked person who can be suggested. Then whoever covers most of what is still uncovered joins, someone from a
university not yet in the team before a colleague, the better ranked before the worse, until nothing more can be
covered or the team is full. Each member's alternate is the person outside the team who covers most of what the member
is there for, the better ranked first. Nobody is in a team twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.matching.profiles import ResearcherProfile
from service.matching.reading import Crowd
from service.matching.signs import Sign

LARGEST_TEAM = 4


@dataclass(frozen=True)
class Member:
    """One place in a team: `role` "lead" or "member", what they are there for, and who could stand in (or None)."""

    researcher: ResearcherProfile
    role: str
    covers: tuple[str, ...]
    alternate: ResearcherProfile | None


@dataclass(frozen=True)
class Team:
    """A proposal; `uncovered` names what nobody in it covers. Codes read "method:economic", "topic:homes"."""

    members: tuple[Member, ...]
    uncovered: tuple[str, ...]

    @property
    def universities(self) -> tuple[str, ...]:
        """The universities in it, the lead's first."""
        return tuple(dict.fromkeys(member.researcher.university for member in self.members))


def propose(crowd: Crowd, ranked: NDArray[np.int64]) -> Team | None:
    """A team from people who can all be suggested, best first; None when there are none."""
    if not len(ranked):
        return None
    needs = crowd.reading.needs
    strengths = np.zeros((len(needs), len(ranked)))
    for place, sign in enumerate(needs):
        strengths[place] = crowd.strength(sign)[ranked]
    universities = crowd.table.universities[ranked]

    chosen: list[tuple[int, tuple[int, ...]]] = []
    open_needs = list(range(len(needs)))
    candidate: int | None = 0
    while candidate is not None:
        covers = tuple(need for need in open_needs if strengths[need, candidate])
        chosen.append((candidate, covers))
        open_needs = [need for need in open_needs if need not in covers]
        candidate = _next(strengths[open_needs] > 0, universities, [place for place, _ in chosen])

    spare = np.ones(len(ranked), dtype=np.bool_)
    spare[[place for place, _ in chosen]] = False
    members: list[Member] = []
    for place, covers in chosen:
        alternate = None
        worth = np.where(spare, strengths[list(covers)].sum(axis=0), -1.0)
        best = int(worth.argmax())
        if spare[best] and (not covers or worth[best] > 0):
            spare[best] = False
            alternate = crowd.profile(int(ranked[best]))
        role = "member" if members else "lead"
        person = crowd.profile(int(ranked[place]))
        members.append(Member(person, role, _codes([needs[need] for need in covers]), alternate))
    return Team(tuple(members), _codes([needs[need] for need in open_needs]))


def _next(uncovered: NDArray[np.bool_], universities: NDArray[np.int32], team: Sequence[int]) -> int | None:
    """Who joins next, or None; `uncovered` says who covers each open need, best ranked first: the first of equals is taken."""
    if len(team) == LARGEST_TEAM:
        return None
    covered = uncovered.sum(axis=0)
    worth = 2 * covered + ~np.isin(universities, universities[list(team)])
    worth[list(team)] = -1
    best = int(worth.argmax())
    return best if worth[best] > 0 and covered[best] else None


def _codes(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(f"{sign.kind}:{sign.code}" for sign in signs)
