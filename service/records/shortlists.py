"""Whom managers shortlisted and passed over for a brief: what stands, and what came before."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from service import vocabulary
from service.records.database import Unit
from service.records.tables import Organisation, Person, Researcher, ShortlistDecision


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about one person, with the names of everybody in it.

    `researcher_id` is the entry that stands for them today: theirs may have been merged into another since.
    """

    row: ShortlistDecision
    researcher_id: UUID
    name: str
    university: str
    by: str | None
    ended_by: str | None

    @property
    def why(self) -> str:
        """Return why they were passed over, in words; empty for somebody shortlisted."""
        return why(self.row)


def why(row: ShortlistDecision) -> str:
    """Return why somebody was passed over, in words; empty for somebody shortlisted."""
    label = vocabulary.PASSING_REASONS.get(row.reason or "", "")
    if row.reason == "other" and row.words:
        return row.words
    return f"{label}: {row.words}" if label and row.words else label


def decisions(unit: Unit, enquiry_id: UUID) -> list[Decided]:
    """Return every decision about anybody for an enquiry, the newest first: those that stand, and those that ended."""
    standing_for_it = func.coalesce(col(Researcher.merged_into_id), col(Researcher.id))
    rows = unit.exec(
        select(ShortlistDecision, standing_for_it, Researcher.name, Organisation.name)
        .join(Researcher, col(Researcher.id) == col(ShortlistDecision.researcher_id))
        .join(Organisation, col(Organisation.id) == col(ShortlistDecision.organisation_id))
        .where(ShortlistDecision.enquiry_id == enquiry_id)
        .order_by(col(ShortlistDecision.decided_at).desc(), col(ShortlistDecision.id).desc())
    ).all()
    wanted = {each for row, *_ in rows for each in (row.decided_by_id, row.ended_by_id) if each is not None}
    names = dict(unit.exec(select(Person.id, Person.name).where(col(Person.id).in_(wanted))).all()) if wanted else {}
    return [
        Decided(
            row,
            researcher_id,
            name,
            university,
            names.get(row.decided_by_id) if row.decided_by_id else None,
            names.get(row.ended_by_id) if row.ended_by_id else None,
        )
        for row, researcher_id, name, university in rows
    ]


def standing(unit: Unit, enquiry_id: UUID) -> Mapping[UUID, Decided]:
    """Return what stands of each person for an enquiry, by the entry that stands for them: the newest, where several do."""
    found: dict[UUID, Decided] = {}
    for decided in decisions(unit, enquiry_id):
        if decided.row.ended_at is None:
            found.setdefault(decided.researcher_id, decided)
    return found


def every_standing(unit: Unit, enquiry_id: UUID, researcher_id: UUID) -> list[ShortlistDecision]:
    """Return each decision that stands of one person for an enquiry, the newest first: also of entries merged into theirs."""
    return [
        decided.row
        for decided in decisions(unit, enquiry_id)
        if decided.row.ended_at is None and decided.researcher_id == researcher_id
    ]


def passed_over(unit: Unit, enquiry_id: UUID) -> dict[str, str]:
    """Return why each person who is passed over for an enquiry is, by their id: what matching leaves out."""
    return {
        str(researcher_id): decided.why
        for researcher_id, decided in standing(unit, enquiry_id).items()
        if decided.row.decision == "passed_over"
    }
