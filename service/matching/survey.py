"""What a ranking says of certain people, and whom it puts first: what is kept beside a decision, to be looked at later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from service.matching.index import Index
from service.matching.profiles import BriefProfile
from service.matching.scoring import EDITION, UNIT, score
from service.matching.vectors import Vector

FIRST = 20
"""How many of those put first are kept: as many as a manager is shown without asking for more."""


class Standing(StrEnum):
    """How somebody stands in a ranking."""

    RANKED = "ranked"
    LEFT_OUT = "left_out"
    """On the subject, and kept out by a conflict or by their own wish."""
    OFF_SUBJECT = "off_subject"
    UNLISTED = "unlisted"
    """Not in the directory."""
    UNKNOWN = "unknown"
    """Nobody could tell: no ranking was to be had at that moment."""


@dataclass(frozen=True)
class Place:
    """Somebody's place in a ranking: their `rank` from 1 among those suggested, and their score in ten-thousandths."""

    standing: Standing
    rank: int | None = None
    score: int | None = None
    is_newcomer: bool | None = None
    university_id: str | None = None


UNLISTED, UNKNOWN = Place(Standing.UNLISTED), Place(Standing.UNKNOWN)


@dataclass(frozen=True)
class Proposed:
    """One of those put first."""

    researcher_id: str
    university_id: str
    is_newcomer: bool


@dataclass(frozen=True)
class Survey:
    """A ranking as it stood: what it went by, whom it put first, how many it would suggest, and certain people's places.

    `inputs` are plain values: the edition of the rules, each signal's weight in ten-thousandths, whether meaning was
    compared and how many people and texts were compared.
    """

    inputs: Mapping[str, object]
    first: tuple[Proposed, ...]
    suitable: int
    left_out: int
    places: Mapping[str, Place]

    def place(self, researcher_id: str | None) -> Place:
        """Return somebody's place; UNLISTED for nobody in the directory."""
        return UNLISTED if researcher_id is None else self.places.get(researcher_id, UNLISTED)


def survey(
    brief: BriefProfile, index: Index, of: Iterable[str], *, today: date, vector: Vector | None = None
) -> Survey:
    """Survey a ranking for the people `of`, by id.

    Whom the team passed over stands where they would have stood: otherwise every decision would better the rank of whoever
    is chosen in the end, and the figures would praise the ranking for what people did.
    """
    found = score(replace(brief, exclusions={}), index, today=today, vector=vector)
    crowd, table, reading = found.crowd, found.crowd.table, found.crowd.reading
    wanted = {each: table.place_of[each] for each in of if each in table.place_of}
    newcomer = {each: crowd.profile(number).is_newcomer for each, number in wanted.items()}
    inputs: dict[str, object] = {
        "edition": EDITION,
        "weights": {},
        "by_meaning": reading.relevance.reads_meaning,
        "people": len(table.rows),
        "texts_waiting": len(index.texts.unlearned) if reading.relevance.reads_meaning else 0,
    }
    if not table.rows or not reading.says_something:
        nowhere = {
            each: Place(Standing.OFF_SUBJECT, None, None, newcomer[each], crowd.profile(number).university_id)
            for each, number in wanted.items()
        }
        return Survey(inputs, (), 0, 0, nowhere)
    suggested, left_out = found.suggested, found.left_out
    ranks = {int(number): rank for rank, number in enumerate(suggested, start=1)}
    kept_out = {int(number) for number in left_out}

    def place(key: str, number: int) -> Place:
        university = crowd.profile(number).university_id
        if number in ranks:
            return Place(Standing.RANKED, ranks[number], int(found.totals[number]), newcomer[key], university)
        if number in kept_out:
            return Place(Standing.LEFT_OUT, None, int(found.totals[number]), newcomer[key], university)
        return Place(Standing.OFF_SUBJECT, None, None, newcomer[key], university)

    first = [crowd.profile(int(number)) for number in suggested[:FIRST]]
    return Survey(
        {**inputs, "weights": dict(found.shares), "scores_of": UNIT},
        tuple(Proposed(person.id, person.university_id, person.is_newcomer) for person in first),
        len(suggested),
        len(left_out),
        {key: place(key, number) for key, number in wanted.items()},
    )
