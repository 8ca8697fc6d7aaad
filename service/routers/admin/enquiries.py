"""Enquiries: the queue, one of them, a new one on somebody's behalf, and what is known about it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.actions.amend import amend
from service.actions.submit import OnBehalf, submit_on_behalf
from service.records import enquiries, plans, queue
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId, owner_meant, unchanged
from service.routers.admin.views import enquiry_answer, enquiry_listed
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, Search, listed
from service.routers.queue_places import place_after, stood
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Day, Page, Sector, Topic
from service.routers.schemas.enquiries import EnquiryChange, EnquiryListed, EnquiryOnBehalf, EnquiryShown
from service.states import EnquiryState, Outcome, WaitingOn
from service.working_time import local_date

router = APIRouter(prefix="/api/v1/enquiries", route_class=JsonRoute, tags=["enquiries"])

_Several = Query(description="May be repeated: any of them.")
_BESIDE_DETAILS = frozenset({"question", "enquirer", "channel", "organisation", "continues"})


@router.get("", response_model=Page[EnquiryListed], responses=PROBLEMS(400))
def list_enquiries(
    call: ManagerCall,
    state: Annotated[list[EnquiryState], _Several] = [],  # noqa: B006 - FastAPI copies it for each request
    outcome: Annotated[list[Outcome], _Several] = [],  # noqa: B006
    waiting_on: Annotated[list[WaitingOn], _Several] = [],  # noqa: B006
    sector: Annotated[list[Sector], _Several] = [],  # noqa: B006
    topic: Annotated[list[Topic], _Several] = [],  # noqa: B006
    owner: Annotated[str | None, Query(max_length=40, description="A person's id, `me`, or `none`.")] = None,
    organisation: Annotated[Search, Query(description="An id, or a name or part of one.")] = None,
    q: Annotated[
        Search, Query(description="Words in the question, the enquirer's or organisation's name; a reference.")
    ] = None,
    overdue: bool | None = None,
    dormant: bool | None = None,
    unconfirmed: bool | None = None,
    decision_before: Day | None = None,
    sort: queue.Sort = "priority",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The queue: every enquiry that was sent. `priority` puts the overdue first, then the open, each by slack and age, then the closed, the last asked first."""
    raised = {"overdue": overdue, "dormant": dormant, "unconfirmed": unconfirmed}
    filters = queue.Filters(
        states=state,
        outcomes=outcome,
        owner=owner_meant(call, owner),
        unowned=owner == "none",
        waiting_on=waiting_on,
        flags={code: is_wanted for code, is_wanted in raised.items() if is_wanted is not None},
        sectors=sector,
        topics=topic,
        organisation=organisation,
        q=q,
        decision_before=decision_before,
    )
    after, today = place_after(cursor, sort), local_date(call.ctx.now)

    def work(unit: Unit) -> Answer:
        rows = queue.page(unit, filters, sort=sort, today=today, after=after, limit=limit + 1)
        found = ((row.standing.enquiry, row.standing.organisation) for row in rows)
        slack = plans.slacks(unit, found, today, call.ctx.nation)
        return listed(
            call.request,
            rows,
            limit,
            show=lambda row: enquiry_listed(row.standing, slack.get(row.standing.enquiry.id)),
            place=lambda row: stood(row, sort),
        )

    return call.look_up(work)


@router.post("", status_code=201, response_model=EnquiryShown, responses=PROBLEMS(body=True))
def record_enquiry(call: ManagerCall, body: EnquiryOnBehalf) -> Response:
    """Record a question for somebody who asked by phone, by mail or in person. It begins in triage."""
    columns = body.columns()
    fields = OnBehalf(
        question=body.question,
        name=body.enquirer.name,
        email=body.enquirer.email,
        phone=body.enquirer.phone,
        organisation=body.organisation,
        channel=body.channel,
        continues=body.continues,
        details={name: value for name, value in columns.items() if name not in _BESIDE_DETAILS},
    )
    return call.write(
        lambda unit: enquiry_answer(unit, call.ctx, submit_on_behalf(unit, call.ctx, fields).id, status=201)
    )


@router.get(
    "/{reference}",
    response_model=EnquiryShown,
    responses=PROBLEMS(404) | {308: {"description": "It was merged: Location names the enquiry that goes on."}},
)
def show_enquiry(call: ManagerCall, enquiry_id: EnquiryId) -> Response:
    """One enquiry with what may happen next. A merged one leads to the one it was merged into."""

    def work(unit: Unit) -> Answer:
        target = enquiries.leads_to(unit, enquiry_id)
        if target is not None:
            return Answer(None, 308, {"Location": f"{router.prefix}/{target.reference}"})
        return enquiry_answer(unit, call.ctx, enquiry_id)

    return call.look_up(work)


@router.patch("/{reference}", response_model=EnquiryShown, responses=PROBLEMS(404, 412, 428, body=True))
def change_enquiry(call: ManagerCall, enquiry_id: EnquiryId, body: EnquiryChange) -> Response:
    """Change what is known. If-Match is required; the state changes only by events."""
    facts = body.columns()

    def work(unit: Unit) -> Answer:
        amend(unit, call.ctx, enquiry_id, facts, unchanged(call))
        return enquiry_answer(unit, call.ctx, enquiry_id)

    return call.write(work)
