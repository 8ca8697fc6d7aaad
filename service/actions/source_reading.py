"""Keep what a source said of a researcher: a page of their works at a time, with the place the next one begins at."""

from collections.abc import Sequence
from datetime import datetime

from service.actions.audit import audit
from service.context import Context
from service.records import publications, researchers, source_runs
from service.records.database import Unit
from service.records.publications import FoundEmployment, FoundWork
from service.records.source_runs import Wanted


def keep_page(
    unit: Unit,
    ctx: Context,
    source: str,
    wanted: Wanted,
    works: Sequence[FoundWork],
    employments: Sequence[FoundEmployment] | None,
    cursor: str | None,
    machine_now: datetime,
) -> None:
    """Merge a page into a researcher's publications, set where they work where the page tells it, and note how far they are read; nothing where they are not wanted
    any more, because somebody changed their iD or hid them while the page was fetched."""
    researcher = researchers.find(unit, wanted.researcher_id)
    if researcher is None:
        return
    researchers.lock_university(unit, researcher.organisation_id)
    unit.refresh(researcher)
    if researcher.orcid != wanted.orcid or researcher.hidden or researcher.merged_into_id:
        return
    run = source_runs.begun(unit, source, wanted, ctx.now, machine_now)
    if run.cursor != wanted.cursor:
        return
    added, completed = publications.complete(unit, researcher.id, source, works)
    worked = researcher.employments if employments is None else [_employment(each, source) for each in employments]
    if added or completed or worked != researcher.employments:
        researcher.employments = worked
        researcher.version += 1
        researcher.updated_at = ctx.now
        unit.add(researcher)
    source_runs.record_page(run, seen=len(works), added=added, completed=completed, cursor=cursor)
    if cursor is None:
        source_runs.record_end(run, ctx.now, machine_now)
        if run.added or run.completed:
            told = {"source": source, "added": run.added, "completed": run.completed}
            audit(unit, ctx, "read", f"researcher:{researcher.id}", **told)


def _employment(found: FoundEmployment, source: str) -> dict[str, str | None]:
    return {
        "organisation": found.organisation,
        "from": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "source": source,
    }


def keep_failure(
    unit: Unit, ctx: Context, source: str, wanted: Wanted, error: str, machine_now: datetime, again_at: datetime | None
) -> None:
    """Note why a page could not be fetched, and when it is tried again: never again for now without `again_at`."""
    if researchers.find(unit, wanted.researcher_id) is not None:
        run = source_runs.begun(unit, source, wanted, ctx.now, machine_now)
        source_runs.record_failure(run, error, machine_now, again_at)
