"""Logs carry references, not people: a journey is walked, and nothing anybody wrote or was given stands in them."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service import traces
from service.commands.logs import JsonLine
from service.records import outbox
from tests.support.doors import House, house
from tests.support.scene import ENQUIRER, Scene, set_scene, signed_in

QUERY = "a-word-nobody-should-keep"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything the service logs in production, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLine())
    root, requests = logging.getLogger(), logging.getLogger("service.requests")
    levels = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(levels[0])
    requests.setLevel(levels[1])


def lines(log: io.StringIO) -> list[dict[str, object]]:
    """Return what was logged, but for what the test's own client says of itself."""
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if not str(line["logger"]).startswith(("httpx", "httpcore"))]


def secrets_of(scene: Scene) -> set[str]:
    """Return names, addresses, tokens and words of everybody in the scene."""
    keys = {
        str(client.headers["authorization"]).removeprefix("Bearer ")
        for client in scene.callers.values()
        if client is not None and "authorization" in client.headers
    }
    letters = scene.opened.database.read(lambda unit: outbox.page(unit, limit=500))
    people = {text for letter in letters for text in (letter.to_address, letter.to_name) if text}
    return {
        *keys,
        *people,
        ENQUIRER,
        QUERY,
        "Gateshead",
        "warmer homes",
        "Lee Lead",
        scene.journey.reference,
        "No such",
    }


def test_a_journey_leaves_references_in_the_log_and_nobody(sqlite_url: str, log: io.StringIO) -> None:
    with house(sqlite_url) as opened:
        scene = set_scene(opened)
        browser = signed_in(opened, ENQUIRER)
        visitor = opened.visitor()
        browser.get(scene.path("/enquiries/{reference}"))
        visitor.get(f"/answers?q={QUERY}")
        asked = visitor.post("/ask", data={"question": "No such thing?"})
        visitor.get(f"/no/such/{QUERY}")
        visitor.get("/api/v1/enquiries", headers={"Authorization": f"Bearer {QUERY}"})
        own = scene.callers["own university"]
        assert own is not None
        assert own.get("/api/v1/briefs/feed").status_code == 200
        own.get("/api/v1/briefs/feed", params={"cursor": QUERY})
        known, secret = lines(log), secrets_of(scene)
    assert asked.status_code < 500
    told = log.getvalue()
    ours = "\n".join(json.dumps(line, ensure_ascii=False) for line in known)
    assert {text for text in secret if text.lower() in ours.lower()} == set()
    for token in re.findall(r"/(?:ask|sign-in)/([\w-]{16,})", " ".join(browser.cookies.values())):
        assert token not in told

    requests = [line for line in known if line["logger"] == "service.requests"]
    assert {"time", "level", "logger", "message", "request_id", "method", "route", "status", "ms", "role"} <= set(
        requests[0]
    )
    by_route = {(line["route"], line["status"]): line for line in requests}
    for status in (200, 400):  # from memory, and by way of the routes
        feed = by_route["/api/v1/briefs/feed", status]
        assert feed["role"] == "university"
        assert feed["organisation"] == str(scene.journey.universities[0])
        assert re.fullmatch(r"[0-9a-f-]{36}", str(feed["key"]))
    assert by_route["/enquiries/{reference}", 200]["role"] in {"enquirer", "signed_in"}
    assert by_route["(none)", 404]["role"] == "public"
    assert len({line["request_id"] for line in requests}) == len(requests)


def test_a_fault_is_told_by_where_it_arose_and_not_by_what_it_says(log: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError(f"{ENQUIRER} is no number")

    with traces.tracing("tick-1"):
        try:
            try:
                fail()
            except ValueError as problem:
                raise RuntimeError(ENQUIRER) from problem
        except RuntimeError:
            logging.getLogger("service.trial").exception("it failed")
    [line] = [line for line in lines(log) if line["logger"] == "service.trial"]
    assert line["request_id"] == "tick-1"
    assert ENQUIRER not in log.getvalue()
    faults = line["fault"]
    assert isinstance(faults, list)
    assert [fault["type"] for fault in faults] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert faults[1]["at"][-1].endswith(" fail")


def test_only_a_trusted_proxy_names_requests_and_only_well(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        named = {"X-Request-Id": "f00dface-0001"}
        proxied = TestClient(opened.app, client=("203.0.113.9", 0))
        assert proxied.get("/healthz", headers=named).headers["x-request-id"] == "f00dface-0001"
        for client, headers in (
            (TestClient(opened.app, client=("203.0.113.9", 4711)), named),
            (proxied, {"X-Request-Id": "short"}),
            (proxied, {"X-Request-Id": "ann@council.example"}),
            (proxied, {"X-Request-Id": "a" * 65}),
        ):
            given = client.get("/healthz", headers=headers).headers["x-request-id"]
            assert re.fullmatch(r"[0-9a-f]{16}", given)


def test_a_fault_at_a_door_names_the_route_only(sqlite_url: str, log: io.StringIO) -> None:
    with house(sqlite_url) as opened:
        _break(opened)
        answer = opened.visitor().get(f"/answers?q={QUERY}")
    assert answer.status_code >= 500
    assert QUERY not in "\n".join(json.dumps(line) for line in lines(log))


def _break(opened: House) -> None:
    with opened.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE answer_use")
        connection.exec_driver_sql("DROP TABLE published_answer")
        connection.commit()
