"""Following a journey through time: the clock is moved a day at a time, the reminders tick, and what left is read back."""

from datetime import date, datetime

from sqlmodel import col, func, select

from service.jobs import remind as job
from service.records.database import Unit
from service.records.tables import FollowUp, OutboxMessage
from service.working_time import local_date, opening
from tests.support.clock import HandClock
from tests.support.journey import Journey

REMINDERS = ("remind_", "task_", "outcome_", "satisfaction_", "staff_date")
ENGLAND = "england_and_wales"


def clock_at(text: str) -> HandClock:
    """Return a clock at ten in the morning, London winter time, of a day."""
    return HandClock(datetime.fromisoformat(f"{text}T10:00:00+00:00"))


def tick(journey: Journey, nation: str = ENGLAND) -> int:
    """Let the reminder job run until it finds nothing, and return how much it did."""
    done = 0
    while found := job.run(journey.database, journey.clock, nation):
        done += found
    return done


def go_to(journey: Journey, day: str, *, ticking: bool = True) -> None:
    """Move a journey's clock to nine in the morning, London time, of `day`, ticking at every instant something is due."""
    clock, last = journey.clock, opening(date.fromisoformat(day))
    assert isinstance(clock, HandClock)
    while ticking:
        due_at = journey.look(
            lambda unit: unit.exec(select(func.min(FollowUp.due_at)).where(FollowUp.status == "due")).first()
        )
        if due_at is None or due_at > last:
            break
        clock.set(max(due_at, clock.now()))
        tick(journey)
    clock.set(last)


def letters(journey: Journey, *kinds: str) -> list[str]:
    """Return the reminders that left, as "2026-11-30 ann@council.example remind_sign_off", by day and address."""

    def read(unit: Unit) -> list[str]:
        return sorted(
            f"{local_date(one.queued_at)} {one.to_address} {one.kind}"
            for one in unit.exec(select(OutboxMessage))
            if one.kind.startswith(REMINDERS) and (not kinds or one.kind in kinds)
        )

    return journey.look(read)


def rows(journey: Journey, rule: str, *, addressee: str | None = None) -> list[FollowUp]:
    """Return a rule's follow-ups of this enquiry, by day."""

    def read(unit: Unit) -> list[FollowUp]:
        query = select(FollowUp).where(FollowUp.rule == rule, FollowUp.enquiry_id == journey.enquiry_id)
        if addressee is not None:
            query = query.where(FollowUp.addressee == addressee)
        return list(unit.exec(query.order_by(col(FollowUp.due_on), col(FollowUp.id))))

    return journey.look(read)


def standing(journey: Journey, rule: str, *, addressee: str | None = None) -> list[str]:
    """Return a rule's follow-ups as "2026-11-30 due", by day."""
    return [f"{row.due_on} {row.status}" for row in rows(journey, rule, addressee=addressee)]
