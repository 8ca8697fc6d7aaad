"""The briefs a university was sent, as its contacts read them, and what they can answer on a brief's page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions import respond
from service.actions.feeding import title_in_version
from service.actions.fetching import note_fetched
from service.actions.progress import progress
from service.errors import not_found
from service.records import calls, conversation, enquiries, partner_page
from service.records.calls import CallRow
from service.records.database import Unit
from service.records.partner_page import ProjectInHand
from service.routers.form_schemas import prose
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.paging import Cursor, encode_cursor, place_at
from service.routers.partner.desk import AnyContact, Contact, id_in
from service.routers.university_views import call_state, own_offer, received_brief, sent_row
from service.states import PROJECT_STATES, EnquiryState, OfferState, ProjectState, WaitingOn
from service.workflows.commands import AcceptOffer, DeclineOffer
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

TO_ANSWER = ("told", "fetched", "acknowledged", "no_reply")
"""How a brief stands with a university that is yet to say whether it offers a team."""

_AT_ONCE = 50
_TWICE_WITHIN = timedelta(minutes=1)

Do = Callable[[Unit, Contact, UUID], object]
"""Carries out what was asked about an enquiry, which is locked."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One button of the page: how its form is read, and what is told once it is done."""

    read: Callable[[Posted, Mistakes], Do]
    told: str


@router.get("/partner")
def list_briefs(here: AnyContact, cursor: Cursor = None) -> Response:
    """Open briefs and what else waits for this university; past briefs a stretch at a time."""
    before = place_at(cursor, UUID)

    def work(unit: Unit) -> dict[str, object]:
        university = here.university.id
        is_open = partner_page.briefs_sent(unit, university, is_open=True, limit=4 * _AT_ONCE) if before is None else []
        past = partner_page.briefs_sent(unit, university, is_open=False, before=before, limit=_AT_ONCE + 1)
        waiting = [row for row in calls.offers_to(unit, university, limit=_AT_ONCE) if row[0].state == OfferState.OPEN]
        return {
            "open": sorted((_summary(unit, here, row) for row in is_open), key=_urgency),
            "past": [_summary(unit, here, row) for row in past[:_AT_ONCE]],
            "offers": [own_offer(unit, row) for row in waiting],
            "projects": [_project(unit, row) for row in partner_page.projects_in_hand(unit, university)],
            "following": encode_cursor(past[_AT_ONCE - 1][0].id) if len(past) > _AT_ONCE else None,
            "is_later": before is not None,
            "to_answer": TO_ANSWER,
        }

    return here.page("home.html", here.read(work))


@router.get("/partner/briefs/{brief_id}")
def show_brief(here: AnyContact, brief_id: PathId, done: str = "") -> Response:
    """One brief, and everything this university can answer. Opening it counts as fetched, not as acknowledged."""
    wanted = meant(brief_id, "brief")
    _, _, recipient = here.read(lambda unit: sent_row(unit, wanted, here.university.id))
    if recipient.fetched_at is None:
        here.note(lambda unit: note_fetched(unit, here.ctx, [recipient.id]))
    return show_page(here, wanted, told=DOINGS[done].told if done in DOINGS else _ALSO_DONE.get(done))


@router.post("/partner/briefs/{brief_id}")
def answer_brief(here: AnyContact, brief_id: PathId, posted: PostedForm) -> Response:
    """Do what the button says. A refusal shows the page as it is now, with the reason, and every word kept."""
    wanted = meant(brief_id, "brief")
    _, enquiry, _ = here.read(lambda unit: sent_row(unit, wanted, here.university.id))
    event = posted.line("event")
    doing = DOINGS.get(event)
    if doing is None:
        raise not_found("button")
    mistakes = Mistakes()
    todo = doing.read(posted, mistakes)

    def again(form: Filled, status: int) -> Response:
        return show_page(here, wanted, form, status=status)

    if mistakes:
        return again(Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        enquiries.lock(unit, enquiry.id)
        todo(unit, here, enquiry.id)

    return here.put(posted, work, again, f"/partner/briefs/{wanted}", event)


def show_page(
    here: Contact, brief_id: UUID, form: Filled | None = None, *, status: int = 200, told: str | None = None
) -> Response:
    """Return a brief's page, with a form's mistakes or with what was just done."""

    def work(unit: Unit) -> dict[str, object]:
        row = sent_row(unit, brief_id, here.university.id)
        sent, enquiry, recipient = row
        offers = [offer for offer in calls.offers(unit, enquiry.id) if offer.organisation_id == here.university.id]
        return {
            "brief": received_brief(unit, here.ctx, row),
            "offers": [own_offer(unit, (offer, enquiry)) for offer in reversed(offers)],
            "is_late": local_date(here.ctx.now) > sent.reply_by,
            "no_interest": respond.why_no_interest(enquiry, sent),
            "no_decline": respond.why_no_decline(enquiry, sent, recipient),
            "no_question": respond.why_no_question(sent),
        }

    return here.page("brief.html", {"form": form or Filled(), "done": told, **here.read(work)}, status=status)


def _summary(unit: Unit, here: Contact, row: CallRow) -> dict[str, object]:
    """Return a brief as one line of the list."""
    sent, enquiry, recipient = row
    return {
        "id": enquiry.brief_id,
        "title": title_in_version(unit, enquiry, sent.brief_version),
        "reply_by": sent.reply_by,
        "state": call_state(sent),
        "status": calls.status_of(recipient, sent.reply_by, local_date(here.ctx.now)),
        "told_at": recipient.told_at,
    }


def _urgency(brief: Mapping[str, object]) -> tuple[bool, str]:
    """Order open briefs: those still to be answered first, and what is to be answered soonest before the rest."""
    return brief["status"] not in TO_ANSWER, str(brief["reply_by"])


def _project(unit: Unit, row: ProjectInHand) -> dict[str, object]:
    """Return a project in hand as one line of the list."""
    project, enquiry, interest = row
    is_wanted = EnquiryState(enquiry.state) == EnquiryState.COSTING and enquiry.waiting_on == WaitingOn.UNIVERSITIES
    return {
        "id": project.id,
        "title": title_in_version(unit, enquiry, interest.brief_version),
        "lead_name": interest.lead_name,
        "label": PROJECT_STATES[ProjectState(project.state)],
        "costs_wanted": is_wanted,
    }


def _receipt(_posted: Posted, _mistakes: Mistakes) -> Do:
    return lambda unit, here, enquiry_id: respond.acknowledge(unit, here.ctx, enquiry_id, here.university.id)


def _decline(posted: Posted, mistakes: Mistakes) -> Do:
    mistakes.required("reason", posted.line("reason"), "Choose why it is not for you this time")
    reason = mistakes.choice("reason", posted.line("reason"), vocabulary.DECLINE_REASONS, "Choose one of the reasons")
    comment = prose_or_none(posted, mistakes, "comment", "What you add")

    def do(unit: Unit, here: Contact, enquiry_id: UUID) -> None:
        found = calls.recipient(unit, enquiry_id, here.university.id)
        if found and found.declined_at and (found.decline_reason, found.decline_comment) == (reason, comment):
            return
        respond.decline(unit, here.ctx, enquiry_id, here.university.id, reason or "", comment)

    return do


def _ask(posted: Posted, mistakes: Mistakes) -> Do:
    body = prose(posted, mistakes, "body", "Write your question", "Your question")

    def do(unit: Unit, here: Contact, enquiry_id: UUID) -> None:
        since = here.ctx.now - _TWICE_WITHIN
        asked = conversation.questions_of(unit, enquiry_id, here.university.id)
        if not any(each.body == body and each.occurred_at >= since for each, _ in asked):
            respond.ask_about_brief(unit, here.ctx, enquiry_id, here.university.id, body)

    return do


def _accept_offer(posted: Posted, _mistakes: Mistakes) -> Do:
    offer_id = id_in(posted, "offer", "offer")

    def do(unit: Unit, here: Contact, enquiry_id: UUID) -> None:
        if own_offer_state(unit, here, enquiry_id, offer_id) != OfferState.ACCEPTED:
            progress(unit, here.ctx, enquiry_id, AcceptOffer(offer=offer_id))

    return do


def _decline_offer(posted: Posted, mistakes: Mistakes) -> Do:
    offer_id = id_in(posted, "offer", "offer")
    reason = prose(posted, mistakes, "offer_reason", "Say why you cannot take it on", "Your reason")

    def do(unit: Unit, here: Contact, enquiry_id: UUID) -> None:
        if own_offer_state(unit, here, enquiry_id, offer_id) != OfferState.DECLINED:
            progress(unit, here.ctx, enquiry_id, DeclineOffer(offer=offer_id, reason=reason))

    return do


def own_offer_state(unit: Unit, here: Contact, enquiry_id: UUID, offer_id: UUID) -> str:
    """Return the state of an offer to one of this university's teams. Raises Problem 404 for any other."""
    found = calls.enquiry_of_offer(unit, offer_id)
    if found is None or found[0].organisation_id != here.university.id or found[1].id != enquiry_id:
        raise not_found("offer")
    return found[0].state


def prose_or_none(posted: Posted, mistakes: Mistakes, name: str, what: str) -> str | None:
    """Return a text that may be left out, noting when it is too long."""
    return prose(posted, mistakes, name, "", what) or None if posted.prose(name) else None


DOINGS: dict[str, Doing] = {
    "receipt": Doing(_receipt, "Thank you. We know that somebody has read it."),
    "decline": Doing(_decline, "Thank you for telling us. You can still offer a team until one has been chosen."),
    "ask": Doing(
        _ask, "We have your question. The answer goes to every university that has the brief, and not your name."
    ),
    "accept_offer": Doing(_accept_offer, "You have accepted the offer. What we need next are the costs."),
    "decline_offer": Doing(_decline_offer, "You have declined the offer. Thank you for answering."),
}

_ALSO_DONE = {
    "interest": "You have offered a team. You can change what you wrote until a team has been chosen.",
    "amended": "Your changes are saved.",
}
