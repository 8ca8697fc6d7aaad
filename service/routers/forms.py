"""What a page's form sends: texts made plain, files read whole, and the filled form shown again with its mistakes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from email_validator import EmailNotValidError, validate_email
from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from service.errors import Problem
from service.routers.services import services_of

LINE_LENGTH = 500
PROSE_LENGTH = 20_000
_NOT_KEPT = {0: None} | dict.fromkeys(range(0xD800, 0xE000))  # NUL, and halves of characters: no database keeps them
_MOST_ASKED = 300
_SITES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """One form post. Absent fields read as empty."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def prose(self, name: str) -> str:
        """Return a text of several lines, without blank ends."""
        return self._first(name).strip()

    def line(self, name: str) -> str:
        """Return a text as one line."""
        return " ".join(self._first(name).split())

    def chosen(self, name: str) -> list[str]:
        """Return every box that was ticked, in order."""
        return [value for value in self.values.get(name, ()) if value]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def _first(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")


async def posted_form(request: Request) -> Posted:
    """Read the form of a POST. Raises Problem 403 for one that another site sent, 400 for one that cannot be read."""
    if not is_from_here(request):
        raise from_elsewhere()
    async with request.form(max_files=5, max_fields=300) as sent:
        values: dict[str, list[str]] = {}
        uploads: dict[str, Upload] = {}
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    uploads[name] = Upload(_plain(value.filename), await value.read())
            else:
                values.setdefault(_plain(name), []).append(_plain(value))
    posted = Posted({name: tuple(each) for name, each in values.items()}, uploads)
    request.state.posted = posted
    return posted


def is_from_here(request: Request, *, or_hidden: bool = True) -> bool:
    """Tell whether a page of ours led to this request, as far as the browser says: what says nothing is believed.

    Browsers of today say it in Sec-Fetch-Site, over an encrypted line. Older ones, and all over an open line, name where
    a form was in Origin, or at least in Referer. `or_hidden` believes an Origin that a page's own policy hid (null), as
    most of our pages do; any other site could have hidden its own as well.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _SITES
    origin = request.headers.get("origin") or request.headers.get("referer")
    if not origin:
        return True
    if origin == "null":
        return or_hidden
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    # The proxy ends TLS and may leave the port out of Host, so that the scheme says nothing and either name is ours.
    public = services_of(request).settings.public_url
    return host in {request.headers.get("host", "").lower(), urlsplit(public).netloc.lower()}


def from_elsewhere() -> Problem:
    """Return the refusal of a form that another site sent."""
    return Problem("forbidden", 403, "This form was sent from another site. Open the page here and send it again.")


PostedForm = Annotated[Posted, Depends(posted_form)]


def asked_in(address: str) -> Posted:
    """Read the form that stands in an address, given what follows its question mark; empty where it cannot be read."""
    values: dict[str, list[str]] = {}
    try:
        parts = parse_qsl(address, errors="replace", max_num_fields=_MOST_ASKED)
    except ValueError:
        parts = []
    for name, value in parts:
        values.setdefault(_plain(name), []).append(_plain(value))
    return Posted({name: tuple(each) for name, each in values.items()})


def asked_form(request: Request) -> Posted:
    """Read the form that a GET sent."""
    return asked_in(request.url.query)


AskedForm = Annotated[Posted, Depends(asked_form)]


@dataclass(slots=True)
class Filled:
    """A form as it is shown: what stands in each field, and what is wrong with it."""

    values: dict[str, str | list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_posted(cls, posted: Posted, errors: Mapping[str, str] | None = None) -> "Filled":
        """Return what was sent, every answer kept, with its mistakes."""
        return cls(
            {name: list(sent) if len(sent) > 1 else sent[0] for name, sent in posted.values.items()}, {**(errors or {})}
        )

    @classmethod
    def refused(cls, posted: Posted, problem: Problem, elsewhere: str = "page") -> "Filled":
        """Return what was sent, every answer kept, with why it was refused: at the fields at fault, or else at `elsewhere`."""
        errors = {error["field"]: error["message"] for error in problem.errors}
        return cls.from_posted(posted, errors or {elsewhere: problem.detail})

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        found = self.values.get(name, "")
        return found if isinstance(found, str) else next(iter(found), "")

    def chosen(self, name: str) -> list[str]:
        """Return the boxes ticked in a field."""
        found = self.values.get(name, [])
        return [found] if isinstance(found, str) else found


Again = Callable[[Filled, int], Response]
"""Shows a form once more, with what is wrong and a status."""
TOLD_ON_THE_FORM = frozenset({403, 409, 412, 422})
"""The statuses of refusals that somebody can do something about, with their words before them."""


class Mistakes:
    """Collects what is wrong with a form, one sentence a field, in the order of the fields."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, name: str, sentence: str) -> None:
        """Note a mistake, unless the field has one already."""
        self.found.setdefault(name, sentence)

    def __bool__(self) -> bool:
        return bool(self.found)

    def put_in_order(self, names: Sequence[str]) -> None:
        """Tell what was found in the order in which these fields stand on the page, whatever it was read in."""
        places = {name: place for place, name in enumerate(names)}
        self.found = dict(sorted(self.found.items(), key=lambda each: places.get(each[0], len(places))))

    def required(self, name: str, value: str, sentence: str) -> str:
        """Return `value`, noting `sentence` when it is empty."""
        if not value:
            self.add(name, sentence)
        return value

    def fits(self, name: str, value: str, longest: int, what: str) -> str | None:
        """Return `value`, or None when it is empty, noting a mistake when it is too long."""
        if len(value) > longest:
            self.add(name, f"{what} must be {longest:,} characters or fewer. It has {len(value):,}.")
        return value or None

    def email(self, name: str, value: str) -> str | None:
        """Return an address in lower case, or None when it is empty, noting one that cannot be."""
        if not value:
            return None
        try:
            return validate_email(value, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            self.add(name, "Enter an email address in the correct format, like name@example.com")
            return value

    def phone(self, name: str, value: str) -> str | None:
        """Return a telephone number as it was written, or None when it is empty, noting one that nobody could call."""
        if value and (sum(character.isdigit() for character in value) < 5 or len(value) > 60):
            self.add(name, "Enter a phone number, like 01632 960 001 or +44 808 157 0192")
        return value or None

    def choice(self, name: str, value: str, codes: Mapping[str, str], sentence: str) -> str | None:
        """Return a code of a vocabulary, or None when nothing was chosen, noting another one."""
        if value and value not in codes:
            self.add(name, sentence)
        return value or None

    def choices(self, name: str, values: list[str], codes: Mapping[str, str], sentence: str) -> list[str]:
        """Return the codes chosen, noting any that is none."""
        if any(value not in codes for value in values):
            self.add(name, sentence)
        return list(dict.fromkeys(values))

    def date(self, name: str, posted: Posted, what: str, not_before: date | None = None) -> date | None:
        """Return a date given as three fields or as one (2026-11-22); None when it is empty, noting one that cannot be."""
        whole = posted.line(name)
        parts = [posted.line(f"{name}-{part}") for part in ("year", "month", "day")]
        if not whole and not any(parts):
            return None
        if not whole and not all(parts):
            missing = [part for part, value in zip(("year", "month", "day"), parts, strict=True) if not value]
            self.add(name, f"{what} must include a {' and '.join(reversed(missing))}")
            return None
        found = _date(whole, parts)
        if found is None:
            self.add(name, f"{what} must be a real date")
        elif not_before is not None and found < not_before:
            self.add(name, f"{what} must be today or in the future")
        return found


def date_parts(name: str, day: date | None) -> dict[str, str | list[str]]:
    """Return a date as its three fields are filled."""
    if day is None:
        return {}
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


_MONTHS = {
    month: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,october oct,"
        "november nov,december dec".split(","),
        start=1,
    )
    for month in names.split()
}


def _date(whole: str, parts: list[str]) -> date | None:
    try:
        if whole:
            return date.fromisoformat(whole)
        year, month, day = parts
        number = _MONTHS.get(month.lower()) or int(month)
        return date(int(year), number, int(day)) if len(year) == 4 else None
    except (ValueError, OverflowError):
        return None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_KEPT)
