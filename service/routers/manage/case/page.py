"""An enquiry's main page: its whole story, who must act, what is possible, and a place to write."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from service import vocabulary
from service.actions.publishing_answers import may_be_published
from service.delivery import wordings
from service.delivery.failures import FinalFailure
from service.delivery.letterhead import Letterhead
from service.delivery.render import render
from service.errors import Problem
from service.records import kin, timeline
from service.records.database import Unit
from service.records.manage_case import CasePage, askers, case_page, story
from service.routers.forms import Filled, asked_in
from service.routers.learning import learn_question
from service.routers.manage import telling
from service.routers.manage.case.related import close_ways, like
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.moves.table import MOVES, Move, move_of
from service.routers.manage.new import linked_new
from service.routers.manage.queue import asked
from service.routers.paging import decode_cursor, encode_cursor
from service.routers.services import services_of
from service.states import BriefState, EnquiryState, Outcome, WaitingOn
from service.workflows.decide import Possibilities
from service.workflows.exits import outcomes_from
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine

router = APIRouter(include_in_schema=False)

PAGE_OF_STORY = 30

ROOMS = (
    ("Brief", "/brief"),
    ("Related", "/related"),
    ("Matches", "/matches"),
    ("Call", "/call"),
    ("Choice", "/choice"),
    ("Project", "/project"),
    ("Plan", "/plan"),
    ("Published answer", "/answer"),
    ("Facts", "/facts"),
    ("File a mail", "/mail"),
    ("Files", "/files"),
    ("Legal hold", "/legal-hold"),
)
"""The enquiry's other pages."""

_DONE = {
    "said": "It is recorded.",
    "sent": "Your message is on its way.",
    "invited": "The meeting is recorded, and the invitation is on its way.",
    "answered": "Your answer is on its way to every university that has the brief.",
    "noted": "Your note is kept. Only the team reads it.",
    "again": "That was recorded already, a moment ago. It was not recorded twice.",
    "date": "You will be reminded on that day.",
    "cancelled": "That one will not go out.",
    "file": "The file is added.",
    "merged": "The other enquiry is closed and leads here. Its people were told, and join this one.",
}

_IN_STORY = ("See it in the story", "#story")
_TO_COME = ("See what is still to come", "#follow-ups")
_ONWARD = {
    **dict.fromkeys(("said", "sent", "invited", "answered", "noted", "again"), _IN_STORY),
    **dict.fromkeys(("date", "cancelled"), _TO_COME),
}
"""Where on the page what was done can be seen."""


class _Stood(NamedTuple):
    at: datetime
    id: UUID


@router.get("/manage/enquiries/{reference}")
def show(
    case: Case,
    reference: str,
    done: str = "",
    kind: str = "",
    before: Annotated[str, Query(max_length=2000)] = "",
    stay: str = "",
    queue: str = "",
) -> Response:
    """The page; a merged enquiry's leads on to where it goes on, unless its reader asks to stay, and a reference
    written differently to how we write it. `queue` is the view of the queue that its reader came from."""
    to = case.leads_to if case.leads_to and not stay else case.reference
    if to != reference:
        kept = {
            name: value for name, value in (("done", done), ("kind", kind), ("stay", stay), ("queue", queue)) if value
        }
        return RedirectResponse(f"/manage/enquiries/{to}" + (f"?{urlencode(kept)}" if kept else ""), 308)
    return show_page(
        case, done=done, kind=kind if kind in telling.STORIES else "", before=before, came_from=_view(queue)
    )


def show_page(
    case: AtCase,
    form: Filled | None = None,
    *,
    status: int = 200,
    done: str = "",
    kind: str = "",
    before: str = "",
    opened: str = "",
    came_from: str = "",
) -> Response:
    """Return the page, with a form's mistakes (`opened` says which of them it is), or with what was just done."""
    place = _place(before)
    learn_question(services_of(case.desk.request), case.ctx, case.enquiry_id)

    def work(unit: Unit) -> tuple[CasePage, list[timeline.Moment], dict[UUID, str], kin.Related | None]:
        found = case_page(unit, case.ctx, case.enquiry_id)
        told = story(unit, case.enquiry_id, kind, before=place, limit=PAGE_OF_STORY + 1)
        return found, told, askers(unit, told), like(unit, case, found.enquiry.state)

    shown, moments, universities, alike = case.desk.read(work)
    last = moments[PAGE_OF_STORY - 1].place if len(moments) > PAGE_OF_STORY else None
    enquiry, moves = shown.enquiry, _moves(shown)
    is_our_turn = shown.standing.holder == WaitingOn.TEAM
    leading = _leading(shown, moves["next"]) if is_our_turn else None
    told = {
        "shown": shown,
        "enquiry": enquiry,
        "headline": telling.headline(enquiry.state, is_agreed=_is_agreed(shown)),
        "facts": _facts(shown),
        "moves": moves,
        "alike": alike,
        "close_ways": close_ways(case, shown.enquiry.state, shown.possible.available),
        "leading": leading,
        "way": _way(case, shown),
        "linked_new": _linked_new(case, shown),
        "can_merge": _can_merge(case, shown),
        "is_our_turn": is_our_turn,
        "refused": _refused(case, ENQUIRY, shown.possible) + _refused(case, PROJECT, shown.project_possible),
        "rooms": _rooms(case, shown),
        "telling": telling,
        "title_of": wordings.title,
        "moments": [(telling.kind_of(moment), moment) for moment in moments[:PAGE_OF_STORY]],
        "universities": universities,
        "subjects": _subjects(case, moments) if kind == "mail" else {},
        "kind": kind,
        "is_later_part": place is not None,
        "earlier": _address(case, kind, encode_cursor(_Stood(last.at, last.id))) if last else None,
        "form": form or Filled({"contact_visibility": "enquirer", "contact_direction": "out"}),
        "opened": opened,
        "version": enquiry.version,
        "done": _told_done(done),
        "onward": _ONWARD.get(done),
        "came_from": came_from,
    }
    return case.page("manage/page.html", told, status=status)


def _view(address: str) -> str:
    """Return the view of the queue that an address asks for, by the names the queue knows and no others."""
    view = asked_in(address)
    return asked.address(view, cursor=view.line("cursor"))


def _subjects(case: AtCase, moments: Sequence[timeline.Moment]) -> dict[UUID, str]:
    """Return what stands over each mail, by id. Its text stays where it is: it may hold a link that lets somebody in."""
    letterhead = Letterhead.of(services_of(case.desk.request).settings)
    subjects = {}
    for moment in moments:
        if isinstance(moment, timeline.MessageAt):
            with suppress(FinalFailure):
                subjects[moment.place.id] = render(moment.row, letterhead).subject
    return subjects


def _told_done(done: str) -> str | None:
    return MOVES[done].done if done in MOVES else _DONE.get(done)


def _place(before: str) -> timeline.Place | None:
    if not before:
        return None
    try:
        stood = decode_cursor(before, _Stood)
    except Problem:
        # An old or mistyped address shows the newest part: there is nothing to refuse here.
        return None
    return timeline.Place(stood.at, stood.id)


def _address(case: AtCase, kind: str, before: str) -> str:
    return f"{case.path}?{urlencode({'kind': kind, 'before': before})}#story"


def _moves(shown: CasePage) -> Mapping[str, list[Move]]:
    """Return what is possible, what leads on before what leads back: the next steps, what is possible nearly always, and
    what of that is hardly ever wanted."""
    pairs = [(ENQUIRY, event) for event in shown.possible.available]
    pairs += [(PROJECT, event) for event in shown.project_possible.available]
    found = [move for move in MOVES.values() if (move.machine, move.event) in pairs]
    return {
        "next": [move for move in found if not move.is_aside],
        "aside": [move for move in found if move.is_aside and not move.is_rare],
        "rare": [move for move in found if move.is_rare],
    }


def _is_agreed(shown: CasePage) -> bool:
    """Tell whether the enquirer agreed the brief and nothing but publishing it is left."""
    is_agreed = shown.brief is not None and shown.brief[1] == BriefState.AGREED
    return is_agreed and shown.enquiry.state == EnquiryState.SIGN_OFF


def _leading(shown: CasePage, moves: Sequence[Move]) -> str | None:
    """Return the step that is the main thing to do now, which is never one that undoes or ends something."""
    if shown.call_ran_out_on:
        return "close_call"
    forward = [move.slug for move in moves if not move.leads_back]
    return "publish" if _is_agreed(shown) and "publish" in forward else next(iter(forward), None)


def _way(at: AtCase, shown: CasePage) -> tuple[str, str] | None:
    """Return the page on which the work of this stage is done, where that is no step of its own: its name and address."""
    if shown.enquiry.on_hold:
        return None
    match EnquiryState(shown.enquiry.state):
        case EnquiryState.DRAFTING:
            return "Write the brief", f"{at.path}/brief"
        case EnquiryState.COSTING if shown.standing.holder != WaitingOn.ENQUIRER:
            is_costed = "submit_costing" in shown.possible.available
            return ("Change the costs" if is_costed else "Enter the costs"), f"{at.path}/project/costs"
        case EnquiryState.COSTING | EnquiryState.FUNDING | EnquiryState.CONTRACTING | EnquiryState.COMMISSIONED:
            return "Go to the project", f"{at.path}/project"
        case _:
            return None


def _linked_new(case: AtCase, shown: CasePage) -> str | None:
    """Return where a new enquiry is begun that takes this one up, once this one is not reopened any more."""
    is_closed = shown.enquiry.state == EnquiryState.CLOSED
    return linked_new(case.reference) if is_closed and "reopen" not in shown.possible.available else None


def _can_merge(case: AtCase, shown: CasePage) -> bool:
    """Tell whether it may go on as a part of another enquiry: a way to close it that is looked for by its own name."""
    outcomes = outcomes_from(EnquiryState(shown.enquiry.state), case.ctx.actor.role)
    return "close" in shown.possible.available and Outcome.DUPLICATE in outcomes


def _refused(case: AtCase, machine: Machine, possible: Possibilities) -> list[tuple[str, str, tuple[str, str] | None]]:
    """Return what is refused: its label, the sentence, and the page on which that is put right."""
    return [
        (move.label, telling.plainly(sentence), (move.mended[0], case.path + move.mended[1]) if move.mended else None)
        for event, sentence in possible.refused
        if (move := move_of(machine, event)) is not None
    ]


def _rooms(case: AtCase, shown: CasePage) -> list[tuple[str, str]]:
    """Return the enquiry's other pages, those that there is something on."""
    empty = {
        "/project": shown.project is None,
        "/choice": not shown.has_call,
        "/answer": not may_be_published(shown.enquiry),
    }
    return [(label, case.path + under) for label, under in ROOMS if not empty.get(under, False)]


def _facts(shown: CasePage) -> list[tuple[str, str]]:
    """Return what is known, in words; what is not known is left out."""
    enquiry = shown.enquiry
    groups = [vocabulary.POPULATIONS.get(code, code) for code in enquiry.population]
    known = (
        (
            "Organisation",
            shown.standing.organisation.name if shown.standing.organisation else enquiry.organisation_name,
        ),
        ("Sector", vocabulary.SECTORS.get(enquiry.sector or "", enquiry.sector)),
        ("Kind of enquiry", vocabulary.ENQUIRY_TYPES.get(enquiry.enquiry_type or "", enquiry.enquiry_type)),
        ("Topics", ", ".join(vocabulary.TOPICS.get(code, code) for code in enquiry.topics)),
        ("What it will help them do", enquiry.purpose),
        ("Who decides", enquiry.who_decides),
        ("Kind of decision", vocabulary.DECISION_WINDOWS.get(enquiry.decision_window or "", enquiry.decision_window)),
        ("Who it is about", ", ".join(groups)),
        ("In particular", enquiry.population_notes),
        ("Where", enquiry.place),
        ("What they know already", enquiry.known_evidence),
        ("What would not help", enquiry.not_wanted),
        ("Evidence wanted", ", ".join(vocabulary.EVIDENCE_WANTED.get(c, c) for c in enquiry.evidence_wanted)),
        ("Methods", ", ".join(vocabulary.METHODS.get(code, code) for code in enquiry.methods)),
        ("Money", vocabulary.BUDGET_BANDS.get(enquiry.budget_band or "", enquiry.budget_band)),
        (
            "Universities are told",
            vocabulary.ORGANISATION_SHOWN.get(enquiry.organisation_shown or "", enquiry.organisation_shown),
        ),
        ("Described as", enquiry.organisation_description),
        ("How it came", vocabulary.CHANNELS.get(enquiry.channel, enquiry.channel)),
    )
    return [(label, text) for label, text in known if text]
