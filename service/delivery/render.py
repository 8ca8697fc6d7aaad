"""Render: an outbox row becomes the words of a letter. The same row always gives the same words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jinja2 import TemplateError

from service.delivery import phrases
from service.delivery.failures import FinalFailure
from service.delivery.invitations import invitation
from service.delivery.letterhead import Letterhead
from service.delivery.wordings import COMMON, wording
from service.records.tables import OutboxMessage

_PARTS = frozenset({"tasks", "waiting", "whole_team", "handed"})
"""What a digest is made of: reminders each in its own words, and counts each with its link."""
_WITHOUT_PAGE = "through your university's system, or by replying to this email."
_AT_UNIVERSITIES = "/partner/"
"""Where pages lie whose readers may have a system of their own that does the same."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a letter says. `subject` is one line; `calendar` an iCalendar document, for an invitation."""

    subject: str
    text: str
    calendar: bytes | None = None
    is_personal: bool = False


def render(message: OutboxMessage, letterhead: Letterhead) -> Rendered:
    """Return the words of `message`. Raises FinalFailure when it lacks something that its wording needs."""
    try:
        words = wording(message.kind)
        told = words.told(message.params)
        url = _url(message.params, letterhead) or (letterhead.page("/") if words.audience == "enquirer" else None)
        told |= {
            "url": url,
            "later_url": letterhead.page(str(told["later_path"])) if told["later_path"] else None,
            "about": _about(told),
            "answer_where": _answer_where(url, str(message.params.get("path") or "")),
            "service_name": letterhead.service_name,
            "attaches": letterhead.attaches,
        }
        told |= {name: parts(told[name], letterhead) for name in _PARTS & told.keys()}
        subject = phrases.one_line(words.subject.render(told))
        frame = {
            "body": phrases.plain(words.body.render(told)).strip(),
            "greeting": phrases.greeting(message.to_name),
            "signed": phrases.capitalised(phrases.one_line(str(told.get("owner_name") or "the team"))),
            "service_name": letterhead.service_name,
            "service_phone": letterhead.service_phone,
            "reference": told.get("reference"),
            "url": url,
            "later_url": told["later_url"],
            "arithmetic": told["arithmetic"],
        }
        text = phrases.plain(words.frame.render(frame)).strip() + "\n"
        calendar = invitation(message, subject, letterhead) if message.kind == "meeting_invitation" else None
    except (TemplateError, ArithmeticError, KeyError, TypeError, ValueError) as problem:
        raise FinalFailure(f"{message.kind} cannot be written: {problem}") from problem
    return Rendered(subject, text, calendar, words.is_personal)


def parts(told_of: object, letterhead: Letterhead) -> list[dict[str, object]]:
    """Return the parts that a message is made of, each with its address; one that is of a kind, in that kind's words."""
    found = []
    for part in told_of if isinstance(told_of, list) else []:
        told: dict[str, Any] = part.get("told") or part
        url = _url(told, letterhead)
        said: dict[str, object] = {**part, "url": url}
        if "kind" in part:
            words = wording(part["kind"])
            filled = dict.fromkeys(COMMON) | words.told(told) | {"url": url}
            said |= {
                "subject": phrases.one_line(words.subject.render(filled)),
                "body": phrases.plain(words.body.render(filled)).strip(),
                "arithmetic": filled["arithmetic"],
            }
        found.append(said)
    return found


def _url(params: Mapping[str, object], letterhead: Letterhead) -> str | None:
    """The page to open, or None. Links that let somebody in are signed here: a row holds an id and no secret."""
    if params.get("link_id"):
        return letterhead.page(f"/sign-in/{letterhead.tokens.sign_in_token(UUID(str(params['link_id'])))}")
    if params.get("draft_id"):
        return letterhead.page(f"/ask/{letterhead.tokens.draft_token(UUID(str(params['draft_id'])))}")
    return letterhead.page(str(params["path"])) if params.get("path") else None


def _answer_where(url: str | None, path: str) -> str:
    """Say, at the end of a sentence, where an answer is given."""
    if url is None:
        return _WITHOUT_PAGE
    if path.startswith(_AT_UNIVERSITIES):
        return f"through your university's system if it has one, or on this page:\n{url}"
    return f"on its page:\n{url}"


def _about(told: Mapping[str, object]) -> str:
    """The brief's own title where one is told, and the reference: the question's wording may say who is asking."""
    names = [told.get("brief_title"), told.get("reference")]
    return ", ".join(phrases.one_line(str(name), 100) for name in names if name)
