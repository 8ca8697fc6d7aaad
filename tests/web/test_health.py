"""The health doors: alive, ready, and how busy."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from sqlalchemy import text

from service.clock import machine_now
from service.records import heartbeats, migration
from service.records.database import Database
from tests.support.doors import House, house
from tests.support.engines import Engines


@pytest.fixture
def service(engine_url: str) -> Iterator[House]:
    with house(engine_url, scheduler="internal", tick_seconds=15) as opened:
        yield opened


def beat(service: House, ago: timedelta) -> None:
    service.database.transact(lambda unit: heartbeats.beat(unit, "worker", machine_now() - ago))


def test_a_process_is_alive_whatever_its_database_does(tmp_path: Path) -> None:
    with house(f"sqlite:///{tmp_path}/nowhere/service.db") as service:
        assert service.visitor().get("/healthz").json() == {"status": "ok"}
        unready = service.visitor().get("/readyz")
        assert unready.status_code == 503
        assert unready.json()["checks"] == {
            "database": {"ok": False, "detail": "The database is not answering. Try again shortly."}
        }


def test_nobody_is_ready_before_a_scheduler_ticked(service: House) -> None:
    visitor = service.visitor()
    assert visitor.get("/readyz").status_code == 503
    assert "python -m service work" in visitor.get("/readyz").json()["checks"]["heartbeat"]["detail"]
    beat(service, timedelta(minutes=2))
    assert visitor.get("/readyz").status_code == 503
    beat(service, timedelta())
    ready = visitor.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


def test_no_heartbeat_is_wanted_where_no_scheduler_is_to_run(engine_url: str) -> None:
    with house(engine_url, scheduler="off") as service:
        assert service.visitor().get("/readyz").status_code == 200


def test_a_slow_tick_is_given_its_time(sqlite_url: str) -> None:
    with house(sqlite_url, scheduler="external", tick_seconds=600) as service:
        beat(service, timedelta(minutes=50))
        assert service.visitor().get("/readyz").status_code == 503
        beat(service, timedelta(minutes=20))
        assert service.visitor().get("/readyz").status_code == 200


def test_a_stale_schema_is_not_ready_and_says_what_to_do(engines: Engines) -> None:
    url = engines["sqlite"].migrated()
    database = Database(url)
    migration.downgrade(database, "base")
    database.dispose()
    with house(url) as service:
        unready = service.visitor().get("/readyz")
        assert unready.status_code == 503
        schema = unready.json()["checks"]["schema"]
        assert (schema["current"], schema["detail"]) == (None, "Run: python -m service migrate")
    engines["sqlite"].drop(url)


def test_a_schema_that_moved_on_is_ready_for_as_long_as_this_version_runs_with_it(engine_url: str) -> None:
    with house(engine_url) as service:
        for floor, status, words in (
            (migration.revisions()[-1], 200, "which still runs with it"),
            ("9999", 503, "replace this process by the newer version"),
        ):
            with migration.altering(service.database) as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
                connection.execute(
                    text("UPDATE service_state SET value = :it WHERE key = 'schema_floor'"), {"it": floor}
                )
            told = service.visitor().get("/readyz")
            assert told.status_code == status
            assert words in told.json()["checks"]["schema"]["detail"]


def test_the_health_doors_need_no_key_and_metrics_an_operators(service: House) -> None:
    visitor = service.visitor()
    assert visitor.get("/healthz").status_code == 200
    refused = visitor.get("/metrics")
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert service.client("manager").get("/metrics").status_code == 403


def test_metrics_are_openmetrics_and_count_what_there_is(service: House) -> None:
    manager = service.client("manager")
    body = {"question": "Does it work?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}
    for _ in range(3):
        assert manager.post("/api/v1/enquiries", json=body).status_code == 201
    beat(service, timedelta(seconds=40))
    service.database.transact(lambda unit: heartbeats.note_failure(unit, "deliver", machine_now()))
    service.database.transact(lambda unit: heartbeats.beat(unit, "deliver", machine_now(), took_ms=250))
    service.clock.move(minutes=10)

    answer = service.client("operator").get("/metrics")

    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = text_string_to_metric_families(answer.text)  # type: ignore[no-untyped-call]  # the library left it out
    samples: list[Sample] = [sample for family in families for sample in family.samples]
    values = {(sample.name, *sample.labels.values()): sample.value for sample in samples}
    assert values["enquiries", "triage"] == 3
    assert values["enquiries", "closed"] == 0
    assert values["outbox_messages", "failed"] == 0
    assert values["outbox_messages", "queued"] == values["outbox_due_messages",] >= 3
    assert values["outbox_oldest_due_seconds",] == 600
    assert 39 <= values["heartbeat_age_seconds", "worker"] <= 60
    assert values["http_requests_total", "POST", "/api/v1/enquiries", "2xx"] >= 3
    assert values["http_request_duration_seconds_count", "POST", "/api/v1/enquiries"] >= 3
    assert values["tick_runs_total", "worker"] == 1
    assert (values["tick_failures_total", "deliver"], values["tick_duration_seconds", "deliver"]) == (1, 0.25)
    assert values["database_size_bytes",] > 100_000
    assert values["delivery_tries", "sent"] == 0
    assert ("transactions_repeated_total",) in values
    told = {sample.name: sample.labels for sample in samples}
    assert told["enquiry_service_info"]["schema"] == told["enquiry_service_info"]["expected_schema"]
    assert "pat@" not in answer.text
    assert manager.headers["authorization"] not in answer.text
