"""The product ladder: what an enquiry may lead to, how long each takes and what it takes to pay for it.

Working days are the defaults of DOMAIN.md section 4, typical to long. The least budget is ours: the lowest band with
which such work is usually done. An installation may change, add and retire rungs: whoever decides something asks for
the ladder as it stands there (`records.products.ladder`) and hands it to these rules.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

BANDS = ("none", "under_5k", "5k_to_20k", "20k_to_50k", "50k_to_250k", "over_250k")
"""Budget bands from least to most."""


@dataclass(frozen=True, slots=True)
class Product:
    """One rung. `long` is None where the work has no usual end; days are working days."""

    code: str
    label: str
    phrase: str
    """The label inside a sentence."""
    kind: str
    """answer, review, evaluation or placement: rungs of a kind can stand in for each other."""
    typical: int
    long: int | None
    least_budget: str
    retired: bool = False
    """No longer offered; whoever agreed to it keeps it, by its name."""

    @property
    def duration(self) -> str:
        """In words, such as "60 to 90 working days"."""
        span = f"{self.typical} to {self.long}" if self.long else f"{self.typical} or more"
        return f"{span} working days"

    @property
    def is_rapid(self) -> bool:
        """Whether universities are asked to answer a call for it sooner than usual: its code or name begins so."""
        return self.code.startswith("rapid") or self.label.casefold().startswith("rapid")

    def fits_days(self, left: int) -> bool:
        return left >= self.typical

    def fits_budget(self, band: str) -> bool:
        """Whether `band` pays for it; a band that is not known refuses nothing."""
        return band not in BANDS or BANDS.index(band) >= BANDS.index(self.least_budget)


LADDER = (
    Product("advice_call", "Advice call", "an advice call", "answer", 5, 10, "none"),
    Product("existing_evidence", "Existing evidence or signposting", "existing evidence or signposting", "answer", 5, 10, "none"),
    Product("rapid_summary", "Rapid summary", "a rapid summary", "review", 10, 30, "none"),
    Product("evaluability_assessment", "Evaluability assessment", "an evaluability assessment", "evaluation", 20, 40, "under_5k"),
    Product("evaluation_scoping", "Evaluation scoping", "the scoping of an evaluation", "evaluation", 20, 60, "under_5k"),
    Product("evidence_map", "Evidence map", "an evidence map", "review", 30, 60, "under_5k"),
    Product("rapid_review", "Rapid review", "a rapid review", "review", 60, 90, "5k_to_20k"),
    Product("process_evaluation", "Process evaluation", "a process evaluation", "evaluation", 90, 180, "20k_to_50k"),
    Product("systematic_review", "Systematic review", "a systematic review", "review", 120, 360, "20k_to_50k"),
    Product("outcome_evaluation", "Outcome or economic evaluation", "an outcome or economic evaluation", "evaluation", 180, 400, "50k_to_250k"),
    Product("placement", "Placement or studentship", "a placement or studentship", "placement", 250, None, "under_5k"),
)  # fmt: skip
"""Every rung, quickest first."""

PRODUCTS = {product.code: product for product in LADDER}

_BY_METHOD = {
    "systematic_review": "systematic_review",
    "outcome_evaluation": "outcome_evaluation",
    "economic": "outcome_evaluation",
    "process_evaluation": "process_evaluation",
}
_BY_TYPE = {
    "rapid_evaluation": "process_evaluation",
    "evaluation_advice": "evaluability_assessment",
    "evidence_review": "rapid_review",
}


def merged(changed: Iterable[Product]) -> tuple[Product, ...]:
    """Return the ladder with these rungs in place of the defaults of the same code, or added: quickest first."""
    rungs = PRODUCTS | {product.code: product for product in changed}
    return tuple(sorted(rungs.values(), key=lambda rung: (rung.typical, rung.long or float("inf"))))


def offered(ladder: Iterable[Product]) -> tuple[Product, ...]:
    """Return the rungs that may be chosen: those that were not retired."""
    return tuple(product for product in ladder if not product.retired)


def wanted_product(
    product: str | None,
    methods: Collection[str] = (),
    enquiry_type: str | None = None,
    ladder: Sequence[Product] = LADDER,
) -> Product | None:
    """Return the product that is wanted: as named, else by the methods wanted, else by the type of the enquiry.

    One that was named stays wanted when it is retired; nothing else leads to a retired one. None when nothing says which.
    """
    by_code = {rung.code: rung for rung in ladder}
    if product:
        return by_code.get(product)
    meant = [code for method, code in _BY_METHOD.items() if method in methods]
    meant += [_BY_TYPE[enquiry_type]] if enquiry_type in _BY_TYPE else []
    found = (by_code.get(code) for code in meant)
    return next((rung for rung in found if rung is not None and not rung.retired), None)


def is_rapid(product: str | None, enquiry_type: str | None, ladder: Sequence[Product] = LADDER) -> bool:
    """Tell whether something rapid was asked for: by the type of the enquiry, or by the product that was named."""
    named = next((rung for rung in ladder if rung.code == product), None)
    return enquiry_type == "rapid_evaluation" or (named is not None and named.is_rapid)


def within(days: int | None, band: str | None, ladder: Sequence[Product] = LADDER) -> tuple[Product, ...]:
    """Return the products on offer that fit `days` (working days left) and the budget `band`; None of either limits nothing."""
    return tuple(
        product
        for product in offered(ladder)
        if (days is None or product.fits_days(days)) and (band is None or product.fits_budget(band))
    )
