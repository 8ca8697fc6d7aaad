"""Mail as it is copied out of Outlook, Gmail or Apple Mail."""

import re
from dataclasses import replace

from service.sources.mail.files import read_file
from service.sources.mail.headings import (
    is_automatic_subject,
    one_line,
    read_everybody,
    read_instant,
    read_somebody,
)
from service.sources.mail.quoting import is_forward, parted, tidied, unwrapped
from service.sources.mail.shapes import ReadMail

_SOURCE = re.compile(r"\A(?:[A-Za-z][\w-]*:.*\n(?:[ \t].*\n)*)*?(?:MIME-Version|Message-ID|Received):", re.IGNORECASE)
_STARS = re.compile(r"^\*([A-Za-z ]{2,12}):\*", re.MULTILINE)
_OPENED = re.compile(r"\A(?P<who>[^\n<>]{1,120}<[^\n<>@ ]{1,64}@[^\n<>@ ]{1,190}>)\s*\n(?P<rest>.*)\Z", re.DOTALL)
_CRUMBS = 4
"""Lines between the writer and the text in a mail copied from a browser: when, and to whom."""


def read_pasted(text: str) -> ReadMail:
    """Return the mail that a text holds. Raises Unreadable for nothing, or too much.

    A mail that was passed on counts as itself, not as the one that passes it on. Where the text has no head, `sender`
    and `sent_at` are None and all of it is the mail's own.
    """
    if _SOURCE.match(text[:20_000].lstrip()):
        return read_file(text.lstrip().encode("utf-8", "replace"))
    plain = _STARS.sub(r"\1:", tidied(text))
    found = unwrapped(plain)
    above = found.get("text_top", "").strip()
    if found.get("type") == "forward" and "from" in found and (not above or is_forward(plain)):
        return _headed(found, above)
    opened = _opened_in_a_browser(plain)
    if opened is not None:
        return opened
    own, quoted = parted(plain)
    return ReadMail(None, (), None, "", own, quoted)


def _headed(found: dict[str, str], above: str) -> ReadMail:
    subject = one_line(found.get("subject", ""))[:500]
    own, quoted = parted(found.get("text", "").strip("\n"))
    return ReadMail(
        sender=read_somebody(found["from"]),
        recipients=read_everybody(f"{found.get('to', '')};{found.get('cc', '')}"),
        sent_at=read_instant(found.get("date", "")),
        subject=subject,
        text=own,
        quoted="\n\n".join(part for part in (above, quoted) if part),
        is_automatic=is_automatic_subject(subject),
    )


def _opened_in_a_browser(plain: str) -> ReadMail | None:
    match = _OPENED.match(plain)
    if match is None:
        return None
    lines = match["rest"].split("\n")
    sent_at, recipients, place = None, "", 0
    for number, line in enumerate(lines[: _CRUMBS * 2]):
        if line.strip().lower().startswith("to ") and len(line) < 300:
            recipients, place = line.strip()[3:], number + 1
        elif sent_at is None and len(line) < 80 and (sent_at := read_instant(line)) is not None:
            place = number + 1
    own, quoted = parted("\n".join(lines[place:]).strip("\n"))
    mail = ReadMail(read_somebody(match["who"]), read_everybody(recipients), sent_at, "", own, quoted)
    return replace(mail, recipients=tuple(each for each in mail.recipients if each.name != "me"))
