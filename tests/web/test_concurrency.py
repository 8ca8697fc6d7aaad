"""Two at once: of a pair of events against one version exactly one happens, and a twin gets the first one's answer."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.doors import House

pytestmark = pytest.mark.no_cover  # it does hundreds of times what others do once

PAIRS = 100
TWINS = 20


def at_once(pool: ThreadPoolExecutor, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Make these calls from as many threads, none before all are ready."""
    ready = threading.Barrier(len(calls))

    def wait_and(call: Callable[[], Any]) -> Any:
        ready.wait(timeout=30)
        return call()

    return [answer.result(timeout=30) for answer in [pool.submit(wait_and, call) for call in calls]]


def test_of_two_events_against_one_version_exactly_one_happens(opened: House) -> None:
    desk, other = Desk(opened.client("manager")), Desk(opened.client("service_lead"))
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    version = desk.read(f"/enquiries/{reference}")["version"]
    seen: Counter[tuple[int, int]] = Counter()
    with ThreadPoolExecutor(2) as pool:
        for turn in range(PAIRS):
            tag = f'"{version + turn}"'
            answers = at_once(
                pool,
                [partial(one.event, reference, "ask", tag=tag, body="Which wards?") for one in (desk, other)],
            )
            low, high = sorted(answer.status_code for answer in answers)
            seen[low, high] += 1
            [refused] = [answer for answer in answers if answer.status_code == 412] or [None]
            if refused is not None:
                assert refused.json()["current_etag"] == f'"{version + turn + 1}"'
    assert seen == {(200, 412): PAIRS}
    told = desk.items(f"/enquiries/{reference}/timeline", limit=200)
    assert len([one for one in told if one.get("event") == "ask"]) == PAIRS
    assert len([one for one in told if one["type"] == "message" and one["kind"] == "question_asked"]) == PAIRS
    assert desk.read(f"/enquiries/{reference}")["version"] == version + PAIRS


def test_a_twin_waits_and_gets_the_answer_of_the_first(opened: House) -> None:
    desk = Desk(opened.client("manager"))
    with ThreadPoolExecutor(3) as pool:
        for turn in range(TWINS):
            body = {"question": f"Question {turn}", "enquirer": {"name": "Ann", "phone": "0191 498 0000"}}
            answers = at_once(pool, [partial(desk.post, "/enquiries", body, idempotency_key=f"key {turn}")] * 3)
            assert [answer.status_code for answer in answers] == [201] * 3
            assert len({answer.text for answer in answers}) == 1
            replayed = [answer for answer in answers if answer.headers.get("idempotency-replayed") == "true"]
            assert len(replayed) == 2
    assert len(desk.items("/enquiries", limit=200)) == TWINS


def test_a_twin_is_never_refused_for_what_the_first_did(opened: House) -> None:
    desk = Desk(opened.client("manager"))
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    with ThreadPoolExecutor(3) as pool:
        for turn in range(TWINS):
            tag = f'"{desk.read(f"/enquiries/{reference}")["version"]}"'
            body = {"event": "ask", "body": "Which wards?"}
            asked = partial(
                desk.post, f"/enquiries/{reference}/events", body, if_match=tag, idempotency_key=f"key {turn}"
            )
            assert [answer.status_code for answer in at_once(pool, [asked] * 3)] == [200] * 3
