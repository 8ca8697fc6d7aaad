"""Where a project's money comes from: sources sought, confirmed or refused."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from service.actions import funding
from service.errors import not_found
from service.records import projects
from service.records.database import Unit
from service.routers.form_values import as_typed, read_pounds
from service.routers.forms import LINE_LENGTH, PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.identifiers import meant
from service.routers.manage.project.at_project import AtProject, OpenProject, require_shown
from service.routers.project_views import costs_shown, funding_shown
from service.routers.schemas.money import FundingLineShown
from service.states import FundingStatus
from service.vocabulary import MONEY_KINDS

router = APIRouter(include_in_schema=False)

STATUSES = {
    FundingStatus.SOUGHT.value: "Sought: asked for, not decided",
    FundingStatus.CONFIRMED.value: "Confirmed: there is something to show for it",
    FundingStatus.REFUSED.value: "Refused",
}
_CHANGES = ("funding_line_added", "funding_line_changed")


def at_line(at: OpenProject, line_id: str) -> UUID:
    """Return the id of one of the project's funding lines. Raises Problem 404."""
    return _line(at, meant(line_id, "funding line")).id


LineId = Annotated[UUID, Depends(at_line)]


@router.get("/manage/enquiries/{reference}/project/funding")
def ask_source(at: OpenProject) -> Response:
    """Which source might pay, or help in kind?"""
    return _page(at, Filled({"kind": "cash", "status": "sought"}))


@router.post("/manage/enquiries/{reference}/project/funding")
def take_source(at: OpenProject, posted: PostedForm) -> Response:
    """Add it; the same source pressed twice is one."""
    mistakes = Mistakes()
    source = _source(posted, mistakes)
    if mistakes:
        return _page(at, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        if not _is_repeated(unit, at, source):
            funding.add_funding_line(unit, at.ctx, at.id, source)

    return at.put(posted, work, lambda form, status: _page(at, form, status), "funding")


@router.get("/manage/enquiries/{reference}/project/funding/{line_id}")
def ask_change(at: OpenProject, line_id: LineId) -> Response:
    """What has become of this source?"""
    line = _line(at, line_id)
    values: dict[str, str | list[str]] = {
        "shown": str(line.version),
        "source": line.source,
        "amount": as_typed(line.amount),
        "kind": line.kind,
        "status": line.status,
        "evidence": line.evidence or "",
        "own_funds": "yes" if line.own_funds else "",
    }
    return _line_page(at, line_id, Filled(values))


@router.post("/manage/enquiries/{reference}/project/funding/{line_id}")
def take_change(at: OpenProject, line_id: LineId, posted: PostedForm) -> Response:
    """Change it: its amount, or from sought to confirmed with what can be shown."""
    mistakes = Mistakes()
    source = _source(posted, mistakes)
    if mistakes:
        return _line_page(at, line_id, Filled.from_posted(posted, mistakes.found), 422)
    changes = {name: getattr(source, name) for name in ("source", "amount", "kind", "status", "evidence", "own_funds")}

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        line = projects.funding_line(unit, at.id, line_id)
        require_shown(posted, line.version if line else 0, "this source")
        funding.change_funding_line(unit, at.ctx, at.id, line_id, changes)

    return at.put(posted, work, lambda form, status: _line_page(at, line_id, form, status), "funding")


def _source(posted: Posted, mistakes: Mistakes) -> funding.Source:
    name = mistakes.required("source", posted.line("source"), "Say where the money or the help comes from")
    mistakes.fits("source", name, LINE_LENGTH, "The source")
    amount = read_pounds(posted, mistakes, "amount", "the amount")
    kind = mistakes.required("kind", posted.line("kind"), "Choose cash or in kind")
    mistakes.choice("kind", kind, MONEY_KINDS, "Choose cash or in kind")
    status = mistakes.required("status", posted.line("status"), "Choose how far it is")
    mistakes.choice("status", status, STATUSES, "Choose one of the answers shown")
    evidence = mistakes.fits("evidence", posted.prose("evidence"), PROSE_LENGTH, "What can be shown for it")
    return funding.Source(name, amount, kind, status, evidence, own_funds=posted.line("own_funds") == "yes")


def _is_repeated(unit: Unit, at: AtProject, source: funding.Source) -> bool:
    return any(
        (line.source, line.amount, line.kind, line.status) == (source.source, source.amount, source.kind, source.status)
        and at.is_repeated(line.created_at, line.recorded_by_id)
        for line in projects.funding_lines(unit, at.id)
    )


def _line(at: AtProject, line_id: UUID) -> FundingLineShown:
    def read(unit: Unit) -> FundingLineShown:
        line = projects.funding_line(unit, at.id, line_id)
        if line is None:
            raise not_found("funding line")
        return FundingLineShown.of(line)

    return at.desk.read(read)


def _page(at: AtProject, form: Filled, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        row = at.row(unit)
        lines = [FundingLineShown.of(line) for line in projects.funding_lines(unit, at.id)]
        return {"costs": costs_shown(unit, row), "funding": funding_shown(unit, row), "lines": lines}

    return at.page("funding.html", {"form": form, "statuses": STATUSES, **at.desk.read(read)}, status)


def _line_page(at: AtProject, line_id: UUID, form: Filled, status: int = 200) -> Response:
    line = _line(at, line_id)
    changes = at.desk.read(lambda unit: at.renewed(unit, form, status, _CHANGES, line.version, naming=line_id))
    told = {"form": form, "statuses": STATUSES, "line": line, "changes": changes}
    return at.page("funding_line.html", told, status)
