"""Abuse at the doors that everybody may knock at: who is known, how often, with which key, with which file."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from service.records.tables import SignInLink
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor, ask_and_send, outbox

ANN = "ann@council.example"


@contextmanager
def statements(opened: House) -> Iterator[list[str]]:
    """Collect what the database is told, each as its first words: which tables are read and written, how often."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(" ".join(statement.split())[:60])

    event.listen(opened.database.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(opened.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("staff_sign_in", ["link", "oidc"])
def test_the_same_work_is_done_for_an_address_nobody_knows(engine_url: str, staff_sign_in: str) -> None:
    provider: dict[str, Any] = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "x"}
    with house(engine_url, staff_emails=MANAGER, lead_emails=LEAD, staff_sign_in=staff_sign_in, **provider) as opened:
        visitor = Visitor(opened)
        known = ask_and_send(visitor)
        opened.person("Mo", MANAGER, staff_role="manager")

        def work_for(**answers: str) -> list[str]:
            visitor.open("/sign-in")
            form, _ = visitor.page.form_with("Email me a link")
            with statements(opened) as told:
                assert visitor.client.post("/sign-in", data=dict(form.fields) | answers).status_code == 200
            # How often somebody knocked is counted for known and unknown alike; the first knock makes the row.
            return [each for each in told if "SAVEPOINT" not in each and "rate_count" not in each]

        unknown = work_for(email="nobody@elsewhere.example")
        assert len(unknown) > 5
        for email in (ANN, MANAGER):
            assert _kinds(work_for(email=email)) == _kinds(unknown), email
        assert _kinds(work_for(email="", reference=known)) == _kinds(work_for(email="", reference="000000-0"))
        mailed = len(opened.database.read(lambda unit: list(unit.exec(select(SignInLink)))))
        assert mailed == (3 if staff_sign_in == "link" else 2)
        assert [each.kind for each in outbox(opened)].count("sign_in") == mailed


def _kinds(told: list[str]) -> list[str]:
    """What is done in which order; a link that is taken back is written as another row, since it has no person."""
    return [each.split()[0] for each in told]


def test_one_address_is_asked_for_so_often_and_no_more_from_anywhere(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        ask_and_send(visitor)
        visitor.open("/sign-in")
        form, _ = visitor.page.form_with("Email me a link")

        def asked(email: str) -> list[int]:
            # Each from another host; a new window may begin on the way, and never a second one.
            found, wait = list[int](), 0
            while len(found) <= 60 and found[-1:] != [429]:
                elsewhere = opened.visitor()
                elsewhere._transport.client = (f"10.0.0.{len(found)}", 50000)  # type: ignore[attr-defined]
                answer = elsewhere.post("/sign-in", data=dict(form.fields) | {"email": email})
                found.append(answer.status_code)
                wait = int(answer.headers.get("retry-after", 0))
            assert 1 <= wait <= 900
            return found

        for email in (ANN, "nobody@elsewhere.example"):
            assert 31 <= len(asked(email)) <= 61
        # Another address is not held up by it.
        assert (
            visitor.client.post("/sign-in", data=dict(form.fields) | {"email": "bea@council.example"}).status_code
            == 200
        )


def test_a_revoked_key_is_refused_by_every_process_within_a_second(engine_url: str) -> None:
    with house(engine_url, staff_emails=MANAGER) as one, house(engine_url, staff_emails=MANAGER, port=8001) as other:
        assert one.app is not other.app
        keys = {
            role: one.key(role, organisation="Durham University" if role == "university" else None)
            for role in ("manager", "university")
        }
        paths = {"manager": "/api/v1/enquiries", "university": "/api/v1/briefs/feed"}
        manager = one.client("service_lead")
        for role, key in keys.items():
            users = [one.visitor(key), other.visitor(key)]
            for _ in range(2):  # twice, so that whatever is remembered of a key is
                assert [each.get(paths[role]).status_code for each in users] == [200, 200]
            listed = manager.get("/api/v1/api-keys", params={"role": role}).json()["items"]
            (found,) = [each for each in listed if each["hint"] in key[-8:]]
            assert manager.patch(f"/api/v1/api-keys/{found['id']}", json={"revoked": True}).status_code == 200
            revoked = time.monotonic()
            while [each.get(paths[role]).status_code for each in users] != [401, 401]:
                assert time.monotonic() - revoked < 1.5
            # Nor does a tag that was current help.
            assert [each.get(paths[role], headers={"If-None-Match": "*"}).status_code for each in users] == [401, 401]


POLYGLOTS = (
    ("page.txt", b"<html><script>alert(1)</script></html>", "text/plain"),
    ("two.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<script>alert(1)</script>", "application/pdf"),
    ('a";filename=evil.html;x=".csv', b"=cmd|' /C calc'!A0,1\r\n", "text/csv"),
    ("..\\..\\etc\\passwd\r\nX-Evil: 1.txt", b"x", "text/plain"),
    ("\u202etxt.exe.csv", b"a,b", "text/csv"),
)


def test_whatever_a_file_is_it_is_handed_out_as_a_download_of_its_own_kind(journey: Journey, manager: Visitor) -> None:
    journey.submitted()
    path = f"/manage/enquiries/{journey.reference}/files"
    for name, content, _ in POLYGLOTS:
        manager.open(path)
        form = next(form for form in manager.page.forms if "file" in form.offered)
        data = dict(form.fields) | {"visibility": "back_stage"}
        answer = manager.client.post(path, data=data, files={"file": (name, content, "text/html")})
        assert answer.status_code == 303, name
    manager.open(path)
    links = [link for link in manager.page.links if link.startswith(f"{path}/")]
    assert len(links) == len(POLYGLOTS)
    kinds = set()
    for link in links:
        got = manager.client.get(link)
        disposition = got.headers["content-disposition"]
        assert disposition.startswith("attachment; filename*=UTF-8''")
        assert disposition.isascii()
        assert not set(disposition.removeprefix("attachment; ")) & set('"\r\n;/\\ ')
        assert "%2F" not in disposition
        assert "%E2%80%AE" not in disposition
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "x-evil" not in got.headers
        kinds.add(got.headers["content-type"].partition(";")[0])
    assert kinds == {kind for _, _, kind in POLYGLOTS}
