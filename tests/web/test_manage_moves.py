"""The forms of the machines' events at the console: every member has a field, and every refusal keeps what was typed."""

from collections.abc import Iterator

import pytest

from service.principals import STAFF
from service.routers.manage.move_reading import KINDS
from service.routers.manage.move_table import MOVES, move_of
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine, Transition
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor, outbox

PUT_BY_STAFF = [
    (machine, row) for machine in (ENQUIRY, PROJECT) for row in machine.transitions.values() if row.posted and row.roles & STAFF
]  # fmt: skip


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER) as found:
        yield found


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


@pytest.fixture
def manager(opened: House) -> Visitor:
    visitor = Visitor(opened)
    visitor.sign_in(MANAGER)
    return visitor


@pytest.mark.parametrize(
    ("machine", "row"), PUT_BY_STAFF, ids=[f"{machine.name} {row.event}" for machine, row in PUT_BY_STAFF]
)
def test_every_member_of_every_event_has_a_field(machine: Machine, row: Transition) -> None:
    move = move_of(machine, row.event)
    assert move is not None
    given = [member for name, each in move.fields.items() for member in (each.members or (name,))]
    assert sorted(given) == sorted(set(row.command.model_fields) - {"event", "waivers"})
    assert {each.kind for each in move.fields.values()} <= KINDS
    for name, each in move.fields.items():
        required = [member for member in each.members or (name,) if row.command.model_fields[member].is_required()]
        assert each.missing or not required, f"{row.event}: {name} may be left empty, and the command needs it"


def test_no_form_is_left_over() -> None:
    assert sorted(move.slug for move in MOVES.values()) == sorted(MOVES)
    assert {(move.machine.name, move.event) for move in MOVES.values()} == {
        (machine.name, row.event) for machine, row in PUT_BY_STAFF
    }


def test_what_needs_no_more_than_a_press_is_one_press_from_the_page(journey: Journey, manager: Visitor) -> None:
    journey.submitted()
    manager.open(f"/manage/enquiries/{journey.reference}")
    page = manager.press("Take it on")
    assert page.path == f"/manage/enquiries/{journey.reference}"
    assert "It is taken on." in page.text
    assert journey.enquiry().owner_id == journey.owner.person_id
    page = manager.press("Begin the brief")
    assert "The brief is begun." in page.text
    assert journey.enquiry().state == "drafting"


def test_a_form_says_who_is_told_and_does_what_it_says(opened: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/hold")
    assert "The enquirer is told the date and the reason." in page.text
    answers = {"until-day": "1", "until-month": "3", "until-year": "2027", "reason": "Cabinet meets first."}
    page = manager.press("Put on hold", answers)
    assert "It is on hold" in page.text
    assert "On hold until Monday 1 March 2027" in page.text
    assert journey.enquiry().hold_reason == "Cabinet meets first."
    assert outbox(opened, "ann@council.example")[-1].kind == "on_hold"
    page = manager.press("Resume")
    assert "It is under way again." in page.text


def test_a_mistake_keeps_every_answer(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/hold")
    page = manager.press("Put on hold", {"until-day": "31", "until-month": "2", "until-year": "2027"}, status=422)
    assert page.errors == ["Until must be a real date", "Give the reason"]
    assert page.fields["until-day"] == "31"
    page = manager.press(
        "Put on hold", {"until-day": "1", "until-month": "1", "until-year": "2020", "reason": "Later."}, status=409
    )
    assert page.errors == ["Give a date after today for the hold to end."]
    assert page.fields["reason"] == "Later."
    assert not journey.enquiry().on_hold


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/ask")
    other = Visitor(manager.house, manager.client)
    other.open(f"/manage/enquiries/{journey.reference}/do/ask")
    other.press("Ask the enquirer", {"body": "Which homes?"})
    page = manager.press("Ask the enquirer", {"body": "Which streets?"}, status=412)
    assert "This changed while you were writing" in page.text
    assert page.fields["body"] == "Which streets?"
    page = manager.press("Ask the enquirer")
    assert "Which streets?" in page.text
    assert "Which homes?" in page.text
