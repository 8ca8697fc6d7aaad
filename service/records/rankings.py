"""How a ranking stands at a moment that matters, written down for the figures: never in the way of what happens then."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from service.matching.survey import UNKNOWN, Place, Survey
from service.records import briefs
from service.records.corpus import Corpus, brief_profile
from service.records.database import Unit
from service.records.tables import Interest, RankingSnapshot
from service.working_time import local_date

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written down, and the place of the person it was asked for."""

    snapshot: RankingSnapshot | None
    place: Place


NOTHING = Kept(None, UNKNOWN)
Snapshot = RankingSnapshot


def of_enquiry(unit: Unit, enquiry_id: UUID) -> dict[UUID, Snapshot]:
    """Return every ranking that was written down for an enquiry, by its id."""
    found = unit.exec(select(RankingSnapshot).where(RankingSnapshot.enquiry_id == enquiry_id))
    return {each.id: each for each in found}


def keep(
    unit: Unit, corpus: Corpus | None, enquiry_id: UUID, now: datetime, occasion: str, researcher_id: UUID | None = None
) -> Kept:
    """Write down the ranking of an enquiry as it stands, and return it with the place of one researcher.

    Where no ranking is to be had (none was handed down, the directory was not read yet, or matching fails), nothing is
    written and the place is UNKNOWN: the decision that brought us here goes on all the same.
    """
    wanted = [str(researcher_id)] if researcher_id else []
    return _keep(unit, corpus, enquiry_id, now, occasion, lambda _: wanted)


def keep_for_lead(unit: Unit, corpus: Corpus | None, interest: Interest, now: datetime) -> Kept:
    """Do the same when an offer is made, for the lead of the team it goes to: by their entry, or by their address."""

    def lead(known: Corpus) -> list[str]:
        found = known.lead_of(unit, interest)
        return [] if found is None else [found]

    return _keep(unit, corpus, interest.enquiry_id, now, "offer", lead)


def _keep(
    unit: Unit,
    corpus: Corpus | None,
    enquiry_id: UUID,
    now: datetime,
    occasion: str,
    whose: Callable[[Corpus], list[str]],
) -> Kept:
    if corpus is None or not corpus.is_read:
        return NOTHING
    brief = brief_profile(unit, enquiry_id)
    try:
        # Nothing is flushed meanwhile: whoever waited for a row there would hold the directory against its holder.
        with unit.no_autoflush:
            wanted = whose(corpus)
            found = corpus.survey(unit, brief, wanted, today=local_date(now))
    except SQLAlchemyError:
        # The transaction is lost with it, whatever it was about.
        raise
    except Exception:
        logger.warning("the ranking could not be written down", exc_info=True)
        return NOTHING
    return Kept(_written(unit, enquiry_id, now, occasion, found), found.place(wanted[0] if wanted else None))


def _written(unit: Unit, enquiry_id: UUID, now: datetime, occasion: str, found: Survey) -> RankingSnapshot:
    """Return the snapshot of this survey: the newest one where it says the same on the same occasion, or a new one."""
    newest = briefs.newest(unit, enquiry_id)
    snapshot = RankingSnapshot(
        enquiry_id=enquiry_id,
        taken_at=now,
        occasion=occasion,
        inputs={**found.inputs, "brief_version": newest.number if newest else None},
        suitable=found.suitable,
        left_out=found.left_out,
        first=[
            {"researcher": each.researcher_id, "university": each.university_id, "newcomer": each.is_newcomer}
            for each in found.first
        ],
    )
    before = unit.exec(
        select(RankingSnapshot)
        .where(RankingSnapshot.enquiry_id == enquiry_id)
        .order_by(col(RankingSnapshot.taken_at).desc(), col(RankingSnapshot.id).desc())
        .limit(1)
    ).first()
    same = ("occasion", "inputs", "suitable", "left_out", "first")
    if before is not None and all(getattr(before, name) == getattr(snapshot, name) for name in same):
        return before
    unit.add(snapshot)
    unit.flush()
    return snapshot
