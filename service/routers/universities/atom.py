"""A feed written as Atom (RFC 4287, paged as RFC 5005 says). Trees of elements are written out, never texts joined: whatever
people wrote can only ever be text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from service.delivery import phrases
from service.records.feed_backwards import Entry
from service.routers.schemas.common import shown_instant
from service.vocabulary import BRIEF_SECTIONS

MEDIA_TYPE = "application/atom+xml"

_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""
_HAPPENED = {
    "published": "New brief",
    "revised": "Brief revised",
    "extended": "More time",
    "withdrawn": "Brief withdrawn",
    "closed": "The call has ended",
    "delisted": "The enquiry has ended",
    "answered": "A question is answered",
    "offered": "The work is offered to you",
    "stood_down": "Another team was chosen",
    "commissioned": "Your project begins",
    "redacted": "Something was redacted: delete what you keep of it",
}
_FACTS = {
    "organisation": "Who asks",
    "reply_by": "Reply by",
    "respond_by": "Answer by",
    "reason": "Why",
    "question": "Question",
    "answer": "Answer",
    "section": "Redacted section",
    "entry": "Redacted entry",
}
"""What of a payload is told, in this order; ids and hashes are for systems, which have the other feed."""
_DAYS = frozenset({"reply_by", "respond_by"})


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the entries of one page."""

    university_id: UUID
    university: str
    service: str
    base_url: str
    """Where our pages are, without a trailing slash."""
    self_path: str
    first_path: str
    next_path: str | None
    updated_at: datetime


def atom(heading: Heading, entries: Sequence[Entry]) -> str:
    """Return one page of a feed as a document, the newest entry first.

    Its id and its entries' stay the same for ever, wherever the service is moved to.
    """
    feed = Element("feed", xmlns=_ATOM)
    _say(feed, "id", _urn(uuid5(NAMESPACE_URL, f"briefs/feed.atom/{heading.university_id}")))
    _say(feed, "title", phrases.one_line(f"Briefs for {heading.university}"))
    _say(feed, "updated", shown_instant(heading.updated_at))
    _say(SubElement(feed, "author"), "name", phrases.one_line(heading.service))
    links = {"self": heading.self_path, "first": heading.first_path, "next": heading.next_path}
    for rel, path in links.items():
        if path is not None:
            _link(feed, rel, heading.base_url + path, MEDIA_TYPE)
    _link(feed, "alternate", f"{heading.base_url}/partner", "text/html")
    for entry in entries:
        _entry(feed, entry, heading)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode")


def _entry(feed: Element, entry: Entry, heading: Heading) -> None:
    written = SubElement(feed, "entry")
    happened = _HAPPENED[entry.type]
    _say(written, "id", _urn(entry.id))
    _say(written, "title", phrases.one_line(f"{happened}: {entry.title}" if entry.title else happened))
    _say(written, "updated", shown_instant(entry.updated_at))
    _say(written, "published", shown_instant(entry.occurred_at))
    SubElement(written, "category", term=entry.type, label=happened)
    _link(written, "alternate", f"{heading.base_url}/partner/briefs/{entry.brief_id}", "text/html")
    content = SubElement(written, "content", type="xhtml")
    body = SubElement(content, "div", xmlns=_XHTML)
    for name, text in _told(entry.payload):
        SubElement(body, "h3").text = name
        for line in text.splitlines():
            if line.strip():
                SubElement(body, "p").text = _writable(line.strip())
    if not len(body):
        SubElement(body, "p").text = f"{happened}."


def _told(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a payload tells people, each with its name."""
    for code, name in _FACTS.items():
        value = payload.get(code)
        if value:
            text = BRIEF_SECTIONS.get(str(value), str(value)) if code == "section" else str(value)
            yield name, phrases.day(text) if code in _DAYS else text
    for code, text in payload.get("sections", {}).items():
        yield BRIEF_SECTIONS.get(code, code), text
    for asked in payload.get("questions", ()):
        if asked.get("question"):
            yield "Asked by a university", asked["question"]
        yield "Answered", asked["answer"]


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _writable(text)


def _link(parent: Element, rel: str, href: str, media_type: str) -> None:
    SubElement(parent, "link", rel=rel, href=href, type=media_type)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _urn(value: UUID) -> str:
    return f"urn:uuid:{value}"
