"""Who could take one of several open briefs: what an assignment weighs, without the sentences of a ranking."""

from dataclasses import dataclass
from datetime import date

from service.matching.explain import why_unmet
from service.matching.index import Index
from service.matching.profiles import BriefProfile, ResearcherProfile
from service.matching.scoring import UNIT, Scores, score
from service.matching.vectors import Vector
from service.matching.wording import counted

MOST_LEFT_OUT = 3


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a brief; `score` as in a ranking."""

    researcher: ResearcherProfile
    score: float


@dataclass(frozen=True)
class LeftOut:
    """Somebody who fits and is not proposed, with why."""

    researcher: ResearcherProfile
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """Who could take a brief, best first, and who fits and must not: the best few, and how many they are.

    `why_nobody` says what emptied the list; "" when it is not empty. `by_meaning` as in a ranking.
    """

    people: tuple[Candidate, ...]
    why_nobody: str
    left_out: tuple[LeftOut, ...] = ()
    excluded: int = 0
    by_meaning: bool = False


def candidates(
    brief: BriefProfile, index: Index, *, today: date, days: int, most: int, vector: Vector | None = None
) -> Candidates:
    """The best ranked, at most `most`, who have `days` left, could start in time and whom the brief can go to."""
    found = score(brief, index, today=today, vector=vector)
    crowd = found.crowd
    if not crowd.reading.says_something:
        return Candidates((), why_unmet(crowd, found.failed)[0].text)
    left = crowd.table.capacity - crowd.table.committed
    able = found.within_reach[left[found.within_reach] >= days]
    people = tuple(Candidate(crowd.profile(int(each)), int(found.totals[each]) / UNIT) for each in able[:most])
    left_out = tuple(
        LeftOut(crowd.profile(int(each)), int(found.totals[each]) / UNIT, found.kept_out_by(int(each)))
        for each in found.left_out[:MOST_LEFT_OUT]
    )
    return Candidates(
        people,
        "" if people else _why_nobody(found, days),
        left_out,
        len(found.left_out),
        crowd.reading.relevance.reads_meaning,
    )


def _why_nobody(found: Scores, days: int) -> str:
    """What stands in the way, the last hurdle first: days, the universities, and whatever keeps people out of a ranking."""
    if len(found.within_reach):
        fit = counted(len(found.within_reach), "person fits", "people fit")
        return f"{fit}, and none of them has {counted(days, 'day')} left."
    if len(found.usable):
        fit = counted(len(found.usable), "person fits", "people fit")
        return f"{fit}, and none of them is at a university that the brief can go to."
    return " ".join(unmet.text for unmet in why_unmet(found.crowd, found.failed))
