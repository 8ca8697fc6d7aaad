"""Following a journey through time: the clock is moved a day at a time, the reminders tick, and what left is read back.

What the team is told stands in the digests: each of their tasks is read back like a letter of its own.
"""

from datetime import date, datetime, timedelta

from sqlmodel import col, func, select

from service.jobs import digest
from service.jobs import remind as job
from service.records import digests
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
    """Let the reminder job run until it finds nothing, write the digests, and return how many reminders it settled."""
    done = 0
    while found := job.run(journey.database, journey.clock, nation):
        done += found
    digest.run(journey.database, journey.clock, nation)
    return done


def go_to(journey: Journey, day: str, *, ticking: bool = True) -> None:
    """Move a journey's clock to nine in the morning, London time, of `day`, ticking at every instant something is due.

    While a task waits to be told, it ticks at every nine o'clock.
    """
    clock, last = journey.clock, opening(date.fromisoformat(day))
    assert isinstance(clock, HandClock)
    while ticking:
        instants = journey.look(lambda unit: _instants(unit, clock.now()))
        if not instants or min(instants) > last:
            break
        clock.set(max(min(instants), clock.now()))
        tick(journey)
    clock.set(last)


def _instants(unit: Unit, now: datetime) -> list[datetime]:
    due_at = unit.exec(select(func.min(FollowUp.due_at)).where(FollowUp.status == "due")).first()
    nine = opening(local_date(now))
    following = nine if nine > now else opening(local_date(now) + timedelta(days=1))
    return [*([due_at] if due_at else []), *([following] if digests.untold(unit) else [])]


def letters(journey: Journey, *kinds: str) -> list[str]:
    """Return the reminders that left, as "2026-11-30 ann@council.example remind_sign_off", by day and address."""

    def read(unit: Unit) -> list[str]:
        return sorted(
            f"{local_date(one.queued_at)} {one.to_address} {kind}"
            for one in unit.exec(select(OutboxMessage))
            for kind in kinds_in(one)
            if kind.startswith(REMINDERS) and (not kinds or kind in kinds)
        )

    return journey.look(read)


def kinds_in(message: OutboxMessage) -> list[str]:
    """Return what a message is, or for a digest what each of its tasks is."""
    tasks = message.params.get("tasks") if message.kind == "digest" else None
    return [str(task["kind"]) for task in tasks] if isinstance(tasks, list) else [message.kind]


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
