"""What is read of a mail."""

from dataclasses import dataclass
from datetime import datetime


class Unreadable(Exception):
    """It is no mail that can be read; the message says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody as a mail names them: a name, an address in lower case, or both. It proves nothing."""

    name: str
    address: str | None

    @property
    def shown(self) -> str:
        """Return the name, or the address of somebody without one."""
        return self.name or self.address or ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a mail, unchecked."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadMail:
    """One mail."""

    sender: Correspondent | None
    recipients: tuple[Correspondent, ...]
    sent_at: datetime | None
    """Aware; London's time where the mail gives no zone, None where it gives no date that can be read."""
    subject: str
    text: str
    """What its writer wrote, without the mails quoted below it."""
    quoted: str
    """The mails quoted below it, or what was written above a forwarded one."""
    message_id: str | None = None
    is_automatic: bool = False
    """A machine answered: an absence note, a receipt, a failure."""
    attached: tuple[Attached, ...] = ()
    left_out: tuple[str, ...] = ()
    """What came with it and was not read, such as pictures inside the text, by name."""
