"""A mail's own text, told from the mails that it quotes or forwards."""

import re

import quotequail

from service.sources.mail.shapes import Unreadable

MOST_CHARACTERS = 200_000
MOST_LINES = 3_000
_FORWARDED = re.compile(
    r"^[>\s]*(?:-+ ?Forwarded message ?-+|Begin forwarded message:)\s*$", re.IGNORECASE | re.MULTILINE
)
_UNSEEN = dict.fromkeys([0, 0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, *range(0xD800, 0xE000)]) | {0xA0: " ", 0x202F: " "}


def tidied(text: str) -> str:
    """Return a text with plain line ends and spaces, without blank ends. Raises Unreadable when it is too long."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)
    plain = "\n".join(line.rstrip() for line in plain.split("\n"))
    plain = re.sub(r"\n{3,}", "\n\n", plain).strip("\n")
    if len(plain) > MOST_CHARACTERS or plain.count("\n") > MOST_LINES:
        raise Unreadable("This is too long to read as one mail. Copy the newest part alone, or add it as a file.")
    return plain


def unwrapped(text: str) -> dict[str, str]:
    """Return what stands in a text as a quoted or forwarded mail, by part; nothing where none does.

    `type` is `forward` or `reply`; `text_top` and `text_bottom` stand around it; `from`, `to`, `cc`, `date`, `subject`
    and `text` are its own.
    """
    found = quotequail.unwrap(text) or {}
    return {str(name): str(value) for name, value in found.items() if value}


def is_forward(text: str) -> bool:
    """Tell whether a text says by itself that it passes another mail on."""
    return _FORWARDED.search(text) is not None


def parted(text: str) -> tuple[str, str]:
    """Return the newest writer's own text, and the mails quoted below it.

    Somebody who answers between the lines of a quoted mail, or below it, is not understood without it: all is theirs.
    """
    found = unwrapped(text)
    above = found.get("text_top", "").strip()
    if not above or found.get("text_bottom", "").strip():
        return text.strip(), ""
    quoted = text.replace(above, "", 1).strip() if above in text else found.get("text", "")
    return above.strip("_-\n ") or text.strip(), quoted
