"""Published answers: what anybody may read, and what may be said of who asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, delete, func, select
from sqlmodel.sql.expression import Select

from service.records.database import Unit
from service.records.tables import AnswerUse, Enquiry, Organisation, Project, PublishedAnswer
from service.states import EnquiryState, Outcome

MAY_BE_PUBLISHED = (Outcome.ANSWERED, Outcome.SIGNPOSTED, Outcome.COMPLETED)
"""The ways of closing after which there is an answer to publish."""


class Place(NamedTuple):
    """Where an answer stands among all, newest first."""

    published_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """A published answer as anybody reads it. `asked_by` is a name, a description, or nothing, as the enquirer chose."""

    id: UUID
    enquiry_id: UUID
    title: str
    body: str
    published_at: datetime
    asked_by: str | None

    @property
    def place(self) -> Place:
        return Place(self.published_at, self.id)


def newest(unit: Unit, *, before: Place | None = None, limit: int) -> list[Answer]:
    """Return published answers, newest first, at most `limit`: those that stand after the place `before`."""
    query = _published().order_by(col(PublishedAnswer.published_at).desc(), col(PublishedAnswer.id).desc()).limit(limit)
    if before is not None:
        is_same = col(PublishedAnswer.published_at) == before.published_at
        query = query.where(
            (col(PublishedAnswer.published_at) < before.published_at)
            | (is_same & (col(PublishedAnswer.id) < before.id))
        )
    return [_answer(*row) for row in unit.exec(query)]


def of(unit: Unit, ids: Collection[UUID]) -> dict[UUID, Answer]:
    """Return those of these answers that are published, by id."""
    rows = unit.exec(_published().where(col(PublishedAnswer.id).in_(ids)))
    return {row[0].id: _answer(*row) for row in rows}


def one(unit: Unit, answer_id: UUID) -> Answer | None:
    """Return a published answer; None for one that was withdrawn or never was."""
    return of(unit, [answer_id]).get(answer_id)


def of_enquiries(unit: Unit, enquiry_ids: Collection[UUID]) -> dict[UUID, Answer]:
    """Return what is published of these enquiries, by enquiry."""
    rows = unit.exec(_published().where(col(PublishedAnswer.enquiry_id).in_(enquiry_ids)))
    return {row[0].enquiry_id: _answer(*row) for row in rows}


def row_of(unit: Unit, enquiry_id: UUID) -> PublishedAnswer | None:
    """Return the row of an enquiry's answer, published or withdrawn; None when it never had one."""
    return unit.exec(select(PublishedAnswer).where(PublishedAnswer.enquiry_id == enquiry_id)).first()


def count(unit: Unit) -> int:
    """Return how many answers are published."""
    return unit.exec(select(func.count()).select_from(_published().subquery())).one()


def stamp(unit: Unit) -> tuple[int, int]:
    """Return what no answer is published, changed or withdrawn without moving."""
    query = select(func.count(), func.coalesce(func.sum(PublishedAnswer.version), 0)).select_from(PublishedAnswer)
    rows, versions = unit.exec(query).one()
    return rows, versions


def texts(unit: Unit) -> dict[UUID, tuple[str, str]]:
    """Return the title and the body of everything published, by id."""
    return {row.id: (row.title, row.body) for row, _, _ in unit.exec(_published())}


def note_use(unit: Unit, answer_id: UUID, form_token: str, now: datetime) -> None:
    """Note that whoever fills in a form found this answer enough; of one form the last word counts."""
    found = unit.exec(select(AnswerUse).where(AnswerUse.form_token == form_token)).first()
    if found is None:
        found = AnswerUse(answer_id=answer_id, form_token=form_token, said_at=now)
    found.answer_id = answer_id
    unit.add(found)


def forget_use(unit: Unit, form_token: str) -> None:
    """Forget what a form's asker said of an answer: their question is sent all the same."""
    unit.exec(delete(AnswerUse).where(col(AnswerUse.form_token) == form_token))


def uses(unit: Unit, answer_id: UUID) -> int:
    """Return how many forms were left unsent because this answer was enough."""
    return unit.exec(select(func.count()).select_from(AnswerUse).where(AnswerUse.answer_id == answer_id)).one()


def names_of(unit: Unit, enquiry: Enquiry) -> list[str]:
    """Return the names that the asking organisation goes by."""
    body = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    return list(dict.fromkeys(name for name in (body.name if body else None, enquiry.organisation_name) if name))


def could_be_made_of(unit: Unit, enquiry: Enquiry) -> str:
    """Return what an enquiry ended with, as it was told the enquirer: a start for the words that are published."""
    project = unit.get(Project, enquiry.project_id) if enquiry.project_id else None
    return enquiry.answer or (project.plain_summary if project else None) or enquiry.signposted_to or ""


def one_asked_by(unit: Unit, enquiry: Enquiry) -> str | None:
    """Return what anybody may know of who asked one enquiry."""
    return asked_by(enquiry, unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None)


def asked_by(enquiry: Enquiry, organisation: Organisation | None) -> str | None:
    """Return what anybody may know of who asked: the name, the description, or nothing (DESIGN.md section 9)."""
    if enquiry.organisation_shown == "named":
        return organisation.name if organisation else enquiry.organisation_name
    if enquiry.organisation_shown == "described":
        return enquiry.organisation_description
    return None


def _published() -> Select[PublishedAnswer, Enquiry, Organisation]:
    return (
        select(PublishedAnswer, Enquiry, Organisation)
        .join(Enquiry, col(Enquiry.id) == col(PublishedAnswer.enquiry_id))
        .join(Organisation, col(Organisation.id) == col(Enquiry.organisation_id), isouter=True)
        .where(
            col(PublishedAnswer.withdrawn_at).is_(None),
            col(Enquiry.state) == EnquiryState.CLOSED,
            col(Enquiry.outcome).in_(MAY_BE_PUBLISHED),
        )
    )


def _answer(row: PublishedAnswer, enquiry: Enquiry, organisation: Organisation | None) -> Answer:
    return Answer(row.id, enquiry.id, row.title, row.body, row.published_at, asked_by(enquiry, organisation))
