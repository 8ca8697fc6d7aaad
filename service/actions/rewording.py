"""Rewording: the question in other words, numbered beside the original, which is never edited."""

from service.context import Context
from service.records import enquiries
from service.records.database import Unit
from service.records.tables import Enquiry, QuestionVersion


def reword(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    text: str,
    *,
    reason: str | None = None,
    prompted_by: str | None = None,
    heard: str | None = None,
) -> QuestionVersion | None:
    """Put a new wording of the question beside those before it and return it; None when it is the wording there is."""
    if enquiry.question == text:
        return None
    versions = enquiries.question_versions(unit, enquiry.id)
    version = QuestionVersion(
        enquiry_id=enquiry.id,
        number=versions[-1].number + 1 if versions else 1,
        text=text,
        reason=reason,
        prompted_by=prompted_by,
        heard=heard,
        by_person_id=ctx.actor.person_id,
        recorded_at=ctx.now,
    )
    unit.add(version)
    enquiry.question = text
    return version
