"""One brief read against one directory, and each person's standing in it: what every signal looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.matching.index import Index, Relevance
from service.matching.profiles import BriefProfile, Publication, ResearcherProfile
from service.matching.query import terms_of
from service.matching.signs import Kind, Sign, sign_named, signs_in

# Below this share of what was asked, a text shares the brief's small change and not its subject.
ON_SUBJECT = 0.08
# Someone who says they do a thing counts whole; a paper that shows it without their saying so counts in part.
DECLARED, SHOWN = 1.0, 0.6


@dataclass(frozen=True, eq=False)
class Reading:
    """What a brief wants, recognised: its relevance to every text, and the signs it asks for."""

    brief: BriefProfile
    relevance: Relevance
    methods: tuple[Sign, ...]
    populations: tuple[Sign, ...]
    topics: tuple[Sign, ...]
    today: date

    @property
    def says_something(self) -> bool:
        """Whether there is anything to match on: a word that somebody uses, or a topic."""
        return self.relevance.known > 0 or bool(self.topics)

    @property
    def needs(self) -> tuple[Sign, ...]:
        """What a team should cover between them."""
        return self.topics + self.methods


def read(brief: BriefProfile, index: Index, today: date) -> Reading:
    """The brief against this index. Methods and populations come from the codes and from their sections' wording."""

    def wanted(kind: Kind, codes: tuple[str, ...], section: str = "") -> tuple[Sign, ...]:
        named = {sign_named(kind, code) for code in codes if code not in {"other", "whole_population"}}
        found = {sign for sign in signs_in(brief.sections.get(section, "")) if sign.kind is kind}
        return tuple(sorted(named | found))

    return Reading(
        brief,
        index.relevance(terms_of(brief)),
        wanted(Kind.METHOD, brief.methods, "methods"),
        wanted(Kind.POPULATION, brief.populations, "population_setting_place"),
        wanted(Kind.TOPIC, brief.topics),
        today,
    )


@dataclass(frozen=True)
class Fit:
    """How well one publication fits, in 0..1; `document` is its number in the index."""

    share: float
    document: int
    publication: Publication


@dataclass(frozen=True, eq=False)
class Standing:
    """One person in the light of one brief: their publications best first, their statement's share, their signs."""

    reading: Reading
    person: ResearcherProfile
    fits: tuple[Fit, ...]
    statement_share: float
    statement_document: int | None
    declared: frozenset[Sign]
    shown: frozenset[Sign]
    index: Index

    @property
    def on_subject(self) -> bool:
        """Whether a text of theirs shares the subject, or they work on one of the topics."""
        best = max(self.statement_share, self.fits[0].share if self.fits else 0.0)
        return best >= ON_SUBJECT or any(self._works_on(topic) for topic in self.reading.topics)

    def strength(self, sign: Sign) -> float:
        """How surely they have a thing wanted: 1 said by themselves, less when only a publication shows it, else 0."""
        return DECLARED if sign in self.declared else SHOWN if sign in self.shown else 0.0

    def _works_on(self, topic: Sign) -> bool:
        """Whether they say so, or a third of their publications show it: everybody touches on most things once."""
        showing = sum(topic in self.index.signs[fit.document] for fit in self.fits)
        return topic in self.declared or (showing > 0 and 3 * showing >= len(self.fits))

    def titles_showing(self, signs: frozenset[Sign]) -> Iterator[str]:
        """Titles of their publications that show any of `signs`, best fitting first."""
        return (fit.publication.title for fit in self.fits if self.index.signs[fit.document] & signs)


def stand(reading: Reading, person: ResearcherProfile, index: Index) -> Standing:
    """The person's standing; ValueError when the index was built from another text of theirs."""
    if not index.holds(person):
        raise ValueError(f"the index does not hold the text of researcher {person.id} as it now stands; build it again")
    shares = reading.relevance.shares
    fits: list[Fit] = []
    said: int | None = None
    for place in index.places[person.id]:
        if place.publication is None:
            said = place.document
        else:
            fits.append(Fit(shares[place.document], place.document, place.publication))
    declared = {sign_named(Kind.METHOD, name) for name in person.methods}
    declared |= {sign_named(Kind.TOPIC, name) for name in person.topics}
    if said is not None:
        declared |= index.signs[said]
    return Standing(
        reading,
        person,
        tuple(sorted(fits, key=lambda fit: (-fit.share, fit.publication.id))),
        shares[said] if said is not None else 0.0,
        said,
        frozenset(declared),
        frozenset[Sign]().union(*(index.signs[fit.document] for fit in fits)),
        index,
    )
