"""The mail that a development installation wrote to files, so that a newcomer can follow its links."""

from email import message_from_bytes, policy
from email.message import EmailMessage
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
    to: str
    date: str
    text: str
    attachments: list[str]


@router.get("/dev/mail")
def show_all(request: Request) -> Response:
    """The newest letters first."""
    files = sorted(_folder(request).glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    letters = [_letter(file) for file in files[:_NEWEST]]
    return page(request, "about/mail.html", {"letters": letters, "more": max(0, len(files) - _NEWEST)})


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
    return Letter(
        name=file.stem,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        date=str(message["Date"] or ""),
        text="" if body is None else str(body.get_content()),
        attachments=[part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
    )
