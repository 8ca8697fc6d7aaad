"""One form for each event of the machines: what it needs, whom it tells, why it is refused, and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from service.actions.progress import progress, progress_project
from service.errors import Problem, not_found
from service.records import enquiries
from service.records.database import Unit
from service.records.manage_case import MoveSheet, Option, move_sheet, target, targets
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.manage.collision import changes_told
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.hearing import ANCHORS, NEW, write_down
from service.routers.manage.moves.reading import ALTERNATES, filled_from, heard_in, quoting, read_command
from service.routers.manage.moves.rehearsal import Letter, letters_of
from service.routers.manage.moves.table import MOVES, Move
from service.routers.manage.new import linked_new
from service.routers.manage.orders import WAIVER
from service.routers.manage.telling import plainly
from service.routers.project_views import costs_shown, funding_shown, project_row
from service.routers.schemas.money import CostsShown, FundingShown
from service.states import Outcome
from service.workflows.commands import Close, Command
from service.workflows.exits import OUTCOMES, outcomes_from
from service.workflows.machines import ENQUIRY, PROJECT

router = APIRouter(include_in_schema=False, prefix="/manage/enquiries/{reference}/do/{event}")


MERGING = "merging"
"""Marks the form of closing that was opened to merge: it asks for the other enquiry, and for no other outcome."""


def asked_for(event: str) -> Move:
    """Return the move that an address names. Raises Problem 404 for none such."""
    move = MOVES.get(event)
    if move is None:
        raise not_found("step")
    return move


Asked = Annotated[Move, Depends(asked_for)]


@dataclass(frozen=True, slots=True)
class Money:
    """What a project costs and what is confirmed for it, to be seen before anybody confirms that it is paid for."""

    costs: CostsShown
    funding: FundingShown


@router.get("")
def show(request: Request, case: Case, move: Asked) -> Response:
    """The form, filled with what the address names (`?interest=…`, `?recipients=…`, `?reply_by=2026-11-22`)."""
    asked: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        asked.setdefault(name, []).append(value.replace("\x00", ""))
    move = _meant(case, move)
    form = filled_from(move, asked)
    if form.value("outcome") == Outcome.DUPLICATE:
        form.values[MERGING] = "yes"
    return _page(case, move, form)


@router.post("")
def do(case: Case, move: Asked, posted: PostedForm) -> Response:
    """Put the event. A refusal, a mistake or somebody else's change shows the form again with every word kept."""
    move = _meant(case, move)
    # A key pressed in another field may send the first button of the form, which is this one.
    if posted.line("look") == "target" and posted.line("outcome") == Outcome.DUPLICATE:
        return _page(case, move, Filled.from_posted(posted), looked_for=posted.line("look_for"))
    mistakes = Mistakes()
    command = read_command(move, posted, mistakes)
    heard = heard_in(move, posted, mistakes, case.ctx.now)
    if command is None or mistakes:
        return _page(case, move, Filled.from_posted(posted, mistakes.found), status=422, posted=posted)

    def work(unit: Unit) -> None:
        put = progress_project if move.machine is PROJECT else progress
        check = case.unchanged(posted)
        if heard is None:
            put(unit, case.ctx, case.enquiry_id, command, check)
        else:
            # Looked at first: what is written down may hand the ball back, and that is not somebody else's change.
            check(unit, enquiries.lock(unit, case.enquiry_id))
            said = write_down(unit, case.ctx, case.enquiry_id, heard)
            put(unit, case.ctx, case.enquiry_id, quoting(command, said))

    try:
        if posted.line("look") == "mails":
            letters = letters_of(case, posted, work)
            return _page(case, move, Filled.from_posted(posted), posted=posted, letters=letters)
        case.desk.write(posted, work)
    except Problem as problem:
        return _refused(case, move, posted, problem)
    return case.back(_done(move, command), under=move.then)


def _meant(case: AtCase, move: Move) -> Move:
    """Return the project's move where the address names the enquiry's twin and only the project's is possible."""
    twin = MOVES.get(f"{move.event}_project") if move.machine is ENQUIRY else None
    if twin is None:
        return move
    sheet = case.desk.read(lambda unit: move_sheet(unit, case.ctx, case.enquiry_id, ENQUIRY, move.event, ()))
    return twin if sheet.is_project_paused and not sheet.is_on_hold else move


def _done(move: Move, command: Command) -> str:
    return "merged" if isinstance(command, Close) and command.outcome is Outcome.DUPLICATE else move.slug


def _refused(case: AtCase, move: Move, posted: Posted, problem: Problem) -> Response:
    """Show the form as things are now, with the sentence; another kind of problem is told on its own page."""
    if problem.status == 412:
        changes = case.desk.read(lambda unit: changes_told(unit, case.enquiry_id, posted))
        return _page(case, move, Filled.from_posted(posted), status=412, posted=posted, changes=changes)
    if problem.status not in {409, 422}:
        raise problem
    guards = problem.extra.get("guards") or []
    waivable = {guard["guard"]: plainly(guard["detail"]) for guard in guards if guard["waivable"]}
    standing = [plainly(guard["detail"]) for guard in guards if not guard["waivable"]]
    errors: dict[str, str] = {_field(move, each["field"]): each["message"] for each in problem.errors}
    if not errors:
        errors = {"page": " ".join(standing)} if standing or not waivable else {}
        errors |= {WAIVER + code: detail for code, detail in waivable.items()}
        errors = errors if guards else {"page": plainly(problem.detail)}
    return _page(
        case, move, Filled.from_posted(posted, errors), status=problem.status, posted=posted, waivable=waivable
    )


def _field(move: Move, name: str) -> str:
    return next((field for field, each in move.fields.items() if name == field or name in each.members), "page")


def _page(
    case: AtCase,
    move: Move,
    form: Filled,
    *,
    status: int = 200,
    posted: Posted | None = None,
    changes: object = None,
    waivable: Mapping[str, str] | None = None,
    looked_for: str = "",
    letters: Sequence[Letter] | None = None,
) -> Response:
    kinds = {each.kind for each in move.fields.values()}

    chosen = form.value("target") if move.event == "close" and not looked_for else ""

    def work(unit: Unit) -> tuple[MoveSheet, tuple[Option, ...], Option | None, Money | None]:
        sheet = move_sheet(unit, case.ctx, case.enquiry_id, move.machine, move.event, kinds)
        found = targets(unit, case.ctx, case.enquiry_id, looked_for[:200]) if looked_for else ()
        named = target(unit, case.ctx, chosen[:200]) if chosen else None
        return sheet, found, named, _money(unit, case) if move.event == "confirm_funding" else None

    sheet, found, named, money = case.desk.read(work)
    asked_already = {
        guard.code: form.value(WAIVER + guard.code) for guard in move.row.guards if form.value(WAIVER + guard.code)
    }
    told = {
        "move": move,
        "sheet": sheet,
        "form": form,
        "version": sheet.version,
        "changes": changes,
        "waivers": {guard.guard: plainly(guard.detail) for guard in sheet.guards if guard.waivable}
        | dict.fromkeys(asked_already, "You gave a reason to go on all the same.")
        | dict(waivable or {}),
        "hindered": [plainly(guard.detail) for guard in sheet.guards if not guard.waivable] if posted is None else [],
        "outcomes": {outcome.value: OUTCOMES[outcome] for outcome in outcomes_from(sheet.state, case.ctx.actor.role)},
        "letters": letters,
        "linked_new": linked_new(case.reference) if move.event == "reopen" and sheet.state == "closed" else None,
        "looked_for": looked_for,
        "found": found,
        "named": named,
        "money": money,
        "places": range(1, ALTERNATES + 1),
        "anchors": _anchors(move, form),
        "keeps_form": posted is not None,
        "heard_new": NEW,
    }
    return case.page("manage/move.html", told, status=status)


def _money(unit: Unit, case: AtCase) -> Money | None:
    project_id = enquiries.one(unit, case.enquiry_id).project_id
    if project_id is None:
        return None
    row = project_row(unit, project_id)
    return Money(costs_shown(unit, row), funding_shown(unit, row))


def _anchors(move: Move, form: Filled) -> dict[str, str]:
    """Where the error summary leads: to the part of a field in which somebody can type or choose."""
    anchors = {name: name for name in form.errors} | {"page": "main-content"} | ANCHORS
    for name, each in move.fields.items():
        if each.kind == "day":
            anchors[name] = f"{name}-day"
        elif each.kind == "alternates":
            anchors[name] = f"{name}-1"
        elif each.kind in {"brief_version", "brief_hash", "costs_version", "offer"}:
            anchors[name] = "main-content"
        elif each.kind == "risk":
            anchors[name] = f"{name}-borne_by"
    return anchors
