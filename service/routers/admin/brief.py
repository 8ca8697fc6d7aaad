"""The research brief: written in sections, versioned when it is sent, hashed so that what was agreed is what goes out."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from service.actions.brief import save_brief
from service.actions.progress import Check
from service.errors import not_found
from service.records import briefs, enquiries
from service.records.briefs import BriefRow
from service.records.circumstances import circumstances
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId, etag
from service.routers.calls import Answer, Call
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, Position, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.brief import AdviceShown, BriefSent, BriefShown, ReadinessShown
from service.routers.schemas.common import PROBLEMS, Page
from service.states import BriefState, EnquiryState
from service.workflows.readiness import advise

router = APIRouter(prefix="/api/v1/enquiries/{reference}/brief", route_class=JsonRoute, tags=["brief"])

VersionNumber = Annotated[str, Path(examples=["1"], description="A version's number.")]

_NOT_BEGUN = frozenset({EnquiryState.DRAFT, EnquiryState.TRIAGE})


@router.get("", response_model=BriefShown, responses=PROBLEMS(404))
def show_brief(call: ManagerCall, enquiry_id: EnquiryId) -> Response:
    """The newest version, empty before the first save. Its ETag, for If-Match on PUT, changes with every save."""
    return call.look_up(lambda unit: _brief(unit, enquiry_id))


@router.put("", response_model=BriefShown, responses=PROBLEMS(404, 412, 428, body=True))
def write_brief(call: ManagerCall, enquiry_id: EnquiryId, body: BriefSent) -> Response:
    """Save the whole brief. The first save begins it; a save while the call is open starts a new version."""

    def work(unit: Unit) -> Answer:
        save_brief(unit, call.ctx, enquiry_id, body.sections, _unchanged(call))
        return _brief(unit, enquiry_id)

    return call.write(work)


@router.get("/versions", response_model=Page[BriefShown], responses=PROBLEMS(400, 404))
def list_versions(
    call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Every version, the oldest first."""
    after = place_at(cursor, Position) or 0

    def work(unit: Unit) -> Answer:
        enquiry = enquiries.one(unit, enquiry_id)
        found = [version for version in briefs.versions(unit, enquiry_id) if version.number > after]
        return listed(
            call.request,
            found[: limit + 1],
            limit,
            show=lambda version: _shown(version, enquiry.brief_id),
            place=lambda version: version.number,
        )

    return call.look_up(work)


@router.get("/versions/{number}", response_model=BriefShown, responses=PROBLEMS(404))
def show_version(call: ManagerCall, enquiry_id: EnquiryId, number: VersionNumber) -> Response:
    """One version."""
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0

    def work(unit: Unit) -> Answer:
        found = briefs.version(unit, enquiry_id, wanted)
        if found is None:
            raise not_found("version of this brief")
        return Answer(_shown(found, enquiries.one(unit, enquiry_id).brief_id))

    return call.look_up(work)


@router.get("/readiness", response_model=ReadinessShown, responses=PROBLEMS(404))
def show_readiness(call: ManagerCall, enquiry_id: EnquiryId) -> Response:
    """What is missing or weak in the newest version, jargon with a plain alternative, and what cannot be met."""

    def work(unit: Unit) -> Answer:
        enquiry, newest = enquiries.one(unit, enquiry_id), briefs.newest(unit, enquiry_id)
        items = advise(newest.sections if newest else {}, circumstances(unit, call.ctx, enquiry))
        return Answer(
            ReadinessShown(
                version=newest.number if newest else 1,
                ready=all(advice.level != "needed" for advice in items),
                items=[AdviceShown.model_validate(asdict(advice)) for advice in items],
            )
        )

    return call.look_up(work)


def _brief(unit: Unit, enquiry_id: UUID) -> Answer:
    """Answer with the newest version; before the first save with the empty one that it will be."""
    enquiry = enquiries.one(unit, enquiry_id)
    newest, tag = briefs.newest(unit, enquiry_id), {"ETag": etag(briefs.revision(unit, enquiry_id))}
    if newest is not None:
        return Answer(_shown(newest, enquiry.brief_id), headers=tag)
    if _NOT_BEGUN & {EnquiryState(enquiry.state), EnquiryState(enquiry.closed_from or enquiry.state)}:
        raise not_found("brief yet: it is begun once somebody has taken the enquiry on (accept)")
    return Answer(_empty(enquiry.brief_id), headers=tag)


def _unchanged(call: Call) -> Check:
    """Return the check that If-Match names the newest save of the brief."""

    return lambda unit, enquiry: call.require_match(unit, etag(briefs.revision(unit, enquiry.id)))


def _shown(version: BriefRow, brief_id: UUID) -> BriefShown:
    return BriefShown.model_validate({**version.model_dump(), "version": version.number, "brief_id": brief_id})


def _empty(brief_id: UUID) -> BriefShown:
    return BriefShown(
        brief_id=brief_id,
        version=1,
        state=BriefState.DRAFT,
        hash=briefs.sections_hash({}),
        sections={},
        saved_at=None,
        sent_at=None,
        agreed_at=None,
        published_at=None,
        change_comment=None,
    )
