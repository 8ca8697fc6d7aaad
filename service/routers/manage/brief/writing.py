"""The brief's editor: eleven sections, what we were told beside them, and what would make them clearer."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.brief import save_brief
from service.errors import Problem
from service.records import briefs, enquiries
from service.records.database import Unit
from service.records.manage_brief import BriefDesk, brief_desk
from service.routers.form_values import whole_number
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.brief.merging import Merged, digest, merged_with, plain
from service.routers.manage.case.fact_table import FACTS
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.telling import plainly
from service.states import BRIEF_STATES, BriefState
from service.vocabulary import BRIEF_SECTIONS
from service.workflows.machines import ENQUIRY
from service.workflows.readiness import Advice
from service.workflows.writing import GUIDANCE

router = APIRouter(include_in_schema=False)

REVISION = "revision"
"""The form field that holds which save of the brief the form was filled from: the brief's own ETag."""

_DONE = {
    "begin_brief": "The brief is begun. Write it here; nothing goes to anybody until you send it.",
    "saved": "Saved. What could be clearer stands beside each section.",
    "same": "Nothing was changed, so there was nothing to save.",
    "sent": "The brief is with the enquirer. You will be told when they agree it or want changes.",
    "revised": "The revised brief is published. Every university that has it was told.",
}
_MOVES = {
    "send_for_agreement": ("Read it through and send it to the enquirer", "/brief/send"),
    "agree": ("Record that the enquirer agreed", "/do/agree"),
    "request_changes": ("Record what the enquirer wants changed", "/do/request_changes"),
    "publish": ("Publish it to universities", "/call"),
    "revise": ("Publish the revised brief", "/brief/revise"),
}
"""What may happen to the brief next, with the page where it does."""


@router.get("/manage/enquiries/{reference}/brief")
def show(case: Case, done: str = "") -> Response:
    """The newest version to write on; where it cannot be written, to read, and what would have to happen first."""
    return _page(case, case.desk.read(lambda unit: brief_desk(unit, case.ctx, case.enquiry_id)), done=done)


@router.post("/manage/enquiries/{reference}/brief")
def save(case: Case, posted: PostedForm) -> Response:
    """Save the whole brief against the save it was written from; the first save begins it."""
    mistakes = Mistakes()
    for code, label in BRIEF_SECTIONS.items():
        mistakes.fits(code, posted.prose(code), PROSE_LENGTH, f"“{label}”")
    if mistakes:
        return _again(case, posted, mistakes.found, 422)
    try:
        done = case.desk.write(posted, lambda unit: _saved(unit, case, posted))
    except Problem as problem:
        if problem.status == 412:
            return _collided(case, posted)
        if problem.status != 409:
            raise
        return _again(case, posted, {"page": problem.detail}, 409)
    if posted.line("then") == "send":
        return case.back(under="/brief/send")
    return case.back(done, under="/brief")


def require_unsaved(unit: Unit, enquiry_id: UUID, posted: Posted) -> None:
    """Raise Problem 412 unless the brief is as it was when the form was shown: nobody saved it since."""
    if briefs.revision(unit, enquiry_id) != _revision(posted):
        raise Problem(
            "precondition-failed",
            412,
            "Somebody saved this brief while you had it open. Read what stands now, then send yours again.",
        )


def _saved(unit: Unit, case: AtCase, posted: Posted) -> str:
    """Save what was typed, and return the code of what was done. A text that was not sent, or not changed, stays."""
    # Locked before anything is read: what another save is writing must be seen whole.
    enquiries.lock(unit, case.enquiry_id)
    newest = briefs.newest(unit, case.enquiry_id)
    standing: Mapping[str, str] = newest.sections if newest else {}
    typed = {code: _typed(posted, standing, code) for code in BRIEF_SECTIONS}
    if newest is not None and all(typed[code] == standing.get(code, "") for code in BRIEF_SECTIONS):
        return "same" if newest.revision == _revision(posted) else "saved"
    require_unsaved(unit, case.enquiry_id, posted)
    save_brief(unit, case.ctx, case.enquiry_id, typed)
    return "saved"


def _typed(posted: Posted, standing: Mapping[str, str], code: str) -> str:
    stands = standing.get(code, "")
    return stands if code not in posted or posted.prose(code) == plain(stands) else posted.prose(code)


def _again(case: AtCase, posted: Posted, errors: Mapping[str, str], status: int) -> Response:
    """Show the form as it was sent, with what is wrong."""
    sections = {code: posted.prose(code) for code in BRIEF_SECTIONS}
    desk = case.desk.read(lambda unit: brief_desk(unit, case.ctx, case.enquiry_id, sections))
    return _page(case, desk, Filled.from_posted(posted, errors), status=status)


def _collided(case: AtCase, posted: Posted) -> Response:
    """Show the form over what stands now."""

    def work(unit: Unit) -> tuple[BriefDesk, Merged]:
        newest = briefs.newest(unit, case.enquiry_id)
        merged = merged_with(posted, newest.sections if newest else {})
        return brief_desk(unit, case.ctx, case.enquiry_id, merged.texts), merged

    desk, merged = case.desk.read(work)
    told = "Somebody saved this brief while you were writing. Nothing of yours was recorded yet; your words are below."
    values: dict[str, str | list[str]] = {**merged.texts}
    form = Filled(values, {"page": told, **merged.errors})
    return _page(case, desk, form, theirs=merged.theirs, status=412)


def _page(
    case: AtCase,
    desk: BriefDesk,
    form: Filled | None = None,
    *,
    theirs: Mapping[str, str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    standing = {code: plain(desk.sections.get(code, "")) for code in BRIEF_SECTIONS}
    values: dict[str, str | list[str]] = {**standing}
    told = {
        "brief": desk,
        "form": form or Filled(values),
        "is_form": desk.why_not is None or form is not None,
        "was": {code: digest(text) for code, text in standing.items()},
        "theirs": theirs or {},
        "guidance": GUIDANCE,
        "advice": _by_section(desk.advice),
        "levels": {level: sum(each.level == level for each in desk.advice) for level in ("needed", "advised", "wording")},
        "brief_states": BRIEF_STATES,
        "moves": [(text, case.path + under) for event, (text, under) in _MOVES.items() if event in desk.available],
        "refusals": _refusals(desk),
        "shown_label": FACTS["organisation_shown"].label,
        "done": _DONE.get(done),
    }  # fmt: skip
    return case.page("manage/brief.html", told, status=status)


def _awaited(desk: BriefDesk) -> tuple[str, ...]:
    """Return the events that the brief is on its way to: why they are refused is worth a sentence."""
    if desk.newest is None:
        return ()
    return {BriefState.DRAFT: ("send_for_agreement",), BriefState.SENT: ("publish", "revise")}.get(
        BriefState(desk.newest.state), ()
    )


def _refusals(desk: BriefDesk) -> list[tuple[str, str | None]]:
    """Return what cannot be done yet and why; no sentence where the page's own list of what is needed says it."""
    is_listed = desk.is_told_by_advice and any(each.level == "needed" for each in desk.advice)
    return [
        (
            ENQUIRY.transitions[event].label,
            None if is_listed and event == "send_for_agreement" else plainly(desk.refused[event]),
        )
        for event in _awaited(desk)
        if event in desk.refused
    ]


def _by_section(advice: tuple[Advice, ...]) -> dict[str | None, list[Advice]]:
    found: dict[str | None, list[Advice]] = {None: [], **{code: [] for code in BRIEF_SECTIONS}}
    for each in advice:
        found[each.section].append(each)
    return found


def _revision(posted: Posted) -> int:
    sent = whole_number(posted.line(REVISION))
    return -1 if sent is None else sent
