"""Text that breaks things: a list of our own, and the big list of naughty strings where REAL_DATA leads to it."""

import json
import os
from pathlib import Path

OUR_OWN = (
    "Ann\r\nBcc: everybody@example.org",
    "Ann\nSubject: another one",
    "Ann\rX-Evil: 1",
    "Ann\u2028Bcc: a@example.org",
    "Ann\u0085Bcc: a@example.org",
    "Ann\x0bBcc: a@example.org\x0c\x1c\x1d\x1e",
    "=?utf-8?q?Ann=0D=0ABcc=3A_a=40example.org?=",
    "=?utf-8?b?QW5uDQpCY2M6IGFAZXhhbXBsZS5vcmc=?=",
    "=?utf-8?q?=0A?= =?utf-8?q?Bcc:_a@example.org?=",
    'Ann" <a@example.org>, "Bob',
    "Ann <a@example.org>",
    "Ann, Bob; Eve: (a comment) [1] \\",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {# no #}",
    "\r\n.\r\nMAIL FROM:<evil@example.org>\r\n",
    "From here on\nFrom there\n.\n..\n",
    "END:VEVENT\r\nEND:VCALENDAR",
    'a;b,c:d\\n"e"',
    "\ufeff\u202eevil\u202c \u2066x\u2069 \u200f",
    "Zoë 😀 李 محمد Ξένος",
    "x" * 5_000,
    "ü" * 3_000,
    " ",
    "\t",
    "",
    "Content-Type: text/html\n\n<script>alert(1)</script>",
    "\x01\x02\x07\x1b[31mred\x1b[0m\x7f",
)


def naughty_strings() -> list[str]:
    """Return every hostile text at hand. The list from outside is not part of the project, so tests pass without it."""
    given = os.environ.get("REAL_DATA")
    file = Path(given) / "hostile_text" / "blns.json" if given else None
    return [*OUR_OWN, *(json.loads(file.read_text(encoding="utf-8")) if file and file.is_file() else [])]


def together(longest: int) -> list[str]:
    """Return all hostile texts, cut to `longest` where they are longer, in as few pieces as fit a field of that length."""
    pieces, piece = [], ""
    for text in naughty_strings():
        if len(piece) + len(text[:longest]) >= longest:
            pieces.append(piece)
            piece = ""
        piece += f"{text[: longest - 1]}\n"
    return [*pieces, piece]
