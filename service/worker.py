"""The scheduler's composition root. APScheduler only ticks: what is due, the database decides.

So a tick that comes late, twice, or from two workers at once changes nothing but the moment.
"""

import logging
import os
import secrets
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from threading import Event, current_thread, main_thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from service import traces
from service.actions.retention import periods_of
from service.clock import Clock, clock_from, machine_now
from service.delivery.letterhead import Letterhead
from service.delivery.transports import Accountable, transport_of
from service.delivery.webhooks import Poster, guard_of
from service.jobs import check, close, deliver, digest, fates, poke, purge, read_sources, refresh, remind
from service.jobs.encode import Encoding
from service.principals import Staff
from service.records import heartbeats, vitals
from service.records.database import Database, Unit
from service.settings import Settings
from service.sources.encoders import find_encoder

logger = logging.getLogger(__name__)

HEARTBEAT = "worker"
"""The heartbeat that says a scheduler is alive, written with every tick."""

_MOST_BATCHES = 10_000
"""More than any tick needs: a job that always finds more to do is at fault, and must not hold up the others."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that is done without anybody asking. `run` returns how much it did."""

    name: str
    every: timedelta
    run: Callable[[], int]
    drains: bool = True
    """`run` does a small batch and is called again until it finds nothing; otherwise once a tick."""


def jobs_of(settings: Settings, database: Database, clock: Clock) -> tuple[Job, ...]:
    """Return every job, in the order in which one hands work to the next."""
    tick, periods = timedelta(seconds=settings.tick_seconds), periods_of(settings)
    letterhead = Letterhead.of(settings)
    transport = transport_of(settings, letterhead)
    poster, staff = Poster(guard_of(settings)), Staff.named_in(settings)
    encoding = Encoding(database, clock, find_encoder(settings.matching_model, settings.matching_model_sha256).encoder)
    readers, apart = read_sources.readers_of(settings), timedelta(seconds=settings.sources_seconds)
    return (
        Job("refresh", timedelta(hours=6), lambda: refresh.run(database, clock, settings), drains=False),
        Job("remind", tick, lambda: _remind(database, clock, settings.service_nation)),
        Job("deliver", tick, lambda: deliver.run(database, clock, letterhead, transport, staff)),
        *([Job("fates", tick, lambda: fates.run(database, transport))] if isinstance(transport, Accountable) else []),
        Job("poke", tick, lambda: poke.run(database, clock, letterhead.tokens, poster)),
        Job("encode", tick, encoding.run),
        Job("purge", timedelta(hours=1), lambda: purge.run(database, clock, periods)),
        Job("close", timedelta(hours=1), lambda: close.run(database, clock)),
        Job("tidy", timedelta(hours=6), encoding.tidy, drains=False),
        Job("check", timedelta(hours=1), lambda: len(check.run(database)), drains=False),
        # The last, so that whoever waits for everything else does not wait for other people's servers.
        *([Job("read_sources", tick, lambda: read_sources.run(database, clock, readers, apart))] if readers else []),
    )


def _remind(database: Database, clock: Clock, nation: str) -> int:
    """Settle a batch of reminders; once nothing is due any more, write the day's digests, which tell the team theirs."""
    return remind.run(database, clock, nation) or digest.run(database, clock, nation)


def work(settings: Settings, *, once: bool = False, parent: int | None = None) -> int:
    """Tick until told to stop by SIGTERM or SIGINT, or, with `once`, until nothing is due; return the exit status.

    The status is 1 when `once` met a job that failed. A job that is under way when the signal comes ends first. Given
    the process id of a `parent`, it also stops when that is gone, so that no scheduler outlives the server it serves.
    """
    stop = Event()
    if current_thread() is main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    database = Database(settings.database_url)
    try:
        jobs = jobs_of(settings, database, clock_from(settings.clock))
        if once:
            return 0 if run_until_idle(database, jobs, stop) else 1
        run_until_stopped(database, jobs, timedelta(seconds=settings.tick_seconds), stop, parent)
    finally:
        database.dispose()
    return 0


def run_until_idle(database: Database, jobs: Sequence[Job], stop: Event) -> bool:
    """Run every job, and the draining ones again until none finds anything; tell whether none failed."""
    _beat(database, HEARTBEAT)
    failed: set[str] = set()
    pending = list(jobs)
    while pending and not stop.is_set():
        done = 0
        for job in pending:
            found = tick(database, job, stop)
            failed |= {job.name} if found is None else set()
            done += found or 0
        pending = [job for job in jobs if job.drains] if done else []
    return not failed


def run_until_stopped(
    database: Database, jobs: Sequence[Job], heartbeat_every: timedelta, stop: Event, parent: int | None = None
) -> None:
    """Tick every job, at once and then each time its interval has passed, until `stop` is set or `parent` is gone."""
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(jobs) + 1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    _beat(database, HEARTBEAT)
    scheduler.add_job(
        _beat, "interval", seconds=heartbeat_every.total_seconds(), args=[database, HEARTBEAT], id=HEARTBEAT
    )
    for job in jobs:
        scheduler.add_job(
            tick,
            "interval",
            seconds=job.every.total_seconds(),
            args=[database, job, stop],
            id=job.name,
            next_run_time=machine_now(),
        )
    scheduler.start()
    try:
        while not stop.wait(1):
            if parent is not None and os.getppid() != parent:
                logger.warning("the server is gone, so its scheduler stops")
                break
    finally:
        stop.set()
        scheduler.shutdown(wait=True)


def tick(database: Database, job: Job, stop: Event) -> int | None:
    """Run one job, batch after batch, and return how much it did; None when it failed, which is logged.

    A failure stays its own: the other jobs go on, and the next tick tries again. With a schema that this version cannot
    run with nothing is run at all.
    """
    with traces.tracing(f"{job.name}-{secrets.token_hex(4)}"):
        began = time.monotonic()
        try:
            schema = vitals.schema(database)
            if not schema.is_usable:
                logger.error("%s does not run: the schema is at %s", job.name, schema.current)
                return None
            done = _batches(job, stop)
        except Exception:
            logger.exception("%s failed", job.name)
            _note(database, job.name, lambda unit: heartbeats.note_failure(unit, job.name, machine_now()))
            return None
        took_ms = round((time.monotonic() - began) * 1000)
        _note(database, job.name, lambda unit: heartbeats.beat(unit, job.name, machine_now(), took_ms))
        return done


def _batches(job: Job, stop: Event) -> int:
    done = 0
    for _ in range(_MOST_BATCHES):
        found = job.run()
        done += found
        if not found or not job.drains or stop.is_set():
            return done
    logger.error("%s found more to do %d times in a row", job.name, _MOST_BATCHES)
    return done


def _beat(database: Database, name: str) -> None:
    _note(database, name, lambda unit: heartbeats.beat(unit, name, machine_now()))


def _note(database: Database, name: str, what: Callable[[Unit], None]) -> None:
    try:
        database.transact(what)
    except Exception:
        logger.exception("the heartbeat of %s could not be written", name)
