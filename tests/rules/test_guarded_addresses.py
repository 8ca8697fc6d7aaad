"""Addresses that others chose: none leads to this machine, its network or its cloud, however it is written."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpcore
import pytest

from service.delivery import guarded
from service.delivery.guarded import Guard, UnsafeAddress, is_public, post
from tests.support.hooks import Hooks, hooks

CERTIFICATE = Path(__file__).resolve().parents[1] / "support" / "localhost.pem"
PUBLIC = "93.184.215.14"

NEVER = [
    "http://hooks.university.example/",
    "ftp://hooks.university.example/",
    "file:///etc/passwd",
    "//hooks.university.example/",
    "hooks.university.example",
    "https:///path",
    "https://",
    "https://user@hooks.university.example/",
    "https://user:password@hooks.university.example/",
    "https://hooks.university.example@127.0.0.1/",
    "https://hooks.university.example:443@127.0.0.1/",
    "https://hooks.university.example\\@127.0.0.1/",
    "https://127.0.0.1\\.hooks.university.example/",
    "https://hooks.university.example/#@127.0.0.1",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0x7f.0.0.1/",
    "https://0x7f000001/",
    "https://127.0.0.0x1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://intranet/",
    "https://①②⑦.⓪.⓪.①/",
    "https://hooks。university。example/",
    "https://hooks.university.example /",
    "https://hooks.uni\tversity.example/",
    "https://hooks.uni\nversity.example/",
    "https://hooks..example/",
    "https://-hooks.example/",
    "https://hooks.university.example:22/",
    "https://hooks.university.example:25/",
    "https://hooks.university.example:80/",
    "https://hooks.university.example:99999/",
    "https://hooks.university.example:x/",
    "https://hooks%2euniversity.example/",
    "https://" + "a." * 130 + "example/",
]  # fmt: skip

PRIVATE = (
    "0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 172.16.0.1 "
    "192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 "
    "240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:93.184.215.14 64:ff9b::7f00:1 "
    "64:ff9b::5db8:d70e 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1 "
    "fe80::1%eth0 fec0::1 ff02::1 nonsense"
).split()


@pytest.fixture
def here() -> Iterator[Hooks]:
    with hooks() as kept:
        yield kept


def leading_to(*answers: str) -> Guard:
    """A guard whose resolver gives each of these answers in turn, and the last one for ever."""
    left = list(answers)

    return Guard(needs_https=False, resolve=lambda *_: (left.pop(0) if len(left) > 1 else left[0]).split())


def test_what_is_never_called_is_refused_without_being_looked_up() -> None:
    asked: list[str] = []

    def resolve(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC]

    guard = Guard(resolve=resolve)
    for url in NEVER:
        with pytest.raises(UnsafeAddress):
            guard.check(url)
    assert asked == []


def test_addresses_that_are_not_public_are_recognised() -> None:
    assert [address for address in PRIVATE if is_public(address)] == []


def test_names_are_allowed_only_when_all_they_stand_for_is_public() -> None:
    assert all(map(is_public, (PUBLIC, "8.8.8.8", "2a00:1450:4009:81f::200e", "2606:4700::6810:84e5")))
    url = "https://hooks.university.example:8443/a/b?c=d%20e"
    leading_to(f"{PUBLIC} 2606:4700::1").check(url)
    for mixed in (f"{PUBLIC} 127.0.0.1", f"10.0.0.1 {PUBLIC}", f"{PUBLIC} ::ffff:10.0.0.1", " "):
        with pytest.raises(UnsafeAddress, match="not on the public internet"):
            leading_to(mixed).check(url)
    target = Guard().target(url)
    assert (target.host, target.port, target.path) == ("hooks.university.example", 8443, "/a/b?c=d%20e")
    assert target.authority == "hooks.university.example:8443"


def test_a_name_that_cannot_be_looked_up_may_be_registered_and_is_not_called() -> None:
    def resolve(*_: object) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "as the resolver says it")

    guard = Guard(resolve=resolve)
    guard.check("https://hooks.university.example/")
    with pytest.raises(OSError, match="as the resolver says it"):
        post(guard, guard.target("https://hooks.university.example/"), [], b"", seconds=5)


def test_a_name_that_is_never_answered_for_holds_up_nobody() -> None:
    never = threading.Event()

    def resolve(*_: object) -> Sequence[str]:
        never.wait()
        return [PUBLIC]

    patient = Guard(resolve=resolve, needs_https=False)
    target = patient.target("http://hooks.university.example:8080/hook")
    begun = time.monotonic()
    try:
        # Registered it may be; called it is not, and what a poke may take in all bounds its look-up too.
        Guard(resolve=resolve, seconds=0.05).check("https://hooks.university.example/")
        with pytest.raises(TimeoutError):
            post(patient, target, [], b"", seconds=0.05)
        for _ in range(
            guarded._MOST_HANGING
        ):  # those given up hang on; what comes after them is refused, and not added
            with pytest.raises(TimeoutError):
                Guard(resolve=resolve, seconds=0.01, needs_https=False).addresses("hooks.university.example", 443)
        assert sum(thread.name == "look-up" for thread in threading.enumerate()) == guarded._MOST_HANGING
    finally:
        never.set()
    assert time.monotonic() - begun < 5
    # Once they are let go, names are looked up again.
    assert leading_to(PUBLIC).addresses("hooks.university.example", 443) == [PUBLIC]


def test_an_operator_exempts_a_host_or_one_port_of_it_and_nothing_else(here: Hooks) -> None:
    by_host = Guard(frozenset({"127.0.0.1"}), needs_https=False)
    by_port = Guard(frozenset({f"127.0.0.1:{here.port}"}), needs_https=False)
    for guard in (by_host, by_port):
        guard.check(here.url)
        assert post(guard, guard.target(here.url), [("Host", "h"), ("Content-Length", "0")], b"", seconds=5) == 204
    by_host.check("http://127.0.0.1:22/")
    for guard, url in (
        (by_port, "http://127.0.0.1:22/"),
        (by_host, "http://127.0.0.2/"),
        (by_host, "http://localhost/"),
    ):
        with pytest.raises(UnsafeAddress):
            guard.check(url)
    with pytest.raises(UnsafeAddress, match="begin with https"):
        Guard(frozenset({"127.0.0.1"})).check(here.url)


def test_a_name_that_changes_its_mind_leads_nowhere(here: Hooks) -> None:
    rebinding = leading_to(PUBLIC, "127.0.0.1")
    url = f"http://hooks.university.example:{here.port}/hook"
    rebinding.check(url)

    with pytest.raises(UnsafeAddress, match="not on the public internet"):
        post(rebinding, rebinding.target(url), [("Host", "h"), ("Content-Length", "0")], b"", seconds=5)

    assert here.received == []


def test_the_connection_goes_to_the_address_that_was_checked(here: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    connect = socket.create_connection

    def watched(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked.append(address)
        return connect(("127.0.0.1", here.port))

    monkeypatch.setattr(socket, "create_connection", watched)
    guard = leading_to(PUBLIC, "127.0.0.1")
    target = guard.target("http://hooks.university.example:8080/hook")
    assert post(guard, target, [("Host", "h"), ("Content-Length", "0")], b"", seconds=5) == 204
    assert asked == [(PUBLIC, 8080)], "one lookup, and its answer is where the connection goes"


def test_the_certificate_is_still_that_of_the_host() -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    trust = ssl.create_default_context(cafile=CERTIFICATE)
    headers = [("Host", "h"), ("Content-Length", "0")]
    with hooks(server) as secure:

        def sent(host: str, trust: ssl.SSLContext | None) -> int:
            guard = Guard(frozenset({host}), resolve=lambda *_: ["127.0.0.1"])
            return post(guard, guard.target(f"https://{host}:{secure.port}/"), headers, b"", seconds=5, trust=trust)

        assert sent("localhost", trust) == 204
        for host, trusted in (("hooks.university.example", trust), ("localhost", None)):
            with pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                sent(host, trusted)
