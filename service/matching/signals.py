"""The signals: each one bounded, measured for everybody at once, with its sentence and its evidence for those shown.

A new signal is two short functions, `measure` and `tell`, and one line in `SIGNALS`. A signal that the brief says nothing
about (no method wanted, no population named) is left out and the others keep their proportions, so weights always sum to 1.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from service.matching.constraints import availability_in_words
from service.matching.hurdles import in_time
from service.matching.index import day_number
from service.matching.reading import Crowd, Reading, Values
from service.matching.signs import BITS, TOGETHER, Sign
from service.matching.text import stems
from service.matching.wording import counted
from service.working_time.wording import listed

MOST_EVIDENCE = 3
# The topical fit at which a match is worth half: about the middle of true authors' (0.34 to 0.42, asked by 12 words or by
# 400) when papers are left out of 681 UK health papers and their authors sought; everyone else's middle is 0.2.
HALF_FIT, HALF_STATEMENT = 0.35, 0.2
# A paper's freshness halves every five years.
FRESH_YEARS, OLDEST = 5, 200
# Without a date, waiting longer than this for someone is worth nothing more.
PATIENCE_DAYS = 180


class Finding(NamedTuple):
    """What a signal says of one person: a sentence, and the titles or words that earned it."""

    text: str
    evidence: tuple[str, ...] = ()


class Signal(NamedTuple):
    """One signal: its code, its share of the score, when it applies, how everybody is measured (0..1) and what is told."""

    code: str
    weight: float
    applies: Callable[[Reading], bool]
    measure: Callable[[Crowd], Values]
    tell: Callable[[Crowd, int], Finding]


def publications(crowd: Crowd) -> Values:
    """Topical fit of their publications, best first, each counting half the one before: ten weak papers are not one good one."""
    return _saturated(crowd.fading(crowd.shares), HALF_FIT)


def tell_publications(crowd: Crowd, number: int) -> Finding:
    """How many fit, and the nearest with what it shares."""
    fitting = crowd.fits(number)
    if not fitting:
        return Finding("No publication listed shares the subject.")
    best = fitting[0].place
    closest = f"“{best.publication.title}”" + (f" ({best.publication.year})" if best.publication.year else "")
    near = sum(fit.is_near for fit in fitting)
    of_all = counted(len(crowd.row(number).places), "publication")
    found = f"{near} of {of_all} fit" if near else "No publication is close"
    return Finding(
        f"{found}; nearest is {closest}, {_shared(crowd, best.document)}.",
        tuple(fit.place.publication.title for fit in fitting[:MOST_EVIDENCE]),
    )


def statement(crowd: Crowd) -> Values:
    """Topical fit of what they say of themselves."""
    return _saturated(crowd.statement_shares, HALF_STATEMENT)


def tell_statement(crowd: Crowd, number: int) -> Finding:
    """What of the subject they speak of, and the keywords that do."""
    if crowd.statement_shares[number] == 0:
        return Finding("Their own statement and keywords do not mention the subject.")
    shared = crowd.reading.relevance.words(crowd.row(number).statement)
    asked = {term.stem for term in crowd.reading.relevance.terms}
    keywords = tuple(word for word in crowd.row(number).profile.keywords if asked.intersection(stems(word)))
    told = f"speak of {listed(shared)}" if shared else "are close in meaning to what is asked"
    return Finding(f"Their own statement and keywords {told}.", keywords[:MOST_EVIDENCE])


def methods(crowd: Crowd) -> Values:
    """How much of the methods wanted they have."""
    return _covered(crowd, crowd.reading.methods)


def tell_methods(crowd: Crowd, number: int) -> Finding:
    """Which of them, and how one knows."""
    return _tell_covered(crowd, number, crowd.reading.methods, "methods wanted")


def topics(crowd: Crowd) -> Values:
    """How much of the brief's topics they cover."""
    return _covered(crowd, crowd.reading.topics)


def tell_topics(crowd: Crowd, number: int) -> Finding:
    """Which of them, and how one knows."""
    return _tell_covered(crowd, number, crowd.reading.topics, "topics")


def population(crowd: Crowd) -> Values:
    """How far they have worked with the people and settings in question."""
    return _covered(crowd, crowd.reading.populations)


def tell_population(crowd: Crowd, number: int) -> Finding:
    """Which of them, and how one knows."""
    return _tell_covered(crowd, number, crowd.reading.populations, "people and settings asked about")


def recency(crowd: Crowd) -> Values:
    """Topical fit again, each publication faded by its age; one without a year counts as long past."""
    age = np.clip(crowd.reading.today.year - crowd.table.years, 0, OLDEST)
    freshness = np.array([*(0.5 ** (years / FRESH_YEARS) for years in range(OLDEST)), 0.0])[age]
    return _saturated(crowd.fading(crowd.shares * freshness), HALF_FIT)


def tell_recency(crowd: Crowd, number: int) -> Finding:
    """The years and titles of what counts most."""
    now = crowd.reading.today.year
    fresh = [
        (fit.share * 0.5 ** (max(now - fit.place.publication.year, 0) / FRESH_YEARS), fit.place.publication)
        for fit in crowd.fits(number)
        if fit.place.publication.year
    ]
    fresh.sort(key=lambda pair: (-pair[0], pair[1].id))
    if not fresh:
        return Finding("No dated publication on the subject.")
    shown = [publication for _, publication in fresh[:MOST_EVIDENCE]]
    years = sorted({publication.year for publication in shown if publication.year is not None})
    return Finding(
        f"Recent work on the subject: {listed([str(year) for year in years])}.",
        tuple(publication.title for publication in shown),
    )


def co_production(crowd: Crowd) -> Values:
    """Past work done together with those who use it: projects through this service first, then what publications show.

    Each publication counts half the one before: fifty say little more than three do.
    """
    shown = 2 * (1 - 0.5 ** np.minimum(crowd.table.together, 16))
    worth: Values = 2.0 * crowd.table.projects + shown + (crowd.strength(TOGETHER) == 1)
    return worth / (worth + 2)


def tell_co_production(crowd: Crowd, number: int) -> Finding:
    """What was done, and where it shows."""
    projects = crowd.profile(number).past_projects
    titles = tuple(crowd.titles_showing(number, [TOGETHER]))
    said = crowd.row(number).declared >> BITS[TOGETHER] & 1
    parts = [counted(len(projects), "project") + " with councils"] if projects else []
    parts += [counted(len(titles), "publication")] if titles else []
    parts += ["their own statement"] if said else []
    if not parts:
        return Finding("No project or publication listed was done together with those who use it.")
    return Finding(
        f"Has worked together with those who use research: {listed(parts)}.", (projects + titles)[:MOST_EVIDENCE]
    )


def available(crowd: Crowd) -> Values:
    """How much of the time until the answer is needed they could give to it."""
    needed_by, today = crowd.reading.brief.needed_by, day_number(crowd.reading.today)
    window = day_number(needed_by) - today if needed_by else PATIENCE_DAYS
    if window <= 0:
        return np.zeros(len(crowd.table.rows), dtype=np.float64)
    wait = np.maximum(crowd.table.starts - today, 0)
    free = in_time(crowd) & (crowd.table.capacity > crowd.table.committed)
    return np.where(free, np.maximum(0.0, 1 - wait / window), 0.0)


def tell_available(crowd: Crowd, number: int) -> Finding:
    """When they could start and how many days they have."""
    return Finding(availability_in_words(crowd.profile(number), crowd.reading.brief.needed_by, crowd.reading.today))


def load(crowd: Crowd) -> Values:
    """How much of the time they offer is still free of live offers and projects."""
    offered, taken = crowd.table.capacity, crowd.table.committed
    return np.where(offered > 0, np.clip((offered - taken) / np.maximum(offered, 1), 0.0, 1.0), 0.0)


def tell_load(crowd: Crowd, number: int) -> Finding:
    """How many of their days are taken."""
    offered, taken = int(crowd.table.capacity[number]), int(crowd.table.committed[number])
    if offered <= 0:
        return Finding("Offers no days at present.")
    return Finding(f"{taken} of the {counted(offered, 'day')} they offer are taken.")


def always(_: Reading) -> bool:
    """Applies to every brief."""
    return True


def has_words(reading: Reading) -> bool:
    """Applies when the brief says something in words."""
    return reading.has_words


SIGNALS: tuple[Signal, ...] = (
    Signal("publications", 0.40, has_words, publications, tell_publications),
    Signal("statement", 0.16, has_words, statement, tell_statement),
    Signal("topics", 0.08, lambda reading: bool(reading.topics), topics, tell_topics),
    Signal("methods", 0.14, lambda reading: bool(reading.methods), methods, tell_methods),
    Signal("population", 0.06, lambda reading: bool(reading.populations), population, tell_population),
    Signal("recency", 0.05, has_words, recency, tell_recency),
    Signal("co_production", 0.03, always, co_production, tell_co_production),
    Signal("availability", 0.05, always, available, tell_available),
    Signal("load", 0.03, always, load, tell_load),
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


def _saturated(fit: Values, half: float) -> Values:
    """A fit as a value in 0..1: a half at `half`, little below it, never quite 1."""
    return fit**2 / (fit**2 + half**2)


def _shared(crowd: Crowd, document: int) -> str:
    words = crowd.reading.relevance.words(document)
    return f"on {listed(words)}" if words else "close in meaning to what is asked"


def _covered(crowd: Crowd, wanted: Sequence[Sign]) -> Values:
    return sum((crowd.strength(sign) for sign in wanted), np.zeros(len(crowd.table.rows))) / len(wanted)


def _tell_covered(crowd: Crowd, number: int, wanted: Sequence[Sign], what: str) -> Finding:
    strengths = {sign: float(crowd.strength(sign)[number]) for sign in wanted}
    said = [sign.label for sign in wanted if strengths[sign] == 1]
    shown = [sign for sign in wanted if 0 < strengths[sign] < 1]
    missing = [sign.label for sign in wanted if not strengths[sign]]
    parts = [f"says they cover {listed(said)}"] if said else []
    parts += [f"publications show {listed(sorted(sign.label for sign in shown))}"] if shown else []
    parts += [f"nothing listed shows {listed(missing)}"] if missing else []
    return Finding(f"Of the {what}: {'; '.join(parts)}.", tuple(crowd.titles_showing(number, shown)[:MOST_EVIDENCE]))
