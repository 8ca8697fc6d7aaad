"""Figures for everybody: a page of charts with their tables, the files behind it, and what each figure means."""

import hashlib
from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service import __version__
from service.errors import Problem, invalid, not_found
from service.routers import metrics, visits
from service.routers.calls import Call
from service.routers.conditional import is_held, tagged
from service.routers.figure_answers import Question, refuse_unknown
from service.routers.figures import asking, sections, years
from service.routers.figures.asking import FILES, Answers, answers_to, call_of, first_month
from service.routers.figures.report import report_on
from service.routers.figures.section import UNFINISHED, WITHHELD
from service.routers.forms import AskedForm, Filled, Posted
from service.routers.rendering import compressed, page
from service.throughput.definitions import DEFINITION_IDS, DEFINITIONS
from service.throughput.groups import GroupBy
from service.throughput.periods import settled_as_of
from service.working_time import month_end

router = APIRouter(include_in_schema=False)

PATH = "/figures"
FIELDS = ("from", "to", "as_of")


@router.get(PATH)
def show(request: Request, view: AskedForm) -> Response:
    """What became of the enquiries of a period, as of a month's end: the same for everybody, whoever is signed in."""
    visits.admit_reader(request, visits.FIGURES)
    call = call_of(request)
    try:
        refuse_unknown(call.request, set(FIELDS))
        question = asking.asked_in(view)
        answers = answers_to(call, question)
    except Problem as problem:
        return _refused(request, view, problem)
    tag = _tag(request, call, answers)
    headers = {"ETag": f"W/{tag}", "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if is_held(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return compressed(request, page(request, "figures/page.html", told_by(call, question, answers), headers=headers))


@router.get(f"{PATH}/definitions")
def show_definitions(request: Request) -> Response:
    """What each figure means, and how it is reckoned."""
    current = [each for each in DEFINITIONS if DEFINITION_IDS[each.figure] == each.id]
    earlier = [each for each in DEFINITIONS if DEFINITION_IDS[each.figure] != each.id]
    return page(request, "figures/definitions.html", {"current": current, "earlier": earlier, "back": PATH})


@router.get(f"{PATH}/definitions.csv")
def export_definitions(request: Request, view: AskedForm) -> Response:
    """The same as a file."""
    try:
        return as_file(metrics.definitions_answer.export(call_of(request)), "definitions")
    except Problem as problem:
        return _refused(request, view, problem)


@router.get(f"{PATH}/throughput.csv")
def export_throughput(request: Request, view: AskedForm) -> Response:
    """The figures of a cohort as a file, byte for byte what the API gives; by group, but for single universities."""
    visits.admit_reader(request, visits.FIGURES)
    call = call_of(request)
    try:
        refuse_unknown(call.request, {*FIELDS, "group_by"})
        return as_file(metrics.throughput_answer.export(call, asking.asked_in(view), grouping_in(view)), "throughput")
    except Problem as problem:
        return _refused(request, view, problem)


@router.get(f"{PATH}/{{code}}.pdf")
def show_report(request: Request, view: AskedForm, code: str) -> Response:
    """The report on a calendar year (2026) or a financial one (2026-27) as PDF, as of its end or of a later month's."""
    visits.admit_reader(request, visits.FIGURES)
    call = call_of(request)
    year = years.year_called(code)
    if year is None:
        raise not_found("year")
    try:
        refuse_unknown(call.request, {"as_of"})
        pdf = report_on(call, year, asking.asked_in(view).as_of)
    except Problem as problem:
        return _refused(request, view, problem)
    response = tagged(request, pdf, "application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="figures-{year.code}.pdf"'
    return response


@router.get(f"{PATH}/{{name}}.csv")
def export(request: Request, view: AskedForm, name: str) -> Response:
    """One of the other figures as a file, byte for byte what the API gives."""
    write = FILES.get(name)
    if write is None:
        raise not_found("file of figures")
    visits.admit_reader(request, visits.FIGURES)
    call = call_of(request)
    try:
        refuse_unknown(call.request, set(FIELDS))
        return as_file(write(call, asking.asked_in(view)), name)
    except Problem as problem:
        return _refused(request, view, problem)


def as_file(response: Response, name: str) -> Response:
    """Return an answer in CSV as a download."""
    response.headers["Content-Disposition"] = f'attachment; filename="figures-{name}.csv"'
    return response


def grouping_in(view: Posted, *, for_the_team: bool = False) -> GroupBy | None:
    """Return what an address groups by. Raises Problem 422 for what nobody may group by here."""
    name = view.line("group_by")
    if not name:
        return None
    if name not in set(GroupBy) or (name == GroupBy.UNIVERSITY and not for_the_team):
        raise invalid("group_by", f"Figures cannot be grouped by {name[:40]} here.")
    return GroupBy(name)


def told_by(call: Call, question: Question, answers: Answers) -> dict[str, object]:
    """Return what a page of figures is told: the period, what may be chosen instead, and the sections."""
    latest = settled_as_of(None, call.ctx.now)
    first = first_month(call)
    told = answers.throughput
    parts = sections.told(answers, sections.PUBLIC)
    return {
        "answer": told,
        "total": told.total,
        "in_words": years.period_in_words(told.period.start, told.period.end),
        "sections": parts,
        "unfinished": UNFINISHED,
        "withheld": WITHHELD.format(threshold=told.definition.suppression_threshold),
        "has_withheld": told.total.suppressed or sections.has_withheld(parts),
        "is_empty": not told.total.suppressed and not told.total.submitted,
        "choices": years.choices(first, latest, question),
        "later": _later(question, latest),
        "month_ends": _month_ends(first, latest),
        "reports": years.years_over(first, latest),
        "query": years.query_of(Question(told.period.start, told.period.end, told.as_of)),
        "asked": question,
        "path": PATH,
        "form": Filled(),
    }


def _refused(request: Request, view: Posted, problem: Problem) -> Response:
    """Show what everybody sees first, and above it what cannot be answered and why."""
    if problem.status != 422:
        raise problem
    call = call_of(request)
    question = Question(None, None, None)
    told = told_by(call, question, answers_to(call, question))
    named = {str(each["field"]): str(each["message"]) for each in problem.errors}
    errors = {name if name in FIELDS else "page": sentence for name, sentence in named.items()}
    told["form"] = Filled({name: view.line(name) for name in FIELDS}, errors or {"page": problem.detail})
    return page(request, "figures/page.html", told, status=422)


def _tag(request: Request, call: Call, answers: Answers) -> str:
    """Return the tag of a page, which is a weak one: each copy of the page has a nonce of its own.

    Figures of a day stand still; what may be chosen beside them grows with every month.
    """
    visitor = visits.visitor_of(request)
    around = (
        __version__,
        visitor and visitor.name,
        visits.is_staff(request, visitor),
        visits.is_invented(request),
        settled_as_of(None, call.ctx.now).isoformat(),
    )
    return f'"{hashlib.sha256(f"{around}{answers.plain()}".encode()).hexdigest()[:32]}"'


def _later(question: Question, latest: date) -> str:
    """Return the address of the same period as it stands now, where an earlier day is shown; empty elsewhere."""
    if question.as_of is None or question.as_of >= latest or question.start is None:
        return ""
    return years.query_of(replace(question, as_of=latest))


def _month_ends(first: date | None, latest: date) -> list[date]:
    """Return the days that figures may stand at, the latest first."""
    found, day = [], latest
    while first is not None and day >= first:
        found.append(day)
        day = month_end(day.replace(day=1) - years.ONE_DAY)
    return found
