"""A lead researcher's page: the brief they were named on, the offer, and their project. Its id is the interest's."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.feeding import title_in_version
from service.actions.progress import progress
from service.errors import not_found
from service.records import enquiries, partner_page
from service.records.database import Unit
from service.routers.form_schemas import YES_NO, prose
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.partner.desk import AnyGuest, Lead, LeadAtWork, id_in
from service.routers.partner.project_doing import DOINGS, do
from service.routers.partner.project_page import forms_told, project_told
from service.routers.schemas.briefs import OwnInterest
from service.routers.university_views import own_offer, received_brief, sent_row
from service.states import OfferState
from service.workflows.commands import AcceptOffer, DeclineOffer

router = APIRouter(include_in_schema=False)

_TOLD = {
    "accept_offer": "You have accepted. Your university has been asked for the costs, and you can propose them here.",
    "decline_offer": "You have declined the offer. Thank you for answering.",
}


@router.get("/work")
def list_work(here: AnyGuest) -> Response:
    """Everything that names whoever is signed in as its lead."""

    def work(unit: Unit) -> list[dict[str, object]]:
        return [
            {
                "id": each.interest.id,
                "title": title_in_version(unit, each.enquiry, each.interest.brief_version),
                "submitted_at": each.interest.submitted_at,
                "offer": each.offer,
                "project": each.project,
            }
            for each in partner_page.led_by(unit, here.visitor.person_id)
        ]

    return here.page("works.html", {"works": here.read(work)})


@router.get("/work/{interest_id}")
def show_work(here: LeadAtWork, done: str = "") -> Response:
    """The brief, the offer and the project of one interest, to the lead that it names."""
    doing = DOINGS.get(done)
    return _page(here, told=doing.told if doing else _TOLD.get(done))


@router.post("/work/{interest_id}")
def do_work(here: LeadAtWork, posted: PostedForm) -> Response:
    """Do what the button says. A refusal shows the page as it is now, with the reason, and every word kept."""
    event = posted.line("event")
    if event == "more" and here.led.project is not None:
        return _page(here, Filled.from_posted(posted), posted)
    mistakes = Mistakes()
    todo = _read(here, event, posted, mistakes)

    def again(form: Filled, status: int) -> Response:
        return _page(here, form, posted, status=status)

    if mistakes:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    return here.put(posted, todo, again, here.path, event)


def _read(here: Lead, event: str, posted: Posted, mistakes: Mistakes) -> Callable[[Unit], object]:
    """Return what a button asks. Raises Problem 404 for one that is none, or that has nothing to act on."""
    if event in _TOLD and here.led.offer is not None:
        return _answer(here, event, posted, mistakes)
    doing, project = DOINGS.get(event), here.led.project
    if doing is None or not doing.for_lead or project is None:
        raise not_found("button")
    todo = doing.read(posted, mistakes)
    return lambda unit: do(unit, here.ctx, project.id, todo)


def _answer(here: Lead, event: str, posted: Posted, mistakes: Mistakes) -> Callable[[Unit], object]:
    offer_id = id_in(posted, "offer", "offer")
    is_yes = event == "accept_offer"
    reason = "" if is_yes else prose(posted, mistakes, "offer_reason", "Say why you cannot take it on", "Your reason")

    def work(unit: Unit) -> None:
        enquiries.lock(unit, here.led.enquiry.id)
        now = partner_page.led(unit, here.led.interest.id, here.visitor.person_id)
        if now is None or now.offer is None or now.offer.id != offer_id:
            raise not_found("offer")
        if now.offer.state == (OfferState.ACCEPTED if is_yes else OfferState.DECLINED):
            return
        answer = AcceptOffer(offer=offer_id) if is_yes else DeclineOffer(offer=offer_id, reason=reason)
        progress(unit, here.ctx, now.enquiry.id, answer)

    return work


def _page(
    here: Lead,
    form: Filled | None = None,
    posted: Posted | None = None,
    *,
    status: int = 200,
    told: str | None = None,
) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        found = partner_page.led(unit, here.led.interest.id, here.visitor.person_id)
        if found is None:
            raise not_found("work of yours")
        interest, enquiry = found.interest, found.enquiry
        shown: dict[str, object] = {
            "brief": received_brief(unit, here.ctx, sent_row(unit, enquiry.brief_id, interest.organisation_id)),
            "interest": OwnInterest.of(interest, enquiry.brief_id),
            "offer": own_offer(unit, (found.offer, enquiry)) if found.offer else None,
            "project": None,
        }
        if found.project is not None:
            shown |= project_told(unit, here.ctx, (found.project, enquiry))
            shown |= forms_told(form, posted, shown)
        return shown

    shown = here.read(work)
    told_too = {"form": form or Filled(), "done": told, "is_contact": False, "path": here.path, "yes_no": YES_NO}
    told_too["stale"] = status == 412
    return here.page("work.html", {**shown, **told_too}, status=status)
