"""Words that one side of the table misreads, each with a plain one: what readiness points at, and never forbids.

An installation may change, add and leave out words: whoever reads a text asks for the list as it stands there
(`records.glossary.terms`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

COUNCILS = "people in councils"
RESEARCHERS = "researchers"
EVERYBODY = "both sides"
READERS = (COUNCILS, RESEARCHERS, EVERYBODY)
"""Who may misread a word."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it is written, who may misread it, and what could stand instead."""

    word: str
    misread_by: str
    plain: str


_ACADEMIC = {
    "intervention": "the programme, service or change being looked at",
    "RCT": "a trial in which chance decides who gets the service (randomised controlled trial)",
    "randomised controlled trial": "a trial in which chance decides who gets the service",
    "PICO": "who it is about, what is done, compared with what, and what should change",
    "systematic review": "a full search of the published research, by a method fixed beforehand (it takes months)",
    "meta-analysis": "one overall figure from several studies",
    "scoping review": "a map of what has been studied",
    "realist": "asking what works for whom, where and why",
    "counterfactual": "what would have happened without it",
    "quasi-experimental": "comparing places or people that did and did not get it, without drawing lots",
    "confounding": "other differences that could explain the result",
    "confounders": "other differences that could explain the result",
    "effect size": "how large the difference is",
    "statistically significant": "unlikely to be chance alone",
    "grey literature": "reports that are not in journals",
    "logic model": "a picture of how the work is meant to lead to results",
    "theory of change": "how the work is meant to lead to results, step by step",
    "PPIE": "involving the public and patients",
    "PPI": "involving the public and patients",
    "ethnography": "spending time in a place to see how things are done",
    "longitudinal": "following the same people over time",
    "QALY": "a year of life in good health, as economists count it",
    "fidelity": "whether it was done as planned",
    "epistemic": "about what counts as knowing",
    "implementation science": "the study of how new ways of working are taken up",
    "knowledge mobilisation": "getting findings used",
    "dyad": "a pair, such as a parent and child",
}
_COUNCIL = {
    "JSNA": "the council's yearly account of local health needs (joint strategic needs assessment)",
    "JHWS": "the joint local health and wellbeing strategy",
    "HWB": "the health and wellbeing board",
    "DPH": "the director of public health",
    "ICB": "the integrated care board, the NHS body that plans local services",
    "PCN": "a primary care network, a group of general practices",
    "LSOA": "a small area of about 1,500 residents",
    "IMD": "the index of multiple deprivation",
    "S106": "money that developers pay towards local needs (section 106)",
    "section 106": "money that developers pay towards local needs",
    "MTFS": "the council's medium-term financial plan",
    "key decision": "a decision by cabinet that needs 28 days' public notice",
    "forward plan": "the published list of decisions to come",
    "portfolio holder": "the cabinet member responsible",
    "overview and scrutiny": "the councillors who examine decisions",
    "VCSE": "voluntary and community organisations",
    "EHCP": "a child's education, health and care plan",
    "SEND": "special educational needs and disabilities",
    "NEET": "not in work, education or training",
    "MARAC": "the meeting of agencies about people at high risk of domestic abuse",
    "CYP": "children and young people",
    "LGA": "the Local Government Association",
    "place-based": "done differently in each area, with the people there",
    "co-production": "deciding and doing it together with the people concerned: say who, and what they decide",
    "ringfenced": "kept for one purpose",
    "invest to save": "spending now that should lower costs later",
    "wraparound": "the support around the main service: say which",
}

TERMS = tuple(
    Term(word, misread_by, plain)
    for words, misread_by in ((_ACADEMIC, COUNCILS), (_COUNCIL, RESEARCHERS))
    for word, plain in words.items()
)


def word_key(word: str) -> str:
    """Return a word as it is compared: case folded, spaces collapsed."""
    return " ".join(word.split()).casefold()


def merged(changed: Mapping[str, Term | None]) -> tuple[Term, ...]:
    """Return the terms with these in place of the defaults of the same word, or after them; None leaves a word out.

    `changed` is by the word as it is compared.
    """
    terms: dict[str, Term | None] = {word_key(term.word): term for term in TERMS}
    terms.update(changed)
    return tuple(term for term in terms.values() if term is not None)


def find_jargon(text: str, terms: Iterable[Term] = TERMS) -> Iterator[Term]:
    """Yield each term in `text`, once, in the order of `terms`.

    Abbreviations count only in capitals, and not once the text explains them, as in "index of deprivation (IMD)";
    other words count in any case, and in the plural.
    """
    for term in terms:
        if _pattern(term.word).search(text) and not (term.word.isupper() and f"({term.word})" in text):
            yield term


@lru_cache(maxsize=2_000)
def _pattern(word: str) -> re.Pattern[str]:
    flags = re.NOFLAG if word.isupper() else re.IGNORECASE
    spelt = re.escape(word).replace(r"\ ", r"\s+").replace(r"\-", r"[-\s\u2010\u2011]?")
    return re.compile(rf"(?<!\w){spelt}s?(?!\w)", flags)
