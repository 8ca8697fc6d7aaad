"""Splitting, retyping and reframing through the managers' doors: the links, the mails, the figures, and what stays unseen."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from service.records import enquiries
from service.records.database import Unit
from service.records.invariants import find_broken
from service.records.tables import Entry, Event, OutboxMessage, Participation, Person, QuestionVersion
from service.workflows import commands as c
from tests.support.desk import Desk
from tests.support.doors import House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor, outbox

SECOND = "Would a funded studentship help the team to use its own data?"
REASON = "The review answers the first question; this one needs other people."
ANN = "ann@council.example"


@pytest.fixture
def opened(engine_url: str) -> Iterator[House]:
    with house(engine_url) as made:
        yield made


def events_of(opened: House, reference: str) -> list[Event]:
    def work(unit: Unit) -> list[Event]:
        enquiry = enquiries.by_reference(unit, reference)
        assert enquiry
        return list(unit.exec(select(Event).where(Event.enquiry_id == enquiry.id).order_by(col(Event.seq))))

    return opened.database.read(work)


def test_a_split_makes_a_second_enquiry_that_knows_where_it_came_from(opened: House) -> None:
    journey = Journey(opened.database, opened.clock, organisation_shown="described").accepted()
    journey.say("We spoke.", kind="call", direction="out")
    desk = Desk(opened.client("manager"))
    before = desk.change(journey.reference, sector="council_public_health", topics=["homes"], budget_band="none").json()

    parent = desk.did(journey.reference, "split", question=SECOND, reason=REASON, enquiry_type="data_and_measurement")

    (reference,) = parent["continued_by"]
    child = desk.read(f"/enquiries/{reference}")
    assert child["continues"] == journey.reference
    assert child["continued_by"] == []
    assert (child["question"], child["original_question"]) == (SECOND, SECOND)
    assert (child["state"], child["enquiry_type"]) == ("scoping", "data_and_measurement")
    for kept in ("owner", "enquirer", "organisation", "sector", "topics", "budget_band", "organisation_shown"):
        assert child[kept] == before[kept], kept
    assert child["organisation_description"] == before["organisation_description"]
    assert parent["question"] == before["question"]
    first, *_, last = events_of(opened, reference)
    parent_id = str(journey.enquiry_id)
    assert (first.event, first.from_state, first.to_state) == ("submit", "draft", "triage")
    assert (first.data["split_from"], first.data["split_from_reference"]) == (parent_id, journey.reference)
    assert (last.event, last.to_state) == ("accept", "scoping")
    told = events_of(opened, journey.reference)[-1]
    assert (told.event, told.reason, told.data["split_to_reference"]) == ("split", REASON, reference)
    assert SECOND not in str(told.data)
    assert opened.database.read(find_broken) == []


def test_a_split_is_submitted_but_not_asked_a_second_time(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).accepted()
    journey.say("We spoke.", kind="call", direction="out")
    journey.act(c.Split(question=SECOND, reason=REASON))

    opened.clock.move(days=31)
    total = opened.client("funder").get("/api/v1/metrics/throughput").json()["total"]
    assert (total["submitted"], total["originating"], total["time_to"]["first_response"]["reached"]) == (2, 1, 2)


def test_a_split_in_triage_waits_in_triage_with_a_clock_of_its_own(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).submitted()
    desk = Desk(opened.client("manager"))

    (reference,) = desk.did(journey.reference, "split", question=SECOND, reason=REASON)["continued_by"]

    child = desk.read(f"/enquiries/{reference}")
    assert (child["state"], child["owner"], child["first_response_at"]) == ("triage", None, None)
    assert child["due_on"] == "2026-11-25"


def test_the_enquirer_is_told_of_a_split_and_finds_both(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).accepted()
    colleague, merged = (
        journey.person(email, name=email.split("@")[0].title())
        for email in ("col@council.example", "mel@council.example")
    )

    def join(unit: Unit) -> None:
        for person_id, role in ((colleague, "colleague"), (merged, "merged")):
            unit.add(
                Participation(
                    enquiry_id=journey.enquiry_id,
                    person_id=person_id,
                    role=role,
                    added_at=opened.clock.now(),
                    sees_from=opened.clock.now() if role == "merged" else None,
                )
            )

    opened.database.transact(join)
    journey.act(c.Split(question=SECOND, reason=REASON))

    mail = outbox(opened, ANN)[-1]
    reference = str(mail.params["reference"])
    assert (mail.kind, mail.params["earlier"]) == ("split_off", journey.reference)
    assert [each.kind for each in outbox(opened, ANN)].count("receipt") == 1
    ann = Visitor(opened)
    ann.sign_in(ANN)
    assert f"/enquiries/{reference}" in ann.open(f"/enquiries/{journey.reference}").links
    assert f"/enquiries/{journey.reference}" in ann.open(f"/enquiries/{reference}").links
    col = Visitor(opened)
    col.sign_in("col@council.example")
    assert SECOND in col.open(f"/enquiries/{reference}").text
    mel = Visitor(opened)
    mel.sign_in("mel@council.example")
    mel.open(f"/enquiries/{reference}", status=404)
    assert f"/enquiries/{reference}" not in mel.open(f"/enquiries/{journey.reference}").links


def test_what_needs_another_wording_or_type_says_so(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).accepted()
    desk = Desk(opened.client("manager"))
    desk.did(journey.reference, "retype", enquiry_type="evidence_review", reason="It asks what is known.")

    same = desk.event(journey.reference, "retype", enquiry_type="evidence_review", reason="Again.")
    none = desk.event(journey.reference, "retype", enquiry_type="nonsense", reason="Again.")
    words = desk.event(journey.reference, "reframe", question=journey.question, reason="Again.")
    stale = desk.event(journey.reference, "split", tag='"1"', question=SECOND, reason=REASON)

    assert (same.status_code, same.json()["detail"]) == (409, "It is of that type already.")
    assert none.status_code == 422
    assert (words.status_code, words.json()["guards"][0]["guard"]) == (409, "another_wording")
    assert stale.status_code == 412
    assert desk.read(f"/enquiries/{journey.reference}")["continued_by"] == []
    told = events_of(opened, journey.reference)[-1]
    assert (told.event, told.enquiry_type) == ("retype", "evidence_review")
    assert told.data == {"from_type": None, "enquiry_type": "evidence_review"}


def test_a_reframed_question_stands_beside_the_original(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).published()
    desk = Desk(opened.client("manager"))
    new = "How has Universal Credit changed what families can afford to heat?"

    told = desk.did(
        journey.reference, "reframe", question=new, reason=REASON, prompted_by="Parents", heard="Twelve parents."
    )

    assert (told["question"], told["original_question"], told["question_versions"]) == (new, journey.question, 2)
    assert told["state"] == "open_call"
    assert told["warnings"] == [
        "Universities go on reading the brief as it was published: have a changed one agreed and publish it, or pull the call."
    ]
    version = opened.database.read(lambda unit: enquiries.question_versions(unit, journey.enquiry_id))[-1]
    assert (version.reason, version.prompted_by, version.heard) == (REASON, "Parents", "Twelve parents.")
    mail = outbox(opened, ANN)[-1]
    assert (mail.kind, mail.params["question"]) == ("reframed", new)
    ann = Visitor(opened)
    ann.sign_in(ANN)
    page = ann.open(f"/enquiries/{journey.reference}").text
    assert new in page
    assert journey.question in page


def test_an_address_nobody_confirmed_hears_of_neither_until_it_is(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).accepted()

    def doubt(unit: Unit) -> None:
        person = unit.get(Person, journey.enquirer.person_id)
        assert person
        person.confirmed_at = None
        unit.add(person)

    opened.database.transact(doubt)
    journey.act(c.Reframe(question="Or rather, why?", reason=REASON))
    journey.act(c.Split(question=SECOND, reason=REASON))

    held = {each.kind: each.status for each in outbox(opened, ANN)}
    assert held["reframed"] == held["split_off"] == "held"


def test_redaction_reaches_everything_a_reframing_wrote(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).accepted()
    canaries = ["CANARY-question", "CANARY-reason", "CANARY-prompted", "CANARY-heard"]
    question, reason, prompted, heard = (f"{each} said by a child" for each in canaries)
    journey.act(c.Reframe(question=question, reason=reason, prompted_by=prompted, heard=heard))

    journey.act(c.Redact(question="current", reason="It named a child."))

    def texts(unit: Unit) -> str:
        rows: list[object] = [unit.get_one(type(journey.enquiry()), journey.enquiry_id)]
        for table in (Event, QuestionVersion, OutboxMessage, Entry):
            rows += unit.exec(select(table).where(table.enquiry_id == journey.enquiry_id)).all()
        return repr([row.model_dump() for row in rows])  # type: ignore[attr-defined]

    kept = opened.database.read(texts)
    assert [canary for canary in canaries if canary in kept] == []


def test_universities_see_nothing_of_it(opened: House) -> None:
    journey = Journey(opened.database, opened.clock, organisation_shown="after_offer").published()
    journey.act(c.Reframe(question="CANARY why?", reason="CANARY", prompted_by="CANARY", heard="CANARY"))
    journey.act(c.Split(question="CANARY and what?", reason="CANARY"))
    journey.act(c.Retype(enquiry_type="evidence_review", reason="CANARY"))

    university = opened.client("university", organisation="Northumbria University")
    seen = [university.get(f"/api/v1/{path}") for path in ("briefs/feed", "briefs", f"briefs/{journey.brief_id}")]

    assert [answer.status_code for answer in seen] == [200, 200, 200]
    assert "CANARY" not in "".join(answer.text for answer in seen)
    assert not [each for each in outbox(opened) if "CANARY" in str(each.params) and each.to_address != ANN]
