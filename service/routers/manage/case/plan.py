"""The backward plan on one page: the stages drawn against the days, and what can still be had in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import enquiries, plans
from service.records.database import Unit
from service.routers.manage.desk import Case
from service.states import ENQUIRY_STATES
from service.workflows.plan import Leg, Verdict, Wish, verdict_of
from service.workflows.products import wanted_product

router = APIRouter(include_in_schema=False)

VERDICTS: dict[Verdict, tuple[str, str]] = {
    "fits": ("Fits", "app-tag--know"),
    "tight": ("Tight", "app-tag--soon"),
    "too_late": ("Too late", "app-tag--now"),
}
"""What each verdict is called, and how its tag looks."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stage with where its bar begins, how long it is, and where today stands: parts of a hundred."""

    leg: Leg
    left: float
    width: float
    today: float


@router.get("/manage/enquiries/{reference}/plan")
def show_plan(case: Case) -> Response:
    """From the day it is needed back to today: fits, tight or too late, with the arithmetic."""

    def work(unit: Unit) -> dict[str, object]:
        enquiry = enquiries.one(unit, case.enquiry_id)
        found = plans.planned(unit, case.ctx, enquiry)
        plan = found.plan
        return {
            "found": found,
            "plan": plan,
            "wish": found.wish,
            "question": enquiry.question,
            "stage": ENQUIRY_STATES[found.wish.state].label,
            "verdict": verdict_of(plan.slack) if plan.slack is not None else None,
            "because": _because(found.wish),
            "in_time": [rung.product.phrase for rung in plan.rungs if rung.slack is not None and rung.slack >= 0],
            "bars": _bars(plan.legs, found.wish.today),
            "verdicts": VERDICTS,
        }

    return case.page("manage/plan.html", case.desk.read(work))


def _because(wish: Wish) -> str:
    """Say what makes a product the wanted one."""
    if wish.product:
        return "as it was chosen"
    by_type = wanted_product(None, (), wish.enquiry_type, wish.ladder)
    return "going by the type of the enquiry" if wish.wanted == by_type else "going by the methods wanted"


def _bars(legs: Sequence[Leg], today: date) -> list[Bar]:
    """Return the stages with their bars, on a line from the first of their days, or today, to the last."""
    days = [day for leg in legs for day in (leg.starts_by, leg.ends_by) if day is not None]
    first, last = min([*days, today]), max([*days, today])
    whole = max(1, (last - first).days)

    def along(day: date | None) -> float:
        return round(100 * ((day or first) - first).days / whole, 2)

    return [
        Bar(leg, along(leg.starts_by), max(0.75, along(leg.ends_by) - along(leg.starts_by)), along(today))
        for leg in legs
    ]
