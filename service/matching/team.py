"""A team proposal: a lead and others who together cover the brief's topics and methods, with alternates for each.

The rules fit in five sentences, and a manager can follow them. Everybody in a team can be suggested, has days left and is at
a university that the brief can go to. The lead is the best ranked of them. Of all teams of at most four under that lead it is
one that covers most; of these one with fewest people, then one across most universities, then the one whose people fit best.
Each member's alternates, at most three and in order, are those outside the team who cover most of what the member is there
for, the better ranked first. Nobody is in a team twice.

Taking whoever covers most next, again and again, is not enough: somebody who covers much can make it take four people where three
would do, or leave out what a full team could have covered (docs/decisions/0032).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.matching.cover import fewest_who_cover
from service.matching.profiles import ResearcherProfile
from service.matching.reading import Crowd
from service.matching.signs import Sign

LARGEST_TEAM = 4
MOST_ALTERNATES = 3


@dataclass(frozen=True)
class Member:
    """One place in a team: `role` "lead" or "member", what they are there for, and who could stand in, the first first."""

    researcher: ResearcherProfile
    role: str
    covers: tuple[str, ...]
    alternates: tuple[ResearcherProfile, ...]

    @property
    def alternate(self) -> ResearcherProfile | None:
        """Who would be asked first in their place; None when nobody could stand in."""
        return self.alternates[0] if self.alternates else None


@dataclass(frozen=True)
class Team:
    """A proposal; `uncovered` names what nobody in it covers. Codes read "method:economic", "topic:homes"."""

    members: tuple[Member, ...]
    uncovered: tuple[str, ...]

    @property
    def universities(self) -> tuple[str, ...]:
        """The universities in it, the lead's first."""
        return tuple(dict.fromkeys(member.researcher.university for member in self.members))

    @property
    def free_days(self) -> int:
        """The days that its people have left between them."""
        return sum(member.researcher.free_days for member in self.members)


def propose(crowd: Crowd, ranked: NDArray[np.int64], totals: NDArray[np.int64]) -> Team | None:
    """A team from people who can all be suggested, best first; None when there are none. `totals` are everybody's scores."""
    if not len(ranked):
        return None
    needs = crowd.reading.needs
    strengths = np.zeros((len(needs), len(ranked)))
    for place, sign in enumerate(needs):
        strengths[place] = crowd.strength(sign)[ranked]

    covering = strengths > 0
    others = fewest_who_cover(
        covering[~covering[:, 0]],
        crowd.table.universities[ranked].tolist(),
        totals[ranked].tolist(),
        0,
        LARGEST_TEAM - 1,
    )
    open_needs = list(range(len(needs)))
    chosen: list[tuple[int, list[int]]] = []
    for place in (0, *others):
        covers = [need for need in open_needs if covering[need, place]]
        chosen.append((place, covers))
        open_needs = [need for need in open_needs if need not in covers]

    alternates = _alternates(strengths, chosen)
    members = tuple(
        Member(
            crowd.profile(int(ranked[place])),
            "member" if number else "lead",
            _codes([needs[need] for need in covers]),
            tuple(crowd.profile(int(ranked[each])) for each in alternates[number]),
        )
        for number, (place, covers) in enumerate(chosen)
    )
    return Team(members, _codes([needs[need] for need in open_needs]))


def _alternates(strengths: NDArray[np.float64], chosen: Sequence[tuple[int, list[int]]]) -> list[list[int]]:
    """Who could stand in for each member: a first for everybody, before a second for anybody."""
    spare = np.ones(strengths.shape[1], dtype=np.bool_)
    spare[[place for place, _ in chosen]] = False
    found: list[list[int]] = [[] for _ in chosen]
    worths = [strengths[covers].sum(axis=0) for _, covers in chosen]
    for _ in range(MOST_ALTERNATES):
        for number, (_, covers) in enumerate(chosen):
            worth = np.where(spare, worths[number], -1.0)
            best = int(worth.argmax())
            if spare[best] and (not covers or worth[best] > 0):
                spare[best] = False
                found[number].append(best)
    return found


def _codes(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(f"{sign.kind}:{sign.code}" for sign in signs)
