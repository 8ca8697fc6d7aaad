"""The ranking: who could do this, in what order, why, and why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.matching.constraints import Requirement, availability, conflicts, exclusions
from service.matching.explain import Unmet, why_unmet
from service.matching.hurdles import Hurdles, hurdles
from service.matching.index import Index, build_index
from service.matching.profiles import BriefProfile, ResearcherProfile
from service.matching.reading import Crowd, read
from service.matching.signals import SIGNALS, Signal, weights
from service.matching.team import Team, propose
from service.matching.ties import ties
from service.matching.vectors import Vector

UNIT = 10_000
# Raised whenever a change of code gives the same people and brief another order: figures say by which order they came about.
EDITION = 1
# Those who fail one of these are never suggested; the others stay in view.
EXCLUDING = (Requirement.CONFLICT, Requirement.EXCLUSION)


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


@dataclass(frozen=True, eq=False)
class Order:
    """Everybody on the subject by number, best first: `suggested`, and `left_out`, whom a conflict or exclusion keeps out.

    `scores` are everybody's, in ten-thousandths; `added` is what each of the `signals` gave to them, of its `shares`.
    """

    signals: tuple[Signal, ...]
    shares: Mapping[str, int]
    added: Mapping[str, NDArray[np.int64]]
    scores: NDArray[np.int64]
    suggested: NDArray[np.int64]
    left_out: NDArray[np.int64]


def ordered(crowd: Crowd, failed: Hurdles) -> Order:
    """Put everybody in order for a brief that says something; ties go by name, then id."""
    shares = weights(crowd.reading)
    signals = tuple(signal for signal in SIGNALS if signal.code in shares)
    added = {signal.code: np.rint(shares[signal.code] * signal.measure(crowd)).astype(np.int64) for signal in signals}
    scores: NDArray[np.int64] = np.sum(list(added.values()), axis=0)
    # the table is in the order of name and id, which a stable sort keeps among equals
    order = np.argsort(-scores, kind="stable")
    order = order[crowd.on_subject[order]]
    kept_out = np.logical_or(*(failed[each] for each in EXCLUDING))[order]
    return Order(signals, shares, added, scores, order[~kept_out], order[kept_out])


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
    crowd = Crowd(read(brief, index, today, vector), index, index.table)
    failed = hurdles(crowd)
    if not crowd.reading.says_something:
        return Ranking((), None, why_unmet(crowd, failed), 0, 0, 0)

    found = ordered(crowd, failed)
    suggested, left_out = found.suggested, found.left_out
    usable = suggested[~np.logical_or.reduce(list(failed.values()))[suggested]]

    tied = index.tied_to(brief.commissioner)

    def item(number: int) -> Item:
        person = crowd.profile(number)
        known = ties(brief, person, today) if person.id in tied else ()
        parts = []
        for signal in found.signals:
            contribution = int(found.added[signal.code][number])
            text, evidence = signal.tell(crowd, number)
            parts.append(Reason(signal.code, found.shares[signal.code] / UNIT, contribution / UNIT, text, evidence))
        return Item(
            person,
            int(found.scores[number]) / UNIT,
            tuple(sorted(parts, key=lambda part: -part.contribution)),
            conflicts(brief, person) + tuple(tie.text for tie in known if tie.is_sure) + exclusions(brief, person),
            availability(person, brief.needed_by, today).available,
            tuple(tie.text for tie in known if not tie.is_sure),
        )

    items = tuple(item(int(number)) for number in (*suggested[:limit], *left_out[:limit]))
    return Ranking(
        items,
        propose(crowd, usable),
        why_unmet(crowd, failed),
        len(suggested),
        len(left_out),
        sum(each.researcher.is_newcomer for each in items if not each.excluded),
        crowd.reading.relevance.reads_meaning,
        len(index.texts.unlearned) if crowd.reading.relevance.reads_meaning else 0,
    )
