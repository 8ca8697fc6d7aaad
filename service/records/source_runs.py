"""Reading sources: one worker at a time asks each of them, and every page is kept with the place the next begins at.

All of it in machine time but `started_at` and `read_at`, which people are shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, delete, func, or_
from sqlmodel import and_, col, select, update

from service.ids import new_id
from service.records.database import Unit
from service.records.tables import Researcher, ResearchSource, SourceRun

MOST_TRIES = 8
AGAIN = timedelta(days=30)
"""How long what was read stays fresh, and how long a reading that failed is left alone."""
_AT_ONCE = 500
_ERROR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose works are to be read, and from where on."""

    researcher_id: UUID
    orcid: str
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source is read: how many have an iD, and how many were read, are being read and could not be read."""

    wanted: int
    done: int
    reading: int
    failed: int
    read_at: datetime | None


def progress(unit: Unit) -> dict[str, Progress]:
    """Return how far each source that was ever read is."""
    is_wanted = (
        col(Researcher.orcid).is_not(None),
        col(Researcher.hidden).is_(False),
        col(Researcher.merged_into_id).is_(None),
    )
    wanted = unit.exec(select(func.count()).select_from(Researcher).where(*is_wanted)).one()
    found: dict[str, dict[str, int]] = {}
    read: dict[str, list[datetime]] = {}
    for source, state, count, read_at in unit.exec(
        select(SourceRun.source, SourceRun.state, func.count(), func.max(SourceRun.read_at))
        .join(Researcher, col(Researcher.id) == col(SourceRun.researcher_id))
        .where(*is_wanted)
        .group_by(SourceRun.source, SourceRun.state)
    ):
        found.setdefault(source, {})[state] = count
        read.setdefault(source, []).extend([read_at] if read_at else [])
    return {
        source: Progress(
            wanted,
            states.get("done", 0),
            states.get("reading", 0),
            states.get("failed", 0),
            max(read[source], default=None),
        )
        for source, states in found.items()
    }


def claim(unit: Unit, source: str, machine_now: datetime, lease: timedelta) -> UUID | None:
    """Take the right to ask a source until the lease runs out; None while another has it, or it wants to be left alone.

    The caller commits before it asks. A dead worker's right comes free with its lease.
    """
    if unit.get(ResearchSource, source) is None:
        # Two first claims at once meet in the key, and one is run again.
        unit.add(ResearchSource(name=source))
        unit.flush()
    token = new_id()
    taken = unit.exec(
        update(ResearchSource)
        .where(
            col(ResearchSource.name) == source,
            or_(col(ResearchSource.lease_until).is_(None), col(ResearchSource.lease_until) <= machine_now),
            or_(col(ResearchSource.not_before).is_(None), col(ResearchSource.not_before) <= machine_now),
        )
        .values(lease_until=machine_now + lease, lease_token=token)
    )
    return token if taken.rowcount == 1 else None


def hold(unit: Unit, source: str, token: UUID, lease_until: datetime | None, not_before: datetime | None) -> bool:
    """Keep the right until `lease_until` (None: give it back), minding `not_before`; False when it is lost."""
    values: dict[str, object] = {"lease_until": lease_until}
    if lease_until is None:
        values["lease_token"] = None
    if not_before is not None:
        values["not_before"] = not_before
    held = unit.exec(
        update(ResearchSource)
        .where(col(ResearchSource.name) == source, col(ResearchSource.lease_token) == token)
        .values(**values)
    )
    return held.rowcount == 1


def next_wanted(unit: Unit, source: str, machine_now: datetime) -> Wanted | None:
    """Return whose works to read now: what was begun before what never was, that before what is due again."""
    run = SourceRun
    is_begun = and_(col(run.state) == "reading", col(run.orcid) == col(Researcher.orcid))
    row = unit.exec(
        select(Researcher, run)
        .outerjoin(run, and_(col(run.researcher_id) == col(Researcher.id), col(run.source) == source))
        .where(
            col(Researcher.orcid).is_not(None),
            col(Researcher.hidden).is_(False),
            col(Researcher.merged_into_id).is_(None),
            or_(col(run.id).is_(None), col(run.orcid) != col(Researcher.orcid), col(run.available_at) <= machine_now),
        )
        .order_by(case((is_begun, 0), (col(run.id).is_(None), 1), else_=2), col(run.available_at), col(Researcher.id))
        .limit(1)
    ).first()
    if row is None:
        return None
    researcher: Researcher = row[0]
    known: SourceRun | None = row[1]
    if known is None or known.state != "reading" or known.orcid != researcher.orcid:
        return Wanted(researcher.id, researcher.orcid or "", None)
    return Wanted(researcher.id, known.orcid, known.cursor)


def begun(unit: Unit, source: str, wanted: Wanted, now: datetime, machine_now: datetime) -> SourceRun:
    """Return the run of this reading, made or begun anew where `wanted` stands at the beginning."""
    run = unit.exec(
        select(SourceRun).where(SourceRun.researcher_id == wanted.researcher_id, SourceRun.source == source)
    ).first()
    if run is None:
        run = SourceRun(
            researcher_id=wanted.researcher_id,
            source=source,
            orcid=wanted.orcid,
            available_at=machine_now,
            started_at=now,
        )
    elif run.state != "reading" or run.orcid != wanted.orcid:
        run.state, run.cursor, run.orcid, run.started_at = "reading", None, wanted.orcid, now
        run.seen = run.added = run.completed = run.tries = 0
    unit.add(run)
    return run


def record_page(run: SourceRun, *, seen: int, added: int, completed: int, cursor: str | None) -> None:
    """Note that a page was kept and where the next one begins; without a cursor that was the last."""
    run.seen, run.added, run.completed = run.seen + seen, run.added + added, run.completed + completed
    run.cursor, run.tries, run.last_error = cursor, 0, None


def record_end(run: SourceRun, now: datetime, machine_now: datetime) -> None:
    """Note that all of it was read."""
    run.state, run.read_at, run.available_at = "done", now, machine_now + AGAIN


def record_failure(run: SourceRun, error: str, machine_now: datetime, again_at: datetime | None) -> None:
    """Note what went wrong, and when it is tried again; without that, or after too many tries, it has failed for now."""
    run.tries, run.last_error = run.tries + 1, _short(error)
    if again_at is None or run.tries >= MOST_TRIES:
        run.state, run.available_at = "failed", machine_now + AGAIN
    else:
        run.available_at = again_at


def of_researchers(unit: Unit, researcher_ids: Collection[UUID]) -> Mapping[UUID, list[SourceRun]]:
    """Return what was read about each of these researchers, by source."""
    found: dict[UUID, list[SourceRun]] = {}
    ids = list(researcher_ids)
    for start in range(0, len(ids), _AT_ONCE):
        wanted = col(SourceRun.researcher_id).in_(ids[start : start + _AT_ONCE])
        for run in unit.exec(select(SourceRun).where(wanted).order_by(SourceRun.source)):
            found.setdefault(run.researcher_id, []).append(run)
    return found


def forget(unit: Unit, researcher_id: UUID) -> None:
    """Forget what was read about a researcher."""
    unit.exec(delete(SourceRun).where(col(SourceRun.researcher_id) == researcher_id))


def _short(error: str) -> str:
    return " ".join(error.replace("\0", "").split())[:_ERROR_LENGTH]
