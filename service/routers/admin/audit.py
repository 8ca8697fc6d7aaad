"""The audit trail: who changed or exported what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from service.records import audit
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.audit import AuditEntryShown
from service.routers.schemas.common import PROBLEMS, Page

router = APIRouter(prefix="/api/v1/audit", route_class=JsonRoute, tags=["operations"])

Code = Annotated[str | None, Query(max_length=100, pattern=r"^[a-z_]+(:[0-9a-zA-Z_-]+)?$")]


@router.get("", response_model=Page[AuditEntryShown], responses=PROBLEMS(400))
def list_entries(
    call: ManagerCall,
    action: Code = None,
    subject: Annotated[Code, Query(description="A kind such as organisation, or one such as organisation:ID.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Entries, the newest first."""
    before = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            audit.page(unit, action=action, subject=subject, before=before, limit=limit + 1),
            limit,
            show=AuditEntryShown.of,
            place=lambda row: row[0].id,
        )
    )
