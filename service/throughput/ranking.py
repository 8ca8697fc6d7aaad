"""How the ranking did: where those who were chosen stood in it, who took the work, and how widely it was spread.

Figures for the team to read and to judge by. Nothing reads them back: no weight, no order and no suggestion changes by them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

TOO_FEW = 5
"""Of fewer than this nothing is concluded: counts are told, shares and middles are not."""
TOPS = (5, 10, 20)
BANDS = ("1_to_5", "6_to_10", "11_to_20", "beyond_20", "left_out", "off_subject", "unlisted", "unknown")
"""Where somebody stood: among the ranked by rank; kept out by a conflict or their own wish; not on the subject as the ranking
saw it; not in the directory; or nobody knows, as no ranking was written down."""
DEFINITION = "ranking_report/1"
RULES: tuple[str, ...] = (
    (
        "A brief counts where a ranking was written down in the period: when somebody was shortlisted or passed over, when a call "
        "opened or when an offer was made. Those shown are the first 20 of the newest of these rankings."
    ),
    (
        "Shortlisted and passed over are counted as they stand now of what was decided in the period; what was taken back or "
        "replaced is counted apart."
    ),
    (
        "The chosen are the leads of the teams to whom the work was offered in the period, at the rank they had when it was offered. "
        "Who was passed over keeps their rank in this, so that passing people over does not better the ranks of others."
    ),
    "Accepted counts offers that were ever accepted, also where the lead withdrew later; the share is of those answered.",
    (
        "The effective number of universities is 1 divided by the sum of their squared shares: as many as would have the same "
        "spread if each had the same share."
    ),
    f"Counts are always told. Of fewer than {TOO_FEW} no share and no middle is told: too few to tell.",
    "Nothing adjusts itself by these figures. A change of the rules is made by people, in the code, and has another edition.",
)


class Person(NamedTuple):
    """Somebody in a ranking or in a decision: their university, and whether they are a newcomer where that is known."""

    university: str
    is_newcomer: bool | None


class Looked(NamedTuple):
    """One brief's ranking, the newest of the period: those it put first."""

    brief: str
    first: Sequence[Person]


class Decided(NamedTuple):
    """One decision; `ended` is how it ended, empty while it stands."""

    is_shortlisted: bool
    reason: str
    person: Person
    ended: str


class Chosen(NamedTuple):
    """One offer: where its lead stood, and `answer`, which is accepted, declined or unanswered."""

    standing: str
    rank: int | None
    person: Person
    answer: str


@dataclass(frozen=True)
class Share:
    """So many of so many; `value` is None where they are too few to tell."""

    count: int
    of: int

    @property
    def too_few(self) -> bool:
        """Whether there are too few to tell."""
        return self.of < TOO_FEW

    @property
    def value(self) -> float | None:
        """The share, with three places."""
        return None if self.too_few else round(self.count / self.of, 3)


@dataclass(frozen=True)
class Spread:
    """How people are spread over universities."""

    people: int
    universities: int
    top: Share
    """The university with most of them."""
    effective: float | None

    @property
    def too_few(self) -> bool:
        """Whether there are too few to tell."""
        return self.people < TOO_FEW


@dataclass(frozen=True)
class Band:
    """What became of the offers to leads who stood here."""

    band: str
    offers: int
    accepted: int
    declined: int
    unanswered: int
    """Open still, or ended with the enquiry."""

    @property
    def acceptance(self) -> Share:
        """Accepted, of those answered."""
        return Share(self.accepted, self.accepted + self.declined)


@dataclass(frozen=True)
class Ranks:
    """Where the chosen stood. `known` are those of whom it is known; the shares are of these, the middle of the `ranked`."""

    chosen: int
    known: int
    ranked: int
    median: float | None
    top: Mapping[int, Share]
    unlisted: Share


@dataclass(frozen=True)
class RankingReport:
    """All of it. `spread` and `newcomers` go by "shown", "shortlisted" and "chosen"."""

    briefs: int
    shortlisted: int
    passed_over: int
    taken_back: int
    replaced: int
    reasons: Mapping[str, int]
    ranks: Ranks
    bands: tuple[Band, ...]
    spread: Mapping[str, Spread]
    newcomers: Mapping[str, Share]


def ranking_report(
    looked: Iterable[Looked], decided: Iterable[Decided], chosen: Iterable[Chosen], reasons: Iterable[str]
) -> RankingReport:
    """Return the report over these; `reasons` are the codes for passing somebody over, each of which is counted."""
    rankings, decisions, offers = list(looked), list(decided), list(chosen)
    standing = [each for each in decisions if not each.ended]
    passed = Counter(each.reason for each in standing if not each.is_shortlisted)
    people = {
        "shown": [person for ranking in rankings for person in ranking.first],
        "shortlisted": [each.person for each in standing if each.is_shortlisted],
        "chosen": [each.person for each in offers],
    }
    return RankingReport(
        briefs=len({each.brief for each in rankings}),
        shortlisted=len(people["shortlisted"]),
        passed_over=passed.total(),
        taken_back=sum(each.ended == "taken_back" for each in decisions),
        replaced=sum(each.ended == "replaced" for each in decisions),
        reasons={code: passed[code] for code in reasons},
        ranks=_ranks(offers),
        bands=tuple(_band(band, [each for each in offers if band_of(each) == band]) for band in BANDS),
        spread={name: _spread(found) for name, found in people.items()},
        newcomers={name: _newcomers(found) for name, found in people.items()},
    )


def band_of(chosen: Chosen) -> str:
    """Return where somebody stood, as one of BANDS."""
    if chosen.rank is None:
        return chosen.standing if chosen.standing in BANDS else "unknown"
    return next((band for band, top in zip(BANDS, TOPS, strict=False) if chosen.rank <= top), "beyond_20")


def _ranks(offers: Sequence[Chosen]) -> Ranks:
    known = [each for each in offers if band_of(each) != "unknown"]
    ranks = [each.rank for each in known if each.rank is not None]
    return Ranks(
        chosen=len(offers),
        known=len(known),
        ranked=len(ranks),
        median=float(median(ranks)) if len(ranks) >= TOO_FEW else None,
        top={top: Share(sum(rank <= top for rank in ranks), len(known)) for top in TOPS},
        unlisted=Share(sum(band_of(each) == "unlisted" for each in known), len(known)),
    )


def _band(band: str, offers: Sequence[Chosen]) -> Band:
    answers = Counter(each.answer for each in offers)
    return Band(band, len(offers), answers["accepted"], answers["declined"], answers["unanswered"])


def _spread(people: Sequence[Person]) -> Spread:
    counts = Counter(person.university for person in people)
    whole = len(people)
    effective = round(whole**2 / sum(count**2 for count in counts.values()), 2) if whole >= TOO_FEW else None
    return Spread(whole, len(counts), Share(max(counts.values(), default=0), whole), effective)


def _newcomers(people: Sequence[Person]) -> Share:
    known = [person.is_newcomer for person in people if person.is_newcomer is not None]
    return Share(sum(known), len(known))
