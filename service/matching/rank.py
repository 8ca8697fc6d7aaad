"""The ranking: who could do this, in what order, why, and why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service.matching.constraints import availability, conflicts, exclusions, unmet_by
from service.matching.explain import Unmet, why_unmet
from service.matching.index import Index, build_index
from service.matching.profiles import BriefProfile, ResearcherProfile
from service.matching.reading import Standing, read, stand
from service.matching.signals import SIGNALS, weights
from service.matching.team import Team, propose

UNIT = 10_000


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
    """

    items: tuple[Item, ...]
    team: Team | None
    unmet: tuple[Unmet, ...]
    suitable: int
    excluded: int
    newcomers: int


def rank(
    brief: BriefProfile,
    researchers: Iterable[ResearcherProfile],
    *,
    today: date,
    limit: int = 20,
    index: Index | None = None,
) -> Ranking:
    """Everyone who could answer the brief, ranked: at most `limit` suggested, and at most `limit` excluded after them.

    The order depends on nothing but the profiles: ties go by name, then id. `index` (from `build_index`) spares the
    reading of every publication again; it may be older than these profiles in all but their texts, else ValueError.
    """
    people = sorted(researchers, key=lambda person: person.id)
    searched = build_index(people) if index is None else index
    reading = read(brief, searched, today)
    standings = [stand(reading, person, searched) for person in people]
    failed = {standing.person.id: unmet_by(standing) for standing in standings}
    if not reading.says_something:
        return Ranking((), None, why_unmet(reading, standings, failed), 0, 0, 0)

    shares = weights(reading)
    found = [(standing, _item(standing, shares)) for standing in standings if standing.on_subject]
    found.sort(key=lambda pair: (-pair[1].score, pair[1].researcher.name, pair[1].researcher.id))
    suggested = [item for _, item in found if not item.excluded]
    left_out = [item for _, item in found if item.excluded]
    usable = [standing for standing, _ in found if not failed[standing.person.id]]
    items = (*suggested[:limit], *left_out[:limit])
    return Ranking(
        items,
        propose(reading, usable),
        why_unmet(reading, standings, failed),
        len(suggested),
        len(left_out),
        sum(item.researcher.is_newcomer for item in items if not item.excluded),
    )


def _item(standing: Standing, shares: Mapping[str, int]) -> Item:
    brief, person, reading = standing.reading.brief, standing.person, standing.reading
    parts: list[tuple[int, Reason]] = []
    for signal in SIGNALS:
        if signal.code in shares:
            finding = signal.measure(standing)
            added = round(shares[signal.code] * finding.value)
            reason = Reason(signal.code, shares[signal.code] / UNIT, added / UNIT, finding.text, finding.evidence)
            parts.append((added, reason))
    parts.sort(key=lambda part: -part[0])
    return Item(
        person,
        sum(added for added, _ in parts) / UNIT,
        tuple(reason for _, reason in parts),
        conflicts(brief, person) + exclusions(brief, person),
        availability(person, brief.needed_by, reading.today).available,
    )
