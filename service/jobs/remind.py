"""Remind: whatever is due is settled, one reminder a transaction. The database says what is due; a tick only asks."""

import logging
from functools import partial
from uuid import UUID

from service.actions import remind
from service.clock import Clock
from service.context import Context
from service.ids import new_id
from service.records import follow_ups
from service.records.database import Database

logger = logging.getLogger(__name__)

BATCH = 50


def run(database: Database, clock: Clock, nation: str) -> int:
    """Settle one batch of what is due and return how many were settled, put off or found unwanted.

    Safe beside other workers and under `kill -9`: a reminder and its mail are one commit. One that fails is logged
    and left for the next tick, and holds up no other.
    """
    ctx = Context(now=clock.now(), request_id=f"remind-{new_id()}", nation=nation)
    done, seen = _warn(database, ctx), set[UUID]()
    while done < BATCH:
        # What failed stays due: look behind it.
        due = database.read(lambda unit: follow_ups.due_ids(unit, ctx.now, BATCH + len(seen)))
        unseen = [follow_up_id for follow_up_id in due if follow_up_id not in seen]
        if not unseen:
            break
        done += sum(_settled(database, ctx, follow_up_id) for follow_up_id in unseen)
        seen.update(unseen)
    return done


def _warn(database: Database, ctx: Context) -> int:
    ending = database.read(lambda unit: remind.ending_calendars(unit, ctx))
    return sum(database.transact(partial(remind.warn_of, ctx=ctx, nation=nation)) for nation in ending)


def _settled(database: Database, ctx: Context, follow_up_id: UUID) -> bool:
    try:
        return database.transact(lambda unit: remind.send_due(unit, ctx, follow_up_id))
    except Exception:
        logger.exception("follow-up %s could not be settled", follow_up_id)
        return False
