"""The enquiries that a body, a person or a researcher has to do with, and how: the way from the directory to the work."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from service.records.database import Unit
from service.records.tables import CallRecipient, Enquiry, Interest, Participation, Project, Researcher
from service.states import EnquiryState

Ways = Mapping[str, SelectOfScalar[UUID]]
"""What ties somebody to an enquiry, each with the ids of the enquiries it ties them to."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """One enquiry, where it stands, and what ties it to whoever was asked for."""

    reference: str
    question: str
    state: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concerns:
    """The newest enquiries, and how many there are in all."""

    newest: list[Concerned]
    total: int


def organisation(unit: Unit, organisation_id: UUID, limit: int) -> Concerns:
    """Return the enquiries of an organisation, newest first: asked, sent, interested, project."""
    return _found(
        unit,
        {
            "asked": select(Enquiry.id).where(Enquiry.organisation_id == organisation_id),
            "sent": select(CallRecipient.enquiry_id).where(CallRecipient.organisation_id == organisation_id),
            "interested": select(Interest.enquiry_id).where(Interest.organisation_id == organisation_id),
            "project": select(Project.enquiry_id).where(Project.organisation_id == organisation_id),
        },
        limit,
    )


def person(unit: Unit, person_id: UUID, limit: int) -> Concerns:
    """Return the enquiries of a person, newest first: enquirer, colleague, owner, lead."""
    taking_part = select(Participation.enquiry_id).where(
        Participation.person_id == person_id,
        Participation.role != "enquirer",
        col(Participation.left_at).is_(None),
    )
    return _found(
        unit,
        {
            "enquirer": select(Enquiry.id).where(Enquiry.enquirer_id == person_id),
            "colleague": taking_part,
            "owner": select(Enquiry.id).where(Enquiry.owner_id == person_id),
            "lead": select(Interest.enquiry_id).where(Interest.lead_person_id == person_id),
        },
        limit,
    )


def researcher(unit: Unit, found: Researcher, limit: int) -> Concerns:
    """Return the enquiries for which a researcher was put forward as lead, newest first: lead."""
    named = or_(col(Interest.lead_researcher_id) == found.id, func.lower(Interest.lead_email) == found.email)
    return _found(unit, {"lead": select(Interest.enquiry_id).where(named)}, limit)


def _found(unit: Unit, ways: Ways, limit: int) -> Concerns:
    wanted = or_(*(col(Enquiry.id).in_(ids) for ids in ways.values()))
    sent = col(Enquiry.state) != EnquiryState.DRAFT
    total = unit.exec(select(func.count()).select_from(Enquiry).where(sent, wanted)).one()
    newest = unit.exec(
        select(Enquiry)
        .where(sent, wanted)
        .order_by(col(Enquiry.submitted_at).desc(), col(Enquiry.id).desc())
        .limit(limit)
    ).all()
    shown = [enquiry.id for enquiry in newest]
    tied = {
        way: set(unit.exec(select(Enquiry.id).where(col(Enquiry.id).in_(shown), col(Enquiry.id).in_(ids))))
        for way, ids in ways.items()
    }
    return Concerns(
        [
            Concerned(
                enquiry.reference or "",
                enquiry.question,
                enquiry.state,
                tuple(way for way, ids in tied.items() if enquiry.id in ids),
            )
            for enquiry in newest
        ],
        total,
    )
