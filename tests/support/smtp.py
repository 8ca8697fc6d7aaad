"""A mail server that keeps what it is given, and can be told to misbehave the way mail servers do."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.serving import free_port

Mood = Literal[
    "accepting",
    "postponing",  # 451: try again later
    "refusing",  # 550: never
    "hanging",  # takes the message and does not answer; the sender has to give up
    "losing",  # closes the connection without keeping the message
    "forgetful",  # keeps the message and closes the connection without saying so: a repeat arrives twice
]


@dataclass(frozen=True)
class Received:
    """One message as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    def __str__(self) -> str:
        return f"{', '.join(self.recipients)}: {self.subject}"

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain text part, with plain line ends."""
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


class Mailbox:
    """What the server holds, and the mood it is in. `refused` addresses get 550 whatever the mood."""

    def __init__(self, port: int) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.mood: Mood = "accepting"
        self.refused: set[str] = set()
        self.received: list[Received] = []
        self.attempts = 0
        self._arrival = threading.Condition()

    @property
    def url(self) -> str:
        """The MAIL setting that leads here."""
        return f"smtp://{self.host}:{self.port}"

    def to(self, address: str) -> list[Received]:
        """Return the messages for one address, oldest first."""
        return [one for one in self.received if address.lower() in (each.lower() for each in one.recipients)]

    def wait_for(self, is_wanted: Callable[[Received], bool], patience: float = 30) -> Received:
        """Return the oldest message that is wanted, once it has arrived. Raises TimeoutError after `patience` seconds."""

        def wanted() -> Received | None:
            return next(filter(is_wanted, self.received), None)

        with self._arrival:
            found = self._arrival.wait_for(wanted, patience)
        if found is None:
            raise TimeoutError("no such message; the newest are: " + "; ".join(map(str, self.received[-20:])))
        return found

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if address.lower() in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - see above
        """Take or refuse a message, as the mood is."""
        self.attempts += 1
        mood = self.mood
        if mood == "postponing":
            return "451 4.3.0 Try again later"
        if mood == "refusing":
            return "550 5.7.1 Not accepted"
        if mood == "hanging":
            while self.mood == "hanging":  # noqa: ASYNC110 - set by the test's thread, where an asyncio event cannot be
                await asyncio.sleep(0.05)
            return "451 4.3.0 Try again later"
        if mood != "losing":
            with self._arrival:
                self.received.append(_received(envelope))
                self._arrival.notify_all()
        if mood in {"losing", "forgetful"} and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 2.0.0 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a mail server for the length of a `with` block."""
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        mailbox.mood = "accepting"
        controller.stop()


def _received(envelope: Envelope) -> Received:
    content = envelope.content or b""
    message = message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
