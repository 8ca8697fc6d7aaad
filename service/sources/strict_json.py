"""JSON that says each thing once: readers disagree on which of two equal members counts (RFC 8259 section 4)."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

_LONGEST = 200


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
        steps = next(steps for steps, found in _objects(parsed) if found is at_fault)
        raise SaidTwice((*steps, name))
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _objects(parsed: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Yield every object with the steps that lead to it."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), parsed)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, dict):
            yield steps, value
            waiting += [((*steps, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*steps, place), inner) for place, inner in enumerate(value)]
