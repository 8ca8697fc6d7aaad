"""Requests that are no browser's and no client's: dripped, smuggled, packed, of another host. Over a real connection."""

import gzip
import json
import socket
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.engines import Engines
from tests.support.serving import Service, command, serving

JSON = b"Content-Type: application/json\r\n"
SECRET = "a secret for tests, long enough to sign with"
MANAGER = "mo@service.example"


@dataclass
class Served:
    """The service as it is served, with short limits, and a manager's key."""

    service: Service
    key: str
    folder: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def served(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    environment = {
        "DATABASE_URL": engines["sqlite"].migrated(),
        "SECRET_KEY": SECRET,
        "BASE_URL": "https://ask.example.org",
        "STAFF_EMAILS": MANAGER,
        "SCHEDULER": "off",
        "MAIL": f"file:{folder / 'mail'}",
        "BODY_SECONDS": "0.5",
        "BODY_LIMIT_BYTES": "100000",
    }
    made = command(
        "keys", "create", "--role", "manager", "--email", MANAGER, "--name", "x", environment=environment, folder=folder
    )
    with serving(environment, folder=folder) as service:
        yield Served(service, json.loads(made)["key"], folder, environment)


def talk(service: Service, *parts: bytes, apart: float = 0.0, patience: float = 20) -> bytes:
    """Send bytes as they are, one part after the other, and return all that is answered until the connection ends."""
    address = urlsplit(service.url)
    answer = bytearray()
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=patience) as line:

        def send() -> None:
            for number, part in enumerate(parts):
                try:
                    line.sendall(part)
                except OSError:
                    return  # it hung up, as it should
                if apart and number + 1 < len(parts):
                    time.sleep(apart)  # the pace at which a hostile client drips

        sender = Thread(target=send, daemon=True)
        sender.start()
        try:
            while received := line.recv(65536):
                answer += received
        except (TimeoutError, ConnectionResetError):
            pass
        return bytes(answer)


def statuses(answer: bytes) -> list[int]:
    return [int(line.split()[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


def test_a_body_that_drips_is_hung_up_on_and_an_honest_one_is_not(served: Served) -> None:
    service, key = served.service, served.key
    bearer = f"Authorization: Bearer {key}\r\n".encode()
    for head, page in (
        (b"POST /api/v1/enquiries HTTP/1.1\r\nHost: x\r\n" + bearer + JSON, b"request-timeout"),
        (
            b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            b"too long to reach us",
        ),
    ):
        for length in (b"Content-Length: 9000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"):
            begun = time.monotonic()
            drip = b"1\r\nx\r\n" if b"chunked" in length else b"x"
            answer = talk(service, head + length, *[drip] * 40, apart=0.1)
            assert statuses(answer) == [408]
            assert page in answer
            assert b"connection: close" in answer.lower()
            assert time.monotonic() - begun < 3  # forty drips take four
    # Somebody who tells us of too much and then drips gets their answer as well.
    large = b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
    assert statuses(talk(service, large, *[b"x"] * 40, apart=0.1)) == [413]
    # And a large body at an honest pace takes longer than the limit, and is taken.
    body = json.dumps(
        {"question": "Why? " + "x" * 15_000, "enquirer": {"name": "Ann", "email": "a@b.example"}}
    ).encode()
    told = b"POST /api/v1/enquiries HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + bearer + JSON
    pieces = [body[at : at + 2_500] for at in range(0, len(body), 2_500)]
    answer = talk(service, told + f"Content-Length: {len(body)}\r\n\r\n".encode(), *pieces, apart=0.12)
    assert statuses(answer) == [201], answer


def test_a_body_over_the_limit_is_refused_declared_or_not(served: Served) -> None:
    service, key = served.service, served.key
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    large = b'"' + b"x" * 200_000 + b'"'
    for content in (large, iter([large])):  # the second is sent in chunks, of no declared length
        answer = httpx.post(f"{service.url}/api/v1/enquiries", content=content, headers=headers)
        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/too-large"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert httpx.post(f"{service.url}/ask", content=iter([b"question=" + large]), headers=form).status_code == 413


def test_what_is_packed_is_not_unpacked(served: Served) -> None:
    service, key = served.service, served.key
    bomb = gzip.compress(json.dumps({"question": "x" * 50_000_000}).encode())
    assert len(bomb) < 100_000
    for encoding, body in (
        ("gzip", bomb),
        ("deflate", zlib.compress(b"{}")),
        ("br", b"\x0b\x02\x80{}\x03"),
        ("gzip", b"x"),
    ):
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Content-Encoding": encoding}
        answer = httpx.post(f"{service.url}/api/v1/enquiries", content=body, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["type"] == "/problems/invalid-json"


def test_requests_are_not_smuggled_behind_others(served: Served) -> None:
    service = served.service
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    for head, body in (
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + hidden),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + hidden),
        (b"Content-Length: 0\r\nContent-Length: 40\r\n", hidden),
        (b"Transfer-Encoding: xchunked\r\nContent-Length: 40\r\n", hidden),
        (b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n" + hidden),
        (b"Content-Length: +5\r\n", b"x=abc" + hidden),
        (b"Content-Length: 0x5\r\n", b"x=abc" + hidden),
        (b"X: a\rTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + hidden),
        (b"X\x00: a\r\n", hidden),
    ):
        answer = talk(service, b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n" + body, patience=3)
        assert b'"status":"ok"' not in answer.replace(b" ", b""), head
        assert len(statuses(answer)) <= 1, head
        assert all(400 <= status < 500 for status in statuses(answer)), head


def test_another_host_in_the_request_leads_nobody_astray(served: Served) -> None:
    service, folder = served.service, served.folder
    tricks = (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "//evil.example"},
        {
            "Forwarded": "host=evil.example;proto=http",
            "X-Original-URL": "//evil.example",
            "X-Rewrite-URL": "//evil.example",
        },
    )
    with httpx.Client(base_url=service.url) as client:
        for headers in tricks:
            for path in ("/", "/sign-in", "/ask", "/enquiries", "/answers", "/api/v1/enquiries", "/healthz"):
                for address in (path, f"{path.rstrip('/')}/", f"//evil.example{path}", f"/%2F/evil.example{path}"):
                    answer = client.get(address, headers=headers)
                    where = urlsplit(answer.headers.get("location", ""))
                    assert not where.netloc, f"{address} with {headers} leads to {answer.headers['location']}"
                    assert "evil.example" not in answer.headers.get("location", ""), address
                    assert 'href="//evil' not in answer.text
                    assert "http://evil" not in answer.text
        assert client.get("/sign-in/?next=/x", headers=tricks[0]).headers["location"] == "/sign-in?next=/x"
        page = client.get("/sign-in", headers=tricks[0])
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        sent = client.post("/sign-in", data={"csrf_token": token, "email": MANAGER}, headers={**tricks[1], **tricks[0]})
        assert sent.status_code == 200
    command("work", "--once", environment=served.environment, folder=folder)
    letters = [file.read_text() for file in (folder / "mail").glob("*.eml")]
    assert any("https://ask.example.org/sign-in/" in letter for letter in letters)
    assert not any("evil.example" in letter for letter in letters)


def test_json_that_is_too_deep_or_too_large_a_number_is_refused(served: Served) -> None:
    service, key = served.service, served.key
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for body, status in (
        (b"[" * 90_000, 400),
        (b'{"question":' * 7_000 + b"1" + b"}" * 7_000, 400),
        (b'{"question": ' + b"9" * 90_000 + b"}", 400),
        (b'{"question": 1e999999}', 422),
        (b'{"question": NaN}', 400),
        (b'{"question": "a", "question": "b", "enquirer": {"phone": "' + b"1" * 80_000 + b'", "name": "A"}}', 422),
        (b'{"' + b"k" * 90_000 + b'": 1}', 422),
        (b"[" + b"0," * 40_000 + b"0]", 422),
        (b"{" + b",".join(b'"k%d": 1' % number for number in range(8_000)) + b"}", 422),
    ):
        begun = time.monotonic()
        answer = httpx.post(f"{service.url}/api/v1/enquiries", content=body, headers=headers)
        assert answer.status_code == status, body[:40]
        assert len(answer.content) < 20_000
        assert time.monotonic() - begun < 5
    for query in ("limit=" + "9" * 5_000, "limit=1e9", "cursor=" + "A" * 9_000):
        answer = httpx.get(f"{service.url}/api/v1/enquiries?{query}", headers=headers)
        assert answer.status_code in {400, 422}


def test_a_head_without_an_end_is_hung_up_on(served: Served) -> None:
    endless = talk(served.service, b"GET / HTTP/1.1\r\nHost: x\r\nX: ", *[b"a" * 100_000] * 40, apart=0.01)
    assert statuses(endless) == [400]
    address = talk(served.service, b"GET /?" + b"a" * 300_000, *[b"a" * 100_000] * 40, apart=0.01)
    assert statuses(address) == [400]
    large = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n"
    several = talk(served.service, *[large + b"\r\n"] * 4, large + b"Connection: close\r\n\r\n", apart=0.05)
    assert several.count(b"HTTP/1.1 200 ") == 5
    body = b"a" * 90_000
    sent = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 90000\r\n"
    assert statuses(
        talk(served.service, sent + b"Connection: close\r\n\r\n", body[:50_000], body[50_000:], apart=0.05)
    ) == [403]
