"""Questions asked of enquiries: lock one, find one by its reference, follow where a merged one leads."""

from uuid import UUID

from sqlmodel import select

from service.ids import parse_reference
from service.records.database import Unit
from service.records.tables import Enquiry, Organisation, Participation, Person, QuestionVersion, Satisfaction
from service.states import EnquiryState


def by_reference(unit: Unit, reference: str) -> Enquiry | None:
    """Return the enquiry a person meant by `reference` (look-alikes forgiven), or None. Drafts have none."""
    parsed = parse_reference(reference)
    return None if parsed is None else unit.exec(select(Enquiry).where(Enquiry.reference == parsed)).first()


def one(unit: Unit, enquiry_id: UUID) -> Enquiry:
    """Return one enquiry, unlocked. Raises LookupError when there is none."""
    found = unit.get(Enquiry, enquiry_id)
    if found is None:
        raise LookupError(f"no enquiry {enquiry_id}")
    return found


def by_brief(unit: Unit, brief_id: UUID) -> Enquiry | None:
    """Return the enquiry whose brief this is, or None."""
    return unit.exec(select(Enquiry).where(Enquiry.brief_id == brief_id)).first()


def by_form_token(unit: Unit, token_digest: str) -> Enquiry | None:
    """Return the enquiry (still a draft, or sent since) that a form's token made, or None."""
    return unit.exec(select(Enquiry).where(Enquiry.form_token == token_digest)).first()


def lock(unit: Unit, enquiry_id: UUID) -> Enquiry:
    """Return the enquiry with its row locked to the end of the transaction: the first step of every write.

    Raises LookupError when there is none. Two at once are locked in id order (`lock_both`).
    """
    found = unit.exec(
        select(Enquiry).where(Enquiry.id == enquiry_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise LookupError(f"no enquiry {enquiry_id}")
    return found


def lock_both(unit: Unit, one: UUID, other: UUID) -> tuple[Enquiry, Enquiry]:
    """Return two enquiries, locked in id order whichever way round they were named."""
    locked = {enquiry_id: lock(unit, enquiry_id) for enquiry_id in sorted({one, other})}
    return locked[one], locked[other]


def final_target(unit: Unit, enquiry: Enquiry) -> Enquiry:
    """Return the enquiry at the end of a chain of duplicates: itself when it was never merged."""
    seen = {enquiry.id}
    while enquiry.duplicate_of_id is not None and enquiry.duplicate_of_id not in seen:
        following = unit.get(Enquiry, enquiry.duplicate_of_id)
        if following is None:
            break
        enquiry = following
        seen.add(enquiry.id)
    return enquiry


def leads_to(unit: Unit, enquiry_id: UUID) -> Enquiry | None:
    """Return the enquiry that a merged one leads to, or None when it was never merged."""
    enquiry = one(unit, enquiry_id)
    return None if enquiry.duplicate_of_id is None else final_target(unit, enquiry)


def continued_by(unit: Unit, enquiry_id: UUID) -> list[Enquiry]:
    """Return the enquiries that take this one up or were split from it, oldest first."""
    return list(
        unit.exec(
            select(Enquiry)
            .where(Enquiry.continues_id == enquiry_id, Enquiry.state != EnquiryState.DRAFT)
            .order_by(Enquiry.submitted_at, Enquiry.id)  # type: ignore[arg-type]  # SQLModel types columns as their values
        )
    )


def question_versions(unit: Unit, enquiry_id: UUID) -> list[QuestionVersion]:
    """Return every wording of the question, the original first."""
    return list(
        unit.exec(
            select(QuestionVersion).where(QuestionVersion.enquiry_id == enquiry_id).order_by(QuestionVersion.number)  # type: ignore[arg-type]  # SQLModel types columns as their values
        )
    )


def participants(unit: Unit, enquiry_id: UUID) -> list[tuple[Participation, Person]]:
    """Return the enquirer and colleagues who have not left, in the order they joined."""
    return list(
        unit.exec(
            select(Participation, Person)
            .join(Person, Person.id == Participation.person_id)  # type: ignore[arg-type]
            .where(Participation.enquiry_id == enquiry_id, Participation.left_at == None)  # noqa: E711 - SQL's IS NULL
            .order_by(Participation.added_at, Participation.id)  # type: ignore[arg-type]
        )
    )


def participation_of(unit: Unit, enquiry_id: UUID, person_id: UUID) -> Participation | None:
    """Return a person's place in an enquiry, or None when they have none (any more)."""
    return unit.exec(
        select(Participation).where(
            Participation.enquiry_id == enquiry_id,
            Participation.person_id == person_id,
            Participation.left_at == None,  # noqa: E711 - SQL's IS NULL
        )
    ).first()


def place_of(unit: Unit, enquiry_id: UUID, person_id: UUID) -> Participation | None:
    """Return a person's place in an enquiry, left or not, or None when they never had one."""
    return unit.exec(
        select(Participation).where(Participation.enquiry_id == enquiry_id, Participation.person_id == person_id)
    ).first()


def invited_by(unit: Unit, person_id: UUID) -> list[tuple[Participation, Person, Enquiry]]:
    """Return the places of people whom a person added and who have not left, with their enquiries."""
    return list(
        unit.exec(
            select(Participation, Person, Enquiry)
            .join(Person, Person.id == Participation.person_id)  # type: ignore[arg-type]
            .join(Enquiry, Enquiry.id == Participation.enquiry_id)  # type: ignore[arg-type]
            .where(Participation.added_by_id == person_id, Participation.left_at == None)  # noqa: E711 - SQL's IS NULL
            .order_by(Participation.added_at, Participation.id)  # type: ignore[arg-type]
        )
    )


def enquiries_of(unit: Unit, person_id: UUID) -> list[Enquiry]:
    """Return the enquiries a person takes part in, newest first, drafts left out."""
    return list(
        unit.exec(
            select(Enquiry)
            .join(Participation, Participation.enquiry_id == Enquiry.id)  # type: ignore[arg-type]
            .where(
                Participation.person_id == person_id,
                Participation.left_at == None,  # noqa: E711 - SQL's IS NULL
                Enquiry.state != EnquiryState.DRAFT,
            )
            .order_by(Enquiry.submitted_at.desc())  # type: ignore[union-attr]
        )
    )


def question_merged_here(unit: Unit, enquiry_id: UUID, person_id: UUID) -> str | None:
    """Return the question with which a person came to an enquiry that theirs was merged into, or None."""
    own = unit.exec(
        select(Enquiry)
        .join(Participation, Participation.enquiry_id == Enquiry.id)  # type: ignore[arg-type]
        .where(
            Participation.person_id == person_id,
            Participation.left_at == None,  # noqa: E711 - SQL's IS NULL
            Enquiry.duplicate_of_id != None,  # noqa: E711 - SQL's IS NOT NULL
        )
        .order_by(Enquiry.submitted_at.desc())  # type: ignore[union-attr]
    )
    return next((each.question for each in own if final_target(unit, each).id == enquiry_id), None)


def satisfaction_of(unit: Unit, enquiry_id: UUID, person_id: UUID | None) -> Satisfaction | None:
    """Return a person's answer about how the service was for them, or None."""
    return unit.exec(
        select(Satisfaction).where(Satisfaction.enquiry_id == enquiry_id, Satisfaction.person_id == person_id)
    ).first()


def nation_of(unit: Unit, enquiry: Enquiry, default: str) -> str:
    """Return the nation whose calendar an enquiry's dates follow: its organisation's, else the service's."""
    if enquiry.organisation_id is not None:
        organisation = unit.get(Organisation, enquiry.organisation_id)
        if organisation is not None:
            return organisation.nation
    return default
