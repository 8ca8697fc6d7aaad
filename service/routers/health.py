"""Whether this process runs, whether it can serve, and how much there is to do: for machines that watch machines."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from service import __version__, meters
from service.clock import machine_now
from service.errors import Problem
from service.records import migration, outbox, vitals, webhooks
from service.records.database import Unit
from service.records.migration import Schema
from service.routers.doors import OperatorCall
from service.routers.services import Services, context_of, services_of
from service.settings import Settings
from service.states import EnquiryState, ProjectState

router = APIRouter(include_in_schema=False)

_LEAST_PATIENCE = timedelta(seconds=60)
_TICKS_MISSED = 4


@router.get("/healthz")
def healthz() -> Response:
    """This process answers. Nothing else is asked of it."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """Whether requests can be served: the database, its schema and, where a scheduler is to run, its heartbeat.

    503 when one of them fails. What waits in the outbox is told beside, and makes nobody unready: a mail server that
    is down does not close the doors.
    """
    services = services_of(request)
    checks = _checks(services, context_of(request).now)
    ready = all(check.get("ok", True) for check in checks.values())
    return JSONResponse(
        {"status": "ready" if ready else "not ready", "checks": checks},
        200 if ready else 503,
        headers={"Cache-Control": "no-store", **({} if ready else {"Retry-After": "5"})},
    )


@router.get("/metrics")
def metrics(call: OperatorCall) -> Response:
    """Counts and ages for an operator's dashboard, as OpenMetrics. Figures about the work are the funders' doors."""
    registry = meters.registry()
    registry.register(_Gauges(call.read(lambda unit: tuple(_gauges(unit, call.ctx.now)))))
    registry.register(_Gauges((_connections(call.services),)))
    written: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]  # the library left this one out
    return Response(written, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def patience(settings: Settings) -> timedelta:
    """Return how old a heartbeat may be: a few ticks, and a minute at least."""
    return max(_LEAST_PATIENCE, _TICKS_MISSED * timedelta(seconds=settings.tick_seconds))


def _checks(services: Services, now: datetime) -> dict[str, dict[str, Any]]:
    if services.drain.begun:
        return {"process": {"ok": False, "detail": "This process was told to stop."}}
    try:
        schema = vitals.schema(services.database)
    except Problem as problem:
        return {"database": {"ok": False, "detail": problem.detail}}
    checks: dict[str, dict[str, Any]] = {
        "database": {"ok": True},
        "schema": {"ok": schema.is_usable, "current": schema.current, "expected": schema.expected},
    }
    if not schema.is_current:
        checks["schema"]["detail"] = _detail(schema)
    if not schema.is_usable:
        return checks
    machine = machine_now()
    beats, backlog = services.database.read(lambda unit: (vitals.heartbeats(unit), vitals.backlog(unit, machine)))
    if services.settings.scheduler != "off":
        checks["heartbeat"] = _heartbeat(beats, machine, patience(services.settings))
    checks["outbox"] = {
        "due": backlog.due,
        "oldest_due_seconds": _seconds(backlog.oldest_queued_at, now),
        "failed": backlog.failed,
    }
    checks["matching"] = _matching(services)
    return checks


def _detail(schema: Schema) -> str:
    if not schema.is_ahead:
        return "Run: python -m service migrate"
    if schema.is_usable:
        return "The schema is newer than this version, which still runs with it."
    return "The schema is newer than this version, which cannot run with it: replace this process by the newer version."


def _matching(services: Services) -> dict[str, Any]:
    """By what texts are matched. Words alone will do, so this makes nobody unready."""
    if services.encoder is None:
        return {"by": "words", "detail": services.encoder_detail}
    return {"by": "words and meaning", "model": services.encoder.model, "texts_waiting": services.corpus.waiting}


def _heartbeat(beats: dict[str, datetime], machine: datetime, allowed: timedelta) -> dict[str, Any]:
    newest = max(beats.values(), default=None)
    if newest is None:
        return {"ok": False, "detail": "No scheduler has ticked here yet. Start one: python -m service work"}
    return {"ok": machine - newest <= allowed, "age_seconds": _seconds(newest, machine)}


def _seconds(since: datetime | None, until: datetime) -> float | None:
    return None if since is None else round(max(0.0, (until - since).total_seconds()), 1)


@dataclass(frozen=True, eq=False)
class _Gauges(Collector):
    """Hands metrics that were read beforehand to the library that writes them."""

    families: tuple[Metric, ...]

    def collect(self) -> Iterable[Metric]:
        return self.families


def _gauges(unit: Unit, now: datetime) -> Iterator[Metric]:
    machine = machine_now()
    backlog = vitals.backlog(unit, machine)
    schema = migration.schema_of(unit)
    told = {"version": __version__, "schema": str(schema.current), "expected_schema": str(schema.expected)}
    yield InfoMetricFamily("enquiry_service", "Which version runs, over which schema.", told)
    yield GaugeMetricFamily("database_size_bytes", "Room the database takes.", vitals.size_bytes(unit))
    yield _by(
        "enquiries", "Enquiries by state, drafts included.", "state", EnquiryState, vitals.enquiries_by_state(unit)
    )
    yield _by("projects", "Projects by state.", "state", ProjectState, vitals.projects_by_state(unit))
    statuses = ("queued", "held", "sent", "failed", "cancelled")
    results = ("sent", "deferred", "refused", "none")
    tries = vitals.tries_by_result(unit).items()
    yield _by("delivery_tries", "Kept tries at sending, by what came of them.", "result", results, tries)
    yield _by("outbox_messages", "Letters by status.", "status", statuses, outbox.counts(unit).items())
    yield _by(
        "webhook_deliveries",
        "Pokes of the last four weeks by status.",
        "status",
        statuses,
        webhooks.counts(unit).items(),
    )
    yield GaugeMetricFamily("outbox_due_messages", "Messages whose next try is due.", backlog.due)
    yield GaugeMetricFamily(
        "outbox_oldest_due_seconds",
        "Business time since the oldest message that is due was written; 0 for none.",
        _seconds(backlog.oldest_queued_at, now) or 0.0,
    )
    ages = GaugeMetricFamily("heartbeat_age_seconds", "Machine time since each tick last ran.", labels=["tick"])
    took = GaugeMetricFamily("tick_duration_seconds", "How long each tick last took.", labels=["tick"])
    runs = CounterMetricFamily("tick_runs", "How often each tick ended well.", labels=["tick"])
    failures = CounterMetricFamily("tick_failures", "How often each tick did not.", labels=["tick"])
    for tick in vitals.ticks(unit):
        ages.add_metric([tick.name], _seconds(tick.beat_at, machine) or 0.0)
        runs.add_metric([tick.name], tick.runs)
        failures.add_metric([tick.name], tick.failures)
        if tick.took_ms is not None:
            took.add_metric([tick.name], tick.took_ms / 1000)
    yield from (ages, took, runs, failures)


def _connections(services: Services) -> Metric:
    """Return how many connections are at work, of the process that happens to answer."""
    family = GaugeMetricFamily("database_connections_in_use", "Connections at work in one process.", labels=["process"])
    family.add_metric([str(os.getpid())], services.database.connections_in_use())
    return family


def _by(
    name: str, documentation: str, label: str, known: Iterable[str], counts: Iterable[tuple[str, int]]
) -> GaugeMetricFamily:
    """Return one gauge for each known value, 0 where nothing has it, so that a series never goes missing."""
    found = dict(counts)
    family = GaugeMetricFamily(name, documentation, labels=[label])
    for value in known:
        family.add_metric([str(value)], found.get(value, 0))
    return family
