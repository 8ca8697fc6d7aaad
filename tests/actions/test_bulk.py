"""Several at once: what can be done is done and kept, what is refused leaves nothing of itself behind."""

from datetime import date

from sqlmodel import col, select

from service.actions.bulk import CHANGED, Picked, reassign_all, set_date_for_all
from service.delivery.render import render
from service.records.database import Database
from service.records.tables import Event, FollowUp, OutboxMessage
from service.states import Outcome
from service.workflows import commands as c
from tests.support.clock import HandClock
from tests.support.journey import Journey
from tests.support.letters import LETTERHEAD


def test_one_that_refuses_holds_up_no_other_and_leaves_nothing(database: Database) -> None:
    clock = HandClock()
    open_one, closed, moved = (Journey(database, clock).submitted() for _ in range(3))
    closed.act(c.Close(outcome=Outcome.SPAM, reason="It is."))
    picked = [Picked(each.reference, each.enquiry().version) for each in (closed, open_one, moved)]
    moved.accepted()
    lead = open_one.service_lead()
    assert lead.person_id is not None
    owner = lead.person_id
    result = database.transact(lambda unit: reassign_all(unit, open_one.ctx(), picked, owner, "Mo is away."))
    assert result.done == [open_one.reference]
    assert result.refused[moved.reference] == CHANGED
    assert closed.reference in result.refused
    assert [each.enquiry().owner_id for each in (open_one, moved)] == [owner, moved.owner.person_id]
    events = database.read(lambda unit: unit.exec(select(Event.enquiry_id).where(Event.event == "reassign")).all())
    assert list(events) == [open_one.enquiry_id]
    told = database.read(lambda unit: unit.exec(select(OutboxMessage).where(OutboxMessage.kind == "reassigned")).all())
    assert [each.to_address for each in told] == ["sal@service.example"]


def test_whoever_is_given_several_is_told_once(database: Database) -> None:
    clock = HandClock()
    cases = [Journey(database, clock).submitted() for _ in range(3)]
    lead = cases[0].service_lead()
    assert lead.person_id is not None
    owner = lead.person_id
    picked = [Picked(each.reference, each.enquiry().version) for each in cases]
    database.transact(lambda unit: reassign_all(unit, cases[0].ctx(), picked, owner, "Mo is away."))
    database.transact(lambda unit: reassign_all(unit, cases[0].ctx(), picked, owner, "Mo is away."))
    found = select(OutboxMessage).where(col(OutboxMessage.kind).startswith("reassigned"))
    [mail] = database.read(lambda unit: unit.exec(found).all())
    assert (mail.kind, mail.to_address, mail.enquiry_id) == ("reassigned_several", "sal@service.example", None)
    written = render(mail, LETTERHEAD).text
    assert [each.reference for each in cases if f"- {each.reference} " in written] == [each.reference for each in cases]


def test_a_date_is_set_once_for_each(database: Database) -> None:
    journey = Journey(database, HandClock()).submitted()
    picked = [Picked(journey.reference, 0), Picked("nothing", 1)]

    def work() -> tuple[int, int, int]:
        on = date(2026, 12, 14)
        result = database.transact(lambda unit: set_date_for_all(unit, journey.ctx(), picked, on, " Ring. "))
        return len(result.done), len(result.already), len(result.refused)

    assert [work(), work()] == [(1, 0, 1), (0, 1, 1)]
    rows = database.read(lambda unit: unit.exec(select(FollowUp.note).where(FollowUp.rule == "staff_date")).all())
    assert list(rows) == ["Ring."]
