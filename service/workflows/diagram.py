"""The machines drawn (Mermaid) and told (data), from the tables themselves: nothing here is written a second time."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.principals import Role
from service.states import ENQUIRY_STATES, OPEN_STATES, PROJECT_STATES, EnquiryState, ProjectState
from service.workflows.exits import EXITS
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine, State, Transition

_BOX = "any_open"
_ENQUIRY_LABELS: Mapping[State, str] = {state: words.label for state, words in ENQUIRY_STATES.items()}
_PROJECT_LABELS: Mapping[State, str] = dict(PROJECT_STATES.items())


def as_mermaid(machine: Machine | None = None) -> str:
    """Return `machine` as a Mermaid stateDiagram-v2, ending in a newline; without one, both in one diagram.

    What may happen in any open state is drawn once: events that lead out as an arrow from the box around those
    states, events that leave the state as it is in a note beside it.
    """
    if machine is None:
        return _document([*_drawn(ENQUIRY), *_box("project", "The project", _drawn(PROJECT))])
    return _document(_drawn(machine))


def as_markdown() -> str:
    """Return the diagram of both machines as a fenced block for a Markdown page."""
    return f"```mermaid\n{as_mermaid()}```\n"


def as_data() -> dict[str, Any]:
    """Return both machines as JSON data: the enquiry's at the top, the project's under `project`.

    A state has `code`, `label`, `plain_label` and `waiting_on`; a project's has `code` and `label`. An event has
    `code`, `label`, `from`, `to` (empty when the state stays), `roles`, `owner_only`, `posted`, `guards` (`code`,
    `waivable`) and `schema`, the JSON Schema of what is posted. An outcome has `code`, `label`, `from` and `roles`.
    """
    return {
        "states": [
            {"code": state, "label": words.label, "plain_label": words.plain_label, "waiting_on": words.waiting_on}
            for state, words in ENQUIRY_STATES.items()
        ],
        "events": [_told(row) for row in ENQUIRY.transitions.values()],
        "outcomes": [
            {
                "code": outcome,
                "label": way_out.label,
                "from": _in_order(way_out.sources),
                "roles": _roles(way_out.roles),
            }
            for outcome, way_out in EXITS.items()
        ],
        "project": {
            "states": [{"code": state, "label": label} for state, label in PROJECT_STATES.items()],
            "events": [_told(row) for row in PROJECT.transitions.values()],
        },
    }


def _document(lines: Iterable[str]) -> str:
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines), ""])


def _box(code: str, label: str, lines: Iterable[str]) -> list[str]:
    return [f'state "{label}" as {code} {{', *(f"    {line}" for line in lines), "}"]


def _drawn(machine: Machine) -> list[str]:
    labels = _ENQUIRY_LABELS if machine is ENQUIRY else _PROJECT_LABELS
    rows = list(machine.transitions.values())
    anywhere = [row for row in rows if row.sources >= OPEN_STATES]
    arrows = _arrows(row for row in rows if row not in anywhere)
    boxed = [arrow for ends, arrow in arrows.items() if set(ends) <= OPEN_STATES]
    free = [arrow for ends, arrow in arrows.items() if not set(ends) <= OPEN_STATES]
    lines = [f'state "{label}" as {state}' for state, label in labels.items()]
    if boxed:
        lines += _box(_BOX, "Any open state", boxed)
    lines += [f"[*] --> {next(iter(labels))}", *free]
    for row in anywhere:
        if row.target is not None:
            lines.append(f"{_BOX} --> {row.target}: {row.label}")
        lines += [f"{state} --> {state}: {row.label}" for state in _in_order(row.sources - OPEN_STATES)]
    if talk := [row.label for row in anywhere if row.target is None]:
        lines += [f"note right of {_BOX}", *(f"    {label}" for label in talk), "end note"]
    return lines


def _arrows(rows: Iterable[Transition]) -> dict[tuple[str, str], str]:
    """One arrow for each pair of states, with the labels of all events that lead along it."""
    labels: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for source in _in_order(row.sources):
            targets = [_BOX] if callable(row.target) else row.leads_to(source)
            for target in targets:
                labels.setdefault((source, target), []).append(row.label)
    return {
        (source, target): f"{source} --> {target}: {' · '.join(names)}" for (source, target), names in labels.items()
    }


def _told(row: Transition) -> dict[str, Any]:
    targets = {target for source in row.sources for target in row.leads_to(source)} if row.target is not None else set()
    return {
        "code": row.event,
        "label": row.label,
        "from": _in_order(row.sources),
        "to": _in_order(targets),
        "roles": _roles(row.roles),
        "owner_only": row.owner_only,
        "posted": row.posted,
        "guards": [{"code": guard.code, "waivable": guard.waivable} for guard in row.guards],
        "schema": row.command.model_json_schema(),
    }


def _in_order(states: Iterable[State]) -> list[State]:
    wanted = set(states)
    return [state for state in (*EnquiryState, *ProjectState) if state in wanted]


def _roles(roles: Iterable[Role]) -> list[Role]:
    wanted = set(roles)
    return [role for role in Role if role in wanted]
