"""The brief's own verb: save its sections."""

from collections.abc import Mapping
from uuid import UUID

from service.actions.progress import Check, progress
from service.context import Context
from service.errors import conflict, invalid
from service.records import briefs, enquiries
from service.records.database import Unit
from service.records.tables import BriefVersion
from service.states import BriefState, EnquiryState
from service.vocabulary import BRIEF_SECTIONS
from service.workflows.commands import BeginBrief
from service.workflows.writing import why_not_writable


def save_brief(
    unit: Unit, ctx: Context, enquiry_id: UUID, sections: Mapping[str, str], check: Check | None = None
) -> BriefVersion:
    """Replace the draft's sections with these and return it; sections left out become empty.

    The first save of an enquiry in scoping fires begin_brief; while the call is open a new version is started.
    Raises Problem 422 for an unknown section, 409 where the brief is not being written.
    """
    for code in sections:
        if code not in BRIEF_SECTIONS:
            raise invalid(f"sections.{code}", f"There is no section {code}.")
    enquiry = enquiries.lock(unit, enquiry_id)
    if check is not None:
        check(unit, enquiry)
    if (sentence := why_not_writable(EnquiryState(enquiry.state))) is not None:
        raise conflict(sentence)
    if enquiry.state == EnquiryState.SCOPING:
        progress(unit, ctx, enquiry_id, BeginBrief())
    draft = briefs.newest(unit, enquiry_id)
    if draft is None or draft.state != BriefState.DRAFT:
        if draft is not None and draft.state in {BriefState.SENT, BriefState.AGREED}:
            draft.state = BriefState.SUPERSEDED
            unit.add(draft)
        draft = briefs.start_version(unit, enquiry, ctx.now, sections={})
    draft.sections = {code: text for code, text in sections.items() if text.strip()}
    draft.hash = briefs.sections_hash(draft.sections)
    draft.saved_at = ctx.now
    draft.revision += 1
    unit.add(draft)
    enquiry.updated_at = ctx.now
    unit.add(enquiry)
    unit.flush()
    return draft
