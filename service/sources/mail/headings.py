"""The head of a mail: who, when and about what, as mail programs write it in English."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime

from service.sources.mail.shapes import Correspondent
from service.working_time import LONDON

_LONGEST = 10_000
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MAILTO = re.compile(r"[\[<(]\s*mailto:[^\])>]{0,300}[\])>]", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"\s*(automatic reply|auto(matic)?[- ]?reply|out of (the )?office|undeliverable|delivery status notification)\b",
    re.IGNORECASE,
)

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}  # fmt: skip
_DAYS = (
    re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[A-Za-z]{3,9})\.?,?[ -](?P<year>\d{4})\b"),
    re.compile(r"\b(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})\b"),
    re.compile(r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?=\b|T)"),
)
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s?([AaPp])\.?[Mm]\.?)?")
_ZONE = re.compile(r"(?:\b(?P<name>GMT|UTC|BST|Z)\b|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2}))")


def read_instant(written: str) -> datetime | None:
    """Return the instant that a mail's head gives, aware and in UTC, or None where none can be read.

    "Mon, 23 Nov 2026 10:05:12 +0000", "23 November 2026 10:05", "Monday, November 23, 2026 10:05 AM", "23/11/2026
    10:05" (the day first) and their like; London's time where no zone is given.
    """
    line = " ".join(written[:200].split())
    found = _as_the_standard_says(line) or _as_people_read_it(line)
    if found is None or not 1980 <= found.year <= 2199:
        return None
    return found.astimezone(UTC)


def _as_the_standard_says(line: str) -> datetime | None:
    if not re.search(r"[+-]\d{4}\b|\bGMT\b", line):
        return None
    try:
        found = parsedate_to_datetime(line)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _as_people_read_it(line: str) -> datetime | None:
    for shape in _DAYS:
        match = shape.search(line)
        if match is None:
            continue
        month = match["month"]
        number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
        rest = line[: match.start()] + " " + line[match.end() :]
        hour, minute, second = _time_in(rest)
        try:
            return datetime(
                int(match["year"]), number, int(match["day"]), hour, minute, second, tzinfo=_zone_in(rest) or LONDON
            )
        except (ValueError, OverflowError):
            continue
    return None


def _time_in(rest: str) -> tuple[int, int, int]:
    match = _TIME.search(rest)
    if match is None:
        return 0, 0, 0
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    return hour, minute, second


def _zone_in(rest: str) -> timezone | None:
    match = _ZONE.search(rest)
    if match is None:
        return None
    if match["name"]:
        return timezone(timedelta(hours=1)) if match["name"] == "BST" else UTC
    span = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
    return timezone(-span if match["sign"] == "-" else span) if span < timedelta(hours=24) else None


def read_somebody(written: str) -> Correspondent | None:
    """Return who a line such as "Ann Asker <ann@council.example>" names; None for nobody."""
    line = " ".join(written[:500].split())
    match = _ADDRESS.search(line)
    address = match.group().strip(".'").lower() if match else None
    name = _MAILTO.sub(" ", line)
    name = _ADDRESS.sub(" ", name).split("<")[0] if match else name
    name = " ".join(name.replace('"', " ").split()).strip(" '<>[](),;:*")
    return Correspondent(name[:200], address) if name or address else None


def read_everybody(written: str) -> tuple[Correspondent, ...]:
    """Return whom a line of several names, those with an address first of all by their address."""
    line = written[:_LONGEST]
    with_addresses = [Correspondent("", each.strip(".'").lower()) for each in _ADDRESS.findall(line)]
    names = [read_somebody(part) for part in re.split(r"[;\n]", line)]
    others = [each for each in names if each is not None and each.address is None]
    return tuple(dict.fromkeys([*with_addresses, *others]))[:100]


def is_automatic_subject(subject: str) -> bool:
    """Tell whether a subject is one that mail programs write when they answer by themselves."""
    return _AUTOMATIC.match(subject) is not None


def decoded(header: object) -> str:
    """Return a head line of a mail file as text, whatever it claims its alphabet to be."""
    raw = str(header or "")[:_LONGEST]
    try:
        text = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError, AssertionError):
        text = raw
    return one_line(text)


def addressed(header: object) -> tuple[Correspondent, ...]:
    """Return whom an address line of a mail file names."""
    raw = str(header or "")[:_LONGEST]
    found = [
        Correspondent(decoded(name)[:200], match.group().lower() if (match := _ADDRESS.search(address)) else None)
        for name, address in getaddresses([raw])
    ]
    return tuple(each for each in found if each.name or each.address)[:100]


def one_line(text: str) -> str:
    """Return a text as one printable line: nothing in it can begin another."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
