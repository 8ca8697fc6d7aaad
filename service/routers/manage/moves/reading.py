"""A filled form becomes the event's command: each kind of field is read in one way, and every mistake is noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from service.actions.converse import Words
from service.routers.form_values import whole_number
from service.routers.forms import LINE_LENGTH, PROSE_LENGTH, Filled, Mistakes, Posted, date_parts
from service.routers.manage.hearing import NEW, read_heard
from service.routers.manage.moves.table import Move, MoveField
from service.routers.manage.orders import waivers
from service.workflows.commands import Command

ALTERNATES = 3

Members = dict[str, object]
_NOT_YET = UUID(int=0)
"""Stands in for an entry that is written down with the step that quotes it, and has no id before."""


def read_command(move: Move, posted: Posted, mistakes: Mistakes) -> Command | None:
    """Return the command that a form asks for, or None when it notes mistakes."""
    members: Members = {}
    for name, each in move.fields.items():
        if each.under is not None and posted.line("outcome") != each.under:
            continue
        given = _READERS[each.kind](_Answer(name, each, posted, mistakes))
        members |= {member: value for member, value in given.items() if value is not None}
        if each.missing and not given:
            mistakes.add(name, each.missing)
    members["waivers"] = waivers(posted, mistakes, {guard.code for guard in move.row.guards if guard.waivable})
    if mistakes:
        return None
    try:
        return move.row.command.model_validate(members)
    except ValidationError as problem:
        for error in problem.errors():
            mistakes.add(_field_of(move, error["loc"]), "Check this answer: it cannot be recorded as it is")
        return None


def heard_in(move: Move, posted: Posted, mistakes: Mistakes, now: datetime) -> Words | None:
    """Return the word of the other side that the form writes down to be quoted, or None when it quotes none or another."""
    for name, each in move.fields.items():
        if each.kind == "quoted" and posted.line(name) == NEW and (each.missing or posted.prose("heard")):
            return read_heard(posted, mistakes, now, each.whose)
    return None


def quoting(command: Command, entry_id: UUID) -> Command:
    """Return the command as it quotes an entry that has just been recorded."""
    return command.model_copy(update={"entry": entry_id})


def filled_from(move: Move, asked: Mapping[str, list[str]]) -> Filled:
    """Return a form filled with what its address names: fields by their own names, dates as 2026-11-22."""
    values: dict[str, str | list[str]] = {name: each.start for name, each in move.fields.items() if each.start}
    for name, each in move.fields.items():
        found = [value for key in (name, name.removesuffix("s")) for value in asked.get(key, ())]
        if not found:
            continue
        if each.kind == "day":
            mistakes = Mistakes()
            day = mistakes.date(name, Posted({name: (found[0],)}), each.label)
            values |= date_parts(name, day)
        elif each.kind == "alternates":
            values |= {f"{name}-{place}": value for place, value in enumerate(found[:ALTERNATES], 1)}
        else:
            values[name] = found if len(found) > 1 else found[0]
    return Filled(values)


def _field_of(move: Move, location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else ""
    return next((field for field, each in move.fields.items() if name == field or name in each.members), "page")


@dataclass(frozen=True, slots=True)
class _Answer:
    """One field of a form that was sent."""

    name: str
    each: MoveField
    posted: Posted
    mistakes: Mistakes

    @property
    def line(self) -> str:
        return self.posted.line(self.name)

    def uuid(self, value: str) -> UUID | None:
        """Return the id that was chosen, noting a value that is none."""
        try:
            return UUID(value)
        except ValueError:
            self.mistakes.add(self.name, "Choose from the list")
            return None


def _line(a: _Answer) -> Members:
    text = a.mistakes.fits(a.name, a.line, LINE_LENGTH, a.each.label)
    return {a.name: text} if text else {}


def _prose(a: _Answer) -> Members:
    text = a.mistakes.fits(a.name, a.posted.prose(a.name), PROSE_LENGTH, a.each.label)
    return {a.name: text} if text else {}


def _lines(a: _Answer) -> Members:
    text = a.mistakes.fits(a.name, a.posted.prose(a.name), PROSE_LENGTH, a.each.label)
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return {a.name: lines} if lines else {}


def _day(a: _Answer) -> Members:
    found = a.mistakes.date(a.name, a.posted, a.each.label)
    return {a.name: found} if found or a.name in a.mistakes.found else {}


def _choice(a: _Answer) -> Members:
    chosen = a.mistakes.choice(a.name, a.line, a.each.codes or {}, "Choose one from the list")
    return {a.name: chosen} if chosen else {}


def _tick(a: _Answer) -> Members:
    return {a.name: bool(a.line)}


def _picked(a: _Answer) -> Members:
    return {a.name: a.uuid(a.line)} if a.line else {}


def _quoted(a: _Answer) -> Members:
    if a.line == NEW:
        return {a.name: _NOT_YET} if a.each.missing or a.posted.prose("heard") else {}
    return _picked(a)


def _several(a: _Answer) -> Members:
    chosen = [a.uuid(value) for value in dict.fromkeys(a.posted.chosen(a.name))]
    return {a.name: chosen} if chosen else {}


def _ordered(a: _Answer) -> Members:
    places = [a.posted.line(f"{a.name}-{place}") for place in range(1, ALTERNATES + 1)]
    chosen = [a.uuid(value) for value in dict.fromkeys(value for value in places if value)]
    return {a.name: chosen} if chosen else {}


def _risk(a: _Answer) -> Members:
    borne_by, reason = a.posted.line(f"{a.name}-borne_by"), a.posted.prose(f"{a.name}-reason")
    if not borne_by and not reason:
        return {}
    a.mistakes.required(f"{a.name}-borne_by", borne_by, "Say who bears the risk")
    a.mistakes.required(f"{a.name}-reason", reason, "Say why it cannot wait for the signatures")
    a.mistakes.fits(f"{a.name}-borne_by", borne_by, LINE_LENGTH, "The name")
    a.mistakes.fits(f"{a.name}-reason", reason, PROSE_LENGTH, "The reason")
    return {a.name: {"borne_by": borne_by, "reason": reason}}


def _redactable(a: _Answer) -> Members:
    kind, _, code = a.line.partition(":")
    if kind in {"entry", "file"}:
        return {kind: a.uuid(code)}
    if kind == "section" and code:
        return {"section": code[:LINE_LENGTH]}
    if kind == "question" and (number := whole_number(code)):
        return {"question": number}
    if kind:
        a.mistakes.add(a.name, "Choose one from the list")
    return {}


_READERS: Mapping[str, Callable[[_Answer], Members]] = {
    "line": _line,
    "target": _line,
    "brief_hash": _line,
    "brief_version": _line,
    "costs_version": _line,
    "outcome": _line,
    "prose": _prose,
    "lines": _lines,
    "day": _day,
    "choice": _choice,
    "tick": _tick,
    "staff": _picked,
    "quoted": _quoted,
    "offer": _picked,
    "interest": _picked,
    "partners": _several,
    "alternates": _ordered,
    "risk": _risk,
    "redactable": _redactable,
}
KINDS = frozenset(_READERS)
"""Every kind of field there is."""
