"""The ranking: who could do this, in what order, why, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.matching.constraints import availability
from service.matching.explain import Unmet, why_unmet
from service.matching.index import Index, build_index
from service.matching.profiles import BriefProfile, ResearcherProfile
from service.matching.scoring import UNIT, score
from service.matching.team import Team, propose
from service.matching.vectors import Vector


@dataclass(frozen=True)
class Reason:
    """One part of a score: `contribution` is what this signal added, at most its `weight`; `text` says why."""

    signal: str
    weight: float
    contribution: float
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One person in a ranking.

    `score` lies in 0..1, with four places, and is exactly the sum of the reasons' contributions (both are whole
    ten-thousandths); reasons come weightiest contribution first. `excluded` people are never suggested: `conflicts`
    says why. `available` is whether they have days left and can start before the answer is needed.
    """

    researcher: ResearcherProfile
    score: float
    reasons: tuple[Reason, ...]
    conflicts: tuple[str, ...]
    available: bool
    warnings: tuple[str, ...] = ()
    """What may be a conflict and is not sure: to be looked at, and no reason to be kept out."""

    @property
    def university(self) -> str:
        """The name of their university."""
        return self.researcher.university

    @property
    def excluded(self) -> bool:
        """Whether a conflict or exclusion keeps them out of every suggestion."""
        return bool(self.conflicts)


@dataclass(frozen=True)
class Ranking:
    """The answer to a brief.

    `items`: people on the subject, best first; those excluded follow after all others, likewise best first. `team`: a
    proposal, None when nobody can be suggested. `unmet`: what emptied the list, or what nobody in it covers.
    `suitable` and `excluded` count everyone, shown or not; `newcomers` counts those shown and early in their career.
    `by_meaning` tells whether meaning was compared beside words; `texts_waiting` texts are read by their words alone, as
    their meaning has not been worked out yet.
    """

    items: tuple[Item, ...]
    team: Team | None
    unmet: tuple[Unmet, ...]
    suitable: int
    excluded: int
    newcomers: int
    by_meaning: bool = False
    texts_waiting: int = 0


def rank(
    brief: BriefProfile,
    researchers: Iterable[ResearcherProfile] | Index,
    *,
    today: date,
    limit: int = 20,
    vector: Vector | None = None,
) -> Ranking:
    """Everyone who could answer the brief, ranked: at most `limit` suggested, and at most `limit` excluded after them.

    The order depends on nothing but the profiles and vectors: ties go by name, then id. `vector` is that of the brief's
    `text_of`; without it words alone count.
    """
    index = researchers if isinstance(researchers, Index) else build_index(researchers)
    found = score(brief, index, today=today, vector=vector)
    crowd = found.crowd
    if not crowd.reading.says_something:
        return Ranking((), None, why_unmet(crowd, found.failed), 0, 0, 0)
    suggested, left_out = found.suggested, found.left_out

    def item(number: int) -> Item:
        person = crowd.profile(number)
        parts = []
        for signal in found.signals:
            contribution = int(found.added[signal.code][number])
            text, evidence = signal.tell(crowd, number)
            parts.append(Reason(signal.code, found.shares[signal.code] / UNIT, contribution / UNIT, text, evidence))
        return Item(
            person,
            int(found.totals[number]) / UNIT,
            tuple(sorted(parts, key=lambda part: -part.contribution)),
            found.kept_out_by(number),
            availability(person, brief.needed_by, today).available,
            found.warnings_of(number),
        )

    items = tuple(item(int(number)) for number in (*suggested[:limit], *left_out[:limit]))
    return Ranking(
        items,
        propose(crowd, found.within_reach, found.totals),
        why_unmet(crowd, found.failed),
        len(suggested),
        len(left_out),
        sum(each.researcher.is_newcomer for each in items if not each.excluded),
        crowd.reading.relevance.reads_meaning,
        len(index.texts.unlearned) if crowd.reading.relevance.reads_meaning else 0,
    )
