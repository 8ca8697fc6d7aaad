"""A project's costs and dates, entered by a manager for the university."""

import re
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import costs
from service.records.database import Unit
from service.routers.form_values import as_typed, read_day, read_pounds
from service.routers.forms import LINE_LENGTH, Filled, Mistakes, Posted, PostedForm, date_parts
from service.routers.manage.at_project import AtProject, OpenProject, require_shown
from service.routers.project_views import costs_shown
from service.routers.schemas.money import CostsShown
from service.vocabulary import MONEY_KINDS

router = APIRouter(include_in_schema=False)

MOST_LINES = 80
"""As many as one form can carry; a machine may send more."""

_FEWEST, _MORE = 4, 4
_FIELD = re.compile(r"(?:label|amount|kind)-([1-9]\d?)", re.ASCII)


@router.get("/manage/enquiries/{reference}/project/costs")
def ask_costs(at: OpenProject) -> Response:
    """What would the work cost, and when would it run?"""
    shown = at.desk.read(lambda unit: costs_shown(unit, at.row(unit)))
    return _page(at, _as_it_stands(shown), _rows(len(shown.lines) + 1))


@router.post("/manage/enquiries/{reference}/project/costs")
def take_costs(at: OpenProject, posted: PostedForm) -> Response:
    """Save them as a new version, or show more empty lines; an emptied line goes."""
    if posted.line("event") == "more":
        return _page(at, Filled.from_posted(posted), _rows(max(_numbers(posted), default=0) + _MORE))
    mistakes = Mistakes()
    lines = [line for number in _numbers(posted) if (line := _line(posted, mistakes, number)) is not None]
    start, end = _days(posted, mistakes)
    rows = _rows(max(_numbers(posted), default=0))
    if mistakes:
        return _page(at, Filled.from_posted(posted, mistakes.found), rows, 422)

    def work(unit: Unit) -> None:
        project, _ = at.locked(unit, posted)
        require_shown(posted, project.costs_version, "the costs")
        costs.save_costs(unit, at.ctx, at.id, lines, start, end)

    return at.put(posted, work, lambda form, status: _page(at, form, rows, status), "costs")


def _line(posted: Posted, mistakes: Mistakes, number: int) -> costs.Line | None:
    """Return one line, or None for one that is empty: so a line is taken out by clearing it."""
    label, amount, kind = (f"{name}-{number}" for name in ("label", "amount", "kind"))
    if not posted.line(label) and not posted.line(amount):
        return None
    text = mistakes.required(label, posted.line(label), f"Say what line {number} is for, or clear the line")
    mistakes.fits(label, text, LINE_LENGTH, f"What line {number} is for")
    pounds = read_pounds(posted, mistakes, amount, f"the amount of line {number}")
    paid = mistakes.choice(kind, posted.line(kind), MONEY_KINDS, f"Choose cash or in kind for line {number}")
    if paid is None:
        mistakes.add(kind, f"Choose cash or in kind for line {number}")
    return costs.Line(text, pounds, paid or "")


def _days(posted: Posted, mistakes: Mistakes) -> tuple[date | None, date | None]:
    return read_day(posted, mistakes, "start", "The start"), read_day(posted, mistakes, "end", "The end")


def _numbers(posted: Posted) -> list[int]:
    """Return the numbers of the lines that a form sent, in order."""
    found = {int(match[1]) for name in posted.values if (match := _FIELD.fullmatch(name))}
    return sorted(number for number in found if number <= MOST_LINES)


def _rows(wanted: int) -> range:
    return range(1, min(max(wanted, _FEWEST), MOST_LINES) + 1)


def _as_it_stands(shown: CostsShown) -> Filled:
    values: dict[str, str | list[str]] = {"shown": str(shown.version)}
    for number, line in enumerate(shown.lines, start=1):
        values |= {
            f"label-{number}": line.label,
            f"amount-{number}": as_typed(line.amount),
            f"kind-{number}": line.kind,
        }
    return Filled(values | date_parts("start", shown.start) | date_parts("end", shown.end))


def _page(at: AtProject, form: Filled, rows: range, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        project, enquiry = at.row(unit)
        return {
            "costs": costs_shown(unit, (project, enquiry)),
            "closed": costs.obstacle(project, enquiry),
            "changes": at.renewed(unit, form, status, ("costs_saved",), project.costs_version),
        }

    return at.page("costs.html", {"form": form, "rows": rows, "most": MOST_LINES, **at.desk.read(read)}, status)
