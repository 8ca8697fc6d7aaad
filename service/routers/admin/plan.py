"""The backward plan of one enquiry, with the arithmetic of every day."""

from dataclasses import asdict

from fastapi import APIRouter, Response

from service.records import enquiries, plans
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.plan import PlanShown
from service.workflows.plan import Rung
from service.workflows.spells import History

router = APIRouter(prefix="/api/v1/enquiries/{reference}/plan", route_class=JsonRoute, tags=["enquiries"])


@router.get("", response_model=PlanShown, responses=PROBLEMS(404))
def show_plan(call: ManagerCall, enquiry_id: EnquiryId) -> Response:
    """From the day it is needed back to the latest safe start of each stage and product: fits, tight or too late."""

    def work(unit: Unit) -> Answer:
        enquiry = enquiries.one(unit, enquiry_id)
        return Answer(_shown(enquiry.reference or "", plans.planned(unit, call.ctx, enquiry)))

    return call.look_up(work)


def _shown(reference: str, found: plans.Planned) -> PlanShown:
    plan, wish = found.plan, found.wish
    return PlanShown.model_validate(
        {
            "reference": reference,
            "today": wish.today,
            "basis": plan.deadline.basis if plan.deadline else None,
            "usable_by": plan.deadline.on if plan.deadline else None,
            "deadline": [asdict(step) for step in plan.deadline.steps] if plan.deadline else [],
            "notice_by": plan.notice_by,
            "council": {
                "organisation_id": found.organisation_id,
                "name": found.organisation,
                "nation": found.nation,
                "agenda_clear_days": wish.asked.agenda_clear_days,
                "clearance_working_days": wish.asked.clearance_working_days,
            },
            "product": plan.wanted.code if plan.wanted else None,
            "latest_start_on": plan.latest_start_on,
            "slack_working_days": plan.slack,
            "explanation": plan.explanation or None,
            "stages": [asdict(leg) for leg in plan.legs],
            "products": [_product(rung, found.histories.get(rung.product.code)) for rung in plan.rungs],
        }
    )


def _product(rung: Rung, history: History | None) -> dict[str, object]:
    return {
        "code": rung.product.code,
        "label": rung.product.label,
        "wanted": rung.is_wanted,
        "verdict": rung.verdict,
        "working_days": rung.working_days,
        "working_days_before": rung.before,
        "starts_by": rung.starts_by,
        "stage_ends_by": rung.stage_ends_by,
        "slack_working_days": rung.slack,
        "slack_if_long": rung.slack_if_long,
        "arithmetic": rung.arithmetic,
        "history": asdict(history) if history else None,
    }
