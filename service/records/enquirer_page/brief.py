"""The brief as its enquirer has it before them."""

from datetime import datetime
from uuid import UUID

from service import vocabulary
from service.records import briefs, calls, people
from service.records.database import Unit
from service.records.enquirer_page.shapes import Brief, Section
from service.records.tables import BriefVersion, Enquiry, Organisation
from service.states import BriefState

_SHOWN = frozenset({BriefState.SENT, BriefState.AGREED, BriefState.PUBLISHED, BriefState.CLOSED})


def newest_brief(unit: Unit, enquiry: Enquiry) -> Brief | None:
    """Return the newest version that the enquirer was sent and that still stands, or None."""
    sent = [version for version in briefs.versions(unit, enquiry.id) if version.state in _SHOWN]
    newest = sent[-1] if sent else None
    if newest is None or newest.sent_at is None:
        return None
    return _shown(unit, enquiry, newest, newest.sent_at)


def brief_version(unit: Unit, enquiry_id: UUID, number: int) -> Brief | None:
    """Return a version of the brief that was sent to the enquirer, or None when there is none of that number."""
    enquiry = unit.get(Enquiry, enquiry_id)
    version = briefs.version(unit, enquiry_id, number)
    if enquiry is None or version is None or version.sent_at is None:
        return None
    return _shown(unit, enquiry, version, version.sent_at)


def _shown(unit: Unit, enquiry: Enquiry, version: BriefVersion, sent_at: datetime) -> Brief:
    before = [
        earlier
        for earlier in briefs.versions(unit, enquiry.id)
        if earlier.number < version.number and earlier.sent_at is not None
    ]
    earlier = before[-1] if before else None
    return Brief(
        number=version.number,
        hash=version.hash,
        state=BriefState(version.state),
        sections=[
            Section(label, text, earlier is not None and earlier.sections.get(code, "") != text)
            for code, label in vocabulary.BRIEF_SECTIONS.items()
            if (text := version.sections.get(code, "")).strip()
        ],
        earlier=earlier.number if earlier else None,
        left_out=[
            label
            for code, label in vocabulary.BRIEF_SECTIONS.items()
            if earlier is not None
            and earlier.sections.get(code, "").strip()
            and not version.sections.get(code, "").strip()
        ],
        sent_at=sent_at,
        agreed_at=version.agreed_at,
        goes_to=goes_to(unit, enquiry),
        shown_as=shown_as(unit, enquiry),
    )


def goes_to(unit: Unit, enquiry: Enquiry) -> list[str]:
    """Return the universities that receive the brief, or did: before a call, all partners."""
    call = calls.current(unit, enquiry.id)
    if call is not None:
        return [organisation.name for _, organisation in calls.recipients(unit, call.id)]
    return [university.name for university in people.partner_universities(unit)]


def shown_as(unit: Unit, enquiry: Enquiry) -> str | None:
    """Return what universities see of who asks when nothing was offered to them: None for nothing."""
    if enquiry.organisation_shown == "described":
        return enquiry.organisation_description
    if enquiry.organisation_shown != "named":
        return None
    organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    return organisation.name if organisation else enquiry.organisation_name
