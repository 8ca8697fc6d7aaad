"""Sending a question: once, whoever presses at the same moment, and by a manager's hand with the same care."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

from service.actions.attach import attach
from service.actions.drafting import discard_draft, mail_draft_link, save_draft
from service.actions.sign_in import request_link, spend_link
from service.actions.submit import OnBehalf, submit, submit_on_behalf
from service.context import Context
from service.errors import Problem
from service.ids import new_id, parse_reference
from service.principals import PUBLIC, Staff
from service.records import drafts
from service.records.database import Database, Unit
from service.records.snapshots import snapshot
from service.records.tables import Attachment, Enquiry, Event, OutboxMessage, Person, SignInLink, WebSession
from tests.support.clock import MONDAY
from tests.support.journey import Cast, Journey

VISITOR = Context(now=MONDAY, actor=PUBLIC, request_id="test")


def written(database: Database, **answers: object) -> Enquiry:
    """Return a draft that could be sent."""
    told = {"question": "Do warm homes help?", "form_name": "Ann Asker", "form_email": "ann@council.example", **answers}
    return database.transact(lambda unit: save_draft(unit, VISITOR, new_id(), f"digest {new_id()}", told))  # type: ignore[arg-type]


def test_eight_hands_on_one_button_send_one_question(database: Database) -> None:
    draft = written(database)
    with ThreadPoolExecutor(8) as hands:
        sent = list(
            hands.map(lambda _: database.transact(lambda unit: submit(unit, VISITOR, draft.id)).reference, range(8))
        )

    assert len(set(sent)) == 1
    assert parse_reference(str(sent[0])) == sent[0]

    def counts(unit: Unit) -> list[int]:
        return [len(list(unit.exec(select(table)))) for table in (Event, OutboxMessage, Person)]

    assert database.read(counts) == [1, 1, 1]


def test_eight_hands_on_one_first_page_start_one_draft(database: Database) -> None:
    draft_id = new_id()
    with ThreadPoolExecutor(8) as hands:
        list(
            hands.map(
                lambda n: database.transact(
                    lambda unit: save_draft(unit, VISITOR, draft_id, "d", {"question": f"Q{n}"})
                ),
                range(8),
            )
        )
    assert len(database.read(lambda unit: list(unit.exec(select(Enquiry))))) == 1


def test_eight_hands_on_one_link_begin_one_session(database: Database) -> None:
    journey = Journey(database).submitted()
    staff = Staff()
    database.transact(lambda unit: request_link(unit, journey.ctx(), "ann@council.example", "/", staff))
    link = database.read(lambda unit: unit.exec(select(SignInLink)).one())
    with ThreadPoolExecutor(8) as hands:
        answers = list(
            hands.map(
                lambda n: database.transact(lambda unit: spend_link(unit, journey.ctx(), link.id, f"s{n}", staff)),
                range(8),
            )
        )
    assert len([answer for answer in answers if answer]) == 1
    assert len(database.read(lambda unit: list(unit.exec(select(WebSession))))) == 1


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({"question": "  "}, "There is no question yet. A rough one is fine."),
        ({"form_name": None}, "We need a name to ask for."),
        ({"form_email": None}, "Give an email address or a phone number, so that somebody can get back to you."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(
    database: Database, answers: dict[str, object], missing: str
) -> None:
    draft = written(database, **answers)
    with pytest.raises(Problem) as refused:
        database.transact(lambda unit: submit(unit, VISITOR, draft.id))
    assert refused.value.detail == missing
    assert database.read(lambda unit: list(unit.exec(select(Person)))) == []
    assert database.read(lambda unit: unit.get(Enquiry, draft.id)).state == "draft"  # type: ignore[union-attr]


def test_a_manager_writes_a_question_down_for_somebody(database: Database) -> None:
    cast = Cast(database)
    mo = cast.manager()
    council = cast.organisation("Gateshead Council")
    fields = OnBehalf(
        question="Do warm homes help?",
        name="Ann Asker",
        email="Ann@Council.example",
        organisation="gateshead council",
        channel="phone",
        details={"purpose": "A paper", "decision_date": date(2027, 3, 1), "topics": ["homes"]},
    )
    enquiry = database.transact(lambda unit: submit_on_behalf(unit, Context(now=MONDAY, actor=mo), fields))
    ann = database.read(lambda unit: unit.get(Person, enquiry.enquirer_id))
    assert ann
    assert (ann.email, ann.confirmed_at, ann.organisation_id) == ("ann@council.example", MONDAY, council)
    assert (enquiry.state, enquiry.channel, enquiry.purpose, enquiry.topics) == (
        "triage",
        "phone",
        "A paper",
        ["homes"],
    )
    assert (enquiry.enquirer_active_at, enquiry.owner_id) == (None, None)
    event = database.read(lambda unit: unit.exec(select(Event)).one())
    assert (event.actor_role, event.actor_id, event.data) == ("manager", mo.person_id, {"channel": "phone"})


def test_a_manager_needs_some_way_to_reach_them(database: Database) -> None:
    ctx = Context(now=MONDAY, actor=Cast(database).manager())
    with pytest.raises(Problem) as refused:
        database.transact(lambda unit: submit_on_behalf(unit, ctx, OnBehalf(question="Q", name="Ann")))
    assert refused.value.status == 422


def test_typing_a_universitys_name_opens_none_of_its_doors(database: Database) -> None:
    Cast(database).university("Durham University")
    draft = written(database, organisation_name="Durham University")
    sent = database.transact(lambda unit: submit(unit, VISITOR, draft.id))
    ann = database.read(lambda unit: unit.get(Person, sent.enquirer_id))
    assert ann
    assert (sent.organisation_id is not None, ann.organisation_id) == (True, None)


def test_a_forgotten_draft_leaves_nothing_behind(database: Database) -> None:
    draft = written(database)

    def fill(unit: Unit) -> None:
        attach(unit, VISITOR, draft.id, filename="paper.txt", content=b"Words.", limit=100)
        found = unit.get(Enquiry, draft.id)
        assert found
        mail_draft_link(unit, VISITOR, found)

    database.transact(fill)
    assert database.read(lambda unit: drafts.old(unit, MONDAY)) == []
    later = MONDAY + drafts.KEPT
    assert database.read(lambda unit: drafts.old(unit, later)) == [draft.id]
    database.transact(lambda unit: discard_draft(unit, draft.id))
    database.transact(lambda unit: discard_draft(unit, draft.id))
    for table in (Enquiry, Attachment, OutboxMessage):
        assert database.read(lambda unit, which=table: list(unit.exec(select(which)))) == []  # type: ignore[misc]
    with pytest.raises(Problem) as gone:
        database.transact(lambda unit: submit(unit, VISITOR, draft.id))
    assert gone.value.status == 410


def test_a_question_that_was_sent_is_not_forgotten_with_the_drafts(database: Database) -> None:
    draft = written(database)
    database.transact(lambda unit: submit(unit, VISITOR, draft.id))
    database.transact(lambda unit: discard_draft(unit, draft.id))
    assert database.read(lambda unit: unit.get(Enquiry, draft.id))
    assert database.read(lambda unit: drafts.old(unit, MONDAY + 2 * drafts.KEPT)) == []


def test_a_colleagues_file_is_no_answer_of_the_team(database: Database) -> None:
    journey = Journey(database).accepted()

    def answered(unit: Unit) -> bool:
        enquiry = unit.get(Enquiry, journey.enquiry_id)
        assert enquiry
        return snapshot(unit, journey.ctx(), enquiry).answer_file

    def add(actor: object, name: str) -> None:
        ctx = journey.ctx(actor)  # type: ignore[arg-type]
        database.transact(
            lambda unit: attach(unit, ctx, journey.enquiry_id, filename=name, content=name.encode(), limit=100)
        )

    add(journey.enquirer, "theirs.txt")
    assert not database.read(answered)
    add(journey.owner, "ours.txt")
    assert database.read(answered)
