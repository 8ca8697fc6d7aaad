"""The hunt over real rows: whole journeys leave nothing impossible behind, and what is planted is found."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import delete, select

from service.jobs import check
from service.records.database import Database, Unit
from service.records.invariants import find_broken
from service.records.tables import BriefVersion, Enquiry, Event, FeedEntry, Offer, Project
from service.states import Outcome
from service.workflows import commands as c
from tests.support.clock import HandClock
from tests.support.journey import UNIVERSITIES, Journey

Plant = Callable[[Unit, Journey], None]


@pytest.fixture
def journey(database: Database) -> Journey:
    return Journey(database, HandClock())


def test_every_kind_of_journey_leaves_nothing_impossible(database: Database) -> None:
    clock = HandClock()
    Journey(database, clock).completed()
    withdrawn = Journey(database, clock).published()
    withdrawn.act(c.Close(outcome=Outcome.WITHDRAWN, reason="No longer needed."))
    withdrawn.act(c.Reopen(reason="Needed after all."))
    pulled = Journey(database, clock).submitted(needed_by=date(2027, 6, 30), product="rapid_review").published()
    pulled.act(c.Pull(reason="The question changed."))
    held = Journey(database, clock).costing()
    held.act(c.Hold(until=date(2027, 1, 29), reason="An election."))
    duplicate = Journey(database, clock).submitted()
    duplicate.act(c.Close(outcome=Outcome.DUPLICATE, reason="The same.", target=held.reference))
    struck = Journey(database, clock).published()
    struck.act(c.Redact(section="purpose", reason="It names somebody."))
    gone = Journey(database, clock).contracting()
    gone.act(c.LeadWithdraws(reason="Ill."))
    assert database.read(find_broken) == []


def _state(unit: Unit, journey: Journey) -> None:
    _enquiry(unit, journey).state = "selecting"


def _hold(unit: Unit, journey: Journey) -> None:
    _enquiry(unit, journey).on_hold = True


def _words(unit: Unit, journey: Journey) -> None:
    version = unit.exec(select(BriefVersion).where(BriefVersion.enquiry_id == journey.enquiry_id)).one()
    version.sections = {**version.sections, "purpose": "Something else."}


def _agreement(unit: Unit, journey: Journey) -> None:
    row = unit.exec(select(Event).where(Event.enquiry_id == journey.enquiry_id, Event.event == "agree")).one()
    row.data = {**row.data, "hash": "another"}


def _loop(unit: Unit, journey: Journey) -> None:
    enquiry = _enquiry(unit, journey)
    enquiry.duplicate_of_id = enquiry.id


def _events(unit: Unit, journey: Journey) -> None:
    seqs = unit.exec(select(Event.seq).where(Event.enquiry_id == journey.enquiry_id)).all()
    unit.exec(delete(Event).where(Event.seq == max(seqs)))  # type: ignore[arg-type]


def _feed(unit: Unit, journey: Journey) -> None:
    unit.exec(delete(FeedEntry).where(FeedEntry.organisation_id == journey.universities[0]))  # type: ignore[arg-type]
    unit.exec(select(FeedEntry).where(FeedEntry.organisation_id == journey.universities[1])).one().seq = 2


def _enquiry(unit: Unit, journey: Journey) -> Enquiry:
    enquiry = unit.get(Enquiry, journey.enquiry_id)
    assert enquiry is not None
    return enquiry


def _latest_day(unit: Unit, journey: Journey) -> None:
    _enquiry(unit, journey).needed_by = date(2027, 6, 30)


def _pressed_by_nothing(unit: Unit, journey: Journey) -> None:
    _enquiry(unit, journey).latest_start_on = date(2027, 6, 30)


PLANTED: dict[str, tuple[Plant, str]] = {
    "a state no event led to": (_state, "and the last event of the enquiry led to open_call"),
    "a hold without a date": (_hold, "is on hold without a date"),
    "a brief changed after it was agreed": (_words, "changed under its hash"),
    "another text sent than agreed": (_agreement, "sent universities another text"),
    "a duplicate of itself": (_loop, "a duplicate whose chain comes back to itself"),
    "an event lost": (_events, "The event log holds"),
    "a latest safe day that is not the planned one": (_latest_day, "should move on by 2027-"),
    "a latest safe day without a date": (_pressed_by_nothing, "has a latest safe day, and no date presses it"),
    "a feed with a hole": (_feed, "entries up to number 2"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found(journey: Journey, what: str, caplog: pytest.LogCaptureFixture) -> None:
    plant, told = PLANTED[what]
    journey.published()
    journey.database.transact(lambda unit: plant(unit, journey))
    found = check.run(journey.database)
    assert any(told in complaint for complaint in found), found
    assert told in caplog.text


def test_offers_and_projects_are_looked_at_too(journey: Journey) -> None:
    journey.costing()

    def plant(unit: Unit) -> None:
        unit.exec(select(Offer)).one().state = "declined"
        unit.exec(select(Project)).one().state = "active"

    journey.database.transact(plant)
    found = " ".join(check.run(journey.database))
    assert "is costing without an accepted offer" in found
    assert "is costing with a project active" in found
    assert len(UNIVERSITIES) == 3
