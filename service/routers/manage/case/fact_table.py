"""What is known about an enquiry, as its form asks for it: one entry a fact, in the order of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from service import vocabulary

Kind = Literal["prose", "line", "day", "code", "codes", "email", "phone"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: the column (or the enquirer's detail) it is, and how the form asks for it."""

    name: str
    kind: Kind
    label: str
    hint: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    longest: int = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that stand together under one heading."""

    heading: str
    facts: Sequence[Fact]


_QUESTION = Part(
    "The question",
    (
        Fact(
            "question",
            "prose",
            "The question as it stands",
            "A clearer wording stands beside the enquirer's own words, which never change. If the question turns out to be another one, reframe it instead: that tells the enquirer why.",
        ),
        Fact("purpose", "prose", "What the answer will help them do"),
        Fact("topics", "codes", "Topics", codes=vocabulary.TOPICS),
        Fact("population", "codes", "Who it is about", codes=vocabulary.POPULATIONS),
        Fact("population_notes", "prose", "In particular", "Groups in the enquirer's own words"),
        Fact("place", "line", "Where", longest=500),
        Fact("known_evidence", "prose", "What they know or have already"),
        Fact("not_wanted", "prose", "What would not help"),
    ),
)
_WHEN = Part(
    "The decision and its dates",
    (
        Fact("who_decides", "prose", "Who decides"),
        Fact("decision_window", "code", "Kind of decision", codes=vocabulary.DECISION_WINDOWS),
        Fact("decision_step", "code", "How far the decision has come", codes=vocabulary.DECISION_STEPS),
        Fact("decision_date", "day", "When the decision is taken"),
        Fact("needed_by", "day", "When something usable is needed", "When their paper or bid is due, not the meeting"),
    ),
)
_HELP = Part(
    "The help that is wanted",
    (
        Fact("product", "code", "What it may lead to"),
        Fact("evidence_wanted", "codes", "Evidence wanted", codes=vocabulary.EVIDENCE_WANTED),
        Fact("methods", "codes", "Methods wanted", codes=vocabulary.METHODS),
        Fact("budget_band", "code", "Money there is", codes=vocabulary.BUDGET_BANDS),
        Fact("procurement_route", "code", "How it would be bought", codes=vocabulary.PROCUREMENT_ROUTES),
    ),
)
_WHO = Part(
    "Who asks",
    (
        Fact("enquirer_name", "line", "The enquirer's name", longest=200),
        Fact("enquirer_email", "email", "Their email address", "What you enter counts as confirmed"),
        Fact("enquirer_phone", "phone", "Their phone number"),
        Fact("organisation", "line", "Their organisation", "Kept as written when we do not know it", longest=200),
        Fact("sector", "code", "Sector", codes=vocabulary.SECTORS),
        Fact(
            "organisation_shown", "code", "What universities may know of who asks", codes=vocabulary.ORGANISATION_SHOWN
        ),
        Fact(
            "organisation_description",
            "line",
            "The description universities see",
            "For “a description only”, such as: A council in the North East. Made from what is known when left empty.",
            longest=500,
        ),
    ),
)

PARTS = (_QUESTION, _WHEN, _HELP, _WHO)
FACTS = {fact.name: fact for part in PARTS for fact in part.facts}
