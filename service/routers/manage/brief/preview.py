"""The brief as each university will receive it, under the discretion its enquirer chose."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from service.actions.previewing import Reader, preview, readers
from service.errors import Problem, not_found
from service.records import briefs, enquiries
from service.records.database import Unit
from service.routers.manage.desk import Case
from service.states import BRIEF_STATES
from service.vocabulary import BRIEF_SECTIONS, ORGANISATION_SHOWN

router = APIRouter(include_in_schema=False)


@router.get("/manage/enquiries/{reference}/brief/preview")
def show_preview(case: Case, wanted: Annotated[str, Query(alias="as")] = "") -> Response:
    """One university's copy, the first one's unless another is named; a refusal says what is not known yet."""

    def work(unit: Unit) -> tuple[list[Reader], str | None, bool]:
        shown = enquiries.one(unit, case.enquiry_id).organisation_shown
        return readers(unit, case.enquiry_id), shown, briefs.newest(unit, case.enquiry_id) is not None

    universities, shown, is_begun = case.desk.read(work)
    reader, refusal, copy = _chosen(universities, wanted), "", None
    if reader is not None and is_begun:
        try:
            copy = case.desk.read(lambda unit: preview(unit, case.ctx, case.enquiry_id, reader))
        except Problem as problem:
            if problem.status != 409:
                raise
            refusal = problem.detail
    told = {
        "universities": universities,
        "is_begun": is_begun,
        "copy": copy,
        "refusal": refusal,
        "discretion": ORGANISATION_SHOWN.get(shown or ""),
        "sections": BRIEF_SECTIONS,
        "brief_states": BRIEF_STATES,
        "as_data": json.dumps(copy.payload, indent=2, ensure_ascii=False) if copy else "",
    }
    return case.page("manage/brief_preview.html", told, status=409 if refusal else 200)


def _chosen(found: list[Reader], wanted: str) -> UUID | None:
    """Return the university that was named, or the first. Raises Problem 404 for one that is not among them."""
    if not wanted:
        return found[0].id if found else None
    named = next((each.id for each in found if str(each.id) == wanted), None)
    if named is None:
        raise not_found("partner university")
    return named
