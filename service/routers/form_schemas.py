"""Forms that say what a JSON door takes: read into the same schema, so that both refuse the same things."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from service.routers.forms import PROSE_LENGTH, Mistakes, Posted

Sent = TypeVar("Sent", bound=BaseModel)

YES_NO = {"yes": "Yes", "no": "No"}


def checked(schema: type[Sent], sent: Mapping[str, object], mistakes: Mistakes, told: Mapping[str, str]) -> Sent | None:
    """Return what a form says as `schema` takes it; None, with a mistake noted for each field at fault, when it may not.

    `told` gives the sentence for a member: its own name, or with its parent's before it and a dot between.
    """
    try:
        found = schema.model_validate(sent)
    except ValidationError as problem:
        for error in problem.errors(include_url=False, include_context=False, include_input=False):
            path = [str(part) for part in error["loc"]]
            name = next((each for each in (".".join(path), path[0]) if each in told), path[0])
            mistakes.add(_field(name), told.get(name) or _sentence(error["msg"]))
        return None
    return None if mistakes else found


def lines(posted: Posted, name: str) -> list[str]:
    """Return the lines of a text, blank ones left out: a list as people type one."""
    return [line for each in posted.prose(name).splitlines() if (line := " ".join(each.split()))]


def prose(posted: Posted, mistakes: Mistakes, name: str, asked: str, what: str) -> str:
    """Return a text that must be there, noting `asked` when it is not and that it is too long when it is."""
    text = mistakes.required(name, posted.prose(name), asked)
    mistakes.fits(name, text, PROSE_LENGTH, what)
    return text


def iso(day: date | None) -> str | None:
    """Return a day as the doors write it, or None."""
    return day.isoformat() if day else None


def _field(name: str) -> str:
    """Return the form's name for a member: `lead.email` stands in the field lead_email."""
    return name.replace(".", "_")


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")
