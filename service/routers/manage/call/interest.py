"""A university's answer that reached the team another way, by phone or in a meeting, recorded for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import respond
from service.errors import Problem, not_found
from service.records import calls, enquiries
from service.records import researchers as directory
from service.records.calls import InterestRow
from service.records.database import Unit
from service.routers.form_schemas import YES_NO, checked
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.manage.desk import AtCase, Case
from service.routers.schemas.briefs import DeclineSent
from service.routers.team_form import read_team

router = APIRouter(include_in_schema=False)

ANSWERS = {"interested": "A team would do it", "declined": "Not this time"}
_TEAM = {
    "lead.researcher_id": "Choose one of the university's researchers, or nobody from the list",
    "statement": "Write down what they bring, in at most 20,000 characters",
    "show_enquirer": "Say whether they agreed that the enquirer sees this team",
}
_DECLINE = {
    "reason": "Choose why they do not take part",
    "comment": "Their comment must be 20,000 characters or fewer",
}
_SAME = (
    "lead_name", "statement", "capacity_days", "earliest_start", "cost_band", "conflicts", "show_enquirer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page tells: the universities of the newest call, the one chosen, its people, and why nothing is recorded."""

    version: int
    question: str
    universities: Sequence[tuple[UUID, str]]
    university: tuple[UUID, str] | None
    researchers: Sequence[tuple[UUID, str]]
    """With their addresses, by name."""
    answers: Mapping[str, str]
    closed: str | None


@router.get("/manage/enquiries/{reference}/interest")
def ask_interest(case: Case, university: str = "") -> Response:
    """Which university answered, and then what it said."""
    return _page(case, university, Filled({"university": university}))


@router.post("/manage/enquiries/{reference}/interest")
def record_interest(case: Case, posted: PostedForm) -> Response:
    """Record the answer. The same answer again is the same button pressed twice."""
    chosen = _asked(case, posted.line("university")).university
    if chosen is None:
        raise not_found("university in this call")
    mistakes = Mistakes()
    answer = posted.line("answer")
    team = _team(case, posted, chosen[0], mistakes) if answer == "interested" else None
    said = _decline(posted, mistakes) if answer == "declined" else None
    if answer not in ANSWERS:
        mistakes.add("answer", "Choose what they said")
    if mistakes:
        return _page(case, str(chosen[0]), Filled.from_posted(posted, mistakes.found), status=422)

    def work(unit: Unit) -> None:
        enquiries.lock(unit, case.enquiry_id)
        if team is not None:
            standing = calls.interests_of(unit, case.enquiry_id, chosen[0])
            if not any(_is_same(each, team) for each in standing):
                respond.offer_interest(unit, case.ctx, case.enquiry_id, chosen[0], team)
        elif said is not None:
            respond.decline(unit, case.ctx, case.enquiry_id, chosen[0], said.reason, said.comment)

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        errors = {error["field"].replace(".", "_"): error["message"] for error in problem.errors}
        form = Filled.from_posted(posted, errors or {"page": problem.detail})
        return _page(case, str(chosen[0]), form, status=problem.status)
    return case.back("interest" if team else "declined", under="/choice" if team else "/call")


def _team(case: AtCase, posted: Posted, university: UUID, mistakes: Mistakes) -> respond.Team | None:
    return read_team(posted, mistakes, case.desk.read(lambda unit: directory.of_university(unit, university)), _TEAM)


def _decline(posted: Posted, mistakes: Mistakes) -> DeclineSent | None:
    sent = {"reason": posted.line("reason"), "comment": posted.prose("comment") or None}
    return checked(DeclineSent, sent, mistakes, _DECLINE)


def _is_same(standing: InterestRow, team: respond.Team) -> bool:
    return all(getattr(standing, name) == getattr(team, name) for name in _SAME)


def _asked(case: AtCase, university: str) -> Asked:
    def work(unit: Unit) -> Asked:
        enquiry, call = enquiries.one(unit, case.enquiry_id), calls.current(unit, case.enquiry_id)
        recipients = calls.recipients(unit, call.id) if call else []
        universities = [(organisation.id, organisation.name) for _, organisation in recipients]
        chosen = next((each for each in universities if str(each[0]) == university), None)
        known = directory.of_university(unit, chosen[0]) if chosen else []
        listed = sorted((each for each in known if not each.hidden), key=lambda each: each.name.casefold())
        offered = {organisation.id for part, organisation in recipients if part.interested_at is not None}
        is_in = chosen is not None and chosen[0] in offered
        return Asked(
            version=enquiry.version,
            question=enquiry.question,
            universities=universities,
            university=chosen,
            researchers=[(each.id, f"{each.name} ({each.email})") for each in listed],
            answers={code: label for code, label in ANSWERS.items() if code == "interested" or not is_in},
            closed=respond.why_no_interest(enquiry, call) if call else "No call was opened for this enquiry.",
        )

    return case.desk.read(work)


def _page(case: AtCase, university: str, form: Filled, *, status: int = 200) -> Response:
    told = {"asked": _asked(case, university), "form": form, "yes_no": YES_NO}
    return case.page("manage/interest.html", told, status=status)
