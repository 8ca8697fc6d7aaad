"""What a brief asks about, as weighted terms."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log

from service.matching.profiles import BriefProfile
from service.matching.synonyms import NONE, Synonyms, Wording
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
    """One thing asked about: its stem, how the brief writes it, its weight, how often it is said, and other words for it."""

    stem: str
    surface: str
    weight: float
    count: int
    others: tuple[Wording, ...] = ()

    @property
    def emphasis(self) -> float:
        """What saying it so often says of its importance."""
        return 1 + log(self.count)

    def every_stem(self) -> Iterator[str]:
        """Its stem and those of the other words for it."""
        yield self.stem
        for other in self.others:
            yield from other.stems


def terms_of(brief: BriefProfile, synonyms: Synonyms = NONE) -> tuple[Term, ...]:
    """The brief's telling words, by stem; a word keeps the weight of the weightiest place that says it."""
    weights: dict[str, float] = {}
    surfaces: dict[str, str] = {}
    counts: Counter[str] = Counter()
    others: dict[str, dict[Wording, None]] = {}
    for weight, text in sorted(_weighted(brief), key=lambda pair: -pair[0]):
        found = list(words(text))
        for stem, surface in found:
            weights.setdefault(stem, weight)
            surfaces.setdefault(stem, surface)
            counts[stem] += 1
        for stem, wording in synonyms.others_in([word.stem for word in found]):
            others.setdefault(stem, {})[wording] = None
    return tuple(
        Term(stem, surfaces[stem], weights[stem], counts[stem], tuple(sorted(others.get(stem, ()))))
        for stem in sorted(weights)
    )


def text_of(brief: BriefProfile) -> str:
    """The brief as its vector is worked out from it: what says most of the subject first, nothing twice; "" for nothing."""
    told = (text.strip() for _, text in sorted(_weighted(brief), key=lambda pair: -pair[0]))
    return "\n".join(dict.fromkeys(text for text in told if text))


def _weighted(brief: BriefProfile) -> list[tuple[float, str]]:
    texts = [(TITLE_WEIGHT, brief.title)]
    return texts + [(weight, brief.sections.get(section, "")) for section, weight in SECTION_WEIGHTS.items()]
