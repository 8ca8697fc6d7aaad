"""Afterwards: what the findings changed, how the service was, and being asked later."""

from datetime import date

import pytest
from sqlmodel import select

from service.actions import remind
from service.records.database import Unit
from service.records.tables import Event, FollowUp, OutcomeRecord, Project, Satisfaction
from service.workflows import commands as c
from tests.support.doors import House
from tests.support.journey import Journey
from tests.support.visiting import Visitor

ANN = "ann@council.example"


@pytest.fixture
def journey(opened: House) -> Journey:
    def prepare(unit: Unit) -> None:
        remind.prepare(unit, opened.ctx())

    opened.database.transact(prepare)
    return Journey(opened.database, opened.clock)


def signed_in(opened: House, journey: Journey) -> Visitor:
    journey.submitted()
    ann = Visitor(opened)
    ann.sign_in(ANN)
    return ann


def test_what_the_findings_changed_is_recorded_and_more_may_follow(opened: House, journey: Journey) -> None:
    ann = signed_in(opened, journey.delivery_accepted())
    path = f"/enquiries/{journey.reference}/outcome"
    ann.open(path)
    assert ann.press("Send", status=422).errors == ["Say whether the findings were used"]
    page = ann.press(
        "Send",
        {
            "used": "yes",
            "in_time": "no",
            "used_for": "A paper to cabinet.",
            "how": ["changed_decision", "changed_thinking"],
            "what_changed": "The scheme goes on.",
            "may_quote": "yes",
        },
    )
    assert "Thank you." in page.text
    assert "If more has happened since" in page.text
    ann.open(path)
    ann.press("Send", {"used": "cannot_say"})

    first, second = opened.database.read(lambda unit: list(unit.exec(select(OutcomeRecord).order_by(OutcomeRecord.id))))  # type: ignore[arg-type]
    assert (first.used, first.in_time, first.how) == ("yes", False, ["changed_decision", "changed_thinking"])
    assert (first.used_for, first.what_changed, first.may_quote) == ("A paper to cabinet.", "The scheme goes on.", True)
    assert (first.recorded_by_id, first.recorded_by_role) == (journey.enquirer.person_id, "enquirer")
    assert (second.used, second.in_time, second.may_quote) == ("cannot_say", None, False)
    events = opened.database.read(lambda unit: list(unit.exec(select(Event).where(Event.event == "outcome_recorded"))))
    assert [event.data["used"] for event in events] == ["yes", "cannot_say"]
    assert all("scheme" not in str(event.data) for event in events)


def test_nobody_is_asked_again_who_says_so(opened: House, journey: Journey) -> None:
    ann = signed_in(opened, journey.delivery_accepted())
    ann.open(f"/enquiries/{journey.reference}/outcome")
    assert "We will not ask about this again." in ann.press("Do not ask about this again").text
    project = opened.database.read(lambda unit: unit.get(Project, journey.project_id))
    assert project
    assert (project.outcomes_stopped_at, project.lead_outcomes_stopped_at) == (opened.clock.now(), None)
    assert still_asked(journey) == {"lead"}

    lee = Visitor(opened)
    lee.sign_in(f"lee.{journey.universities[0].hex[-6:]}@university.example")
    page = lee.open(f"/work/{journey.interest_id}")
    page = lee.press("Do not ask about this again")
    assert "We will not ask you about these findings again." in page.text
    assert "We do not ask you about these findings any more. You can still tell us." in page.text
    assert "Do not ask about this again" not in page.buttons
    assert still_asked(journey) == set()
    events = opened.database.read(lambda unit: list(unit.exec(select(Event).where(Event.event == "outcomes_stopped"))))
    assert [(event.actor_role, event.data["for"]) for event in events] == [
        ("enquirer", ["enquirer"]),
        ("lead_researcher", ["lead"]),
    ]


def still_asked(journey: Journey) -> set[str]:
    """Return the sides that a question about the use of the findings still waits for."""
    waiting = select(FollowUp.addressee).where(FollowUp.rule == "outcome", FollowUp.status == "due")
    return journey.look(lambda unit: set(unit.exec(waiting)))


def test_there_is_nothing_to_say_about_findings_before_they_are_handed_over(opened: House, journey: Journey) -> None:
    ann = signed_in(opened, journey.commissioned())
    ann.open(f"/enquiries/{journey.reference}/outcome", status=404)


def test_how_the_service_was_is_said_once_and_may_be_changed(opened: House, journey: Journey) -> None:
    ann = signed_in(opened, journey)
    path = f"/enquiries/{journey.reference}/satisfaction"
    ann.open(path)
    assert "once your enquiry is closed" in ann.press("Send", {"score": "4"}, status=409).errors[0]
    journey.completed()
    ann.open(path)
    assert ann.press("Send", status=422).errors == ["Choose how it was for you"]
    ann.press("Send", {"score": "2", "comment": "Too slow."})
    assert "how the service was for you" not in ann.page.text
    ann.open(path)
    ann.press("Send", {"score": "5", "comment": ""})
    found = opened.database.read(lambda unit: unit.exec(select(Satisfaction)).one())
    assert (found.score, found.comment, found.person_id) == (5, None, journey.enquirer.person_id)


@pytest.mark.parametrize(
    ("answers", "day"),
    [
        ({"wait": "7"}, date(2026, 11, 30)),
        ({"wait": "date", "until-day": "5", "until-month": "1", "until-year": "2027"}, date(2027, 1, 5)),
    ],
)
def test_a_reminder_waits_until_the_day_they_choose(
    opened: House, journey: Journey, answers: dict[str, str], day: date
) -> None:
    ann = signed_in(opened, journey)
    journey.accepted().act(c.Ask(body="Which wards?"))
    ann.open(f"/enquiries/{journey.reference}/later/{the_reminder(opened)}")
    assert ann.press("Remind me then", status=422).errors == ["Choose when we should remind you"]
    gone = {"wait": "date", "until-day": "5", "until-month": "1", "until-year": "2020"}
    assert ann.press("Remind me then", gone, status=422).errors == ["The day must be today or in the future"]
    assert "We will remind you later" in ann.press("Remind me then", answers).text
    moved = opened.database.read(lambda unit: unit.get(FollowUp, the_reminder(opened)))
    assert moved
    assert moved.not_before == day


def test_only_ones_own_reminders_are_put_off(opened: House, journey: Journey) -> None:
    journey.accepted().act(c.Ask(body="Which wards?"))
    reminder = the_reminder(opened)
    eve = Journey(opened.database, opened.clock, enquirer_email="eve@other.example").submitted()
    visitor = Visitor(opened)
    visitor.sign_in("eve@other.example")
    visitor.open(f"/enquiries/{eve.reference}/later/{reminder}", status=404)
    visitor.open(f"/enquiries/{journey.reference}/later/{reminder}", status=404)
    visitor.open(f"/enquiries/{eve.reference}/later/not-an-id", status=404)


def the_reminder(opened: House) -> object:
    rows = opened.database.read(
        lambda unit: list(unit.exec(select(FollowUp).where(FollowUp.rule == "information_asked")))
    )
    return min((row for row in rows if row.addressee == "enquirer"), key=lambda row: row.step).id
