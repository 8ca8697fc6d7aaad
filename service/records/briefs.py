"""The brief's versions: what is being written, what was agreed, what is published."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import rfc8785
from sqlmodel import select

from service.records.database import Unit
from service.records.tables import BriefVersion, Enquiry
from service.states import BriefState

BriefRow = BriefVersion


def sections_hash(sections: Mapping[str, str]) -> str:
    """Return the SHA-256 (hex) of the sections as canonical JSON (RFC 8785); empty sections do not count."""
    filled = {code: text for code, text in sections.items() if text.strip()}
    return hashlib.sha256(rfc8785.dumps(filled)).hexdigest()


def versions(unit: Unit, enquiry_id: UUID) -> list[BriefVersion]:
    """Return every version, oldest first."""
    return list(
        unit.exec(
            select(BriefVersion).where(BriefVersion.enquiry_id == enquiry_id).order_by(BriefVersion.number)  # type: ignore[arg-type]
        )
    )


def newest(unit: Unit, enquiry_id: UUID) -> BriefVersion | None:
    """Return the newest version, or None before the first."""
    return unit.exec(
        select(BriefVersion).where(BriefVersion.enquiry_id == enquiry_id).order_by(BriefVersion.number.desc())  # type: ignore[attr-defined]
    ).first()


def revision(unit: Unit, enquiry_id: UUID) -> int:
    """Return how often the brief was saved, over all its versions: what its ETag tells. 0 before the first."""
    found = newest(unit, enquiry_id)
    return found.revision if found else 0


def version(unit: Unit, enquiry_id: UUID, number: int) -> BriefVersion | None:
    """Return one version by its number, or None."""
    return unit.exec(
        select(BriefVersion).where(BriefVersion.enquiry_id == enquiry_id, BriefVersion.number == number)
    ).first()


def published(unit: Unit, enquiry_id: UUID) -> BriefVersion | None:
    """Return the version that universities have, or None when nothing is published."""
    return unit.exec(
        select(BriefVersion).where(BriefVersion.enquiry_id == enquiry_id, BriefVersion.state == BriefState.PUBLISHED)
    ).first()


def start_version(
    unit: Unit, enquiry: Enquiry, now: datetime, sections: Mapping[str, str] | None = None
) -> BriefVersion:
    """Add and return the next draft version, with a copy of `sections`, or of the newest version's."""
    before = newest(unit, enquiry.id)
    copied = dict(sections if sections is not None else (before.sections if before else {}))
    draft = BriefVersion(
        enquiry_id=enquiry.id,
        number=(before.number + 1) if before else 1,
        state=BriefState.DRAFT,
        sections=copied,
        hash=sections_hash(copied),
        created_at=now,
        saved_at=now,
        revision=(before.revision + 1) if before else 1,
    )
    unit.add(draft)
    unit.flush()
    return draft
