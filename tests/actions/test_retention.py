"""Retention on both engines: what has had its time is gone from every column, and every figure stays as it was."""

from typing import Any

import pytest
from sqlmodel import select

from service.actions import legal_hold
from service.actions.attach import attach
from service.actions.retention import coming, forget_enquiry
from service.context import Context
from service.errors import Problem
from service.jobs import purge
from service.records import enquiries, events, invariants, retention
from service.records.matters import Matters
from service.records.tables import AuditEntry, Enquiry, Event, FeedEntry, OutboxMessage, Person
from service.states import Outcome
from service.workflows import commands as c
from service.workflows.retention import Category, Periods
from tests.support.doors import House, house
from tests.support.everywhere import whereabouts
from tests.support.journey import Journey

NAMES = ("Ann Asker", "ann@council.example")
WORDS = ("warmer homes", "Call me on Friday", "minutes.txt", "The minutes of it", "A&E")


def figures(opened: House, as_of: str) -> list[bytes]:
    funder = opened.client("funder")
    asked = [(what, {"from": "2026-11-01", "to": "2026-12-01"}) for what in ("throughput", "funnel")]
    answers = [funder.get(f"/api/v1/metrics/{what}", params={**more, "as_of": as_of}) for what, more in asked]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    return [answer.content for answer in answers]


def ended(opened: House, *, outcome: str, email: str = "ann@council.example", **facts: Any) -> Journey:
    """Lead an enquiry with everything on it to its end."""
    journey = Journey(opened.database, opened.clock, enquirer_email=email)
    if outcome == "spam":
        journey.submitted()
    else:
        journey.interested(team=["Tess Teammate"], **facts).met()
    journey.say("Call me on Friday. Ann Asker")
    opened.database.transact(
        lambda unit: attach(
            unit,
            journey.ctx(journey.enquirer),
            journey.enquiry_id,
            filename="minutes.txt",
            content=b"The minutes of it",
            visibility="enquirer",
            limit=1000,
        )
    )
    journey.act(c.Close(outcome=Outcome(outcome), reason="Ann Asker said so."))
    return journey


def test_an_enquiry_that_led_to_nothing_loses_its_people_and_words_and_no_figure_moves(engine_url: str) -> None:
    with house(engine_url, suppression_threshold=1) as opened:
        journey, database, clock = (
            ended(opened, outcome="no_capacity", email="ann@council.example"),
            opened.database,
            opened.clock,
        )
        enquirer_id = journey.enquirer.person_id
        matters = Matters()
        assert database.read(lambda unit: matters.search(unit, journey.question, None))[1]

        clock.move(days=2 * 365 + 1)
        now = clock.now()
        ctx = Context(now=now)
        as_of, later = "2028-10-31", "2028-11-30"
        before = figures(opened, as_of)
        [listed] = database.read(lambda unit: coming(unit, ctx, Periods()))
        assert (listed.reference, listed.category, listed.is_due) == (journey.reference, Category.UNFUNDED, True)
        happened = database.read(lambda unit: len(events.of_enquiry(unit, journey.enquiry_id)))
        fed = database.read(lambda unit: len(unit.exec(select(FeedEntry)).all()))

        # A hold stops it, and only a lead may end that.
        database.transact(lambda unit: legal_hold.hold(unit, journey.ctx(), journey.enquiry_id, "A complaint."))
        assert not database.transact(lambda unit: forget_enquiry(unit, ctx, journey.enquiry_id, Periods()))
        [held] = database.read(lambda unit: coming(unit, ctx, Periods()))
        assert (held.is_due, held.held_because) == (False, "A complaint.")
        with pytest.raises(Problem, match="Only a service lead"):
            database.transact(lambda unit: legal_hold.release(unit, journey.ctx(), journey.enquiry_id))
        with pytest.raises(Problem, match="under a legal hold"):
            journey.act(c.Redact(question="original", reason="It names somebody."))
        lead = journey.service_lead()
        database.transact(
            lambda unit: legal_hold.release(unit, journey.ctx(lead), journey.enquiry_id, "It is settled.")
        )

        gone = purge.run(database, clock)
        assert gone >= 1
        assert database.read(lambda unit: retention.due(unit, now, Periods(), 10)) == []
        assert whereabouts(database, [*NAMES, *WORDS, "Lee Lead", "university.example", "Tess", "said so"]) == []

        person = database.read(lambda unit: unit.get_one(Person, enquirer_id))
        assert (person.name, person.email) == ("[Redacted]", None)
        owner = database.read(lambda unit: unit.get_one(Person, journey.owner.person_id))
        assert owner.name == "Mo Manager"
        assert (
            database.read(
                lambda unit: unit.exec(
                    select(OutboxMessage).where(OutboxMessage.enquiry_id == journey.enquiry_id)
                ).all()
            )
            == []
        )
        assert database.read(lambda unit: matters.search(unit, journey.question, None))[1] == {}
        told = database.read(lambda unit: unit.exec(select(FeedEntry).order_by(FeedEntry.seq)).all())  # type: ignore[arg-type]
        assert len(told) == fed + len(journey.universities)
        assert told[-1].type == "redacted"
        assert '"everything":true' in told[-1].item
        log = database.read(lambda unit: events.of_enquiry(unit, journey.enquiry_id))
        assert (len(log), log[-1].event) == (happened + 1, "forget")
        assert figures(opened, as_of) == before
        clock.move(days=10)
        assert [told.replace(later.encode(), as_of.encode()) for told in figures(opened, later)] == before
        assert database.read(invariants.find_broken) == []
        deeds = [
            (row.action, row.detail)
            for row in database.read(
                lambda unit: unit.exec(
                    select(AuditEntry).where(AuditEntry.subject == f"enquiry:{journey.enquiry_id}")
                ).all()
            )
        ]
        assert deeds == [
            ("hold", {"reason": "A complaint."}),
            ("release", {"reason": "It is settled."}),
            ("forget", {"rule": "unfunded", "people": 2}),
        ]
        # What is left can still be looked at, by every door.
        manager = opened.client("manager")
        for path in (
            "",
            "/timeline",
            "/brief",
            "/brief/versions",
            "/files",
            "/interests",
            "/offers",
            "/recipients",
            "/plan",
            "/related",
        ):
            assert manager.get(f"/api/v1/enquiries/{journey.reference}{path}").status_code == 200, path
        university = opened.client("university", organisation="Durham University")
        assert university.get("/api/v1/briefs/feed").json()["items"][-1]["payload"]["everything"] is True
        with pytest.raises(Problem, match="nothing left to hold"):
            database.transact(lambda unit: legal_hold.hold(unit, ctx, journey.enquiry_id, "Too late."))


def test_spam_goes_first_a_project_last_and_a_duplicate_with_what_it_was_merged_into(engine_url: str) -> None:
    with house(engine_url) as opened:
        database, clock = opened.database, opened.clock
        project = Journey(database, clock, enquirer_email="pat@council.example").completed()
        spam = ended(opened, outcome="spam", email="sam@spam.example")
        other = Journey(database, clock, enquirer_email="dee@council.example").submitted()
        other.act(c.Close(outcome=Outcome.DUPLICATE, target=project.reference, reason="The same."))
        reopened = Journey(database, clock, enquirer_email="rob@council.example").accepted()
        reopened.act(c.Close(outcome=Outcome.WITHDRAWN, reason="Not now."))
        clock.move(days=20)
        reopened.act(c.Reopen(reason="Now after all."))

        def left() -> set[str]:
            rows = database.read(lambda unit: unit.exec(select(Enquiry).where(Enquiry.forgotten_at == None)).all())  # noqa: E711 - SQL's IS NULL
            return {row.reference or "" for row in rows}

        everything = {each.reference for each in (project, spam, other, reopened)}
        purge.run(database, clock)
        assert left() == everything
        clock.move(days=10)
        purge.run(database, clock)
        assert left() == everything - {spam.reference}
        assert whereabouts(database, ["sam@spam.example"]) == []
        clock.move(days=3 * 365)
        purge.run(database, clock)
        assert left() == everything - {spam.reference}
        [waiting] = database.read(lambda unit: coming(unit, Context(now=clock.now()), Periods()))
        assert (waiting.reference, waiting.is_due, waiting.waits_for_target) == (other.reference, False, True)
        clock.move(days=3 * 366)
        for _ in range(2):
            purge.run(database, clock)
        assert left() == {reopened.reference}
        assert (
            whereabouts(database, ["pat@council.example", "dee@council.example", "Cabinet minute 14", "No surprises"])
            == []
        )
        kept = database.read(lambda unit: enquiries.one(unit, reopened.enquiry_id))
        assert kept.question == reopened.question
        assert whereabouts(database, ["It works for most."]) == ["project.plain_summary"]
        assert database.read(invariants.find_broken) == []
        assert database.read(lambda unit: len(unit.exec(select(Event).where(Event.event == "forget")).all())) == 3
