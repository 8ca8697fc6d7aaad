"""Drafts: questions whose form has not been sent, kept for twenty-eight days after they were last saved."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, select

from service.records import outbox
from service.records.database import Unit
from service.records.files import Listed, listing
from service.records.tables import Attachment, Enquiry, FollowUp
from service.states import EnquiryState

KEPT = timedelta(days=28)


def kept_until(draft: Enquiry) -> datetime:
    """Return when a draft is forgotten unless it is saved again."""
    return draft.updated_at + KEPT


def old(unit: Unit, now: datetime) -> list[UUID]:
    """Return the drafts that have been kept long enough."""
    return list(
        unit.exec(
            select(Enquiry.id)
            .where(Enquiry.state == EnquiryState.DRAFT, Enquiry.updated_at <= now - KEPT)
            .order_by(col(Enquiry.id))
        )
    )


def forget(unit: Unit, draft: Enquiry) -> None:
    """Delete a draft with its files, its reminders and the messages about it."""
    for table in (Attachment, FollowUp):
        unit.exec(delete(table).where(col(table.enquiry_id) == draft.id))
    outbox.forget(unit, draft.id)
    unit.delete(draft)
    unit.flush()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to involve, as a draft keeps them: one line that begins with the address."""

    name: str
    email: str

    @classmethod
    def read(cls, line: str) -> "Colleague":
        """Return whom a kept line names."""
        email, _, name = line.partition(" ")
        return cls(name, email)

    @property
    def line(self) -> str:
        return f"{self.email} {self.name}"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a form has been told so far, under the names its fields carry."""

    id: UUID
    is_sent: bool
    reference: str | None
    kept_until: datetime
    question: str
    name: str | None
    email: str | None
    phone: str | None
    organisation: str | None
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
    colleagues: list[Colleague]
    files: list[Listed]


def find(unit: Unit, token_digest: str) -> Saved | None:
    """Return what the form with this token has been told, sent or not; None when nothing was saved under it."""
    draft = unit.exec(select(Enquiry).where(Enquiry.form_token == token_digest)).first()
    if draft is None:
        return None
    return Saved(
        id=draft.id,
        is_sent=draft.state != EnquiryState.DRAFT,
        reference=draft.reference,
        kept_until=kept_until(draft),
        question=draft.question,
        name=draft.form_name,
        email=draft.form_email,
        phone=draft.form_phone,
        organisation=draft.organisation_name,
        purpose=draft.purpose,
        who_decides=draft.who_decides,
        needed_by=draft.needed_by,
        decision_date=draft.decision_date,
        decision_window=draft.decision_window,
        organisation_shown=draft.organisation_shown,
        organisation_description=draft.organisation_description,
        population=draft.population,
        population_notes=draft.population_notes,
        place=draft.place,
        known_evidence=draft.known_evidence,
        not_wanted=draft.not_wanted,
        evidence_wanted=draft.evidence_wanted,
        budget_band=draft.budget_band,
        colleagues=[Colleague.read(line) for line in draft.form_colleagues],
        files=[] if draft.state != EnquiryState.DRAFT else listing(unit, draft.id),
    )
