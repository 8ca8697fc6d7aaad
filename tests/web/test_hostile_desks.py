"""Garbage at every door of the desks, in paths, addresses and forms: refused or kept, never a fault, shown escaped."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from urllib.parse import quote_from_bytes, urlencode

import pytest
from httpx import Response

from service.actions import deliverables
from service.routers.paging import encode_cursor
from service.workflows import commands as c
from tests.support.doors import MANAGER, house
from tests.support.journey import SECTIONS, Journey
from tests.support.scene import PARTNER, set_scene
from tests.support.stages import EXTRA, MAIN, Stages, set_stages
from tests.support.visiting import Form

pytestmark = pytest.mark.no_cover  # it asks thousands of times what others ask once

PAYLOAD = b"\"><script>alert(1)</script>'{{7*7}}\\n"
NUMBERS = (
    b"-1",
    b"99999999999999999999999",
    b"\xc2\xb2",
    b"\xef\xbc\x91",
    b"1e400",
    b"NaN",
    b"0001-01-01",
    b"9999-12-31",
)
TEXTS = (
    PAYLOAD, b"a\0b", b"\xed\xa0\x80", b"\xff\xfe", "\u2028\u202e\U000e0001x".encode(), b"%00%0d%0aSet-Cookie:x=y", b"../../etc/passwd",
    b"[]{}()*+?|^$", b" ", b"",
)  # fmt: skip
GARBAGE = (*TEXTS, *NUMBERS, b"x" * 21_000)
DATES = {"day": (b"1", b"31"), "month": (b"1", b"12"), "year": (b"0001", b"9999")}
"""The first and the last day that there is: real, and too far from today to count from."""
HOSTILE_FILES = (
    b"\xff\xfe\0\0",
    b"From: \xed\xa0\x80\nSubject: =?x?q?=00?=\nDate: x\n\n\0",
    json.dumps([{"name": 1}, {"name": "\ud800", "email": PAYLOAD.decode()}]).encode(),
)
CURSORS = [encode_cursor(place) for place in ("\0", "x", 1, -1, None, [], ["2026-11-22", "x"], {"a": 1}, 2**70, ["9999-12-31T23:59:59Z", "x"])]  # fmt: skip
ASKED = (
    "cursor before after done kind stay as from to only again tick recipient interest alternate compare sort limit university q "
    "organisation partner staff contact hidden topic method status enquiry word nation whose owner state waiting_on flag outcome "
    "sector decision_before dated_by count already did filed view late reason reply_by until recipients owner_id entry"
).split()  # fmt: skip
"""What addresses of the desks may ask, all of it at once."""


@pytest.fixture
def stages(sqlite_url: str) -> Iterator[Stages]:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        yield set_stages(opened)


class Knocks:
    """Knocks at doors and keeps what went wrong, and every status that was answered."""

    def __init__(self, stages: Stages) -> None:
        self.stages = stages
        self.faults: list[str] = []
        self.statuses: Counter[int] = Counter()

    def get(self, path: str) -> None:
        self._look(path, self.stages.client(path).get(path))

    def post(self, path: str, body: bytes) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._look(path, self.stages.client(path).post(path, content=body, headers=headers))

    def upload(self, path: str, data: dict[str, str], content: bytes) -> None:
        file = ('a\r\nX-Evil: 1".eml', content, "message/rfc822")
        self._look(path, self.stages.client(path).post(path, data=data, files={"file": file}))

    def _look(self, path: str, answer: Response) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500 or b"<script>alert" in answer.content or "x-evil" in answer.headers:
            self.faults.append(f"{answer.status_code} {path[:300]}")


def test_no_garbage_is_a_fault_at_any_door_of_the_desks(stages: Stages) -> None:
    knocks = Knocks(stages)
    forms = stages.forms()
    _addresses(knocks)
    _paths(knocks)
    for action, form in forms:
        for button in form.buttons or [("", "", "")]:
            if button[0] == "signed_out":  # it does what it says, to whoever knocks next
                continue
            _fill(knocks, action.partition("#")[0], form, button)
    assert not knocks.faults, "\n".join(knocks.faults)
    assert knocks.statuses[401] + knocks.statuses[429] == 0, "everybody stayed signed in, and no door was closed"
    assert knocks.statuses[422] > len(forms), "garbage came as far as the forms' own rules"


def _addresses(knocks: Knocks) -> None:
    for template in knocks.stages.routes("GET"):
        address = knocks.stages.scene.path(template, **EXTRA)
        for garbage in (PAYLOAD, TEXTS[1], NUMBERS[1], NUMBERS[-1]):
            knocks.get(f"{address}?{'&'.join(f'{name}={quote_from_bytes(garbage)}' for name in ASKED)}")
        if "{" not in template or template == MAIN:
            for cursor in CURSORS:
                knocks.get(f"{address}?{urlencode(dict.fromkeys(('cursor', 'before', 'after'), cursor))}")


def _paths(knocks: Knocks) -> None:
    for method in ("GET", "POST"):
        for template in knocks.stages.routes(method):
            for parameter in [part[1:-1] for part in template.split("/") if part.startswith("{")]:
                for garbage in (PAYLOAD, TEXTS[1], TEXTS[6], NUMBERS[1]):
                    path = knocks.stages.scene.path(
                        template, **{**EXTRA, parameter: quote_from_bytes(garbage, safe="")}
                    )
                    if method == "GET":
                        knocks.get(path)
                    else:
                        knocks.post(path, b"x=y")


def _fill(knocks: Knocks, path: str, form: Form, button: tuple[str, str, str]) -> None:
    kept, standing = _kept(form), {name: (value or "A few words").encode() for name, value in form.fields}
    turn = cycle(GARBAGE)
    for garbage in (PAYLOAD + b"a\0b\xed\xa0\x80\xff", NUMBERS[1], GARBAGE[-1]):
        knocks.post(path, _body({**dict.fromkeys(form.offered, garbage), **kept}, button))
    knocks.post(path, _body({**{name: next(turn) for name in sorted(form.offered)}, **kept}, button))
    days = [name for name in form.offered if name.endswith(tuple(f"-{part}" for part in DATES))]
    for end in (0, 1) if days else ():
        far = {name: DATES[name.rpartition("-")[2]][end] for name in days}
        knocks.post(path, _body({**standing, **far, **kept}, button))
    for content in HOSTILE_FILES if "file" in form.offered else ():
        sent = {name: value.decode() for name, value in kept.items()} | ({button[0]: button[1]} if button[0] else {})
        knocks.upload(path, sent, content)


def _kept(form: Form) -> dict[str, bytes]:
    """Return what lets a form in: garbage must come further than to the door."""
    names = {"csrf_token", "seen", "shown", "project", "version", "revision"}
    return {name: value.encode() for name, value in form.fields if name in names}


def _body(sent: dict[str, bytes], button: tuple[str, str, str]) -> bytes:
    pairs = {**sent, **({button[0]: button[1].encode()} if button[0] else {})}
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs.items()).encode()


def test_whatever_is_kept_is_shown_as_it_was_written(sqlite_url: str) -> None:
    text = PAYLOAD.decode().replace("\\n", "")
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        scene = set_scene(opened)
        journey = Journey(opened.database, opened.clock, question=text, organisation=f"Council {text}")
        journey.briefed(dict.fromkeys(SECTIONS, text)).interested(
            lead_name=text, lead_email=PARTNER, statement=text, team=[text], conflicts=text, show_enquirer=True
        )
        journey.act(c.Reframe(question=f"{text}?", reason=text, prompted_by=text, heard=text))
        journey.act(c.Split(question=f"{text}!", reason=text))
        journey.act(c.Extend(reply_by=date(2027, 1, 29), reason=text))
        journey.say(text)
        journey.say(text, visibility="back_stage", kind="note")
        journey.costing().costed()
        journey.database.transact(
            lambda unit: deliverables.add_deliverable(unit, journey.ctx(), journey.project_id, text, date(2027, 1, 29))
        )
        found = 0
        for template, page in Stages(scene, [journey], [journey]).pages():
            assert "<script>alert" not in page.html, template
            assert "&gt;49" not in page.html.replace("&#39;", ""), template
            found += text in page.text or text in str(page.fields)
        assert found > 15
