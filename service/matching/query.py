"""What a brief asks about, as weighted terms."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from service.matching.profiles import BriefProfile
from service.matching.text import words

# How much a section says about the subject. What is not wanted (scope), money, dates and methods say nothing of it;
# methods and populations have signals of their own.
SECTION_WEIGHTS: Mapping[str, float] = {
    "questions": 1.0,
    "purpose": 0.5,
    "population_setting_place": 0.5,
    "known": 0.25,
}
TITLE_WEIGHT = 1.0


@dataclass(frozen=True, order=True)
class Term:
    """One thing asked about: its stem, how the brief writes it, its weight and how often it is said."""

    stem: str
    surface: str
    weight: float
    count: int


def terms_of(brief: BriefProfile) -> tuple[Term, ...]:
    """The brief's telling words, by stem; a word keeps the weight of the weightiest place that says it."""
    texts = [(TITLE_WEIGHT, brief.title)]
    texts += [(weight, brief.sections.get(section, "")) for section, weight in SECTION_WEIGHTS.items()]
    weights: dict[str, float] = {}
    surfaces: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for weight, text in sorted(texts, key=lambda pair: -pair[0]):
        for stem, surface in words(text):
            weights.setdefault(stem, weight)
            surfaces.setdefault(stem, surface)
            counts[stem] += 1
    return tuple(Term(stem, surfaces[stem], weights[stem], counts[stem]) for stem in sorted(weights))
