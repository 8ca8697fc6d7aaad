"""Briefs a university was sent, and its answers: received, interested, not this time, a question."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from service.actions import respond
from service.actions.fetching import note_fetched
from service.errors import not_found
from service.records import calls, feed
from service.records.calls import CallRow, InterestRow
from service.records.database import Unit
from service.routers.calls import Answer, Call
from service.routers.doors import UniversityCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, Position, encode_cursor, next_link, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.briefs import (
    DeclineSent,
    InterestChanged,
    InterestSent,
    OpenBriefs,
    OwnInterest,
    OwnQuestion,
    QuestionSent,
    ReceivedBrief,
)
from service.routers.schemas.common import PROBLEMS
from service.routers.universities.cursors import feed_cursor
from service.routers.universities.own import OwnBrief, OwnInterestId, own_university
from service.routers.university_views import received_brief, sent_row, team_of

router = APIRouter(prefix="/api/v1", route_class=JsonRoute, tags=["universities"])


@router.get("/briefs", response_model=OpenBriefs, responses=PROBLEMS(400))
def list_briefs(call: UniversityCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """The open briefs you were sent, with `feed_cursor` from the same snapshot: read these, then follow the feed."""
    university = own_university(call)
    place = place_at(cursor, tuple[UUID, Position])

    unfetched: list[UUID] = []

    def work(unit: Unit) -> Answer:
        rows = calls.open_to(unit, university, after=place[0] if place else None, limit=limit + 1)
        shown = rows[:limit]
        # The first page's place in the feed travels along: what happens while the others are read is not missed.
        stood = min(place[1], feed.head(unit, university)) if place else feed.head(unit, university)
        following = encode_cursor((shown[-1][0].id, stood)) if len(rows) > limit else None
        answer = OpenBriefs(
            items=[received_brief(unit, call.ctx, row) for row in shown],
            next_cursor=following,
            feed_cursor=feed_cursor(university, feed.epoch(unit), stood),
        )
        unfetched[:] = _unfetched(shown)
        return Answer(answer, headers=next_link(call.request, following))

    response = call.look_up(work)
    _note(call, unfetched)
    return response


@router.get("/briefs/{brief_id}", response_model=ReceivedBrief, responses=PROBLEMS(404))
def show_brief(call: UniversityCall, brief: OwnBrief) -> Response:
    """One brief as it stands now, and how you answered."""

    unfetched: list[UUID] = []

    def work(unit: Unit) -> Answer:
        row = sent_row(unit, brief.id, own_university(call))
        unfetched[:] = _unfetched([row])
        return Answer(received_brief(unit, call.ctx, row))

    response = call.look_up(work)
    _note(call, unfetched)
    return response


@router.post("/briefs/{brief_id}/receipt", response_model=ReceivedBrief, responses=PROBLEMS(404, 408, 409, 413))
def acknowledge(call: UniversityCall, brief: OwnBrief) -> Response:
    """Say that people have it. A second receipt changes nothing."""

    def work(unit: Unit) -> Answer:
        respond.acknowledge(unit, call.ctx, brief.enquiry_id, own_university(call))
        return Answer(received_brief(unit, call.ctx, sent_row(unit, brief.id, own_university(call))))

    return call.write(work)


@router.post(
    "/briefs/{brief_id}/interests", status_code=201, response_model=OwnInterest, responses=PROBLEMS(404, body=True)
)
def offer_interest(call: UniversityCall, brief: OwnBrief, body: InterestSent) -> Response:
    """Offer a team; also after the reply-by, until an offer is accepted."""

    def work(unit: Unit) -> Answer:
        made = respond.offer_interest(unit, call.ctx, brief.enquiry_id, own_university(call), team_of(body))
        return Answer(OwnInterest.of(made, brief.id), 201)

    return call.write(work)


@router.patch("/interests/{interest_id}", response_model=OwnInterest, responses=PROBLEMS(404, body=True))
def amend_interest(call: UniversityCall, interest: OwnInterestId, body: InterestChanged) -> Response:
    """Change what an interest says, until an offer is accepted; what is not sent stays."""

    def work(unit: Unit) -> Answer:
        standing = calls.interest(unit, interest.id)
        if standing is None:
            raise not_found("interest")
        team = _amended(standing, body)
        amended = respond.amend_interest(unit, call.ctx, interest.id, own_university(call), team)
        return Answer(OwnInterest.of(amended, calls.brief_of(unit, amended)))

    return call.write(work)


@router.post("/briefs/{brief_id}/decline", response_model=ReceivedBrief, responses=PROBLEMS(404, body=True))
def decline(call: UniversityCall, brief: OwnBrief, body: DeclineSent) -> Response:
    """Say that you will not take part this time, and why."""

    def work(unit: Unit) -> Answer:
        respond.decline(unit, call.ctx, brief.enquiry_id, own_university(call), body.reason, body.comment)
        return Answer(received_brief(unit, call.ctx, sent_row(unit, brief.id, own_university(call))))

    return call.write(work)


@router.post(
    "/briefs/{brief_id}/questions", status_code=201, response_model=OwnQuestion, responses=PROBLEMS(404, body=True)
)
def ask(call: UniversityCall, brief: OwnBrief, body: QuestionSent) -> Response:
    """Ask about the brief while its call is open. The answer reaches every recipient's feed; who asked does not."""

    def work(unit: Unit) -> Answer:
        entry = respond.ask_about_brief(unit, call.ctx, brief.enquiry_id, own_university(call), body.body)
        return Answer(OwnQuestion.of(entry), 201)

    return call.write(work)


def _unfetched(rows: Iterable[CallRow]) -> list[UUID]:
    return [recipient.id for _, _, recipient in rows if recipient.fetched_at is None]


def _note(call: Call, unfetched: list[UUID]) -> None:
    """Note what was just read as fetched; nothing is written when all of it was before."""
    if unfetched:
        call.services.database.transact(lambda unit: note_fetched(unit, call.ctx, unfetched))


def _amended(standing: InterestRow, body: InterestChanged) -> respond.Team:
    """Return the standing team with what was sent put in its place."""
    sent = body.model_dump(exclude_unset=True)
    if lead := sent.pop("lead", None):
        sent |= {f"lead_{name}": value for name, value in {"researcher_id": None, **lead}.items()}
    for name in {"team", "with_universities"} & set(sent):
        sent[name] = tuple(sent[name])
    team = respond.Team(
        lead_name=standing.lead_name,
        lead_email=standing.lead_email,
        lead_researcher_id=standing.lead_researcher_id,
        team=tuple(standing.team),
        with_universities=tuple(standing.with_universities),
        statement=standing.statement,
        capacity_days=standing.capacity_days,
        earliest_start=standing.earliest_start,
        cost_band=standing.cost_band,
        conflicts=standing.conflicts,
        show_enquirer=standing.show_enquirer,
    )
    return replace(team, **sent, amended=frozenset(body.model_fields_set))
