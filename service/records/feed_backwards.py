"""A university's feed from its newest entry back, with what each entry needs to be understood by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import FeedEntry, Organisation

_TITLED = ("published", "revised")
"""The types whose payload holds the brief's title."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands now."""

    id: UUID
    seq: int
    type: str
    enquiry_id: UUID
    brief_id: UUID
    occurred_at: datetime
    updated_at: datetime
    """When it was last redacted, or else when it came."""
    title: str
    """The brief's, as this university was last told it; empty for one it was never told."""
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries, the newest first, and whether there are older ones."""

    entries: Sequence[Entry]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose feed it is, and since when there can be one."""

    name: str
    since: datetime


def reader(unit: Unit, organisation_id: UUID) -> Reader:
    """Return whose feed it is."""
    name, since = unit.exec(
        select(Organisation.name, Organisation.created_at).where(Organisation.id == organisation_id)
    ).one()
    return Reader(name, since)


def stretch(unit: Unit, organisation_id: UUID, *, before: int | None, limit: int) -> Stretch:
    """Return the newest entries, at most `limit`: those numbered below `before`, where given."""
    query = select(FeedEntry).where(FeedEntry.organisation_id == organisation_id)
    if before is not None:
        query = query.where(FeedEntry.seq < before)
    rows = unit.exec(query.order_by(col(FeedEntry.seq).desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    enquiries = {row.enquiry_id for row in shown}
    titles, redacted = _titles(unit, organisation_id, enquiries), _redacted(unit, organisation_id, enquiries)
    entries = []
    for row in shown:
        seq, at = redacted.get(row.enquiry_id, (0, row.occurred_at))
        entries.append(
            Entry(
                id=row.id,
                seq=row.seq,
                type=row.type,
                enquiry_id=row.enquiry_id,
                brief_id=row.brief_id,
                occurred_at=row.occurred_at,
                updated_at=at if row.seq < seq else row.occurred_at,
                title=titles.get(row.enquiry_id, ""),
                payload=json.loads(row.item)["payload"],
            )
        )
    return Stretch(entries, len(rows) > limit)


def _titles(unit: Unit, organisation_id: UUID, enquiries: set[UUID]) -> dict[UUID, str]:
    """Return by enquiry the newest title that the university was sent."""
    newest = (
        select(func.max(FeedEntry.seq))
        .where(
            FeedEntry.organisation_id == organisation_id,
            col(FeedEntry.enquiry_id).in_(enquiries),
            col(FeedEntry.type).in_(_TITLED),
        )
        .group_by(col(FeedEntry.enquiry_id))
    )
    rows = unit.exec(
        select(FeedEntry.enquiry_id, FeedEntry.item).where(
            FeedEntry.organisation_id == organisation_id, col(FeedEntry.seq).in_(newest)
        )
    )
    return {enquiry_id: str(json.loads(item)["payload"].get("title") or "") for enquiry_id, item in rows}


def _redacted(unit: Unit, organisation_id: UUID, enquiries: set[UUID]) -> dict[UUID, tuple[int, datetime]]:
    """Return by enquiry the number and the instant of the newest redaction that the university was told of."""
    rows = unit.exec(
        select(FeedEntry.enquiry_id, FeedEntry.seq, FeedEntry.occurred_at)
        .where(
            FeedEntry.organisation_id == organisation_id,
            col(FeedEntry.enquiry_id).in_(enquiries),
            FeedEntry.type == "redacted",
        )
        .order_by(col(FeedEntry.seq))
    )
    return {enquiry_id: (seq, at) for enquiry_id, seq, at in rows}
