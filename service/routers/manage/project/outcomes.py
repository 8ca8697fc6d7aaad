"""What the findings changed afterwards, as somebody told it to the team; for years, if need be."""

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions.outcomes import Use, record_outcome, stop_asking
from service.records import projects
from service.records.database import Unit
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.project.at_project import AtProject, OpenProject
from service.routers.schemas.papers import OutcomeShown

router = APIRouter(include_in_schema=False)

_YES_NO = {"yes": "Yes", "no": "No", "cannot_say": "They cannot say"}
_USES = vocabulary.USES | {"cannot_say": "They cannot say"}
_QUOTES = {"yes": "Yes, without their name", "no": "No, or they were not asked"}


@router.get("/manage/enquiries/{reference}/project/outcomes")
def ask_outcome(at: OpenProject) -> Response:
    """What became of the findings?"""
    return _page(at, Filled())


@router.post("/manage/enquiries/{reference}/project/outcomes")
def take_outcome(at: OpenProject, posted: PostedForm) -> Response:
    """Record one person's answers, or stop asking; the same answers pressed twice are one."""
    if posted.line("event") == "stop_asking":

        def stop(unit: Unit) -> None:
            at.locked(unit, posted)
            stop_asking(unit, at.ctx, at.id)

        return at.put(posted, stop, lambda form, status: _page(at, form, status), "stopped")
    mistakes = Mistakes()
    use = _use(posted, mistakes)
    if mistakes:
        return _page(at, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        if not _is_repeated(unit, at, use):
            record_outcome(unit, at.ctx, at.id, use)

    return at.put(posted, work, lambda form, status: _page(at, form, status), "outcome")


def _use(posted: Posted, mistakes: Mistakes) -> Use:
    used = mistakes.required("used", posted.line("used"), "Say whether the findings were used")
    mistakes.choice("used", used, _USES, "Choose one of the answers shown")
    in_time = mistakes.choice("in_time", posted.line("in_time"), _YES_NO, "Choose one of the answers shown")
    how = mistakes.choices("how", posted.chosen("how"), vocabulary.USE_KINDS, "Choose from the answers shown")
    quote = mistakes.choice("may_quote", posted.line("may_quote"), _QUOTES, "Choose one of the answers shown")
    return Use(
        used=used,
        in_time={"yes": True, "no": False}.get(in_time or ""),
        used_for=mistakes.fits("used_for", posted.prose("used_for"), PROSE_LENGTH, "What they were used for"),
        how=how,
        what_changed=mistakes.fits("what_changed", posted.prose("what_changed"), PROSE_LENGTH, "What changed"),
        may_quote=quote == "yes",
    )


def _is_repeated(unit: Unit, at: AtProject, use: Use) -> bool:
    members = ("used", "in_time", "used_for", "what_changed", "may_quote")
    return any(
        all(getattr(each, name) == getattr(use, name) for name in members)
        and list(each.how) == list(use.how)
        and at.is_repeated(each.recorded_at, each.recorded_by_id)
        for each in projects.outcomes(unit, at.id)
    )


def _page(at: AtProject, form: Filled, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        project = at.row(unit)[0]
        there = [OutcomeShown.of(each) for each in projects.outcomes(unit, at.id)]
        told = {"outcomes": there, "is_delivered": project.delivered_at is not None}
        return {**told, "not_asked": projects.sides_not_asked(project)}

    told = {"form": form, "uses": _USES, "yes_no": _YES_NO, "quotes": _QUOTES}
    return at.page("outcomes.html", {**told, **at.desk.read(read)}, status)
