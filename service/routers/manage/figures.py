"""Figures at the desk: what everybody may read, and what helps the team to steer."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import Problem, not_found
from service.records import people
from service.routers import metrics
from service.routers.calls import Call
from service.routers.figure_answers import Question, refuse_unknown
from service.routers.figures import asking, sections, words
from service.routers.figures import page as public
from service.routers.figures.section import Section
from service.routers.figures.who import by_group
from service.routers.forms import AskedForm, Filled, Posted
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.rendering import compressed
from service.routers.services import services_of
from service.throughput.groups import GroupBy

router = APIRouter(include_in_schema=False)

PATH = "/manage/figures"
_FIELDS = (*public.FIELDS, "group_by")


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """The figures of a period, by whatever the team wants to see them by; withheld numbers are withheld here as well."""
    call = Call(desk.request, services_of(desk.request), desk.ctx)
    try:
        refuse_unknown(call.request, set(_FIELDS))
        grouping = public.grouping_in(view, for_the_team=True)
        told = _told(call, asking.asked_in(view), grouping)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _refused(desk, call, view, problem)
    return compressed(desk.request, desk.page("manage/figures.html", told, room=PATH))


@router.get(f"{PATH}/throughput.csv")
def export_throughput(desk: ManagerDesk, view: AskedForm) -> Response:
    """What became of a cohort as a file, by group, single universities too."""
    call = Call(desk.request, services_of(desk.request), desk.ctx)
    try:
        refuse_unknown(call.request, set(_FIELDS))
        grouping = public.grouping_in(view, for_the_team=True)
        return public.as_file(metrics.throughput_answer.export(call, asking.asked_in(view), grouping), "throughput")
    except Problem as problem:
        if problem.status != 422:
            raise
        return _refused(desk, call, view, problem)


@router.get(f"{PATH}/{{name}}.csv")
def export(desk: ManagerDesk, view: AskedForm, name: str) -> Response:
    """One of the team's own figures as a file, byte for byte what the API gives."""
    write = asking.TEAM_FILES.get(name)
    if write is None:
        raise not_found("file of figures")
    call = Call(desk.request, services_of(desk.request), desk.ctx)
    try:
        refuse_unknown(call.request, set(public.FIELDS))
        return public.as_file(write(call, asking.asked_in(view)), name)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _refused(desk, call, view, problem)


def _told(call: Call, question: Question, grouping: GroupBy | None) -> dict[str, object]:
    answers = asking.answers_for_the_team(call, question)
    if grouping is not None:
        asked = asking.settled(question, call)
        answers = replace(answers, grouped=asking.throughput_by(call, asked, grouping), names=_names(call, grouping))
    return {
        **public.told_by(call, question, answers),
        "path": PATH,
        "chosen": _by_group(answers),
        "more": sections.told(answers, sections.TEAM),
        "team_files": words.TEAM_FILES,
        "group_by": grouping.value if grouping else "",
        "groupings": {grouping.value: label for grouping, label in words.GROUPINGS.items()},
    }


def _by_group(answers: asking.Answers) -> Section | None:
    """Return what became of the enquiries of each group, for the grouping that was chosen."""
    if answers.grouped is None or answers.grouped.group_by is None:
        return None
    chart, withheld = by_group(answers.grouped, answers.names)
    grouping = answers.grouped.group_by
    after = (withheld,) if withheld else () if chart else ("There is nothing to tell of any group in this period.",)
    return Section("by-group", f"By {words.GROUPINGS[grouping].lower()}", (), (replace(chart, id="chosen", title=f"{chart.title}, as chosen"),) if chart else (), after,
                   defined=("group_by",), group_by=grouping.value)  # fmt: skip


def _names(call: Call, grouping: GroupBy) -> dict[str, str]:
    if grouping is not GroupBy.UNIVERSITY:
        return {}
    return call.read(lambda unit: {str(each.id): each.name for each in people.partner_universities(unit)})


def _refused(desk: Desk, call: Call, view: Posted, problem: Problem) -> Response:
    told = _told(call, Question(None, None, None), None)
    named = {str(each["field"]): str(each["message"]) for each in problem.errors}
    errors = {name if name in _FIELDS else "page": sentence for name, sentence in named.items()}
    told["form"] = Filled({name: view.line(name) for name in _FIELDS}, errors or {"page": problem.detail})
    return desk.page("manage/figures.html", told, room=PATH, status=422)
