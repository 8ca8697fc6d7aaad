"""The ways a letter leaves: into a folder, to a mail server, or to GOV.UK Notify. Which one, MAIL says."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol, runtime_checkable
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from service.delivery.failures import FinalFailure, TemporaryFailure
from service.delivery.letterhead import Letterhead
from service.delivery.notify import Fate, NotifyTransport, read_key
from service.settings import Settings

_PATIENCE = 15.0
"""Seconds for each answer of a mail server; a conversation has about ten."""
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Transport(Protocol):
    """Takes one letter to its reader, or raises TemporaryFailure or FinalFailure."""

    def send(self, outbox_id: UUID, letter: EmailMessage) -> None: ...


@runtime_checkable
class Accountable(Protocol):
    """A transport that can be asked what became of a letter. Both raise TemporaryFailure when it does not say."""

    def has_taken(self, outbox_id: UUID) -> bool: ...

    def fate(self, outbox_id: UUID) -> Fate: ...


@dataclass(frozen=True)
class FileTransport:
    """Puts each letter into a folder as `<outbox id>.eml`; a repeat replaces the same file."""

    folder: Path
    durable: bool = True
    """Wait for the disk, so that a letter called sent is there after a power cut."""

    def send(self, outbox_id: UUID, letter: EmailMessage) -> None:
        """Write the letter so that a reader of `*.eml` sees all of it or nothing, whenever the machine stops."""
        part = self.folder / f".{outbox_id}.{uuid4().hex}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(letter.as_bytes())
                file.flush()
                if self.durable:
                    os.fsync(file.fileno())
            part.replace(self.folder / f"{outbox_id}.eml")
            if self.durable:
                _sync(self.folder)
        except OSError as problem:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise TemporaryFailure(f"cannot write to {self.folder}: {problem.strerror}") from problem


@dataclass(frozen=True)
class SmtpTransport:
    """Hands each letter to a mail server, over TLS from the start or as soon as it is offered."""

    host: str
    port: int
    greeted_as: str
    """The name this service gives itself to the server; asking the machine for one may hang on a name server."""
    user: str | None = None
    password: str | None = None
    is_tls: bool = False
    needs_tls: bool = False
    """Send nothing over an open line, unless it stays on this machine."""
    patience: float = _PATIENCE

    def send(self, outbox_id: UUID, letter: EmailMessage) -> None:
        """Hand over the letter. What only concerns this letter or its reader is final, everything else temporary."""
        sender, reader = _only(letter["From"].addresses), _only(letter["To"].addresses)
        with _told(), self._server() as server:
            server.send_message(letter, sender, [reader])

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        server = self._connect()
        try:
            server.ehlo_or_helo_if_needed()
            if not self.is_tls and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo_or_helo_if_needed()
            if self.needs_tls and self._is_open(server):
                raise TemporaryFailure(f"{self.host} offers no encryption, so nothing was sent (MAIL_TLS)")
            if self.user is not None:
                self._log_in(server)
            yield server
            # The letter is accepted by now: whatever happens at the farewell must not have it sent again.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.is_tls:
            return smtplib.SMTP_SSL(
                self.host, self.port, self.greeted_as, timeout=self.patience, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, self.greeted_as, timeout=self.patience)

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._is_open(server):
            raise TemporaryFailure(f"{self.host} offers no encryption, so the password was not sent")
        server.login(self.user or "", self.password or "")

    def _is_open(self, server: smtplib.SMTP) -> bool:
        return not isinstance(server.sock, ssl.SSLSocket) and self.host not in _LOCAL


def transport_of(settings: Settings, letterhead: Letterhead) -> Transport:
    """Build the transport of an installation. Raises ValueError where MAIL names none."""
    key = read_key(settings.mail.removeprefix("notify:")) if settings.mail.startswith("notify:") else None
    if key is None:
        return transport_from(settings.mail, greeted_as=letterhead.host, needs_tls=settings.mail_needs_tls)
    return NotifyTransport(
        service_id=key[0],
        secret=key[1],
        template_id=settings.notify_template_id,
        own_site=letterhead.base_url,
        reply_to_id=settings.notify_reply_to_id or None,
        url=settings.notify_url,
    )


def transport_from(mail: str, *, greeted_as: str, needs_tls: bool = False) -> Transport:
    """Build the transport that MAIL names: `file:FOLDER`, `smtp://[user:password@]host[:port]` or `smtps://…`.

    `greeted_as` is the host name given to mail servers; with `needs_tls` those that offer no encryption get nothing. Raises ValueError for anything else.
    """
    folder = mail_folder(mail)
    if folder is not None:
        return FileTransport(folder)
    parts = urlsplit(mail)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("MAIL is file:FOLDER, smtp://host:port or smtps://user:password@host:port")
    return SmtpTransport(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587 if parts.username else 25),
        greeted_as=greeted_as,
        needs_tls=needs_tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_tls=parts.scheme == "smtps",
    )


def mail_folder(mail: str) -> Path | None:
    """Return the folder that MAIL names, or None when it names a server."""
    if mail.startswith("file:") and len(mail) > len("file:"):
        return Path(mail.removeprefix("file:").removeprefix("//"))
    return None


@contextmanager
def _told() -> Iterator[None]:
    """Turn what smtplib and the network raise into the two ways a message can fail."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as problem:
        [(code, reply)] = problem.recipients.values()
        raise _failure(code, reply) from problem
    except smtplib.SMTPDataError as problem:
        raise _failure(problem.smtp_code, problem.smtp_error) from problem
    except smtplib.SMTPNotSupportedError as problem:
        raise FinalFailure(f"the mail server cannot carry this letter: {problem}") from problem
    except smtplib.SMTPResponseException as problem:
        # Refused before the reader was named: our address, our password or the server itself is at fault, not the letter.
        raise TemporaryFailure(f"{problem.smtp_code} {_words(problem.smtp_error)}") from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise TemporaryFailure(f"the mail server cannot be reached: {problem}") from problem


def _failure(code: int, reply: bytes | str) -> TemporaryFailure | FinalFailure:
    return (FinalFailure if code >= 500 else TemporaryFailure)(f"{code} {_words(reply)}")


def _words(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _only(addresses: tuple[Address, ...]) -> str:
    [address] = addresses
    return address.addr_spec


def _sync(folder: Path) -> None:
    """Make a rename last: on Unix a folder is synced like a file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
