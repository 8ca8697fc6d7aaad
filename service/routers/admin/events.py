"""Events: the only way an enquiry changes state."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from service.actions.progress import progress
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId, unchanged
from service.routers.admin.views import enquiry_answer
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.learning import prepare_ranking
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.enquiries import EnquiryProgressed
from service.routers.schemas.events import EXAMPLES, EventSent
from service.workflows import commands as c

router = APIRouter(prefix="/api/v1/enquiries/{reference}/events", route_class=JsonRoute, tags=["enquiries"])


@router.post("", response_model=EnquiryProgressed, responses=PROBLEMS(404, 412, 428, body=True))
def put_event(
    call: ManagerCall, enquiry_id: EnquiryId, body: Annotated[EventSent, Body(openapi_examples=EXAMPLES)]
) -> Response:
    """Put an event to the enquiry. If-Match is required. A refusal names each guard that failed and what is possible."""

    if isinstance(body.root, c.Publish | c.Relaunch | c.MakeOffer):
        prepare_ranking(call.services, call.ctx, enquiry_id)

    def work(unit: Unit) -> Answer:
        done = progress(unit, call.ctx, enquiry_id, body.root, unchanged(call), call.services.corpus)
        return enquiry_answer(unit, call.ctx, enquiry_id, warnings=done.decision.warnings)

    return call.write(work)
