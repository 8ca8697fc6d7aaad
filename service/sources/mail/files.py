"""Mail as programs save it: a `.eml` file."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from service.sources.mail.headings import (
    addressed,
    decoded,
    is_automatic_subject,
    one_line,
    read_everybody,
    read_instant,
    read_somebody,
)
from service.sources.mail.markup import text_of_html
from service.sources.mail.quoting import is_forward, parted, tidied, unwrapped
from service.sources.mail.shapes import Attached, Correspondent, ReadMail, Unreadable

_MOST_BOUNDARIES = 40
_MOST_PARTS = 200
_MOST_RULES = 20_000
"""Lines that begin as the bounds of parts do."""
_LONGEST_HEADING = 10_000
_HEADINGS = re.compile(rb"^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_SLOW = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape"})
"""Encodings that no mail is written in; reading a long text in some of them takes the square of its length."""
_OUTLOOK = b"\xd0\xcf\x11\xe0"
_NOT_A_MAIL = "This is not a mail as programs save it (.eml). Copy its text and paste it instead."


def read_file(content: bytes) -> ReadMail:
    """Return the mail in a `.eml` file. Raises Unreadable for anything else, and for one built to do harm."""
    if content.startswith(_OUTLOOK):
        raise Unreadable(
            "This is an Outlook file (.msg). Save the mail as .eml, or copy its text and paste it instead."
        )
    if _is_crowded(content):
        raise Unreadable("This mail has too many parts inside each other. Copy its text and paste it instead.")
    try:
        return _read(message_from_bytes(content.lstrip()), is_inner=False)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Unreadable(_NOT_A_MAIL) from problem


def _is_crowded(content: bytes) -> bool:
    """Tell whether a file has more parts, or more to say of one, than any mail has: reading it would take too long."""
    return (
        content.lower().count(b"boundary=") > _MOST_BOUNDARIES
        or content.count(b"\n--") > _MOST_RULES
        or any(len(each[0]) > _LONGEST_HEADING for each in _HEADINGS.finditer(content))
    )


def _read(message: Message, *, is_inner: bool) -> ReadMail:
    if not (message["From"] or message["Subject"]) or not (message["Date"] or message["From"]):
        raise Unreadable(_NOT_A_MAIL)
    plain, html, attached, left_out, inner = _contents(message)
    body = tidied(plain if plain.strip() else text_of_html(html))
    if inner is not None and not body.strip() and not is_inner:
        return _read(inner, is_inner=True)
    senders = addressed(message["From"])
    subject = decoded(message["Subject"])[:500]
    own, quoted = parted(body)
    mail = ReadMail(
        sender=senders[0] if senders else None,
        recipients=(*addressed(message["To"]), *addressed(message["Cc"])),
        sent_at=read_instant(decoded(message["Date"])),
        subject=subject,
        text=own,
        quoted=quoted,
        message_id=one_line(str(message["Message-ID"] or ""))[:500] or None,
        is_automatic=_is_automatic(message) or is_automatic_subject(subject),
        attached=tuple(attached),
        left_out=tuple(left_out if inner is None else [*left_out, "a mail inside the mail"]),
    )
    return _passed_on(mail, body) if is_forward(body) else mail


def _passed_on(mail: ReadMail, body: str) -> ReadMail:
    """Return the mail that another passes on. It has no name of its own that programs know it by."""
    found = unwrapped(body)
    sender = read_somebody(found.get("from", ""))
    if found.get("type") != "forward" or sender is None:
        return mail
    own, quoted = parted(found.get("text", ""))
    recipients: tuple[Correspondent, ...] = read_everybody(f"{found.get('to', '')};{found.get('cc', '')}")
    subject = one_line(found.get("subject", mail.subject))[:500]
    return replace(
        mail,
        sender=sender,
        recipients=recipients,
        sent_at=read_instant(found.get("date", "")) or mail.sent_at,
        subject=subject,
        text=own,
        quoted="\n\n".join(part for part in (found.get("text_top", "").strip(), quoted) if part),
        is_automatic=is_automatic_subject(subject),
    )


def _is_automatic(message: Message) -> bool:
    said = decoded(message["Auto-Submitted"]).lower()
    precedence = decoded(message["Precedence"]).lower()
    return (
        (bool(said) and not said.startswith("no"))
        or precedence in {"auto_reply", "bulk", "junk"}
        or "X-Autoreply" in message
        or "X-Autorespond" in message
        or message.get_content_type() == "multipart/report"
    )


def _contents(message: Message) -> tuple[str, str, list[Attached], list[str], Message | None]:
    """Return the plain text, the marked-up text, the files, the names of what was left out, and a mail inside."""
    plain, html, attached, left_out, inner = "", "", [], [], None
    for part in _parts(message):
        kind, disposition = part.get_content_type(), part.get_content_disposition()
        name = decoded(part.get_filename())[:200]
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = inner or (payload[0] if isinstance(payload, list) and payload else None)
        elif kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
            if kind == "text/plain":
                plain += ("\n" if plain else "") + _text(part)
            else:
                html = html or _text(part)
        elif kind.startswith("image/") and disposition != "attachment" and part["Content-ID"]:
            left_out.append(name or "a picture in the text")
        elif name:
            attached.append(Attached(name, _bytes(part)))
    return plain, html, attached, left_out, inner if isinstance(inner, Message) else None


def _parts(message: Message) -> Iterator[Message]:
    """Yield what a mail is made of, in order, never what a mail inside it is made of."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        payload = part.get_payload()
        if part.get_content_type() != "message/rfc822" and isinstance(payload, list):
            waiting = [each for each in payload if isinstance(each, Message)] + waiting
        else:
            yield part


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    content, charset = _bytes(part), str(part.get_content_charset() or "utf-8")
    for encoding in (charset, "utf-8", "cp1252"):
        try:
            if codecs.lookup(encoding).name in _SLOW:
                continue
            return content.decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("utf-8", "replace")
