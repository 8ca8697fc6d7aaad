"""Briefs to share out, on what terms, and a plan of who takes which."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.matching.candidates import Candidate
from service.matching.profiles import ResearcherProfile


@dataclass(frozen=True, eq=False)
class OpenBrief:
    """A brief that wants people: its name in sentences, who could take it, best first, and why nobody could."""

    id: str
    name: str
    people: tuple[Candidate, ...]
    why_nobody: str = ""


@dataclass(frozen=True)
class Terms:
    """How briefs are shared out.

    `per_brief` people for each, every one at another university; at most `per_university` briefs for a university (None: any
    number); each brief takes `days` of a person. `has` is how many live offers and projects each person leads already.
    """

    per_brief: int = 1
    per_university: int | None = None
    days: int = 5
    has: Mapping[str, int] = field(default_factory=dict, hash=False)

    def slots(self, person: ResearcherProfile) -> int:
        """How many briefs somebody's days allow."""
        return person.free_days // self.days


@dataclass(frozen=True)
class Plan:
    """Who takes which briefs: `people` are all who could take any, by id; `given` the briefs of those who take some."""

    terms: Terms
    people: Mapping[str, ResearcherProfile]
    given: Mapping[str, tuple[OpenBrief, ...]]

    def slots_left(self, person: ResearcherProfile) -> int:
        """How many more briefs somebody's days allow."""
        return self.terms.slots(person) - len(self.given.get(person.id, ()))

    def at_universities(self) -> dict[str, tuple[OpenBrief, ...]]:
        """The briefs that each university's people take, by its id."""
        found: dict[str, dict[str, OpenBrief]] = {}
        for key, briefs in self.given.items():
            at_theirs = found.setdefault(self.people[key].university_id, {})
            at_theirs |= {brief.id: brief for brief in briefs}
        return {key: tuple(briefs[each] for each in sorted(briefs)) for key, briefs in found.items()}
