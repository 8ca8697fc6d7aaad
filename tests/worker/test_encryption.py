"""Letters and the password travel encrypted wherever the mail server can, and the password never travels otherwise."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from service.delivery.failures import TemporaryFailure
from service.delivery.letterhead import Letterhead
from service.delivery.letters import letter
from service.delivery.render import render
from service.delivery.transports import SmtpTransport, transport_of
from service.settings import Settings
from tests.support.letters import LETTERHEAD, QUEUED_AT, message
from tests.support.serving import free_port

CERTIFICATE = Path(__file__).resolve().parents[1] / "support" / "localhost.pem"


class Keeping:
    """Keeps how each letter came: over TLS or not, and who had signed in."""

    def __init__(self) -> None:
        self.came: list[tuple[bool, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert server.transport is not None
        self.came.append((server.transport.get_extra_info("ssl_object") is not None, bool(session.authenticated)))
        return "250 OK"


def known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    is_known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", b"p:w")
    return AuthResult(success=is_known, handled=is_known)


def server_side() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@contextmanager
def serving(*, starttls: bool = False, tls: bool = False, login: bool = False) -> Iterator[tuple[Keeping, int]]:
    keeping = Keeping()
    controller = Controller(
        keeping,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=server_side() if tls else None,
        tls_context=server_side() if starttls else None,
        require_starttls=starttls,
        authenticator=known if login else None,
        auth_required=login,
        auth_require_tls=starttls,
    )
    controller.start()
    try:
        yield keeping, controller.port
    finally:
        controller.stop()


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def send(transport: SmtpTransport) -> None:
    row = message("receipt")
    composed: EmailMessage = letter(row, render(row, LETTERHEAD), LETTERHEAD, QUEUED_AT)
    transport.send(row.id, composed)


@pytest.mark.usefixtures("trusted")
def test_encryption_is_taken_as_soon_as_it_is_offered_and_the_password_goes_through_it() -> None:
    with serving(starttls=True, login=True) as (keeping, port):
        send(SmtpTransport("localhost", port, "ask.example.org", "me", "p:w"))
    assert keeping.came == [(True, True)]


@pytest.mark.usefixtures("trusted")
def test_smtps_is_encrypted_from_the_start() -> None:
    with serving(tls=True) as (keeping, port):
        send(SmtpTransport("localhost", port, "ask.example.org", is_tls=True))
    assert keeping.came == [(True, False)]


@pytest.mark.parametrize("is_tls", [True, False])
def test_a_server_that_cannot_prove_itself_gets_nothing(*, is_tls: bool) -> None:
    with (
        serving(tls=is_tls, starttls=not is_tls) as (keeping, port),
        pytest.raises(TemporaryFailure, match="certificate"),
    ):
        send(SmtpTransport("localhost", port, "ask.example.org", is_tls=is_tls))
    assert keeping.came == []


def test_no_password_goes_over_an_open_line() -> None:
    with serving() as (keeping, port), pytest.raises(TemporaryFailure, match="offers no encryption"):
        # This machine under a name that is not one of its own.
        send(SmtpTransport("0.0.0.0", port, "ask.example.org", "me", "p:w"))  # noqa: S104 - connected to, not bound
    assert keeping.came == []


def test_nothing_goes_over_an_open_line_where_encryption_is_required() -> None:
    with serving() as (keeping, port), pytest.raises(TemporaryFailure, match="offers no encryption"):
        send(SmtpTransport("0.0.0.0", port, "ask.example.org", needs_tls=True))  # noqa: S104 - as above
    assert keeping.came == []
    secret = "a secret of a service in earnest, long enough"
    earnest = {"secret_key": secret, "base_url": "https://ask.example.org", "environment": "production"}
    for told, needed in (("", True), ("offered", False), ("required", True)):
        settings = Settings.model_validate({**earnest, "mail": "smtp://mail.example.org", "mail_tls": told})
        transport = transport_of(settings, Letterhead.of(settings))
        assert isinstance(transport, SmtpTransport)
        assert transport.needs_tls is needed
    assert not Settings().mail_needs_tls


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_our_fault_and_makes_no_dead_letter() -> None:
    with serving(starttls=True, login=True) as (keeping, port), pytest.raises(TemporaryFailure, match="535"):
        send(SmtpTransport("localhost", port, "ask.example.org", "me", "another"))
    assert keeping.came == []
