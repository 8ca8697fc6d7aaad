"""Fetching: a university's system has read what it was sent. Only an answer of its own says that people have, too."""

from collections.abc import Sequence
from uuid import UUID

from service.context import Context
from service.records import calls
from service.records.database import Unit


def note_fetched(unit: Unit, ctx: Context, recipients: Sequence[UUID]) -> None:
    """Note that these parts in calls were fetched now, where no earlier moment is noted.

    Reading is no event of the enquiry: nothing is logged, and what waits for it is asked again when it is due.
    """
    calls.mark_fetched(unit, recipients, ctx.now)
