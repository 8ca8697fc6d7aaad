"""Read sources: researchers' works, and where they work, in public records. The right to ask is claimed, a page is fetched outside any
transaction, then kept with the place the next one begins at; so a worker that dies loses one page, and nobody asks twice.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from service.actions import source_reading
from service.clock import Clock, machine_now
from service.context import Context
from service.records import source_runs
from service.records.database import Database, Unit
from service.records.sending import back_off
from service.records.source_runs import Wanted
from service.settings import Settings
from service.sources.openalex import OpenAlex
from service.sources.orcid import Orcid
from service.sources.polite import LeaveAlone, Polite, SourceRefusal, SourceTrouble
from service.sources.works import Reader

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
"""Longer than any answer may take."""
BATCH = 5


def readers_of(settings: Settings) -> tuple[Reader, ...]:
    """Return the sources that an operator turned on."""
    contact, name = settings.sources_contact or settings.mail_from, settings.service_name
    readers: list[Reader] = []
    if settings.orcid_url:
        readers.append(Orcid(Polite(settings.orcid_url, contact, name)))
    if settings.openalex_url:
        key = {"api_key": settings.openalex_api_key} if settings.openalex_api_key else {}
        readers.append(OpenAlex(Polite(settings.openalex_url, contact, name, parameters=key)))
    return tuple(readers)


def run(
    database: Database,
    clock: Clock,
    readers: Sequence[Reader],
    every: timedelta,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Read a few pages from each source, `every` apart, and return how many requests that took."""
    return sum(_read(database, clock, reader, every, pause) for reader in readers)


def _read(database: Database, clock: Clock, reader: Reader, every: timedelta, pause: Callable[[float], None]) -> int:
    if database.read(lambda unit: source_runs.next_wanted(unit, reader.name, machine_now())) is None:
        return 0
    token = database.transact(lambda unit: source_runs.claim(unit, reader.name, machine_now(), LEASE))
    if token is None:
        return 0
    asked = 0
    while asked < BATCH:
        wanted = database.read(lambda unit: source_runs.next_wanted(unit, reader.name, machine_now()))
        if wanted is None:
            break
        asked += 1
        is_last = asked == BATCH
        if not _ask(database, clock, reader, wanted, token, every, give_back=is_last):
            return asked
        pause(every.total_seconds())
        if is_last:
            return asked
    database.transact(lambda unit: source_runs.hold(unit, reader.name, token, None, None))
    return asked


def _ask(
    database: Database,
    clock: Clock,
    reader: Reader,
    wanted: Wanted,
    token: UUID,
    every: timedelta,
    *,
    give_back: bool,
) -> bool:
    """Fetch one page and keep it, or why there is none; tell whether the source may be asked on."""
    wait: timedelta | None = None
    try:
        page = reader.read(wanted.orcid, wanted.cursor)
    except (SourceTrouble, SourceRefusal) as trouble:
        logger.info("%s was not read for researcher %s: %s", reader.name, wanted.researcher_id, trouble)
        error, is_final = str(trouble), isinstance(trouble, SourceRefusal)
        wait = trouble.wait if isinstance(trouble, LeaveAlone) else None
        page = None

    def keep(unit: Unit) -> bool:
        now = machine_now()
        is_over = give_back or wait is not None
        if not source_runs.hold(unit, reader.name, token, None if is_over else now + LEASE, now + (wait or every)):
            # Our lease ran out, and somebody else may have asked for the same page since.
            return False
        ctx = Context(now=clock.now())
        if page is not None:
            source_reading.keep_page(unit, ctx, reader.name, wanted, page.works, page.employments, page.cursor, now)
        elif wait is None:
            again = None if is_final else now + back_off(_tries(unit, reader.name, wanted) + 1)
            source_reading.keep_failure(unit, ctx, reader.name, wanted, error, now, again)
        return wait is None

    return database.transact(keep)


def _tries(unit: Unit, source: str, wanted: Wanted) -> int:
    runs = source_runs.of_researchers(unit, [wanted.researcher_id]).get(wanted.researcher_id, [])
    return next((run.tries for run in runs if run.source == source), 0)
