"""Previewing: the brief as a university would receive it now, made by what publishing itself uses."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.actions.feeding import brief_payload
from service.context import Context
from service.errors import conflict, not_found
from service.records import briefs, calls, enquiries, people
from service.records.circumstances import circumstances
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.records.usual_days import usual_reply_by
from service.states import BriefState
from service.workflows.guards.brief import ORGANISATION_SHOWN_SET
from service.workflows.readiness import Advice
from service.workflows.readiness.names import on_names


@dataclass(frozen=True, slots=True)
class Preview:
    """One university's copy. `payload` is what its feed would hold under `published` or `revised`."""

    university: str
    payload: dict[str, object]
    reply_by: date
    reply_by_arithmetic: str
    """How the reply-by was reckoned, as if it were published today; empty where a call has set it."""
    told: tuple[Advice, ...]
    """Names in the text that universities are not to know now."""
    state: BriefState
    """Of the version it shows, the newest."""
    has_it: bool
    """The university was sent exactly this version."""


def preview(unit: Unit, ctx: Context, enquiry_id: UUID, university_id: UUID) -> Preview:
    """Return the newest version of the brief as one partner university would receive it.

    Raises Problem 404 without a brief or for anybody but a partner, 409 with the sentence while it is not known what
    universities may be told about who asks.
    """
    enquiry, version = enquiries.one(unit, enquiry_id), briefs.newest(unit, enquiry_id)
    if version is None:
        raise not_found("brief yet")
    university = next((each for each in readers(unit, enquiry_id) if each.id == university_id), None)
    if university is None:
        raise not_found("partner university")
    facts = snapshot(unit, ctx, enquiry)
    refusal = ORGANISATION_SHOWN_SET.check(facts, None, ctx.actor, surroundings(unit, ctx, enquiry))
    if refusal is not None:
        raise conflict(refusal)
    call = calls.current(unit, enquiry_id)
    if call is not None and university_id in _sent_to(unit, call):
        reply_by, arithmetic = call.reply_by, ""
    else:
        usual = usual_reply_by(unit, ctx, enquiry, is_rapid=facts.rapid_product)
        reply_by, arithmetic = usual.due, usual.sentence()
    has_it = not arithmetic and version.state == BriefState.PUBLISHED
    told = tuple(on_names(version.sections, circumstances(unit, ctx, enquiry)))
    payload = brief_payload(unit, enquiry, version, reply_by, university_id)
    return Preview(university.name, payload, reply_by, arithmetic, told, BriefState(version.state), has_it)


@dataclass(frozen=True, slots=True)
class Reader:
    """A university that may be sent the brief."""

    id: UUID
    name: str


def readers(unit: Unit, enquiry_id: UUID) -> list[Reader]:
    """Return the universities that have the brief, or else every partner, by name."""
    call = calls.current(unit, enquiry_id)
    asked = [each for _, each in calls.recipients(unit, call.id)] if calls.is_open(call) and call else []
    return [Reader(each.id, each.name) for each in asked or people.partner_universities(unit)]


def _sent_to(unit: Unit, call: calls.SentCall) -> frozenset[UUID]:
    """Return the universities that hold what a call sent them: none once it was pulled."""
    return frozenset(each.id for _, each in calls.recipients(unit, call.id)) if call.pulled_at is None else frozenset()
