"""What the report on the ranking is reckoned from: rankings written down, decisions and offers of a period."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Offer, Project, RankingSnapshot, ShortlistDecision
from service.states import OfferState
from service.throughput.ranking import Chosen, Decided, Looked, Person


def looked(unit: Unit, start: datetime, end: datetime) -> Iterator[Looked]:
    """Yield the newest ranking of each brief of which one was written down from `start` up to `end`."""
    rows = unit.exec(
        select(RankingSnapshot.enquiry_id, RankingSnapshot.first)
        .where(RankingSnapshot.taken_at >= start, RankingSnapshot.taken_at < end)
        .order_by(col(RankingSnapshot.taken_at), col(RankingSnapshot.id))
    )
    newest = dict(rows.all())
    for enquiry_id, first in newest.items():
        yield Looked(str(enquiry_id), [Person(str(each["university"]), bool(each["newcomer"])) for each in first])


def decided(unit: Unit, start: datetime, end: datetime) -> Iterator[Decided]:
    """Yield every decision taken from `start` up to `end`, whatever became of it."""
    rows = unit.exec(
        select(ShortlistDecision)
        .where(ShortlistDecision.decided_at >= start, ShortlistDecision.decided_at < end)
        .order_by(col(ShortlistDecision.id))
    )
    for row in rows:
        person = Person(str(row.organisation_id), row.newcomer)
        yield Decided(row.decision == "shortlisted", row.reason or "", person, row.ended_how or "")


def chosen(unit: Unit, start: datetime, end: datetime) -> Iterator[Chosen]:
    """Yield every offer made from `start` up to `end`, with what became of it since."""
    rows = unit.exec(
        select(Offer, Project.id)
        .join(Project, col(Project.offer_id) == col(Offer.id), isouter=True)
        .where(Offer.offered_at >= start, Offer.offered_at < end)
        .order_by(col(Offer.id))
    )
    for offer, project_id in rows:
        led_to: UUID | None = project_id  # the join may find none
        if led_to is not None or offer.state == OfferState.ACCEPTED:
            answer = "accepted"
        else:
            answer = "declined" if offer.state == OfferState.DECLINED else "unanswered"
        person = Person(str(offer.organisation_id), offer.newcomer)
        yield Chosen(offer.standing or "unknown", offer.rank, person, answer)
