"""Submit: a question arrives, by the form or through a manager who writes it down for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from service.actions import colleagues, remind, telling
from service.actions.discretion import describe_when_wanted
from service.actions.drafting import begun, require_kept
from service.actions.products import require_offered
from service.clock import machine_now
from service.context import Context
from service.errors import Problem, conflict, invalid
from service.ids import new_reference
from service.principals import Principal, Role
from service.records import enquiries, events, files, people, published, rates
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.records.tables import Enquiry, Participation, Person, QuestionVersion
from service.states import EnquiryState
from service.workflows.commands import Submit
from service.workflows.decide import decide
from service.workflows.verdicts import Decision, Refusal
from service.working_time import Reckoning, add_working_days
from service.working_time.wording import full_date

RESPONSE_DAYS = 2
"""Working days within which somebody gets in touch (DOMAIN.md section 3)."""
_RECEIPTS_AN_HOUR = 5
_DETAILS = frozenset({
    "purpose", "who_decides", "decision_date", "needed_by", "decision_window", "decision_step", "population",
    "population_notes", "place", "known_evidence", "not_wanted", "evidence_wanted", "methods", "enquiry_type", "topics",
    "sector", "budget_band", "procurement_route", "product", "organisation_shown", "organisation_description",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """What a manager writes down for an enquirer. `details` are columns of the enquiry, such as `purpose`."""

    question: str
    name: str
    email: str | None = None
    phone: str | None = None
    organisation: str | None = None
    channel: str = "phone"
    form_token: str | None = None
    """Digest of the token of the form it was written on: sent twice, it is recorded once."""
    details: Mapping[str, object] = field(default_factory=dict)
    continues: str | None = None
    """The reference of a closed enquiry that this one takes up."""


def submit(unit: Unit, ctx: Context, draft_id: UUID) -> Enquiry:
    """Send a draft and return the enquiry it became; one that was sent before is returned as it is.

    The person is found by their address or made; an address nobody has confirmed gets its receipt and, until it is
    confirmed, nothing else. Raises Problem 410 for a draft no longer kept, 409 with what is missing.
    """
    try:
        draft = enquiries.lock(unit, draft_id)
    except LookupError as problem:
        raise Problem("gone", 410, "This question is no longer kept. Please start again.") from problem
    if draft.state != EnquiryState.DRAFT:
        return draft
    require_kept(draft, ctx)
    decision = _decided(unit, ctx.acting_as(Principal(role=Role.ENQUIRER)), draft)
    person = people.find_or_make(
        unit, now=ctx.now, name=draft.form_name or "", email=draft.form_email, phone=draft.form_phone
    )
    invited = draft.form_colleagues
    draft.form_name = draft.form_email = draft.form_phone = None
    draft.form_colleagues = []
    actor = Principal(role=Role.ENQUIRER, person_id=person.id, name=person.name)
    _take_in(unit, ctx.acting_as(actor), draft, person, decision)
    files.adopt(unit, draft.id, person.id)
    colleagues.add_named(unit, ctx.acting_as(actor), draft, invited)
    return draft


def submit_on_behalf(unit: Unit, ctx: Context, fields: OnBehalf) -> Enquiry:
    """Record a question for somebody who asked by phone, by mail or in person, and return the enquiry, in triage.

    A manager's own entry confirms the address; one that came along from an earlier enquiry is as confirmed as it was. A
    form that was sent before gives the enquiry it made then. Raises Problem 422 without an email address or phone number,
    for a product that is not offered and an earlier enquiry that is not there, and 409 when that one is still open.
    """
    recorded = enquiries.by_form_token(unit, fields.form_token) if fields.form_token else None
    if recorded is not None:
        return recorded
    if not (fields.email or fields.phone):
        raise invalid("enquirer", "Give an email address or a phone number, so that somebody can get back to them.")
    unknown = set(fields.details) - _DETAILS
    if unknown:
        raise LookupError(f"not columns of an enquiry that may be given: {sorted(unknown)}")
    earlier = _taken_up(unit, fields.continues) if fields.continues else None
    product = fields.details.get("product")
    require_offered(unit, None if product is None else str(product))
    enquiry = Enquiry(
        **begun(ctx.now),
        question=fields.question,
        channel=fields.channel,
        organisation_name=fields.organisation or None,
        form_token=fields.form_token,
        form_name=fields.name,
        form_email=fields.email,
        form_phone=fields.phone,
        continues_id=earlier.id if earlier else None,
    )
    for column, value in fields.details.items():
        setattr(enquiry, column, value)
    unit.add(enquiry)
    unit.flush()
    decision = _decided(unit, ctx, enquiry)
    person = _came_along(unit, earlier, fields) or people.find_or_make(
        unit, now=ctx.now, name=fields.name, email=fields.email, phone=fields.phone, confirmed=True
    )
    enquiry.form_name = enquiry.form_email = enquiry.form_phone = None
    _take_in(unit, ctx, enquiry, person, decision)
    return enquiry


def split_off(unit: Unit, ctx: Context, earlier: Enquiry, question: str, enquiry_type: str | None) -> Enquiry:
    """Record a part of what was asked as an enquiry of its own, in triage, and return it; nobody is told.

    The same person asks it for the same body under the same discretion, and everything that is known is known of it
    too; colleagues come along. People who joined `earlier` when theirs was merged into it stay there: they see no more
    than before. Its first event says where it came from, so that the question is not counted as another one
    (`originating`); a first word that was had counts for it as well. Raises Problem 409 without an enquirer.
    """
    enquirer = unit.get(Person, earlier.enquirer_id) if earlier.enquirer_id else None
    if enquirer is None:
        raise conflict("Nobody is recorded as its enquirer, so nobody would be asking. Record the question by itself.")
    enquiry = Enquiry(
        **begun(ctx.now),
        question=question,
        channel=earlier.channel,
        organisation_id=earlier.organisation_id,
        organisation_name=earlier.organisation_name,
        enquirer_id=enquirer.id,
        owner_id=earlier.owner_id,
        continues_id=earlier.id,
        **{column: getattr(earlier, column) for column in sorted(_DETAILS)},
    )
    enquiry.enquiry_type = enquiry_type or earlier.enquiry_type
    unit.add(enquiry)
    unit.flush()
    decision = _decided(unit, ctx, enquiry)
    origin = {"split_from": str(earlier.id), "split_from_reference": earlier.reference}
    _enter(unit, ctx, enquiry, enquirer, decision, origin)
    for participation, person in enquiries.participants(unit, earlier.id):
        if participation.role == "colleague":
            unit.add(
                Participation(
                    enquiry_id=enquiry.id,
                    person_id=person.id,
                    role="colleague",
                    added_by_id=participation.added_by_id,
                    added_at=ctx.now,
                )
            )
    if earlier.first_response_at is not None:
        enquiry.first_response_at = ctx.now
        events.note(unit, ctx, enquiry, "first_response", data={"occurred_at": ctx.now.isoformat()})
    unit.add(enquiry)
    unit.flush()
    return enquiry


def _taken_up(unit: Unit, reference: str) -> Enquiry:
    """Return the closed enquiry that a new one takes up, because it is not reopened any more."""
    earlier = enquiries.by_reference(unit, reference)
    if earlier is None or earlier.state == EnquiryState.DRAFT:
        raise invalid("continues", "There is no enquiry with that reference.")
    if earlier.state != EnquiryState.CLOSED:
        raise conflict("That enquiry is open, so the work goes on there. A part of it may be split off.")
    return earlier


def _came_along(unit: Unit, earlier: Enquiry | None, fields: OnBehalf) -> Person | None:
    """Return the earlier enquiry's enquirer where the same one asks again: no address or number was entered anew."""
    enquirer = unit.get(Person, earlier.enquirer_id) if earlier and earlier.enquirer_id else None
    if enquirer is None:
        return None
    email = fields.email.strip().lower() if fields.email else None
    is_theirs = email == enquirer.email and (email is not None or fields.phone == enquirer.phone)
    return enquirer if is_theirs else None


def response_due(unit: Unit, ctx: Context, enquiry: Enquiry) -> Reckoning:
    """Return by when somebody gets in touch about a sent enquiry, with the arithmetic."""
    nation = enquiries.nation_of(unit, enquiry, ctx.nation)
    return add_working_days(enquiry.submitted_at or ctx.now, RESPONSE_DAYS, calendar_for(unit, nation))


def who_will_be_in_touch(unit: Unit, enquiry: Enquiry) -> str:
    """Return who gets in touch: the owner, the only manager there is, or one of them."""
    owner = unit.get(Person, enquiry.owner_id) if enquiry.owner_id else None
    staff = [owner] if owner else people.staff(unit)
    return staff[0].name if len(staff) == 1 else "one of our research managers"


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody who has just sent a question is told."""

    reference: str
    who: str
    due: date
    arithmetic: str
    has_email: bool


def promise(unit: Unit, ctx: Context, token_digest: str) -> Promise | None:
    """Return what was promised to whoever sent the form with this token; None when it was not sent."""
    enquiry = enquiries.by_form_token(unit, token_digest)
    if enquiry is None or enquiry.reference is None:
        return None
    person = unit.get(Person, enquiry.enquirer_id) if enquiry.enquirer_id else None
    due = response_due(unit, ctx, enquiry)
    return Promise(
        reference=enquiry.reference,
        who=who_will_be_in_touch(unit, enquiry),
        due=due.due,
        arithmetic=due.sentence(),
        has_email=person is not None and person.email is not None,
    )


def _decided(unit: Unit, ctx: Context, enquiry: Enquiry) -> Decision:
    verdict = decide(snapshot(unit, ctx, enquiry), Submit(), ctx.actor, surroundings(unit, ctx, enquiry))
    if isinstance(verdict, Refusal):
        guards = [{"guard": g.guard, "detail": g.detail, "waivable": g.waivable} for g in verdict.guards]
        raise Problem("transition-refused", 409, verdict.detail, available_events=[], guards=guards)
    return verdict


def _take_in(unit: Unit, ctx: Context, enquiry: Enquiry, person: Person, decision: Decision) -> None:
    """Give it a reference, record the event, promise a date, and tell both sides.

    The closed enquiry that it takes up, if any, is told of it in an event of its own: whoever wished it reopened is
    answered by that. Unlike a part that was split off, a question that comes back is one more question to the figures.
    """
    earlier = enquiries.lock(unit, enquiry.continues_id) if enquiry.continues_id else None
    origin = {"continues": str(earlier.id), "continues_reference": earlier.reference} if earlier else {}
    _enter(unit, ctx, enquiry, person, decision, origin)
    if earlier is not None:
        earlier.reopen_requested_at = None
        unit.add(earlier)
        events.note(
            unit,
            ctx,
            earlier,
            "continued",
            data={"continued_by": str(enquiry.id), "continued_by_reference": enquiry.reference},
        )
    _tell(unit, ctx, enquiry, person, response_due(unit, ctx, enquiry))


def _enter(
    unit: Unit, ctx: Context, enquiry: Enquiry, person: Person, decision: Decision, origin: Mapping[str, object]
) -> None:
    enquiry.reference = new_reference()
    enquiry.original_question = enquiry.question
    enquiry.state, enquiry.waiting_on = decision.target, decision.waiting_on
    enquiry.submitted_at = enquiry.state_since = enquiry.waiting_since = enquiry.updated_at = ctx.now
    enquiry.enquirer_id = person.id
    if ctx.actor.role == Role.ENQUIRER:
        enquiry.enquirer_active_at = ctx.now
    organisation = people.organisation_named(unit, enquiry.organisation_name) if enquiry.organisation_name else None
    if organisation is not None:
        enquiry.organisation_id = organisation.id
        # Anybody can type a university's name; belonging to one opens doors, so that is entered by a manager.
        if person.organisation_id is None and not organisation.partner:
            person.organisation_id = organisation.id
    describe_when_wanted(unit, enquiry)
    if enquiry.form_token is not None:
        published.forget_use(unit, enquiry.form_token)
    unit.add_all([enquiry, person])
    unit.add(
        QuestionVersion(
            enquiry_id=enquiry.id,
            number=1,
            text=enquiry.question,
            by_person_id=ctx.actor.person_id if "split_from" in origin else person.id,
            recorded_at=ctx.now,
        )
    )
    unit.add(Participation(enquiry_id=enquiry.id, person_id=person.id, role="enquirer", added_at=ctx.now))
    unit.flush()
    event = events.append(
        unit,
        ctx,
        enquiry,
        decision.event,
        from_state=decision.source,
        to_state=decision.target,
        data={"channel": enquiry.channel, **events.needed_by(enquiry), **origin},
    )
    remind.schedule(unit, ctx, enquiry, event)


def _tell(unit: Unit, ctx: Context, enquiry: Enquiry, person: Person, due: Reckoning) -> None:
    params = {
        "path": telling.page_of(enquiry),
        "respond_by_text": full_date(due.due),
        "who": who_will_be_in_touch(unit, enquiry),
    }
    telling.tell_person(unit, ctx, person, "receipt", enquiry, params, held=_too_many_receipts(unit, person))
    telling.tell_owner(unit, ctx, enquiry, "new_enquiry")


def _too_many_receipts(unit: Unit, person: Person) -> bool:
    """An address that nobody confirmed could be a stranger's: the form is not a way to fill their mailbox."""
    if person.confirmed_at is not None:
        return False
    door = f"receipt:{person.id}"
    waits = rates.take(unit, door, limit=_RECEIPTS_AN_HOUR, window=timedelta(hours=1), machine_now=machine_now())
    return waits is not None
