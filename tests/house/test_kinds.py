"""Every message that code can queue has its wording, and every wording is one that code can queue."""

import ast
from functools import cache
from pathlib import Path

from service.delivery.wordings import COMMON, kinds, wording
from service.workflows.reminders import ENQUIRER_KINDS

SERVICE = Path(__file__).resolve().parents[2] / "service"
TELLERS = {
    "tell_enquirer": 3,
    "tell_owner": 3,
    "tell_person": 3,
    "tell_contacts": 4,
    "tell_lead": 4,
    "tell_researcher": 3,
    "_tell": 2,
    "Step": 2,
    "Task": 1,
    "steps": 2,
}
"""Where each of these functions takes the kind of message; `outbox.queue` takes it by name."""


Call = tuple[ast.Call, str, Path]
"""A call, the kind of message it names, and the file it stands in."""


@cache
def calls() -> tuple[Call, ...]:
    """Return every call that names a kind of message, once for each kind it may mean."""
    return tuple(
        (call, kind, file)
        for file, tree in _trees().items()
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for argument in _kind_arguments(call)
        for kind in _said(argument, file)
    )


def _kind_arguments(call: ast.Call) -> list[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = TELLERS.get(name)
    if place is not None and len(call.args) > place:
        return [call.args[place]]
    wanted = place is not None or (name == "queue" and any(each.arg == "to_address" for each in call.keywords))
    return [each.value for each in call.keywords if wanted and each.arg == "kind"]


def _said(argument: ast.expr, file: Path) -> list[str]:
    """The kinds an expression may mean: a text, one of two, a text with a part that varies, or a name for such."""
    match argument:
        case ast.Constant(value=str(kind)):
            return [kind]
        case ast.IfExp(body=one, orelse=other):
            return [*_said(one, file), *_said(other, file)]
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue()]):
            return [kind for kind in kinds() if kind.startswith(start)]
        case ast.Name(id=name):
            files = _trees() if name.isupper() else [file]
            values = [value for each in files for value in _assigned(each).get(name, ())]
            return [kind for value in values if not isinstance(value, ast.Name) for kind in _said(value, file)]
        case _:
            return []


@cache
def _assigned(file: Path) -> dict[str, list[ast.expr]]:
    """What each name in a file is given, alone or beside others."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(_trees()[file]):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            match target, node.value:
                case ast.Name(id=name), value:
                    found.setdefault(name, []).append(value)
                case ast.Tuple(elts=names), ast.Tuple(elts=values):
                    for each, value in zip(names, values, strict=False):
                        if isinstance(each, ast.Name):
                            found.setdefault(each.id, []).append(value)
                case _:
                    pass
    return found


@cache
def _trees() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(SERVICE.rglob("*.py"))}


def _names_told(call: ast.Call) -> set[str] | None:
    """The names a call tells, written out as keywords and dictionaries; None when some stand elsewhere."""
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "params")]
    dictionaries = [argument for argument in given if isinstance(argument, ast.Dict)]
    keys = [key.value for each in dictionaries for key in each.keys if isinstance(key, ast.Constant)]
    names = {keyword.arg for keyword in call.keywords if keyword.arg} | {str(key) for key in keys}
    elsewhere = any(keyword.arg is None for keyword in call.keywords) or any(
        isinstance(argument, ast.Name) and argument.id == "params" for argument in given
    )
    return None if elsewhere else names


def test_every_kind_in_code_has_its_wording() -> None:
    assert len(calls()) > 50
    assert {f"{kind} at {file.name}:{call.lineno}" for call, kind, file in calls() if kind not in kinds()} == set()


def test_every_call_tells_what_its_wording_needs() -> None:
    told = [
        (kind, names, f"{file.name}:{call.lineno}")
        for call, kind, file in calls()
        if all(isinstance(argument, ast.Constant) for argument in _kind_arguments(call))
        and not _is_reminder(kind)
        and (names := _names_told(call)) is not None
    ]
    assert len(told) > 30
    lacking = {
        f"{kind} at {place}": sorted(wording(kind).required - COMMON - names)
        for kind, names, place in told
        if not wording(kind).required <= COMMON | names
    }
    assert lacking == {}


def _is_reminder(kind: str) -> bool:
    """Reminders are rows of a table; whoever sends them tells them all alike."""
    return kind.startswith(("remind_", "task_")) or kind in ENQUIRER_KINDS


def test_every_wording_is_used() -> None:
    assert set(kinds()) - {kind for _, kind, _ in calls()} == set()


def test_reminders_to_enquirers_are_letters() -> None:
    assert {kind for kind in ENQUIRER_KINDS if wording(kind).audience == "staff"} == set()
