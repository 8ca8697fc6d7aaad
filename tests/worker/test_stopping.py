"""Told to stop, a server says it is not ready, ends what is under way, waits for nobody for ever, and leaves in peace."""

import json
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from service.records.database import Database
from service.records.vitals import enquiries_by_state
from tests.support.doors import house
from tests.support.serving import Service, serving, start

BODY = json.dumps({"question": "Is it kept?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}).encode()
SECRET = {"SECRET_KEY": "a secret for tests, long enough to sign with"}


def begun(service: Service, key: str) -> socket.socket:
    """Send a request but for its last byte."""
    address = urlsplit(service.url)
    connection = socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20)
    head = (
        f"POST /api/v1/enquiries HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    connection.sendall(head.encode() + BODY[:-1])
    return connection


def test_what_is_under_way_ends_and_what_never_ends_is_not_waited_for(sqlite_url: str, tmp_path: Path) -> None:
    with house(sqlite_url) as opened:
        key = opened.key("manager")
    settings = {**SECRET, "DATABASE_URL": sqlite_url, "SCHEDULER": "off", "DRAIN_SECONDS": "1.5", "STOP_SECONDS": "1"}
    with serving(settings, folder=tmp_path) as service:
        assert httpx.get(f"{service.url}/readyz").status_code == 200
        with begun(service, key) as ending, begun(service, key):
            service.process.send_signal(15)
            told = time.monotonic()
            while (ready := httpx.get(f"{service.url}/readyz")).status_code == 200:
                assert time.monotonic() - told < 1
            assert ready.json()["checks"]["process"]["detail"] == "This process was told to stop."
            assert httpx.get(f"{service.url}/healthz").status_code == 200
            ending.sendall(BODY[-1:])
            assert ending.recv(4096).startswith(b"HTTP/1.1 201 ")
            assert service.process.wait(20) == 0
    database = Database(sqlite_url)
    assert database.read(enquiries_by_state) == [("triage", 1)]
    database.dispose()


def test_several_processes_count_together_and_stop_together(sqlite_url: str, tmp_path: Path) -> None:
    with house(sqlite_url) as opened:
        operator = {"Authorization": f"Bearer {opened.key('operator')}", "Connection": "close"}
    settings = {**SECRET, "DATABASE_URL": sqlite_url, "SCHEDULER": "off"}
    service = start(settings, folder=tmp_path, arguments=("--workers", "2"), afresh=True)
    try:

        def counted() -> float:
            written = httpx.get(f"{service.url}/metrics", headers=operator).text
            families = text_string_to_metric_families(written)  # type: ignore[no-untyped-call]  # the library left it out
            return sum(
                sample.value
                for family in families
                for sample in family.samples
                if (sample.name, sample.labels.get("route")) == ("http_requests_total", "/readyz")
            )

        before = counted()
        for _ in range(12):
            assert httpx.get(f"{service.url}/readyz", headers={"Connection": "close"}).status_code == 200
        assert {counted() - before for _ in range(4)} == {12}
        assert service.stop() == 0
    finally:
        service.kill()
