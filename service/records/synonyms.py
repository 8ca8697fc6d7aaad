"""The words of the same meaning as they stand here: the defaults, with those changed, added or left out in their place."""

from dataclasses import dataclass

from sqlmodel import col, func, select

from service.matching.wordings import DEFAULTS, merged
from service.records.database import Unit
from service.records.tables import SynonymGroup


@dataclass(frozen=True, slots=True)
class Group:
    """One group as it stands here, with what settings show beside it."""

    code: str
    wordings: tuple[str, ...]
    version: int
    """0 for a default that nobody changed; raised by each change."""
    is_default: bool
    """It is as it was delivered."""
    is_removed: bool
    """It no longer widens a search."""


def in_force(unit: Unit) -> dict[str, tuple[str, ...]]:
    """Return the groups that widen a search, by code."""
    return merged(
        {row.code: None if row.removed_at else tuple(row.wordings) for row in unit.exec(select(SynonymGroup))}
    )


def stamp(unit: Unit) -> int:
    """Return a number that every change of the groups raises."""
    return unit.exec(select(func.coalesce(func.sum(SynonymGroup.version), 0))).one()


def groups(unit: Unit) -> list[Group]:
    """Return every group, those left out too, in the order of their codes."""
    rows = {row.code: row for row in unit.exec(select(SynonymGroup))}
    return [_group(code, rows.get(code)) for code in sorted(DEFAULTS.keys() | rows.keys())]


def group(unit: Unit, code: str) -> Group | None:
    """Return how one group stands, or None for one that is not in the list and never was."""
    row = unit.get(SynonymGroup, code)
    return None if row is None and code not in DEFAULTS else _group(code, row)


def locked(unit: Unit, code: str) -> SynonymGroup | None:
    """Return the row that stands in for a group, locked to the end of the transaction; None while there is none."""
    return unit.exec(
        select(SynonymGroup)
        .where(col(SynonymGroup.code) == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _group(code: str, row: SynonymGroup | None) -> Group:
    wordings = tuple(row.wordings) if row else DEFAULTS[code]
    is_removed = row is not None and row.removed_at is not None
    return Group(
        code,
        wordings,
        row.version if row else 0,
        is_default=not is_removed and DEFAULTS.get(code) == wordings,
        is_removed=is_removed,
    )
