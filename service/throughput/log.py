"""The event log as the figures read it: plain rows, and the rows of one enquiry together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID


class LoggedEvent(NamedTuple):
    """What the figures read of one row of the log; each name is that of the row's column."""

    seq: int
    recorded_at: datetime
    enquiry_id: UUID
    project_id: UUID | None
    machine: str
    event: str
    to_state: str
    waiting_on: str
    outcome: str | None
    on_hold: bool
    sector: str | None
    """As known then, and so are the next four."""
    area: str | None
    enquiry_type: str | None
    topics: Sequence[str]
    organisation_id: UUID | None
    data: Mapping[str, object]


History = Sequence[LoggedEvent]
"""Everything logged about one enquiry."""


def entered(row: LoggedEvent) -> str | None:
    """Return the state an enquiry's own row leads to; a row of its project says nothing about that."""
    return row.to_state if row.machine == "enquiry" else None


def is_project(row: LoggedEvent, state: str) -> bool:
    """Tell whether a row leads the enquiry's project to a state."""
    return row.machine == "project" and row.to_state == state


def histories(rows: Iterable[LoggedEvent]) -> Iterator[History]:
    """Yield each enquiry's rows, given rows in which an enquiry's stand together; holds one enquiry at a time."""
    for _, group in groupby(rows, key=lambda row: row.enquiry_id):
        yield list(group)
