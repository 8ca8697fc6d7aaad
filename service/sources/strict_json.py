"""JSON that says each thing once: readers disagree on which of two equal members counts (RFC 8259 section 4)."""

import json
from typing import Any, NoReturn

_LONGEST = 200

_Place = tuple["_Place | None", str | int]
"""A step inside, and the place it was taken from; None is the outermost."""


class SaidTwice(ValueError):
    """An object names a member twice; `steps` lead to that member."""

    def __init__(self, steps: tuple[str | int, ...]) -> None:
        # A member's name may hold half a character, which no answer could be written with.
        self.steps = [str(step).encode("utf-8", "backslashreplace").decode()[:_LONGEST] for step in steps]
        super().__init__(f"{self.pointer} is there twice")

    @property
    def pointer(self) -> str:
        """Return where the member stands, as a JSON Pointer (RFC 6901) of at most a few hundred characters."""
        told = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in self.steps)
        return told if len(told) <= _LONGEST else "…" + told[-_LONGEST:]


def parse(text: str | bytes) -> Any:
    """Return what JSON says. Raises SaidTwice, or another ValueError for what is no JSON, and RecursionError."""
    repeated: list[tuple[dict[str, Any], str]] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            name = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
            repeated.append((found, name))
        return found

    parsed = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=members)
    if repeated:
        # An object is finished after all that is in it, so no other that repeats itself holds the last one.
        at_fault, name = repeated[-1]
        raise SaidTwice((*_steps_to(at_fault, parsed), name))
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _steps_to(sought: dict[str, Any], parsed: Any) -> list[str | int]:
    """Return the steps that lead to an object. Each place remembers the one before it alone: all its steps would be
    memory for the depth times the breadth of what was sent.
    """
    waiting: list[tuple[_Place | None, Any]] = [(None, parsed)]
    place: _Place | None = None
    while waiting:
        place, value = waiting.pop()
        if value is sought:
            break
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        waiting += [((place, step), each) for step, each in inner if isinstance(each, dict | list)]
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    return steps[::-1]
