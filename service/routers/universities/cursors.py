"""Cursors of the feed: after which entry of which university's feed, in which epoch, a poller goes on.

A cursor is not secret, and its bearer may read that feed anyway, so it is checked and not signed: the sum tells a
mangled one from ours, and it stays good when the service's own secret is changed.
"""

import hashlib
from uuid import UUID

from service.errors import Problem
from service.routers.paging import Position, decode_cursor, encode_cursor

RESYNC = "/api/v1/briefs"


def feed_cursor(university: UUID, epoch: str, seq: int) -> str:
    """Return the cursor that goes on after the entry numbered `seq`; 0 stands before the first."""
    return encode_cursor((university, epoch, seq, _sum(university, epoch, seq)))


def place_told(cursor: str | None) -> int:
    """Return the number that a cursor tells, whosever it is; 0, the start, without one.

    Raises Problem 400 `cursor-malformed` for what we never gave out.
    """
    return _read(cursor)[2] if cursor else 0


def place_in_feed(cursor: str | None, university: UUID, epoch: str, head: int) -> int:
    """Return the number of the entry after which a cursor goes on; 0, the start, without one.

    Raises Problem 400 `cursor-malformed` for what we never gave out, and 410 `cursor-gone` for another university's
    cursor or one from before this database was restored.
    """
    if not cursor:
        return 0
    whose, when, seq = _read(cursor)
    if whose != university:
        raise gone("The cursor belongs to another university's feed.")
    if when != epoch:
        raise gone("The service was restored from a backup since, and the feed has begun anew.")
    if seq > head:
        raise Problem("cursor-malformed", 400, "The cursor lies beyond the end of the feed. Start again without one.")
    return seq


def _read(cursor: str) -> tuple[UUID, str, int]:
    whose, when, seq, total = decode_cursor(cursor, tuple[UUID, str, Position, str])
    if total != _sum(whose, when, seq):
        raise Problem("cursor-malformed", 400, "The cursor is not one of ours. Start again without one.")
    return whose, when, seq


def gone(why: str) -> Problem:
    """Return the refusal of a cursor that was good once, with the way to begin again."""
    return Problem(
        "cursor-gone",
        410,
        f"{why} Read {RESYNC} and go on from its feed_cursor.",
        headers={"Link": f'<{RESYNC}>; rel="start"; title="resync"'},
        resync=RESYNC,
    )


def _sum(university: UUID, epoch: str, seq: int) -> str:
    return hashlib.sha256(f"{university}/{epoch}/{seq}".encode()).hexdigest()[:12]
