"""Two web processes over one database, both engines: what one was told, the other knows; many at once queue and none fails."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any, cast

import httpx
import pytest
from fastapi.testclient import TestClient

from service.clock import machine_now
from service.routers.visits import ADDRESS
from tests.support.clock import HandClock
from tests.support.doors import SECRET, House
from tests.support.journey import UNIVERSITIES, Journey
from tests.support.serving import serving
from tests.support.visiting import Visitor

CLIENTS, EACH, TWINS = 16, 4, 8
ENQUIRIES = "/api/v1/enquiries"


@dataclass
class Replicas:
    """Two processes that serve one database, and that database seen from here."""

    house: House
    urls: list[str]
    stack: ExitStack

    def client(self, number: int, key: str | None = None) -> httpx.Client:
        """Return a client of one of them."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        url = self.urls[number % len(self.urls)]
        return self.stack.enter_context(httpx.Client(base_url=url, headers=headers, timeout=60))

    def browser(self, number: int, cookies: dict[str, str] | None = None) -> Visitor:
        """Return a browser window at one of them."""
        client = self.client(number)
        client.cookies.update(cookies)
        # A test client speaks as this one does, only to an app in its own process.
        return Visitor(self.house, cast("TestClient", client))


@pytest.fixture
def replicas(engine_url: str, tmp_path: Path) -> Iterator[Replicas]:
    environment = {"DATABASE_URL": engine_url, "SCHEDULER": "off", "SECRET_KEY": SECRET, "MAIL": "file:mail"}
    house = House(engine_url, HandClock(machine_now()))
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(environment, folder=tmp_path)).url for _ in range(2)]
        yield Replicas(house, urls, stack)
    house.close()


def test_processes_over_one_database_act_as_one(replicas: Replicas) -> None:
    """One stage for all of it: two processes take a second to start."""
    manager = replicas.house.key("manager")
    _many_at_once_queue(replicas, manager)
    _twins_are_one(replicas, manager)
    _one_of_two_wins(replicas, manager)
    _a_session_is_everywhere(replicas)
    _knocks_are_counted_together(replicas)
    _a_revoked_key_is_refused_everywhere(replicas)


def _many_at_once_queue(replicas: Replicas, key: str) -> None:
    """More writers than a database takes at once: they wait for one another."""
    start = Barrier(CLIENTS)

    def submit(number: int) -> list[int]:
        client = replicas.client(number, key)
        start.wait()
        return [client.post(ENQUIRIES, json=_question(f"{number}.{turn}")).status_code for turn in range(EACH)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = [status for answers in pool.map(submit, range(CLIENTS)) for status in answers]
    assert statuses == [201] * CLIENTS * EACH
    listed = replicas.client(0, key).get(ENQUIRIES, params={"limit": 200}).json()["items"]
    assert len(listed) == CLIENTS * EACH


def _twins_are_one(replicas: Replicas, key: str) -> None:
    """The same request with the same Idempotency-Key at both processes at once."""
    start = Barrier(2)

    def submit(number: int) -> list[httpx.Response]:
        client, answers = replicas.client(number, key), []
        for turn in range(TWINS):
            start.wait()
            headers = {"Idempotency-Key": f"twin-{turn}"}
            answers.append(client.post(ENQUIRIES, json=_question(f"twin {turn}"), headers=headers))
        return answers

    with ThreadPoolExecutor(2) as pool:
        pairs = list(zip(*pool.map(submit, range(2)), strict=True))
    for one, other in pairs:
        assert (one.status_code, one.json()) == (other.status_code, other.json())
        assert {answer.headers.get("Idempotency-Replayed") for answer in (one, other)} == {None, "true"}
    assert len({one.json()["reference"] for one, _ in pairs}) == TWINS


def _one_of_two_wins(replicas: Replicas, key: str) -> None:
    """The same step on the same version at both processes at once."""
    start = Barrier(2)
    made = replicas.client(0, key).post(ENQUIRIES, json=_question("Who takes it on?"))
    path, tag = f"{ENQUIRIES}/{made.json()['reference']}/events", made.headers["etag"]

    def accept(number: int) -> int:
        client = replicas.client(number, key)
        start.wait()
        return client.post(path, json={"event": "accept"}, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, range(2))) == [200, 412]


def _a_session_is_everywhere(replicas: Replicas) -> None:
    email = "ann@council.example"
    browser = Visitor(replicas.house)
    browser.sign_in(email)
    cookies = dict(browser.client.cookies)
    here, there = (replicas.browser(number, cookies) for number in range(2))
    assert here.client.get("/enquiries").status_code == there.client.get("/enquiries").status_code == 200
    there.open("/sign-out")
    there.press("Sign out")
    assert here.client.get("/enquiries").status_code == 401


def _knocks_are_counted_together(replicas: Replicas) -> None:
    """Half of the knocks at each process: neither alone is over the limit."""
    refused: list[dict[str, Any]] = []
    visitors = [replicas.browser(number) for number in range(2)]
    for visitor in visitors:
        visitor.open("/sign-in")
    for knock in range(2 * ADDRESS.limit + 2):  # a window that ends in between lets twice as many in
        form, _ = visitors[knock % 2].page.form_with("Email me a link")
        sent = {**dict(form.fields), "email": "nobody@elsewhere.example"}
        answer = visitors[knock % 2].client.post(form.action, data=sent)
        if answer.status_code == 429:
            refused.append({"knock": knock, "after": int(answer.headers["retry-after"])})
            break
    assert refused
    assert refused[0]["knock"] >= ADDRESS.limit
    assert refused[0]["after"] > 0


def _a_revoked_key_is_refused_everywhere(replicas: Replicas) -> None:
    """At the door that keeps what it knows of keys for a second, as well."""
    Journey(replicas.house.database, replicas.house.clock).published()
    lead = replicas.house.key("service_lead")
    here = replicas.client(0, lead)
    wanted = {"name": "To lose", "role": "university", "organisation": UNIVERSITIES[0]}
    made = here.post("/api/v1/api-keys", json=wanted).json()
    there = replicas.client(1, made["key"])
    tag = [there.get("/api/v1/briefs/feed") for _ in range(2)][1].headers["etag"]
    assert there.get("/api/v1/briefs/feed", headers={"If-None-Match": tag}).status_code == 304
    here.patch(f"/api/v1/api-keys/{made['id']}", json={"revoked": True}).raise_for_status()
    revoked = time.monotonic()
    assert there.get("/api/v1/briefs").status_code == 401
    while there.get("/api/v1/briefs/feed", headers={"If-None-Match": tag}).status_code != 401:
        assert time.monotonic() - revoked < 2, "a second, and what one answer takes"


def _question(text: str) -> dict[str, Any]:
    return {"question": f"Question {text}?", "enquirer": {"name": "Ann Asker", "email": "ann@council.example"}}
