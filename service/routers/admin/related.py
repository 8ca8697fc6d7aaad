"""Related: earlier enquiries, published answers and studies like an enquiry, each with why."""

from fastapi import APIRouter, Response

from service.records import kin
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.learning import learn_question
from service.routers.paging import Limit
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.related import RelatedItem, RelatedShown

router = APIRouter(prefix="/api/v1/enquiries/{reference}", route_class=JsonRoute, tags=["enquiries"])

USUAL_LIMIT = 20


@router.get("/related", response_model=RelatedShown, responses=PROBLEMS(404))
def show_related(call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = USUAL_LIMIT) -> Response:
    """Earlier enquiries, published answers and studies like this question, best first, with what asks much the same."""
    services = call.services
    learn_question(services, call.ctx, enquiry_id)

    def work(unit: Unit) -> Answer:
        return Answer(_shown(kin.related(unit, services.matters, services.library, enquiry_id, limit=limit)))

    return call.look_up(work)


def _shown(found: kin.Related) -> RelatedShown:
    return RelatedShown(
        items=[_item(item) for item in found.items],
        others=list(found.others),
        enough_to_go_on=found.is_enough,
        by_meaning=found.by_meaning,
        texts_waiting=found.waiting,
    )


def _item(item: kin.Kin) -> RelatedItem:
    return RelatedItem(
        kind=item.kind,
        id=item.id,
        reference=item.reference,
        title=item.title,
        state=item.state,
        label=item.label,
        outcome=item.outcome,
        organisation=item.organisation,
        organisation_shown=item.organisation_shown,
        asked_at=item.asked_at,
        score=item.score,
        why=list(item.why),
        near_duplicate=item.near_duplicate,
        asked_by=sorted(item.askers),
    )
