"""Erasing a person on both engines: nowhere in the database any more, but where it was said to stay."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlmodel import SQLModel, select

from service.actions import legal_hold
from service.actions.erasing import erase_subject
from service.context import Context
from service.errors import Problem
from service.ids import new_id
from service.records import events, invariants, purposes
from service.records.database import Database, Unit
from service.records.matters import Matters
from service.records.purposes import Place
from service.records.tables import (
    ApiKey,
    Attachment,
    AuditEntry,
    Digest,
    Enquiry,
    Entry,
    FeedEntry,
    IdempotencyRecord,
    Organisation,
    Participation,
    Person,
    Preference,
    Publication,
    PublishedAnswer,
    RateCount,
    Report,
    Researcher,
    ResearcherMerge,
    Satisfaction,
    ShortlistDecision,
    SignInLink,
    SourceRun,
    WebSession,
)  # fmt: skip
from service.workflows.retention import Periods
from tests.support.clock import HandClock
from tests.support.everywhere import whereabouts
from tests.support.journey import Journey

T = TypeVar("T")
NAME, EMAIL, PHONE = "Zébulon Quirk", "zebulon.quirk@council.example", "0191 498 0777"
ELSEWHERE = "+44 (0)191 498 0777"
NEEDLES = (NAME, "z\\u00e9bulon quirk", EMAIL, PHONE, ELSEWHERE, "quirk")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def erase(database: Database, email: str = EMAIL, now: datetime = NOW + timedelta(days=1)) -> list[str]:
    return [str(line) for line in erase_subject(database, Context(now=now), email, Periods())]


def rows_for(journey: Journey, person: UUID) -> list[SQLModel]:
    """Return a row of each kind that names the person by id, address or entry and that no journey makes."""
    university = journey.universities[0]
    one = Researcher(
        organisation_id=university,
        name=NAME,
        email=EMAIL,
        orcid="0000-0002-1825-0097",
        statement="I work on it.",
        capacity_days=9,
        external_id="zq1",
        created_at=NOW,
        updated_at=NOW,
    )
    twin = Researcher(
        organisation_id=journey.universities[1],
        name="Z. Quirk",
        email="zq@other.example",
        merged_into_id=one.id,
        capacity_days=9,
        created_at=NOW,
        updated_at=NOW,
    )
    key = ApiKey(name=f"Key of {NAME}", role="manager", person_id=person, digest="d", hint="abcd", created_at=NOW)
    return [
        one, twin,
        Publication(researcher_id=one.id, title="A paper of mine", year=2024),
        SourceRun(researcher_id=one.id, source="orcid", orcid="0000-0002-1825-0097", available_at=NOW, started_at=NOW),
        ResearcherMerge(kept_id=one.id, other_id=twin.id, merged_at=NOW, before={"name": NAME}, after={"name": NAME}),
        ShortlistDecision(enquiry_id=journey.enquiry_id, researcher_id=one.id, organisation_id=university, decision="shortlisted", words="He is the best.", standing="ranked", decided_at=NOW),
        key,
        WebSession(digest="w", person_id=person, created_at=NOW, expires_at=NOW + timedelta(days=1)),
        SignInLink(person_id=person, next_path="/enquiries", created_at=NOW, expires_at=NOW),
        Digest(person_id=person, day=NOW.date(), created_at=NOW),
        Preference(enquiry_id=journey.enquiry_id, person_id=person, ranked=[str(journey.interest_id)], comment="I like the first.", recorded_at=NOW),
        Satisfaction(enquiry_id=journey.enquiry_id, person_id=person, score=4, comment="I was well served.", recorded_at=NOW),
        Attachment(enquiry_id=journey.enquiry_id, filename="my-diary.txt", media_type="text/plain", size=8, sha256="1", visibility="enquirer", content=b"My diary", uploaded_by_id=person, uploaded_at=NOW),
        Enquiry(state="draft", waiting_on="enquirer", waiting_since=NOW, state_since=NOW, created_at=NOW, updated_at=NOW, question="A draft of mine", form_email=EMAIL.title(), form_name=NAME),
        IdempotencyRecord(caller="c", key="k", method="POST", path="/x", body_digest="b", status=201, body='{"name": "Z\\u00e9bulon Quirk"}', created_at=NOW),
        RateCount(door=f"sign_in {EMAIL}", window_start=NOW, hits=1),
        PublishedAnswer(enquiry_id=journey.enquiry_id, title="Do they?", body=f"Yes, says {NAME}.", published_at=NOW),
        AuditEntry(recorded_at=NOW, actor_role="manager", action="create", subject="person:x", detail={"name": NAME, "by": [EMAIL]}),
        AuditEntry(recorded_at=NOW, actor_role="system", action="disclose", subject="disclosure:x", detail={"hits": 2, "query": "housing QUIRK"}),
        AuditEntry(recorded_at=NOW, actor_role="system", action="disclose", subject="disclosure:y", detail={"hits": 1, "query": "housing"}),
        Report(project_id=getattr(journey, "project_id", journey.enquiry_id), body="I report.", submitted_at=NOW, submitted_by_id=person, submitted_by_role="lead_researcher") if hasattr(journey, "project_id") else Organisation(name=f"{NAME} Consulting", name_key="zq consulting", created_at=NOW),
    ]  # fmt: skip


def add(database: Database, rows: list[SQLModel]) -> None:
    def work(unit: Unit) -> None:
        for row in rows:
            unit.add(row)
            unit.flush()

    database.transact(work)


def asked(database: Database, *, name: str = NAME) -> Journey:
    """Lead an enquiry of the person's to the choice, with words of theirs and about them in every room."""
    journey = Journey(database, HandClock(NOW), enquirer_email=EMAIL).submitted()

    def call_them(unit: Unit) -> None:
        person = unit.get_one(Person, journey.enquirer.person_id)
        person.name, person.phone = name, PHONE

    database.transact(call_them)
    journey.say(f"I am {NAME}, call {PHONE}.")
    journey.say(
        f"A note: {NAME.upper()} at {ELSEWHERE} is in a hurry.", kind="note", visibility="back_stage", direction="in"
    )
    journey.interested(team=[f"{NAME}", "Tess Teammate"], statement="We know them.").selecting()
    return journey


def test_a_person_is_nowhere_any_more_but_where_it_was_said_to_stay(database: Database) -> None:
    journey = asked(database)
    person = journey.enquirer.person_id
    assert person
    add(database, rows_for(journey, person))
    planted = _plant(database)
    assert len(planted) > 70
    before = whereabouts(database, NEEDLES)
    matters = Matters()
    database.read(matters.follow)
    log = database.read(lambda unit: events.of_enquiry(unit, journey.enquiry_id))
    fed = database.read(lambda unit: len(unit.exec(select(FeedEntry)).all()))

    tomorrow = Context(now=NOW + timedelta(days=1))
    lines = [str(line) for line in erase_subject(database, tomorrow, EMAIL, Periods(), rehearse=True)]
    assert whereabouts(database, NEEDLES) == before

    told = erase(database, EMAIL.upper())
    assert told == lines
    assert [line for line in told if line.startswith("kept")] == [
        "kept: The name of a body (1). It is the name of a body."
    ]
    assert whereabouts(
        database,
        [
            *NEEDLES,
            "my-diary",
            "my diary",
            "draft of mine",
            "paper of mine",
            "I work on it",
            "He is the best",
            "I like the first",
            "I was well served",
            "1825-0097",
        ],
    ) == ["organisation.name"]
    assert any(line.startswith(f"destroyed: {journey.reference}: Words in the conversation") for line in told)
    assert "destroyed: What was looked for in a request for information (1)" in told
    searched = database.read(lambda unit: unit.exec(select(AuditEntry).where(AuditEntry.action == "disclose")).all())
    assert sorted(str(row.detail) for row in searched) == ["{'hits': 1, 'query': 'housing'}", "{'hits': 2}"]
    assert database.read(invariants.find_broken) == []
    after = database.read(lambda unit: events.of_enquiry(unit, journey.enquiry_id))
    assert [row.id for row in after[:-1]] == [row.id for row in log]
    assert after[-1].event == "erase"
    items = database.read(lambda unit: unit.exec(select(FeedEntry).order_by(FeedEntry.seq)).all())[fed:]  # type: ignore[arg-type]
    assert {item.type for item in items} == {"redacted"}
    assert '"section":"purpose"' in "".join(item.item for item in items)
    [deed] = database.read(lambda unit: unit.exec(select(AuditEntry).where(AuditEntry.action == "erase")).all())
    assert set(deed.detail) == {"destroyed", "struck", "kept"}
    staff = database.read(lambda unit: unit.get_one(Person, journey.owner.person_id))
    assert staff.name == "Mo Manager"
    note = database.read(lambda unit: unit.exec(select(Entry).where(Entry.kind == "note")).all())[0]
    assert "[Redacted] at [Redacted] is in a hurry." in note.body

    # Twice is once: nothing new is done, and nothing is held.
    assert [line for line in erase(database) if not line.startswith("kept")] == []
    assert len(database.read(lambda unit: events.of_enquiry(unit, journey.enquiry_id))) == len(after)


def test_a_hold_and_the_record_of_a_project_keep_what_they_must_and_say_so(database: Database) -> None:
    project = (
        Journey(database, HandClock(NOW), enquirer_email=EMAIL)
        .interested(lead_email=EMAIL, lead_name=NAME, statement="I can.")
        .completed()
    )
    held = Journey(database, HandClock(NOW), enquirer_email="other@council.example").submitted()
    held.say(f"{NAME} wrote to me.", direction="in")
    free = Journey(database, HandClock(NOW), enquirer_email="third@council.example").submitted()
    free.say(f"{NAME} told me.", direction="in")
    project.say("My own words.")
    database.transact(lambda unit: legal_hold.hold(unit, held.ctx(), held.enquiry_id, "A court asked."))

    told = erase(database)
    assert (
        f"kept: {held.reference}: Words in the conversation (1). Legal hold since 23 November 2026: A court asked."
        in told
    )
    assert (
        f"kept: {project.reference}: A team offered by a university (1). The record of a project is kept until 23 November 2032, 6 years from its last closing."
        in told
    )
    assert f"name taken out: {free.reference}: Words in the conversation (1)" in told
    assert whereabouts(database, [EMAIL]) == ["interest.lead_email"]
    assert whereabouts(database, [NAME]) == ["entry.body", "interest.lead_name"]
    assert whereabouts(database, ["My own words"]) == []
    assert database.read(invariants.find_broken) == []

    # Once the hold ends and the record has had its time, the rest goes.
    lead = held.service_lead()
    database.transact(lambda unit: legal_hold.release(unit, held.ctx(lead), held.enquiry_id))
    assert any(line.startswith("name taken out") for line in erase(database, now=NOW + timedelta(days=6 * 366)))
    assert whereabouts(database, [EMAIL, NAME]) == []


def test_who_is_named_by_a_held_enquiry_stays_known_staff_are_refused_and_namesakes_are_left_alone(
    database: Database,
) -> None:
    held = asked(database)
    database.transact(lambda unit: legal_hold.hold(unit, held.ctx(), held.enquiry_id, "A court asked."))
    before = whereabouts(database, NEEDLES)
    told = erase(database)
    assert "kept: Who they are and how they are reached (1). An enquiry under a legal hold names them." in told
    assert {line.partition(":")[0] for line in told} <= {"kept"} or all(
        "Legal hold" not in line for line in told if not line.startswith("kept")
    )
    assert whereabouts(database, NEEDLES) == before

    with pytest.raises(Problem, match="They work for this service"):
        erase(database, "mo@service.example")
    sought = "nobody@elsewhere.example"
    assert erase(database, sought) == []
    # Somebody who was only ever looked for: the words go, and nothing names them anew.
    search = AuditEntry(recorded_at=NOW, actor_role="system", action="disclose", subject="disclosure:x", detail={"hits": 0, "query": f"<{sought}>, rent"})  # fmt: skip
    add(database, [search])
    told = [str(line) for line in erase_subject(database, Context(now=NOW), sought, Periods(), rehearse=True)]
    assert told == ["destroyed: What was looked for in a request for information (1)"]
    assert whereabouts(database, [sought]) == ["audit_entry.detail"]
    assert (erase(database, sought), erase(database, sought)) == (told, [])
    assert whereabouts(database, [sought]) == []

    free = Journey(database, HandClock(NOW), enquirer_email="third@council.example").submitted()
    free.say("Sam Same and sam.one@a.example", direction="in")
    for address in ("sam.one@a.example", "sam.two@b.example"):
        free.person(address, name="Sam Same")
    told = erase(database, "sam.one@a.example")
    assert (
        f"kept: {free.reference}: Words in the conversation (1). Somebody else bears this name: read whom it means, and redact it if it is them."
        in told
    )
    assert whereabouts(database, ["sam.one@a.example"]) == []
    assert "person.name" in whereabouts(database, ["Sam Same"])


def test_two_erasures_at_once_are_one(database: Database) -> None:
    journey = asked(database)
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda _: erase(database), range(2)))
    assert sorted(map(bool, told)) == [False, True]
    assert [row.event for row in database.read(lambda unit: events.of_enquiry(unit, journey.enquiry_id))].count(
        "erase"
    ) == 1
    assert len(database.read(lambda unit: unit.exec(select(AuditEntry).where(AuditEntry.action == "erase")).all())) == 1


class Interrupted(Database):
    """A database in which something else is recorded just before each writing transaction, as long as there is something."""

    def __init__(self, url: str, first: list[Callable[[Unit], None]]) -> None:
        super().__init__(url)
        self._first = first

    def transact(self, work: Callable[[Unit], T]) -> T:
        if self._first:
            super().transact(self._first.pop(0))
        return super().transact(work)


def test_what_comes_in_while_everything_is_looked_through_goes_too(database: Database, engine_url: str) -> None:
    journey, other = asked(database), Journey(database, HandClock(NOW), enquirer_email="o@council.example").submitted()
    person = journey.enquirer.person_id
    assert person

    def note(words: str) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            said = unit.exec(select(Entry).where(Entry.enquiry_id == journey.enquiry_id)).first()
            assert said is not None
            kept = {
                **said.model_dump(),
                "id": new_id(),
                "enquiry_id": other.enquiry_id,
                "body": words,
                "author_id": None,
            }
            unit.add(Entry(**kept))

        return work

    def renamed(unit: Unit) -> None:
        unit.get_one(Person, person).name = "Zoë Quirk-Newname"
        note("Ask ZOË  QUIRK-NEWNAME.")(unit)
        unit.add(Digest(person_id=person, day=NOW.date(), created_at=NOW))

    come_in = [
        renamed,
        note(f"{NAME.upper()} wrote."),
        note("Their number is 0191 498 0777, said Zoë Quirk-Newname."),
    ]
    busy = Interrupted(engine_url, come_in)
    told = erase(busy)
    busy.dispose()
    assert not come_in
    assert whereabouts(database, [*NEEDLES, "newname"]) == []
    assert f"name taken out: {other.reference}: Words in the conversation (3)" in told
    assert database.read(invariants.find_broken) == []


def test_what_came_in_meanwhile_undoes_no_hold_and_is_found_in_rows_of_theirs_too(
    database: Database, engine_url: str
) -> None:
    held = asked(database)
    database.transact(lambda unit: legal_hold.hold(unit, held.ctx(), held.enquiry_id, "A court asked."))
    free = Journey(database, HandClock(NOW), enquirer_email=EMAIL, organisation="Wearside Council").submitted()
    other = Journey(database, HandClock(NOW), enquirer_email="o@council.example").submitted()
    person = held.enquirer.person_id
    assert person

    def meanwhile(unit: Unit) -> None:
        unit.add(Digest(person_id=person, day=NOW.date(), created_at=NOW))
        unit.add(Participation(enquiry_id=other.enquiry_id, person_id=person, role="colleague", added_at=NOW))
        unit.get_one(Enquiry, free.enquiry_id).place = f"Where {NAME} lives"

    busy = Interrupted(engine_url, [meanwhile])
    told = erase(busy)
    busy.dispose()
    assert "destroyed: Daily digests (1)" in told
    assert "kept: Who they are and how they are reached (1). An enquiry under a legal hold names them." in told
    assert database.read(lambda unit: unit.get_one(Person, person).name) == NAME
    assert f"name taken out: {free.reference}: What was asked, and the facts (1)" in told
    assert database.read(lambda unit: unit.get_one(Enquiry, free.enquiry_id).place) == "Where [Redacted] lives"


def _plant(database: Database) -> list[str]:
    """Write the person's name, address and number into every column of the register that a row of the journey has."""
    planted = []

    def work(unit: Unit) -> None:
        for place in purposes.places():
            for row in unit.exec(select(place.table)):
                if _is_anothers(row) or not _may_hold(row, place):
                    continue
                value = _with(getattr(row, place.name), place)
                if value is not None:
                    setattr(row, place.name, value)
                    unit.add(row)
                    planted.append(place.code)
                    break
        unit.flush()

    database.transact(work)
    return sorted(set(planted))


def _is_anothers(row: Any) -> bool:
    return isinstance(row, Person) and row.email != EMAIL


def _may_hold(row: Any, place: Place) -> bool:
    if isinstance(row, Enquiry) and row.state == "draft":
        return place.name.startswith("form_") and place.name != "form_email"
    unique = {
        "person.email",
        "researcher.email",
        "researcher.external_id",
        "researcher.orcid",
        "enquiry.form_email",
        "entry.mail_key",
        "source_run.orcid",
    }
    return place.code not in unique and not (isinstance(row, Enquiry) and place.name.startswith("form_"))


def _with(value: Any, place: Place) -> Any:
    text = f"{NAME}, {EMAIL}, {ELSEWHERE}"
    if place.is_file:
        return None
    if place.code == "feed_entry.item":
        return value.replace('"reply_by"', f'"organisation":"{NAME}","reply_by"', 1)
    if place.code == "event.waivers":
        return [{"guard": "preference_recorded", "reason": text}]
    if place.code == "researcher.employments":
        return [{"organisation": text, "from": None, "until": None, "source": "orcid"}]
    if place.is_json:
        if isinstance(value, dict):
            return {**value, **({"purpose": f"Ask {NAME}."} if "purpose" in value or not value else {"said": text})}
        return [*(value or []), text] if place.code != "project.start_at_risk" else {"borne_by": text}
    return f"{value or ''} {text}"
