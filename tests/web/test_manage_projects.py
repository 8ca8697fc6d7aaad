"""The list of projects at the console: what is due first stands first, narrowed by the address, on both engines."""

from datetime import date
from uuid import UUID

import pytest

from service.actions import deliverables as acts
from service.records import partner_page, project_list, projects
from service.records.database import Unit
from service.records.project_list import LIVING
from service.states import Outcome, ProjectState
from service.workflows import commands as c
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor


@pytest.fixture
def street(opened: House) -> list[Journey]:
    """Four projects: planned, under way with two things due, under way with all delivered, and one that is over."""

    def journey(question: str) -> Journey:
        return Journey(opened.database, opened.clock, question=question)

    planned = journey("Planned?").costing()
    running = journey("Running?").signed()
    add(running, "Interim report", date(2027, 1, 18))
    running.commissioned()
    idle = journey("Idle?").commissioned()
    delivered = idle.look(lambda unit: projects.deliverables(unit, idle.project_id))[0].id
    idle.database.transact(
        lambda unit: acts.change_deliverable(unit, idle.ctx(), idle.project_id, delivered, {"status": "delivered"})
    )
    return [planned, running, idle, journey("Over?").delivery_accepted()]


def add(journey: Journey, title: str, due_on: date) -> None:
    journey.database.transact(lambda unit: acts.add_deliverable(unit, journey.ctx(), journey.project_id, title, due_on))


def test_what_is_due_first_stands_first_and_a_place_goes_on_from_there(opened: House, street: list[Journey]) -> None:
    planned, running, idle, _ = street
    found = opened.database.read(lambda unit: project_list.page(unit, LIVING, limit=10))
    assert found[0].id == running.project_id
    assert {each.id for each in found[1:]} == {planned.project_id, idle.project_id}, "what owes nothing comes last"
    assert [each.title for each in found[0].owed] == ["Interim report", "Final report"]
    assert found[0].place.on == date(2027, 1, 18)

    walked: list[project_list.Listed] = []
    after: project_list.Place | None = None
    for _ in found:
        place = after
        one = opened.database.read(lambda unit: project_list.page(unit, LIVING, after=place, limit=1))  # noqa: B023
        walked += one
        after = one[0].place
    assert walked == found, "one at a time it is the same list"
    last = after
    assert opened.database.read(lambda unit: project_list.page(unit, LIVING, after=last, limit=1)) == []


def test_the_list_is_narrowed_by_state_owner_and_lateness(opened: House, street: list[Journey]) -> None:
    planned, running, idle, _ = street
    running.act_on_project(c.PauseProject(reason="Flood."))

    def ids(states: tuple[str, ...] = LIVING, **narrowed: object) -> set[object]:
        return {
            each.id
            for each in opened.database.read(
                lambda unit: project_list.page(unit, states, limit=10, **narrowed)  # type: ignore[arg-type]
            )
        }

    assert ids((ProjectState.PAUSED,)) == {running.project_id}
    assert ids((ProjectState.PLANNED, ProjectState.ACTIVE)) == {planned.project_id, idle.project_id}
    assert ids(owner=running.owner.person_id) == {planned.project_id, running.project_id, idle.project_id}
    assert ids(owner=running.enquiry_id) == set()
    assert ids(late_on=date(2027, 1, 18)) == set()
    assert ids(late_on=date(2027, 1, 19)) == {running.project_id}
    counted = opened.database.read(project_list.counts)
    assert dict(counted) == {"planned": 1, "active": 1, "paused": 1, "delivered": 0}


def test_what_waits_under_a_closed_enquiry_is_nobodys_project(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).costing()

    def told() -> tuple[int, list[UUID], int]:
        def read(unit: Unit) -> tuple[int, list[UUID], int]:
            listed = [each.id for each in project_list.page(unit, LIVING, limit=10)]
            in_hand = partner_page.projects_in_hand(unit, journey.project().organisation_id)
            return project_list.counts(unit)["planned"], listed, len(in_hand)

        return opened.database.read(read)

    assert told() == (1, [journey.project_id], 1)
    journey.act(c.Close(outcome=Outcome.NO_FUNDING, reason="There is no money."))
    assert told() == (0, [], 0)
    journey.act(c.Reopen(reason="There is."))
    assert told() == (1, [journey.project_id], 1), "reopening finds it as it was"


def test_the_page_lists_what_each_project_owes(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock).costing()
        mo = Visitor(opened)
        mo.sign_in(MANAGER)
        journey.act(c.Close(outcome=Outcome.NO_FUNDING, reason="There is no money."))
        assert "There is no such project." in mo.open("/manage/projects").text
        assert (
            "Planned, and set aside with its enquiry." in mo.open(f"/manage/enquiries/{journey.reference}/project").text
        )
        journey.act(c.Reopen(reason="There is."))
        journey.commissioned()
        page = mo.open("/manage/projects")
        assert f"/manage/enquiries/{journey.reference}/project" in page.links
        assert "Under way Final report, in 120 days 23 March 2027 in 120 days 23 March 2027 21 June 2027" in page.text
        assert "/manage/projects?state=active" in page.links
        page = mo.open("/manage/projects?late=yes")
        assert "There is no such project." in page.text
        opened.clock.move(days=130)
        mo.sign_in(MANAGER)
        page = mo.open("/manage/projects?owner=me&late=yes")
        assert "Final report 10 days late 23 March 2027 10 days late 23 March 2027" in page.text
        for rubbish in (
            "after=x",
            "after=2027-01-01_x",
            "state=gone&owner=you&late=maybe",
            "after=%00_%ff",
            "after=9999-99-99_",
        ):
            assert journey.reference in mo.open(f"/manage/projects?{rubbish}").text
        after = f"9999-12-31_{journey.project_id}"
        assert "There is no such project." in mo.open(f"/manage/projects?after={after}").text
