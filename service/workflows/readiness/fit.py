"""Whether the product that is wanted fits the date and the money there is, and what would."""

from collections.abc import Iterator

from service.vocabulary import BUDGET_BANDS
from service.workflows.products import Product, wanted_product, within
from service.workflows.readiness.advice import Advice, Circumstances


def on_time(known: Circumstances) -> Iterator[Advice]:
    """Yield advice when the wanted product takes longer than there is, counting the work alone."""
    product, left = _wanted(known), known.working_days_left
    if product is None or left is None or product.fits_days(left):
        return
    when = f"leaves {left} working day{'' if left == 1 else 's'}" if left > 0 else "has come"
    message = f"The date {when}, and {product.phrase} takes {product.duration}."
    yield Advice("timescale", "advised", message, _instead(product, known, "agree a later date"))


def on_money(known: Circumstances) -> Iterator[Advice]:
    """Yield advice when the wanted product usually costs more than there is."""
    product, band = _wanted(known), known.budget_band
    if product is None or band is None or product.fits_budget(band):
        return
    message = (
        f"The budget is “{BUDGET_BANDS[band]}”, and {product.phrase} usually needs "
        f"“{BUDGET_BANDS[product.least_budget]}” or more."
    )
    yield Advice("budget_procurement", "advised", message, _instead(product, known, "look for more money first"))


def _wanted(known: Circumstances) -> Product | None:
    return wanted_product(known.product, known.methods, known.enquiry_type, known.ladder)


def _instead(wanted: Product, known: Circumstances, otherwise: str) -> str:
    reachable = within(known.working_days_left, known.budget_band, known.ladder)
    fitting = [rung for rung in reachable if rung.typical <= wanted.typical]
    if not fitting:
        return f"Nothing is as quick as that: {otherwise}."
    # The same kind of work comes nearest, and then the most that can be had of it.
    best = max(fitting, key=lambda rung: (rung.kind == wanted.kind, rung.typical, rung.long or 0))
    return f"What fits is {best.phrase} ({best.duration}). Or {otherwise}."
