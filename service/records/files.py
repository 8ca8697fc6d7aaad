"""Files of an enquiry, listed without their content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import col, func, select, update

from service.records.database import Unit
from service.records.tables import Attachment, Person


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as it is listed; `size` in bytes."""

    id: UUID
    filename: str
    media_type: str
    size: int
    visibility: str
    uploaded_at: datetime
    uploaded_by_id: UUID | None
    uploaded_by: str | None
    is_ours: bool
    """Somebody of the team added it."""
    redacted_at: datetime | None
    """When it was destroyed; what is left is the place it had."""

    @property
    def redacted(self) -> bool:
        """Tell whether it was destroyed."""
        return self.redacted_at is not None


def listing(
    unit: Unit, enquiry_id: UUID, visibilities: Sequence[str] | None = None, since: datetime | None = None
) -> list[Listed]:
    """Return an enquiry's files, oldest first: those with the given visibilities, added at or after `since`.

    A redacted one keeps its place and has lost its content and its name.
    """
    query = (
        select(Attachment, Person.name, Person.staff_role)
        .join(Person, col(Person.id) == col(Attachment.uploaded_by_id), isouter=True)
        .options(defer(Attachment.content))  # type: ignore[arg-type]  # SQLModel types columns as their values
        .where(Attachment.enquiry_id == enquiry_id)
        .order_by(col(Attachment.uploaded_at), col(Attachment.id))
    )
    if visibilities is not None:
        query = query.where(col(Attachment.visibility).in_(visibilities))
    if since is not None:
        query = query.where(Attachment.uploaded_at >= since)
    return [
        Listed(
            id=file.id,
            filename=file.filename,
            media_type=file.media_type,
            size=file.size,
            uploaded_at=file.uploaded_at,
            uploaded_by_id=file.uploaded_by_id,
            uploaded_by=name,
            visibility=file.visibility,
            is_ours=staff_role is not None,
            redacted_at=file.redacted_at,
        )
        for file, name, staff_role in unit.exec(query)
    ]


def find(unit: Unit, enquiry_id: UUID, file_id: UUID) -> Attachment | None:
    """Return a file of this enquiry with its content, or None when it is another's, redacted or unknown."""
    return unit.exec(
        select(Attachment).where(
            Attachment.id == file_id, Attachment.enquiry_id == enquiry_id, col(Attachment.redacted_at).is_(None)
        )
    ).first()


def count(unit: Unit, enquiry_id: UUID) -> int:
    """Return how many files an enquiry has, the redacted ones apart."""
    return unit.exec(
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.enquiry_id == enquiry_id, col(Attachment.redacted_at).is_(None))
    ).one()


def adopt(unit: Unit, enquiry_id: UUID, person_id: UUID) -> None:
    """Note who added the files of a draft, now that it is known."""
    unit.exec(
        update(Attachment)
        .where(col(Attachment.enquiry_id) == enquiry_id, col(Attachment.uploaded_by_id).is_(None))
        .values(uploaded_by_id=person_id)
    )


def same_content(unit: Unit, enquiry_id: UUID, sha256: str, visibility: str) -> Attachment | None:
    """Return the file of this enquiry that holds the same content for the same audience, or None."""
    return unit.exec(
        select(Attachment).where(
            Attachment.enquiry_id == enquiry_id,
            Attachment.sha256 == sha256,
            Attachment.visibility == visibility,
            col(Attachment.redacted_at).is_(None),
        )
    ).first()
