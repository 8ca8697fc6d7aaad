"""A team proposal: a lead and others who together cover the brief's topics and methods, with an alternate for each.

Greedy set cover, on purpose: the rules fit in four sentences, and a manager can follow them. The lead is the best
ranked person who can be suggested. Then whoever covers most of what is still uncovered joins, someone from a
university not yet in the team before a colleague, the better ranked before the worse, until nothing more can be
covered or the team is full. Each member's alternate is the person outside the team who covers most of what the member
is there for, the better ranked first. Nobody is in a team twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.matching.profiles import ResearcherProfile
from service.matching.reading import Reading, Standing
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


def propose(reading: Reading, ranked: Sequence[Standing]) -> Team | None:
    """A team from people who can all be suggested, best first; None when there are none."""
    if not ranked:
        return None
    chosen: list[tuple[Standing, tuple[Sign, ...]]] = []
    open_needs = list(reading.needs)
    candidate: Standing | None = ranked[0]
    while candidate is not None:
        covers = tuple(sign for sign in open_needs if candidate.strength(sign))
        chosen.append((candidate, covers))
        open_needs = [sign for sign in open_needs if sign not in covers]
        candidate = _next(open_needs, ranked, [standing for standing, _ in chosen])
    spare = [standing for standing in ranked if standing not in [standing for standing, _ in chosen]]
    members: list[Member] = []
    for standing, covers in chosen:
        alternate = max(spare, key=lambda other: sum(other.strength(sign) for sign in covers), default=None)
        if alternate is not None and (not covers or any(alternate.strength(sign) for sign in covers)):
            spare.remove(alternate)
        else:
            alternate = None
        role = "member" if members else "lead"
        members.append(Member(standing.person, role, _codes(covers), alternate.person if alternate else None))
    return Team(tuple(members), _codes(open_needs))


def _next(needs: Sequence[Sign], ranked: Sequence[Standing], team: Sequence[Standing]) -> Standing | None:
    """Who joins next, or None; `ranked` is best first, and the first of equals is taken."""
    if len(team) == LARGEST_TEAM:
        return None
    present = {standing.person.university_id for standing in team}

    def worth(standing: Standing) -> tuple[int, bool]:
        return sum(standing.strength(sign) > 0 for sign in needs), standing.person.university_id not in present

    best = max((standing for standing in ranked if standing not in team), key=worth, default=None)
    return best if best is not None and worth(best)[0] else None


def _codes(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(f"{sign.kind}:{sign.code}" for sign in signs)
