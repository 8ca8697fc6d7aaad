"""From a publication to a university's system: pokes over real connections, verified by the receivers' own library."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.clock import machine_now
from service.delivery.webhooks import Poster, guard_of, signature
from service.jobs import poke
from service.records import feed, outbox, sending, webhooks
from service.records.database import Unit
from service.records.tables import Enquiry, OutboxMessage
from service.workflows import commands as c
from tests.support.doors import House, house
from tests.support.hooks import Hooks, Poked, hooks
from tests.support.journey import Journey

PATH = "/api/v1/webhooks"
NORTHUMBRIA = "Northumbria University"


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, webhook_allow_hosts="127.0.0.1") as found:
        yield found


@pytest.fixture
def system() -> Iterator[Hooks]:
    with hooks() as kept:
        yield kept


@pytest.fixture
def northumbria(opened: House) -> TestClient:
    return opened.client("university", organisation=NORTHUMBRIA)


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


def registered(client: TestClient, system: Hooks) -> Any:
    answer = client.post(PATH, json={"url": system.url})
    assert answer.status_code == 201, answer.text
    return answer.json()


def pokes(unit: Unit) -> list[OutboxMessage]:
    """Return what waits to be delivered."""
    waiting = select(OutboxMessage).where(OutboxMessage.status == "queued", OutboxMessage.kind == webhooks.ADVANCED)
    return list(unit.exec(waiting))


def tick(opened: House, seconds: float = 5) -> int:
    """Deliver what is due, with every back-off passed."""

    def pass_back_off(unit: Unit) -> None:
        for message in pokes(unit):
            message.available_at = machine_now()

    opened.database.transact(pass_back_off)
    return poke.run(
        opened.database,
        opened.clock,
        opened.app.state.services.tokens,
        Poster(guard_of(opened.settings), seconds=seconds),
    )


def log(client: TestClient, webhook: Any) -> list[Any]:
    found: list[Any] = client.get(f"{PATH}/{webhook['id']}/deliveries").json()["items"]
    return found


def verified(secret: str, poked: Poked) -> Any:
    return Webhook(secret).verify(poked.body, poked.headers)


def extend(journey: Journey, days: int) -> None:
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=days), reason="Half term."))


def test_a_publication_pokes_and_both_secrets_verify_while_they_overlap(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    stranger = registered(opened.client("university", organisation="Teesside University"), system)
    journey.published()
    assert tick(opened) == 1

    [first] = system.received
    assert first.path == "/hook"
    assert verified(webhook["secret"], first) == {
        "type": "feed.advanced",
        "timestamp": "2026-11-23T09:30:00Z",
        "data": {"seq": 1},
    }
    [delivered] = log(northumbria, webhook)
    assert (delivered["id"], delivered["status"], delivered["seq"]) == (first.headers["webhook-id"], "sent", 1)
    with pytest.raises(WebhookVerificationError):
        verified(stranger["secret"], first)
    with pytest.raises(WebhookVerificationError):
        verified(webhook["secret"], Poked(first.path, first.headers, first.body.replace(b"1", b"2")))
    later = first.headers | {"webhook-timestamp": str(int(first.headers["webhook-timestamp"]) + 1)}
    with pytest.raises(WebhookVerificationError):
        verified(webhook["secret"], Poked(first.path, later, first.body))

    renewed = northumbria.post(f"{PATH}/{webhook['id']}/rotate", json={"overlap_hours": 2}).json()
    extend(journey, 28)
    tick(opened)
    for secret in (webhook["secret"], renewed["secret"]):
        assert verified(secret, system.received[-1])["data"] == {"seq": 2}

    opened.clock.move(hours=2)
    extend(journey, 30)
    tick(opened)
    assert verified(renewed["secret"], system.received[-1])["data"] == {"seq": 3}
    with pytest.raises(WebhookVerificationError):
        verified(webhook["secret"], system.received[-1])


def test_what_fails_is_tried_again_under_one_id_and_given_up_in_the_end(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    system.location = f"http://127.0.0.1:{system.port}/elsewhere"
    system.moods.extend([500, 302, 404, "cut", "noise", "dripping"])
    journey.published()
    for _ in range(6):
        tick(opened, seconds=0.5)

    assert {poked.path for poked in system.received} == {"/hook"}, "redirects are not followed"
    assert len({(poked.headers["webhook-id"], poked.body) for poked in system.received}) == 1
    assert all(verified(webhook["secret"], poked) for poked in system.received)
    [waiting] = log(northumbria, webhook)
    assert (waiting["status"], waiting["attempts"]) == ("queued", 6)
    assert waiting["next_try_at"] is not None
    assert [each["detail"] for each in waiting["tries"]] == [
        "answered 500",
        "answered 302; redirects are not followed",
        "answered 404",
        "no answer: what came is no HTTP",
        "no answer: what came is no HTTP",
        "no answer: it took too long",
    ]

    def wear_out(unit: Unit) -> None:
        [row] = pokes(unit)
        row.attempts = sending.MAX_TRIES - 1

    opened.database.transact(wear_out)
    system.moods.append(503)
    tick(opened)
    [dead] = log(northumbria, webhook)
    assert dead["status"] == "failed"
    assert "given up after 24 tries: answered 503" in dead["last_error"]
    assert northumbria.get(f"{PATH}/{webhook['id']}").json()["enabled"] is True
    assert opened.database.read(outbox.failed) == 0, "not among the letters"
    assert northumbria.post(f"{PATH}/{webhook['id']}/deliveries/{dead['id']}/replay").json()["status"] == "queued"
    extend(journey, 28)
    assert [(each["seq"], each["status"]) for each in log(northumbria, webhook)] == [(2, "queued"), (1, "queued")]
    tick(opened)
    assert sorted(each["status"] for each in log(northumbria, webhook)) in (["cancelled", "sent"], ["sent", "sent"])


def test_a_poke_nobody_tried_yet_is_raised_and_a_later_one_makes_earlier_ones_pointless(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    journey.published()
    extend(journey, 28)
    extend(journey, 30)
    [waiting] = log(northumbria, webhook)
    assert waiting["seq"] == 3

    system.moods.append(500)
    tick(opened)
    extend(journey, 32)
    assert [each["seq"] for each in log(northumbria, webhook)] == [4, 3], "one that was tried keeps what it said"

    def only_the_newer(unit: Unit) -> None:
        older = unit.get(OutboxMessage, UUID(waiting["id"]))
        assert older is not None
        older.available_at = machine_now() + timedelta(hours=1)

    opened.database.transact(only_the_newer)
    services = opened.app.state.services
    poke.run(opened.database, opened.clock, services.tokens, Poster(guard_of(opened.settings)))
    newer, older = log(northumbria, webhook)
    assert (newer["status"], older["status"], older["last_error"]) == (
        "sent",
        "cancelled",
        "a later delivery said more",
    )


def test_one_that_is_gone_is_switched_off_once_and_its_university_told(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    journey.published()
    system.moods.append(410)
    tick(opened)

    shown = northumbria.get(f"{PATH}/{webhook['id']}").json()
    assert shown["enabled"] is False
    assert "gone (410)" in shown["disabled_because"]
    [dead] = log(northumbria, webhook)
    assert dead["status"] == "failed"
    letters = opened.client("manager").get("/api/v1/outbox", params={"limit": 200}).json()["items"]
    told = [letter for letter in letters if letter["kind"] == "webhook_gone"]
    assert [letter["to_address"] for letter in told] == ["calls@northumbria.example"], "once"
    assert not [letter for letter in letters if letter["kind"] == webhooks.ADVANCED]
    audit = opened.client("manager").get("/api/v1/audit", params={"subject": "webhook", "action": "switch_off"}).json()
    assert [entry["subject"] for entry in audit["items"]] == [f"webhook:{webhook['id']}"]

    extend(journey, 28)
    assert tick(opened) == 0
    assert northumbria.post(f"{PATH}/{webhook['id']}/test").status_code == 409
    assert northumbria.post(f"{PATH}/{webhook['id']}/deliveries/{dead['id']}/replay").status_code == 409
    northumbria.patch(f"{PATH}/{webhook['id']}", json={"enabled": True})
    tick(opened)
    assert verified(webhook["secret"], system.received[-1])["data"] == {"seq": 2}, "what it missed meanwhile"


def test_an_address_that_turned_private_is_not_called_and_letters_do_not_wait(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    journey.published()
    services = opened.app.state.services
    strict = opened.settings.model_copy(update={"webhook_allow_hosts": ()})
    poke.run(opened.database, opened.clock, services.tokens, Poster(guard_of(strict)))

    assert system.received == []
    [waiting] = log(northumbria, webhook)
    assert waiting["last_error"].startswith("not called: ")
    letters = opened.database.transact(lambda unit: sending.claim(unit, machine_now(), timedelta(minutes=1), 50))
    assert letters
    assert {claimed.message.webhook_id for claimed in letters} == {None}


def test_a_transaction_that_does_not_commit_pokes_nobody(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    journey.published()
    tick(opened)
    university = journey.universities[0]

    class Changed(Exception):
        pass

    def work(unit: Unit) -> None:
        enquiry = unit.get(Enquiry, journey.enquiry_id)
        assert enquiry is not None
        feed.stage(unit, opened.ctx(), enquiry, university, "delisted", 1, {})
        assert pokes(unit) == []
        unit.finish()
        [row] = pokes(unit)
        assert row.params["seq"] == 2 == feed.head(unit, university)
        raise Changed

    with pytest.raises(Changed):
        opened.database.transact(work)
    assert [each["seq"] for each in log(northumbria, webhook)] == [1]


def test_the_log_forgets_after_four_weeks(
    opened: House, journey: Journey, northumbria: TestClient, system: Hooks
) -> None:
    webhook = registered(northumbria, system)
    journey.published()
    tick(opened)
    opened.clock.move(days=27)
    assert opened.database.transact(lambda unit: webhooks.forget_old(unit, opened.clock.now())) == 0
    opened.clock.move(days=1)
    assert opened.database.transact(lambda unit: webhooks.forget_old(unit, opened.clock.now())) == 1
    assert log(northumbria, webhook) == []


def test_signatures_are_those_of_the_published_vectors() -> None:
    vector: dict[str, Any] = {
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "timestamp": 1614265330,
        "body": '{"test": 2432232314}',
        "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    found = [vector]
    if "REAL_DATA" in os.environ:
        file = Path(os.environ["REAL_DATA"]) / "conformance" / "standard_webhooks_vectors.json"
        found += json.loads(file.read_text(encoding="utf-8"))
    for each in found:
        assert signature(each["secret"], each["id"], each["timestamp"], each["body"].encode()) == each["signature"]
    theirs = Webhook(vector["secret"]).sign("m", datetime(2026, 11, 23, tzinfo=UTC), "x")
    assert signature(vector["secret"], "m", int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()), b"x") == theirs
