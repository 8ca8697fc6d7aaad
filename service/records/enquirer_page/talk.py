"""What was said and told, and by whom, as far as the enquirer's side may see it."""

from datetime import datetime
from uuid import UUID

from service import vocabulary
from service.principals import STAFF, Role
from service.records import conversation, enquiries
from service.records.database import Unit
from service.records.enquirer_page.shapes import Message, Somebody
from service.records.tables import Enquiry, Entry
from service.working_time.wording import short_date


def messages_of(unit: Unit, enquiry: Enquiry, sees_from: datetime | None) -> list[Message]:
    """Return the conversation in order, from `sees_from` on where given."""
    entries = conversation.entries(unit, enquiry.id, conversation.FOR_ENQUIRERS)
    return [_message(entry) for entry in entries if sees_from is None or entry.recorded_at >= sees_from]


def said_just_now(unit: Unit, enquiry_id: UUID, person_id: UUID | None, body: str, since: datetime) -> bool:
    """Tell whether a person said these very words since an instant: a button that was pressed twice."""
    return conversation.said_since(unit, enquiry_id, person_id, body, since, conversation.FOR_ENQUIRERS)


def _message(entry: Entry) -> Message:
    author, written_down_by = _whose(entry)
    return Message(
        id=entry.id,
        kind=entry.kind,
        is_ours=entry.direction == "out",
        author=author,
        written_down_by=written_down_by,
        body=None if entry.redacted_at else entry.body,
        occurred_at=entry.occurred_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        attendees=[] if entry.redacted_at else entry.attendees,
        is_automatic=entry.automatic,
    )


def _whose(entry: Entry) -> tuple[str, str | None]:
    """Return whose words an entry holds, and who of the team wrote them down, where that is somebody else."""
    if entry.organisation_id is not None:
        return "A university", None
    if entry.direction == "in" and Role(entry.author_role) in STAFF:
        return entry.said_by_name or "Your side", entry.author_name or "the team"
    return entry.author_name, None


def people_of(unit: Unit, enquiry: Enquiry, person_id: UUID | None, *, whole: bool) -> list[Somebody]:
    """Return the people of the enquirer's side; for somebody who came with a merged enquiry, only themselves."""
    return [
        Somebody(person.id, person.name, person.email, participation.role)
        for participation, person in enquiries.participants(unit, enquiry.id)
        if person.id == person_id or (whole and participation.role != "merged")
    ]


def people_by_id(unit: Unit, enquiry_id: UUID, person_id: UUID, *, whole: bool) -> list[Somebody]:
    """Return the people of the enquirer's side of one enquiry, as `people_of` does."""
    enquiry = unit.get(Enquiry, enquiry_id)
    return people_of(unit, enquiry, person_id, whole=whole) if enquiry else []


def told_in_form(enquiry: Enquiry) -> list[tuple[str, str]]:
    """What was answered in the form, in plain words; what was not answered is left out."""
    window = enquiry.decision_window
    groups = [vocabulary.POPULATIONS.get(code, code) for code in enquiry.population]
    wanted = [vocabulary.EVIDENCE_WANTED.get(code, code) for code in enquiry.evidence_wanted]
    answers = (
        ("What it will help you do", enquiry.purpose),
        ("Who decides", enquiry.who_decides),
        ("When you need it", short_date(enquiry.needed_by) if enquiry.needed_by else None),
        ("When the decision is", short_date(enquiry.decision_date) if enquiry.decision_date else None),
        ("Kind of decision", vocabulary.DECISION_WINDOWS.get(window, window) if window else None),
        ("Who it is about", ", ".join(groups)),
        ("In particular", enquiry.population_notes),
        ("Where", enquiry.place),
        ("What you know already", enquiry.known_evidence),
        ("What would not help", enquiry.not_wanted),
        ("Kind of help", ", ".join(wanted)),
        ("Money", vocabulary.BUDGET_BANDS.get(enquiry.budget_band) if enquiry.budget_band else None),
    )
    return [(label, text) for label, text in answers if text]
