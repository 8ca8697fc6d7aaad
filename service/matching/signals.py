"""The signals: each one bounded function from a person's standing to a value in 0..1, its sentence and its evidence.

A new signal is one function and one line in `SIGNALS`. A signal that the brief says nothing about (no method wanted, no
population named) is left out and the others keep their proportions, so weights always sum to 1.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from service.matching.constraints import availability, availability_in_words
from service.matching.reading import ON_SUBJECT, Reading, Standing
from service.matching.signs import Kind, Sign
from service.matching.text import stems
from service.matching.wording import counted
from service.working_time.wording import listed

MOST_EVIDENCE = 3
# The topical fit at which a match is worth half: about the middle of true authors' (0.34 to 0.42, asked by 12 words or by
# 400) when papers are left out of 681 UK health papers and their authors sought; everyone else's middle is 0.2.
HALF_FIT, HALF_STATEMENT = 0.35, 0.2
# A paper's freshness halves every five years.
FRESH_YEARS = 5
# Without a date, waiting longer than this for someone is worth nothing more.
PATIENCE_DAYS = 180

TOGETHER = Sign(Kind.TOGETHER, "co_production")


@dataclass(frozen=True)
class Finding:
    """What a signal found: `value` in 0..1, a sentence, and the titles or words that earned it."""

    value: float
    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signal:
    """One signal: its code, its share of the score, when it applies, and how it is measured."""

    code: str
    weight: float
    applies: Callable[[Reading], bool]
    measure: Callable[[Standing], Finding]


def publications(standing: Standing) -> Finding:
    """Topical fit of their publications, best first, each counting half the one before: ten weak papers are not one good one."""
    fitting = [fit for fit in standing.fits if fit.share > 0]
    if not fitting:
        return Finding(0.0, "No publication listed shares the subject.")
    best = fitting[0]
    closest = f"“{best.publication.title}”" + (f" ({best.publication.year})" if best.publication.year else "")
    near = sum(fit.share >= ON_SUBJECT for fit in fitting)
    found = f"{near} of {counted(len(standing.fits), 'publication')} fit" if near else "No publication is close"
    shared = listed(standing.reading.relevance.words(best.document))
    return Finding(
        _saturated(_fading(fit.share for fit in fitting), HALF_FIT),
        f"{found}; nearest is {closest}, on {shared}.",
        tuple(fit.publication.title for fit in fitting[:MOST_EVIDENCE]),
    )


def statement(standing: Standing) -> Finding:
    """Topical fit of what they say of themselves."""
    if standing.statement_document is None or standing.statement_share == 0:
        return Finding(0.0, "Their own statement and keywords do not mention the subject.")
    shared = standing.reading.relevance.words(standing.statement_document)
    asked = {term.stem for term in standing.reading.relevance.terms}
    keywords = tuple(word for word in standing.person.keywords if asked.intersection(stems(word)))
    return Finding(
        _saturated(standing.statement_share, HALF_STATEMENT),
        f"Their own statement and keywords speak of {listed(shared)}.",
        keywords[:MOST_EVIDENCE],
    )


def methods(standing: Standing) -> Finding:
    """How much of the methods wanted they have."""
    return _covered(standing, standing.reading.methods, "methods wanted")


def topics(standing: Standing) -> Finding:
    """How much of the brief's topics they cover."""
    return _covered(standing, standing.reading.topics, "topics")


def population(standing: Standing) -> Finding:
    """How far they have worked with the people and settings in question."""
    return _covered(standing, standing.reading.populations, "people and settings asked about")


def recency(standing: Standing) -> Finding:
    """Topical fit again, each publication faded by its age; one without a year counts as long past."""
    now = standing.reading.today.year
    fresh = [(fit.share * _freshness(fit.publication.year, now), fit) for fit in standing.fits]
    recent = sorted((pair for pair in fresh if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].publication.id))
    if not recent:
        return Finding(0.0, "No dated publication on the subject.")
    shown = [fit.publication for _, fit in recent[:MOST_EVIDENCE]]
    years = sorted({publication.year for publication in shown if publication.year is not None})
    return Finding(
        _saturated(_fading(share for share, _ in recent), HALF_FIT),
        f"Recent work on the subject: {listed([str(year) for year in years])}.",
        tuple(publication.title for publication in shown),
    )


def co_production(standing: Standing) -> Finding:
    """Past work done together with those who use it: projects through this service first, then what publications show."""
    projects = standing.person.past_projects
    titles = tuple(standing.titles_showing(frozenset({TOGETHER})))
    said = int(TOGETHER in standing.declared)
    worth = 2 * len(projects) + len(titles) + said
    if not worth:
        return Finding(0.0, "No project or publication listed was done together with those who use it.")
    parts = [counted(len(projects), "project") + " with councils"] if projects else []
    parts += [counted(len(titles), "publication")] if titles else []
    parts += ["their own statement"] if said else []
    return Finding(
        worth / (worth + 2),
        f"Has worked together with those who use research: {listed(parts)}.",
        (projects + titles)[:MOST_EVIDENCE],
    )


def available(standing: Standing) -> Finding:
    """How much of the time until the answer is needed they could give to it."""
    brief, today = standing.reading.brief, standing.reading.today
    free = availability(standing.person, brief.needed_by, today)
    window = (brief.needed_by - today).days if brief.needed_by else PATIENCE_DAYS
    wait = (free.starts - today).days
    value = max(0.0, 1 - wait / window) if free.available and window > 0 else 0.0
    return Finding(value, availability_in_words(standing.person, brief.needed_by, today))


def load(standing: Standing) -> Finding:
    """How much of the time they offer is still free of live offers and projects."""
    offered, taken = standing.person.capacity_days, standing.person.committed_days
    if offered <= 0:
        return Finding(0.0, "Offers no days at present.")
    return Finding(
        min(1.0, max(0.0, (offered - taken) / offered)),
        f"{taken} of the {counted(offered, 'day')} they offer are taken.",
    )


def always(_: Reading) -> bool:
    """Applies to every brief."""
    return True


def has_words(reading: Reading) -> bool:
    """Applies when the brief says something in words."""
    return reading.relevance.known > 0


SIGNALS: tuple[Signal, ...] = (
    Signal("publications", 0.40, has_words, publications),
    Signal("statement", 0.16, has_words, statement),
    Signal("topics", 0.08, lambda reading: bool(reading.topics), topics),
    Signal("methods", 0.14, lambda reading: bool(reading.methods), methods),
    Signal("population", 0.06, lambda reading: bool(reading.populations), population),
    Signal("recency", 0.05, has_words, recency),
    Signal("co_production", 0.03, always, co_production),
    Signal("availability", 0.05, always, available),
    Signal("load", 0.03, always, load),
)


def weights(reading: Reading) -> dict[str, int]:
    """Each applicable signal's weight in ten-thousandths of the score; they sum to exactly 10,000."""
    apply = [signal for signal in SIGNALS if signal.applies(reading)]
    whole = sum(signal.weight for signal in apply)
    exact = {signal.code: 10_000 * signal.weight / whole for signal in apply}
    rounded = {code: int(value) for code, value in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (rounded[code] - exact[code], code))
    for code in by_remainder[: 10_000 - sum(rounded.values())]:
        rounded[code] += 1
    return rounded


def _fading(shares: Iterable[float]) -> float:
    """The shares, best first, each counting half the one before ("geosum"); below 2 for shares up to 1."""
    return sum(share * 0.5**place for place, share in enumerate(shares))


def _saturated(fit: float, half: float) -> float:
    """A fit as a value in 0..1: a half at `half`, little below it, never quite 1."""
    return fit**2 / (fit**2 + half**2)


def _freshness(year: int | None, now: int) -> float:
    return 0.0 if year is None else 0.5 ** (max(now - year, 0) / FRESH_YEARS)


def _covered(standing: Standing, wanted: Sequence[Sign], what: str) -> Finding:
    strengths = {sign: standing.strength(sign) for sign in wanted}
    said = [sign.label for sign in wanted if strengths[sign] == 1]
    shown = frozenset(sign for sign in wanted if 0 < strengths[sign] < 1)
    missing = [sign.label for sign in wanted if not strengths[sign]]
    parts = [f"says they cover {listed(said)}"] if said else []
    parts += [f"publications show {listed(sorted(sign.label for sign in shown))}"] if shown else []
    parts += [f"nothing listed shows {listed(missing)}"] if missing else []
    return Finding(
        sum(strengths.values()) / len(wanted),
        f"Of the {what}: {'; '.join(parts)}.",
        tuple(islice(standing.titles_showing(shown), MOST_EVIDENCE)),
    )
