"""Hostile text through every field of the managers' doors: kept exactly as it came, or refused; never a fault."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response

from tests.support.desk import BASE, QUESTION, Desk
from tests.support.engines import EngineName
from tests.support.hostile import OUR_OWN, together

pytestmark = pytest.mark.no_cover  # it asks thousands of times what others ask once

WORDS = (
    "question purpose who_decides population population_notes place known_evidence not_wanted organisation_description"
).split()
"""Kept to the letter."""
LINES = ("organisation",)
"""One line each, its spaces evened out."""
_LINE, _PAGE = 190, 4_000


@pytest.fixture
def long_texts(engine: EngineName) -> Sequence[str]:
    """The same, for fields that hold a page."""
    return [*OUR_OWN, *together(_PAGE)] if engine == "sqlite" else OUR_OWN


@pytest.fixture
def texts(engine: EngineName) -> Sequence[str]:
    """Every text at hand on one engine, those from outside several together where a line would hold them.

    Our own list holds all that the two engines could disagree about, so it is for both.
    """
    return [*OUR_OWN, *together(_LINE)] if engine == "sqlite" else OUR_OWN


def sent(text: str, send: Callable[[dict[str, Any]], Response], fields: dict[str, Any]) -> tuple[Response, set[str]]:
    """Send fields that hold `text`; leave out those that are refused and send the rest. Nothing else may happen."""
    refused: set[str] = set()
    while True:
        answer = send({name: value for name, value in fields.items() if name not in refused})
        assert answer.status_code in {200, 201, 422}, f"{text!r}: {answer.status_code} {answer.text}"
        if answer.status_code != 422:
            return answer, refused
        named = {problem["field"].partition(".")[0] for problem in answer.json().get("errors", ())}
        newly = (named or set(fields)) - refused
        assert newly, f"{text!r} refused without a field: {answer.text}"
        refused |= newly
        if refused >= set(fields):
            return answer, refused


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_every_fact_keeps_whatever_is_written_in_it(desk: Desk, long_texts: Sequence[str]) -> None:
    for place, text in enumerate(long_texts):
        reference = desk.record(f"For text {place}")["reference"]
        fields = dict.fromkeys((*WORDS, *LINES), text)
        recorded = sent(text, partial(_record, desk), fields)
        changed = sent(text, partial(_change, desk, reference), fields)
        for answer, refused in (recorded, changed):
            if answer.status_code == 422:
                continue
            shown = answer.json()
            kept = {name: shown[name] for name in WORDS if name not in refused}
            assert kept == dict.fromkeys(kept, text), repr(text)
            if "organisation" not in refused:
                assert shown["organisation"] == one_line(text)
        if changed[0].status_code == 200:
            assert desk.read(f"/enquiries/{reference}") == changed[0].json()


def _change(desk: Desk, reference: str, facts: dict[str, Any]) -> Response:
    return desk.change(reference, tag="*", **facts)


def _record(desk: Desk, facts: dict[str, Any]) -> Response:
    return desk.post(
        "/enquiries", {"question": QUESTION, "enquirer": {"name": "Ann", "phone": "0191 498 0000"}, **facts}
    )


def test_every_name_is_one_line_or_refused(desk: Desk, texts: Sequence[str]) -> None:
    for number, text in enumerate(texts):
        body = {"question": QUESTION, "enquirer": {"name": text, "email": f"ann{number}@council.example"}}
        answer = desk.post("/enquiries", body)
        assert answer.status_code in {201, 422}, repr(text)
        if answer.status_code == 201:
            assert answer.json()["enquirer"]["name"] == one_line(text)
        answer = desk.post("/enquiries", {"question": QUESTION, "enquirer": {"name": text, "phone": text}})
        assert answer.status_code in {201, 422}, repr(text)
        answer = desk.post("/enquiries", {"question": QUESTION, "enquirer": {"name": "Ann", "email": text}})
        assert answer.status_code in {201, 422}, repr(text)


def test_the_conversation_the_brief_and_reminders_keep_whatever_is_written_in_them(
    desk: Desk, long_texts: Sequence[str]
) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    tag = desk.write_brief(reference, purpose="A paper.").headers["etag"]
    talk = {"kind": "message", "visibility": "back_stage", "direction": "out"}
    kept = []
    for text in long_texts:
        talking = partial(desk.post, f"/enquiries/{reference}/conversation")
        said, refused = sent(text, lambda words: talking({**talk, **words}), {"body": text, "attendees": [text]})  # noqa: B023 - called at once
        if said.status_code == 201 and "body" not in refused:
            assert said.json()["body"] == text
            kept.append((said.json()["id"], text))
        saved = desk.write_brief(reference, tag=tag, **dict.fromkeys(("purpose", "questions", "users"), text))
        assert saved.status_code in {200, 422}, repr(text)
        if saved.status_code == 200:
            tag = saved.headers["etag"]
            assert set(saved.json()["sections"].values()) <= {text}
            assert desk.read(f"/enquiries/{reference}/brief")["sections"] == saved.json()["sections"]
        noted = desk.post("/follow-ups", {"enquiry": reference, "on": "2027-02-01", "note": text})
        assert noted.status_code in {201, 422}, repr(text)
        if noted.status_code == 201:
            assert noted.json()["note"] == text.strip(), repr(text)
    told = {one["id"]: one.get("body") for one in desk.items(f"/enquiries/{reference}/timeline", limit=200)}
    assert [told[entry] for entry, _ in kept] == [text for _, text in kept]


def test_events_keep_their_reasons_and_names_of_files_lose_only_what_is_not_a_name(
    desk: Desk, texts: Sequence[str]
) -> None:
    reference = ""
    for place, text in enumerate(texts):
        if place % 20 == 0:  # an enquiry holds twenty files
            reference = desk.record()["reference"]
        for event, members in (
            ("ask", {"body": text}),
            ("hold", {"until": "2027-02-01", "reason": text}),
            ("accept", {"waivers": [{"guard": text, "reason": text}]}),
            ("close", {"outcome": "duplicate", "reason": "x", "target": text}),
            ("redact", {"section": text, "reason": "x"}),
        ):
            answer = desk.event(reference, event, tag="*", **members)
            assert answer.status_code in {200, 404, 409, 422}, f"{event} {text!r}: {answer.text}"
            if event == "hold" and answer.status_code == 200:
                reason = answer.json()["hold_reason"]
                assert (reason.strip(), reason in text) == (text.strip(), True)
        named = desk.client.post(
            f"{BASE}/enquiries/{reference}/files", files={"file": (f"{text}.txt", text.encode() or b"x", "text/plain")}
        )
        assert named.status_code in {201, 400, 422}, repr(text)
        if named.status_code == 201:
            got = desk.client.get(named.headers["location"])
            assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
            assert got.content == (text.encode() or b"x")


def test_no_search_address_or_header_is_a_fault(desk: Desk, texts: Sequence[str]) -> None:
    desk.record()
    for text in texts:
        for filters in ({"q": text, "organisation": text}, {"owner": text}, {"cursor": text}, {"state": text}):
            assert desk.get("/enquiries", limit=1, **filters).status_code in {200, 400, 422}, repr(text)
        assert desk.get("/follow-ups", rule=text, enquiry=text, limit=1).status_code in {200, 422}
        address = quote(text[:500], safe="")
        assert desk.client.get(f"{BASE}/enquiries/{address}").status_code in {200, 307, 404}, repr(text)
        header = {"Idempotency-Key": text.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")}
        if header["Idempotency-Key"].isprintable():
            body = {"question": QUESTION, "enquirer": {"name": "Ann", "phone": "0191 498 0000"}}
            answer = desk.client.post(f"{BASE}/enquiries", json=body, headers=header)
            assert answer.status_code in {201, 422}, repr(text)


def test_what_is_said_twice_is_refused_wherever_it_stands(desk: Desk) -> None:
    reference = desk.record()["reference"]
    json = {"Content-Type": "application/json", "If-Match": "*"}
    enquirer = '"enquirer": {"name": "Ann", "phone": "0191 498 0000"}'
    for path, body, pointer, field in (
        ("/enquiries", f'{{"question": "One?", "question": "Two?", {enquirer}}}', "/question", "question"),
        ("/enquiries", f'{{"question": "One?", {enquirer[:-1]}, "n\\u0061me": "Bo"}}}}', "/enquirer/name", "enquirer.name"),
        # What stands in an object that is thrown away itself counts as the outer one's mistake.
        ("/enquiries", f'{{"question": "One?", {enquirer}, "topics": [{{"a": 1, "a": 1}}], "topics": []}}', "/topics", "topics"),
        (f"/enquiries/{reference}/events", '{"event": "hold", "waivers": [{"x": 1}, {"a/~\\ud800": 1, "a/~\\ud800": 2}]}', "/waivers/1/a~1~0\\ud800", "waivers.1.a/~\\ud800"),
        ("/researchers/import?organisation=Durham%20University", '[{"name": "A", "name": "B"}]', "/0/name", "0.name"),
    ):  # fmt: skip
        answer = desk.client.post(f"{BASE}{path}", content=body, headers=json)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-content"), answer.text
        assert answer.json()["detail"] == f"The body says {pointer} twice: say it once."
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    for path in ("/enquiries", "/researchers/import?organisation=Durham%20University"):
        nested = desk.client.post(f"{BASE}{path}", content='[{"a":' * 200 + "1" + "}]" * 200, headers=json)
        assert (nested.status_code, nested.json()["type"]) == (422, "/problems/invalid-content")
    deep = '{"a":' * 400 + '{"b": 1, "b": 2}' + "}" * 400
    assert desk.client.post(f"{BASE}/enquiries", content=deep, headers=json).status_code == 422
    # Whose mistake it is comes after who asks and for what, as every other mistake in a body does.
    nowhere = desk.client.post(f"{BASE}/enquiries/NNNNNN-N/events", content='{"event": "", "event": ""}', headers=json)
    assert nowhere.status_code == 404


def test_what_cannot_be_stored_is_refused_wherever_it_stands(desk: Desk) -> None:
    reference = desk.record()["reference"]
    json = {"Content-Type": "application/json", "If-Match": "*"}
    for text in (r"a\u0000b", r"\ud800", r"\udc00\ud800"):
        for path, body in (
            ("/enquiries", f'{{"question": "{text}", "enquirer": {{"name": "Ann", "phone": "0191"}}}}'),
            (f"/enquiries/{reference}/events", f'{{"event": "ask", "body": "{text}"}}'),
            (f"/enquiries/{reference}/conversation", f'{{"kind": "note", "{text}": 1}}'),
        ):
            answer = desk.client.post(f"{BASE}{path}", content=body, headers=json)
            assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-content")
    for broken in (b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1e999}', b""):
        answer = desk.client.post(f"{BASE}/enquiries", content=broken, headers=json)
        assert answer.status_code in {400, 422}, broken[:20]
    assert desk.client.post(f"{BASE}/enquiries", content=b"x" * 1_000_001, headers=json).status_code == 413
    assert (
        desk.client.post(f"{BASE}/enquiries", content=b"x", headers={"Content-Type": "text/plain"}).status_code == 415
    )
