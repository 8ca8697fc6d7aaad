"""The mail that a development installation wrote to files, so that a newcomer can follow its links."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import not_found
from service.routers.rendering import page
from service.routers.services import services_of

router = APIRouter(include_in_schema=False)

_NEWEST = 200


class Letter(NamedTuple):
    """One message as a person reads it."""

    name: str
    subject: str
    to_name: str
    to_address: str
    sent_at: datetime | None
    text: str
    attachments: list[str]


@router.get("/dev/mail")
def show_all(request: Request, to: str = "") -> Response:
    """The newest letters first; of those to one address where it says which."""
    files = sorted(_folder(request).glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    newest = [_letter(file) for file in files[:_NEWEST]]
    addresses = [
        {"value": address, "text": address, "selected": address == to}
        for address in sorted({letter.to_address for letter in newest})
    ]
    letters = [letter for letter in newest if not to or letter.to_address == to]
    told = {"letters": letters, "addresses": addresses, "more": max(0, len(files) - _NEWEST)}
    return page(request, "about/mail.html", told)


@router.get("/dev/mail/{name}")
def show_one(request: Request, name: str) -> Response:
    """One letter, its links ready to follow."""
    file = next((file for file in _folder(request).glob("*.eml") if file.stem == name), None)
    if file is None:
        raise not_found("letter")
    return page(request, "about/letter.html", {"letter": _letter(file), "back": "/dev/mail"})


def _folder(request: Request) -> Path:
    """Return where mail is written to. Raises Problem 404 where it goes to people, or where this is no rehearsal."""
    settings = services_of(request).settings
    if settings.environment != "development" or not settings.mail.startswith("file:"):
        raise not_found("page")
    return Path(settings.mail.removeprefix("file:"))


def _letter(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError(f"{file} is not a letter")
    body = message.get_body(("plain",))
    to_name, to_address = parseaddr(str(message["To"]))
    return Letter(
        name=file.stem,
        subject=str(message["Subject"]),
        to_name=to_name,
        to_address=to_address,
        sent_at=parsedate_to_datetime(str(message["Date"])) if message["Date"] else None,
        text="" if body is None else str(body.get_content()),
        attachments=[part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
    )
