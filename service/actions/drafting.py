"""Drafts: every page of the form saves what was answered; nobody is told until it is sent."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from service.actions import remind
from service.clock import machine_now
from service.context import Context
from service.errors import Problem
from service.records import drafts, enquiries, outbox, rates
from service.records.database import Unit
from service.records.tables import Enquiry
from service.states import EnquiryState, WaitingOn

_LINKS_AN_HOUR = 5


class Answers(TypedDict, total=False):
    """What a page of the form can answer, by column. A key that is absent was not asked on that page."""

    question: str
    form_name: str | None
    form_email: str | None
    form_phone: str | None
    organisation_name: str | None
    purpose: str | None
    who_decides: str | None
    needed_by: date | None
    decision_date: date | None
    decision_window: str | None
    organisation_shown: str | None
    organisation_description: str | None
    population: list[str]
    population_notes: str | None
    place: str | None
    known_evidence: str | None
    not_wanted: str | None
    evidence_wanted: list[str]
    budget_band: str | None
    form_colleagues: list[str]
    continues_id: UUID | None


def save_draft(unit: Unit, ctx: Context, draft_id: UUID, token_digest: str, answers: Answers) -> Enquiry:
    """Keep one page's answers, starting the draft when this is its first page, and return it.

    A draft that has been sent meanwhile is returned as it is: a late save changes nothing. Raises Problem 410 when it
    is no longer kept.
    """
    draft = enquiries.by_form_token(unit, token_digest)
    if draft is None:
        draft = Enquiry(**begun(ctx.now), id=draft_id, form_token=token_digest)
    else:
        draft = enquiries.lock(unit, draft.id)
        if draft.state != EnquiryState.DRAFT:
            return draft
        require_kept(draft, ctx)
    for column, answer in answers.items():
        setattr(draft, column, answer)
    draft.original_question = draft.question
    draft.updated_at = ctx.now
    unit.add(draft)
    unit.flush()
    remind.draft_saved(unit, ctx, draft)
    return draft


def require_kept(draft: Enquiry, ctx: Context) -> None:
    """Raise Problem 410 for a draft that has been kept its time."""
    if drafts.kept_until(draft) <= ctx.now:
        raise Problem(
            "gone", 410, "We keep unfinished questions for 28 days, and this one is gone. Please start again."
        )


def mail_draft_link(unit: Unit, ctx: Context, draft: Enquiry) -> bool:
    """Mail the link under which a draft can be finished later; False when it holds no address to mail to.

    The row holds the draft's id; the link is signed when the letter is written. Anybody can type an address, so one
    address gets no more than a few an hour.
    """
    if not draft.form_email:
        return False
    door = f"draft-link:{hashlib.sha256(draft.form_email.encode()).hexdigest()[:32]}"
    now = machine_now()
    if rates.take(unit, door, limit=_LINKS_AN_HOUR, window=timedelta(hours=1), machine_now=now) is not None:
        return False
    outbox.queue(
        unit,
        ctx,
        kind="draft_link",
        to_address=draft.form_email,
        to_name=draft.form_name or "",
        params={"draft_id": draft.id},
        enquiry_id=draft.id,
    )
    return True


def discard_draft(unit: Unit, draft_id: UUID) -> None:
    """Forget a draft, its files included; nothing when it is gone already or has been sent."""
    try:
        draft = enquiries.lock(unit, draft_id)
    except LookupError:
        return
    if draft.state == EnquiryState.DRAFT:
        drafts.forget(unit, draft)


def begun(now: datetime) -> dict[str, Any]:
    """Return what every enquiry begins as, by column: a draft, and its enquirer's to go on with."""
    return {
        "state": EnquiryState.DRAFT,
        "waiting_on": WaitingOn.ENQUIRER,
        "waiting_since": now,
        "state_since": now,
        "created_at": now,
        "updated_at": now,
    }
