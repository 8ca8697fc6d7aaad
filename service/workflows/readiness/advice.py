"""What readiness is told, and what it says."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from service.workflows.jargon import TERMS, Term
from service.workflows.products import LADDER, Product

Level = Literal["needed", "advised", "wording"]
"""`needed`: the brief cannot be sent without it. `advised`: universities will ask. `wording`: somebody may misread it."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at: in which section (None: in the enquiry's own facts), what, and what would do."""

    section: str | None
    level: Level
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the sections. `working_days_left` counts to the day the answer is needed, if there is one."""

    working_days_left: int | None = None
    budget_band: str | None = None
    product: str | None = None
    methods: Collection[str] = ()
    enquiry_type: str | None = None
    population: Collection[str] = ()
    organisation_shown: str | None = None
    kept_back: Collection[str] = ()
    """Names that universities are not to know now: of the enquirer, and of who asks unless that may be told."""
    ladder: tuple[Product, ...] = LADDER
    """What may be wanted here, as this installation has it."""
    terms: tuple[Term, ...] = TERMS
    """What is pointed at as jargon here."""
