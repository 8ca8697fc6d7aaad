"""The choice: every team side by side, what the enquirer prefers, and the offer of the work. Nothing here ranks the teams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service import vocabulary
from service.actions.progress import progress
from service.errors import Problem, conflict, not_found
from service.records import calls
from service.records.changes import Changed
from service.records.choice_desk import Choice, Team, choice, standing_guards
from service.records.database import Unit
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm, date_parts
from service.routers.learning import prepare_ranking
from service.routers.manage import orders
from service.routers.manage.collision import changes_told
from service.routers.manage.desk import AtCase, Case
from service.routers.services import services_of
from service.workflows import commands as c

router = APIRouter(include_in_schema=False)

ALTERNATES, SIDE_BY_SIDE = 5, 4
_TWICE = timedelta(minutes=5)
_FIELDS = {
    "interest_stands": "interest",
    "respond_by_ahead": "respond_by",
    "choice_explained": "explanation",
}
"""Where on the form a guard's sentence belongs."""
_DONE = {
    "offered": "The work is offered. The lead and the university's contacts are told at once.",
    "interest": "The team is recorded.",
    "preferred": "The enquirer's preference is recorded.",
}
Rank = int | date | datetime
_LAST = 1_000_000
_BANDS = list(vocabulary.BUDGET_BANDS)
SORTS: dict[str, tuple[str, Callable[[Team], Rank]]] = {
    "preference": ("What the enquirer prefers", lambda team: team.place or _LAST),
    "came": ("In the order they came", lambda team: team.submitted_at),
    "days": ("Most days first", lambda team: -team.capacity_days),
    "start": ("Earliest start first", lambda team: team.earliest_start),
    "cost": ("Lowest cost first", lambda team: _BANDS.index(team.cost_band) if team.cost_band in _BANDS else _LAST),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What an offer's form left behind when its page is shown again."""

    form: Filled | None = None
    changes: Sequence[Changed] = ()


@router.get("/manage/enquiries/{reference}/choice")
def show_choice(request: Request, case: Case, sort: str = "", interest: str = "", done: str = "") -> Response:
    """The teams; `compare` sets up to four beside each other, `interest` and `alternate` begin an offer to them."""
    asked = request.query_params
    return _page(
        case,
        Shown(),
        sort=sort,
        compared=asked.getlist("compare"),
        preset=[interest, *asked.getlist("alternate")],
        done=_DONE.get(done),
    )


@router.post("/manage/enquiries/{reference}/choice")
def make_offer(case: Case, posted: PostedForm) -> Response:
    """Offer the work to one team. A refusal shows the page as things are now, with every word kept."""
    if posted.line("event") != "offer":
        raise not_found("button")
    mistakes = Mistakes()
    command = _read(posted, mistakes)
    if command is None:
        return _page(case, Shown(Filled.from_posted(posted, mistakes.found)), status=422)

    services = services_of(case.desk.request)
    prepare_ranking(services, case.ctx, case.enquiry_id)

    def work(unit: Unit) -> None:
        _require_as_shown(unit, posted, [command.interest, *command.alternates])
        progress(unit, case.ctx, case.enquiry_id, command, case.unchanged(posted), services.corpus)

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 412, 422}:
            raise
        if case.desk.read(lambda unit: _was_done(unit, case, command)):
            return case.back("offered", under="/choice")
        return _page(case, _refused(case, posted, problem), status=problem.status)
    return case.back("offered", under="/choice")


def _read(posted: Posted, mistakes: Mistakes) -> c.MakeOffer | None:
    chosen = orders.ids(posted, "interest", mistakes, "Choose a team from the list.")
    if not chosen:
        mistakes.add("interest", "Choose the team that the work is offered to")
    respond_by = mistakes.date("respond_by", posted, "The day to answer by")
    alternates: list[UUID] = []
    for place in range(1, ALTERNATES + 1):
        name = f"alternate-{place}"
        for alternate in orders.ids(posted, name, mistakes, "Choose a team from the list."):
            if alternate in alternates:
                mistakes.add(name, "This team has a place already. Choose another, or none.")
            alternates.append(alternate)
    explanation = mistakes.fits("explanation", posted.prose("explanation"), PROSE_LENGTH, "The explanation")
    given = orders.waivers(posted, mistakes)
    return orders.made(
        c.MakeOffer,
        mistakes,
        interest=chosen[0] if chosen else None,
        respond_by=respond_by,
        alternates=tuple(alternates),
        explanation=explanation,
        waivers=given,
    )


def _require_as_shown(unit: Unit, posted: Posted, chosen: Sequence[UUID]) -> None:
    """Raise Problem 409 when a team chosen has changed what it offers since the form was shown."""
    for interest_id in chosen:
        found, seen = calls.interest(unit, interest_id), posted.line(f"team-{interest_id}")
        if found is not None and seen and seen != str(found.version):
            raise conflict(
                f"{found.lead_name}'s team changed what it offers while you were writing. Read it again below, then "
                "send the offer, or choose another team."
            )


def _was_done(unit: Unit, case: AtCase, command: c.MakeOffer) -> bool:
    """Tell, when it is refused, that it was done already: the button was pressed twice."""
    found = calls.open_offer(unit, case.enquiry_id)
    return found is not None and found.interest_id == command.interest and case.ctx.now - found.offered_at < _TWICE


def _refused(case: AtCase, posted: Posted, problem: Problem) -> Shown:
    if problem.status == 412:
        changes = case.desk.read(lambda unit: changes_told(unit, case.enquiry_id, posted))
        return Shown(Filled.from_posted(posted), changes=changes)
    return Shown(Filled.from_posted(posted, orders.refused(problem, _FIELDS)[0]))


def _page(
    case: AtCase,
    shown: Shown,
    *,
    sort: str = "",
    compared: Sequence[str] = (),
    preset: Sequence[str] = (),
    done: str | None = None,
    status: int = 200,
) -> Response:
    def work(unit: Unit) -> tuple[Choice, Filled, Team | None, list[orders.Obstacle]]:
        found = choice(unit, case.ctx, case.enquiry_id)
        form = shown.form or _begun(found, preset)
        chosen = next((team for team in found.teams if str(team.id) == form.value("interest")), None)
        guards = standing_guards(unit, case.ctx, case.enquiry_id, chosen.id if chosen else None)
        return found, form, chosen, [orders.Obstacle(each.guard, each.detail) for each in guards]

    found, form, chosen, standing = case.desk.read(work)
    by = sort if sort in SORTS else "preference"
    free = sorted((team for team in found.teams if team.can_be_chosen), key=SORTS["preference"][1])
    told = {
        "choice": found,
        "teams": sorted(found.teams, key=SORTS[by][1]),
        "free": free,
        "sorts": {code: label for code, (label, _) in SORTS.items()},
        "sort": by,
        "compared": [team for team in found.teams if str(team.id) in compared][:SIDE_BY_SIDE],
        "compares": sorted({str(team.id) for team in found.teams} & set(compared)),
        "most_compared": SIDE_BY_SIDE,
        "form": form,
        "chosen": chosen,
        "obstacles": orders.kept(form, [each for each in standing if each.guard not in _FIELDS]),
        "places": range(1, min(ALTERNATES, len(free) - 1) + 1),
        "kept_words": [] if found.can_offer or shown.form is None else _words(shown.form),
        "changes": shown.changes,
        "done": done,
    }
    return case.page("manage/choice.html", told, status=status)


def _begun(found: Choice, preset: Sequence[str]) -> Filled:
    """Return an offer's form as it opens, with the teams that the address names."""
    known = {str(team.id) for team in found.teams if team.can_be_chosen}
    chosen = [text for text in dict.fromkeys(preset) if text in known]
    day = date_parts("respond_by", found.usual.due if found.usual else None)
    if not preset or preset[0] not in known:
        return Filled({**day})
    alternates = {f"alternate-{place}": text for place, text in enumerate(chosen[1 : ALTERNATES + 1], 1)}
    return Filled({"interest": chosen[0], **alternates, **day})


def _words(form: Filled) -> list[str]:
    """Return what was written into a form that this page has no place for any more."""
    names = [name for name in form.values if name == "explanation" or name.startswith(orders.WAIVER)]
    return [text for name in names if (text := form.value(name))]
