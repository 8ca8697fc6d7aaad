"""The event log as the figures read it: plain rows, and the rows of one enquiry together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID


class LoggedEvent(NamedTuple):
    """One row of the log, with the facts about its enquiry as they were known then; states are codes."""

    seq: int
    recorded_at: datetime
    enquiry_id: UUID
    event: str
    from_state: str
    to_state: str
    waiting_on: str
    outcome: str | None = None
    on_hold: bool = False
    epoch: int = 1
    sector: str | None = None
    area: str | None = None
    enquiry_type: str | None = None
    topics: Sequence[str] = ()
    organisation_id: UUID | None = None
    machine: str = "enquiry"
    data: Mapping[str, object] = MappingProxyType({})


History = Sequence[LoggedEvent]
"""Everything logged about one enquiry."""


def histories(rows: Iterable[LoggedEvent]) -> Iterator[History]:
    """Yield each enquiry's rows, given rows in which an enquiry's stand together; holds one enquiry at a time."""
    for _, group in groupby(rows, key=lambda row: row.enquiry_id):
        yield list(group)
