"""Commands made of forms: what the rules refuse is told at the field it is about, and what they let somebody waive is asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from service.errors import Problem
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted
from service.routers.manage.telling import plainly
from service.workflows.commands import Command, Waiver

T = TypeVar("T", bound=Command)

WAIVER = "waiver-"
"""Begins the name of the box that says why a guard is set aside; its code follows."""
_LONGEST_GUARD = 100
_KEPT = "Your reason is kept here, in case it is asked for."


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A guard that stands in the way and may be set aside with a reason; `field` holds the reason."""

    guard: str
    detail: str

    @property
    def field(self) -> str:
        return WAIVER + self.guard


def made(kind: type[T], mistakes: Mistakes, **members: object) -> T | None:
    """Return a command of this kind, or None when there are mistakes: those noted, and any that the command finds."""
    if mistakes:
        return None
    try:
        return kind.model_validate(members)
    except ValidationError as found:
        for error in found.errors():
            mistakes.add(str(error["loc"][0]), "This cannot be right. Check it, and send it again.")
        return None


def waivers(posted: Posted, mistakes: Mistakes, among: Collection[str] | None = None) -> tuple[Waiver, ...]:
    """Return the reasons given for going on all the same, of these guards where named, noting one that is too long."""
    given = []
    for name in posted.values:
        guard, reason = name.removeprefix(WAIVER), posted.prose(name)
        if not name.startswith(WAIVER) or not 0 < len(guard) < _LONGEST_GUARD or not reason:
            continue
        if among is not None and guard not in among:
            continue
        if len(reason) > PROSE_LENGTH:
            mistakes.fits(name, reason, PROSE_LENGTH, "The reason")
        else:
            given.append(Waiver(guard=guard, reason=reason))
    return tuple(given)


def refused(problem: Problem, fields: Mapping[str, str]) -> tuple[dict[str, str], list[Obstacle]]:
    """Return what a refusal says, by field, and the guards among it that may be waived.

    `fields` names the field that a guard is about; what is about none is told of the page.
    """
    errors: dict[str, str] = {}
    obstacles: list[Obstacle] = []
    for guard in problem.extra.get("guards", ()):
        code, detail = str(guard["guard"]), plainly(str(guard["detail"]))
        if code in fields:
            errors.setdefault(fields[code], detail)
        elif guard["waivable"]:
            obstacle = Obstacle(code, detail)
            obstacles.append(obstacle)
            errors.setdefault(obstacle.field, detail)
        else:
            errors.setdefault("page", detail)
    for error in problem.errors:
        errors.setdefault(error["field"], error["message"])
    return errors or {"page": plainly(problem.detail)}, obstacles


def kept(form: Filled, obstacles: Sequence[Obstacle]) -> list[Obstacle]:
    """Return the obstacles, and one for each reason already given for another, so that no word of it is lost."""
    known = {each.field for each in obstacles}
    given = [name for name in form.values if name.startswith(WAIVER) and name not in known and form.value(name).strip()]
    return [*obstacles, *(Obstacle(name.removeprefix(WAIVER), _KEPT) for name in given)]


def ids(posted: Posted, name: str, mistakes: Mistakes, sentence: str) -> list[UUID]:
    """Return the ids ticked in a field, each once and in order, noting `sentence` for anything that is none."""
    found: list[UUID] = []
    for text in posted.chosen(name):
        try:
            found.append(UUID(text))
        except ValueError:
            mistakes.add(name, sentence)
    return list(dict.fromkeys(found))
