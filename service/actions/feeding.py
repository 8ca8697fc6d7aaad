"""Feeding: what universities are sent about a brief, under the discretion the enquirer chose."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from service.context import Context
from service.records import briefs, calls, conversation, feed
from service.records.database import Unit
from service.records.tables import BriefVersion, Call, Enquiry, Organisation
from service.states import OfferState

TITLE_LENGTH = 120


def brief_title(version: BriefVersion) -> str:
    """Return a brief's title: the first line of its questions, which is part of what was agreed."""
    line = next((line.strip() for line in version.sections.get("questions", "").splitlines() if line.strip()), "Brief")
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def title_in_version(unit: Unit, enquiry: Enquiry, number: int) -> str:
    """Return the title of a brief in one of its versions."""
    version = briefs.version(unit, enquiry.id, number)
    return brief_title(version) if version else ""


def shown_organisation(unit: Unit, enquiry: Enquiry, university_id: UUID | None = None) -> str | None:
    """Return what a university may know about who asks: the name, a description, or nothing.

    A university whose offer is open or accepted knows the name, whatever was chosen before (DESIGN.md section 9).
    """
    if enquiry.organisation_shown == "named" or (university_id and _was_offered(unit, enquiry, university_id)):
        organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
        return organisation.name if organisation else enquiry.organisation_name
    if enquiry.organisation_shown == "described":
        return enquiry.organisation_description
    return None


def clarifications(unit: Unit, enquiry: Enquiry) -> list[dict[str, object]]:
    """Return the answered questions about a brief, never who asked them."""
    said = conversation.entries(unit, enquiry.id, ["universities"])
    asked = {entry.id: entry for entry in said if entry.direction == "in" and entry.organisation_id}
    answered: list[dict[str, object]] = []
    for entry in said:
        if entry.direction == "out" and entry.redacted_at is None:
            question = asked.get(entry.answers_id) if entry.answers_id else None
            answered.append({"question": question.body if question else None, "answer": entry.body})
    return answered


def brief_payload(
    unit: Unit, enquiry: Enquiry, version: BriefVersion, reply_by: date, university_id: UUID
) -> dict[str, object]:
    """Return the published brief as one university receives it."""
    return {
        "brief_id": str(enquiry.brief_id),
        "version": version.number,
        "hash": version.hash,
        "title": brief_title(version),
        "sections": {code: text for code, text in version.sections.items() if text.strip()},
        "reply_by": reply_by.isoformat(),
        "organisation": shown_organisation(unit, enquiry, university_id),
        "questions": clarifications(unit, enquiry),
    }


def feed_all(
    unit: Unit, ctx: Context, enquiry: Enquiry, organisations: Iterable[UUID], kind: str, payload: Mapping[str, object]
) -> None:
    """Stage one entry of `kind` in each of these universities' feeds."""
    published = briefs.published(unit, enquiry.id)
    call = calls.current(unit, enquiry.id)
    number = published.number if published else (call.brief_version if call else 0)
    for organisation_id in sorted(set(organisations)):
        feed.stage(unit, ctx, enquiry, organisation_id, kind, number, {"brief_id": str(enquiry.brief_id), **payload})


def recipients_of(unit: Unit, enquiry: Enquiry) -> list[UUID]:
    """Return the universities that were ever sent this brief and not told it was withdrawn: those told of changes."""
    call = calls.current(unit, enquiry.id)
    return recipients_of_call(unit, call) if call else []


def recipients_of_call(unit: Unit, call: Call) -> list[UUID]:
    """Return the universities a call went to."""
    return [recipient.organisation_id for recipient, _ in calls.recipients(unit, call.id)]


def _was_offered(unit: Unit, enquiry: Enquiry, university_id: UUID) -> bool:
    return any(
        offer.organisation_id == university_id and offer.state in {OfferState.OPEN, OfferState.ACCEPTED}
        for offer in calls.offers(unit, enquiry.id)
    )
