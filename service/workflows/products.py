"""The product ladder: what an enquiry may lead to, how long each takes and what it takes to pay for it.

Working days are the defaults of DOMAIN.md section 4, typical to long. The least budget is ours: the lowest band with
which such work is usually done.
"""

from collections.abc import Collection
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

    @property
    def duration(self) -> str:
        """In words, such as "60 to 90 working days"."""
        span = f"{self.typical} to {self.long}" if self.long else f"{self.typical} or more"
        return f"{span} working days"

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


def wanted_product(
    product: str | None, methods: Collection[str] = (), enquiry_type: str | None = None
) -> Product | None:
    """Return the product that is wanted: as named, else by the methods wanted, else by the type of the enquiry.

    None when nothing of that says which.
    """
    by_method = next((code for method, code in _BY_METHOD.items() if method in methods), None)
    code = product or by_method or _BY_TYPE.get(enquiry_type or "")
    return PRODUCTS.get(code) if code else None


def within(days: int | None, band: str | None) -> tuple[Product, ...]:
    """Return the products that fit `days` (working days left) and the budget `band`; None of either limits nothing."""
    return tuple(
        product
        for product in LADDER
        if (days is None or product.fits_days(days)) and (band is None or product.fits_budget(band))
    )
