"""Who in the directory came, changed or went since one last looked: what lets a process keep its own picture of it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from service.records.database import Unit
from service.records.tables import Organisation, Researcher


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of the directory from another: nobody comes, goes, changes or is renamed without moving it."""

    newest_change: datetime | None
    newest: UUID | None
    count: int
    changes: int
    universities: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Who is to be read again, who is gone, and what to know from then on."""

    changed: list[UUID]
    gone: list[UUID]
    versions: dict[UUID, tuple[int, int]]
    stamp: Stamp


@dataclass(slots=True)
class Following:
    """How far one reader has followed the directory. What it saw before may be newer than what a transaction sees."""

    _stamp: Stamp | None = None
    _versions: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def changes(self, unit: Unit) -> Changes | None:
        """Return what is different in the directory as this transaction sees it; None when nothing is."""
        stamp = _stamp(unit)
        if stamp == self._stamp:
            return None
        versions = _versions(unit)
        return Changes(
            [each for each, version in versions.items() if self._versions.get(each) != version],
            [each for each in self._versions if each not in versions],
            versions,
            stamp,
        )

    def followed(self, changes: Changes) -> None:
        """Note that these changes were taken in."""
        self._versions, self._stamp = changes.versions, changes.stamp


def _stamp(unit: Unit) -> Stamp:
    newest = select(Researcher.id).order_by(col(Researcher.id).desc()).limit(1).scalar_subquery()
    universities = select(_summed(Organisation.version)).scalar_subquery()
    found = unit.exec(
        select(
            func.max(Researcher.updated_at), newest, func.count(), _summed(Researcher.version), universities
        ).select_from(  # type: ignore[call-overload]  # five columns, which it does not know
            Researcher
        )
    ).one()
    return Stamp(*found)


def _summed(versions: int) -> ColumnElement[int]:
    return func.coalesce(func.sum(versions), 0)


def _versions(unit: Unit) -> dict[UUID, tuple[int, int]]:
    rows = unit.exec(
        select(Researcher.id, Researcher.version, Organisation.version)
        .join(Organisation, col(Organisation.id) == col(Researcher.organisation_id))
        .where(col(Researcher.merged_into_id).is_(None))
    )
    return {researcher_id: (version, renamed) for researcher_id, version, renamed in rows}
