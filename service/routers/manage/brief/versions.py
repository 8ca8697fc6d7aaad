"""The brief's versions: every one of them, one to read or print, and two compared word by word."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from service.errors import not_found
from service.records import briefs
from service.records.briefs import BriefRow
from service.records.database import Unit
from service.records.manage_brief import version_lines
from service.routers.manage.desk import Case
from service.states import BRIEF_STATES
from service.vocabulary import BRIEF_SECTIONS
from service.workflows.comparing import compare

router = APIRouter(prefix="/manage/enquiries/{reference}/brief", include_in_schema=False)


@router.get("/versions")
def list_versions(case: Case) -> Response:
    """Every version, the newest first."""
    lines = case.desk.read(lambda unit: version_lines(unit, case.enquiry_id))
    return case.page("manage/brief_versions.html", {"lines": lines, "brief_states": BRIEF_STATES})


@router.get("/versions/{number}")
def show_version(case: Case, number: str) -> Response:
    """One version, to read or to print."""

    def work(unit: Unit) -> tuple[BriefRow, list[int]]:
        found = [each.number for each in briefs.versions(unit, case.enquiry_id)]
        return _version(unit, case, number), found

    version, numbers = case.desk.read(work)
    told = {
        "version": version,
        "numbers": numbers,
        "sections": BRIEF_SECTIONS,
        "brief_states": BRIEF_STATES,
    }
    return case.page("manage/brief_version.html", told)


@router.get("/compare")
def compare_versions(
    case: Case, before: Annotated[str, Query(alias="from")] = "", after: Annotated[str, Query(alias="to")] = ""
) -> Response:
    """Two versions section by section: the newest and the one before it, unless others are named."""

    def work(unit: Unit) -> tuple[list[BriefRow], BriefRow | None, BriefRow | None]:
        found = briefs.versions(unit, case.enquiry_id)
        newest, previous = (found[-1] if found else None), (found[-2] if len(found) > 1 else None)
        return (
            found,
            _version(unit, case, before) if before else previous,
            _version(unit, case, after) if after else newest,
        )

    versions, older, newer = case.desk.read(work)
    told = {
        "versions": versions,
        "older": older,
        "newer": newer,
        "sections": compare(older.sections, newer.sections) if older and newer else (),
        "brief_states": BRIEF_STATES,
    }
    return case.page("manage/brief_compare.html", told)


def _version(unit: Unit, case: Case, number: str) -> BriefRow:
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
    found = briefs.version(unit, case.enquiry_id, wanted)
    if found is None:
        raise not_found("version of this brief")
    return found
