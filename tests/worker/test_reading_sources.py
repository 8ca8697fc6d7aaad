"""Researchers' works are read from public records: merged by what they are, paced as asked, gone on with after a fall."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from service.actions.importing import import_researchers
from service.actions.organisations import OrganisationEntry, add_organisation
from service.actions.researchers import ResearcherChange, change_researcher
from service.clock import machine_now
from service.context import Context
from service.jobs import read_sources
from service.principals import Principal, Role
from service.records import source_runs
from service.records.database import Database
from service.records.tables import AuditEntry, Publication, Researcher, ResearchSource, SourceRun
from service.settings import Settings
from service.sources.polite import LONGEST_WAIT, LeaveAlone, Polite, SourceTrouble
from service.sources.works import Reader
from tests.support.clock import HandClock
from tests.support.public_records import (
    Records,
    openalex_author,
    openalex_work,
    orcid_employment,
    orcid_group,
    public_records,
)

ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EVERY = timedelta(seconds=1)
OWN: list[dict[str, Any]] = [
    {"title": "Warm homes, and winter admissions"},
    {"title": "Kept as it is", "year": 2020, "abstract": "Ours."},
]
WORKS = [
    openalex_work("Warm Homes and <i>winter</i> admissions.", 2025, "10.1136/BMJ.N71", "What we found. What we did."),
    openalex_work("Kept as it is!", 2020, "10.5555/kept", "Theirs."),
    openalex_work("New here", 2024, None, "Café &amp; bar"),
    openalex_work(None, 2024, "10.5555/untitled"),
    openalex_work("Taken back", 2019, is_retracted=True),
]


@pytest.fixture
def records() -> Iterator[Records]:
    with public_records() as served:
        yield served


class Town:
    """One university with one researcher who has an ORCID, and the sources beside it."""

    def __init__(self, database: Database, records: Records, **only: str) -> None:
        self.database, self.clock, self.pauses = database, HandClock(NOW), list[float]()
        urls = only or {"orcid_url": records.url, "openalex_url": records.url}
        self.readers = read_sources.readers_of(Settings(sources_contact="ops@service.example", **urls))  # type: ignore[arg-type]  # addresses alone
        self.university = database.transact(
            lambda unit: add_organisation(unit, Context(now=NOW), OrganisationEntry(name="U", partner=True)).id
        )
        self.ctx = Context(now=NOW, actor=Principal(role=Role.UNIVERSITY, organisation_id=self.university))
        self.bring(publications=OWN)
        self.researcher_id = self.researcher().id

    def bring(self, **also: Any) -> None:
        row = {"name": "Lin", "email": "lin@u.example", "orcid": ORCID, "capacity_days": 3, **also}
        self.database.transact(lambda unit: import_researchers(unit, self.ctx, [row], organisation_id=self.university))

    def read(self, readers: Sequence[Reader] | None = None) -> int:
        return read_sources.run(self.database, self.clock, readers or self.readers, EVERY, self.pauses.append)

    def rested(self) -> None:
        """Let the time pass that sources and runs are left alone, and the lease of a worker that died."""
        past = machine_now() - timedelta(seconds=1)
        self.database.transact(lambda unit: unit.exec(update(ResearchSource).values(not_before=past, lease_until=past)))
        self.database.transact(lambda unit: unit.exec(update(SourceRun).where(col(SourceRun.state) == "reading").values(available_at=past)))  # fmt: skip

    def researcher(self) -> Researcher:
        return self.database.read(lambda unit: unit.exec(select(Researcher)).one())

    def written(self) -> dict[str, tuple[object, ...]]:
        rows = self.database.read(lambda unit: unit.exec(select(Publication)).all())
        assert len({row.title for row in rows}) == len(rows)
        return {row.title: (row.source, row.year, row.doi, row.abstract, row.completed) for row in rows}

    def run(self, source: str = "openalex") -> SourceRun:
        return self.database.read(lambda unit: unit.exec(select(SourceRun).where(SourceRun.source == source)).one())


def test_what_both_records_say_completes_what_the_university_said(database: Database, records: Records) -> None:
    records.orcid[ORCID] = [
        orcid_group("New here", 2024),
        orcid_group("Warm homes and winter admissions", None, "10.1136/bmj.n71"),
        orcid_group("A chapter", 2011, "10.7777/book", relationship="part-of"),
    ]
    records.openalex[ORCID] = WORKS
    town = Town(database, records)
    before = town.researcher()
    while town.read():
        town.rested()

    assert town.written() == {
        "Warm homes, and winter admissions": (
            "university", 2025, "10.1136/bmj.n71", "What we found. What we did.",
            {"doi": "orcid", "year": "openalex", "abstract": "openalex"},
        ),
        "Kept as it is": ("university", 2020, "10.5555/kept", "Ours.", {"doi": "openalex"}),
        "New here": ("orcid", 2024, None, "Café & bar", {"abstract": "openalex"}),
        "A chapter": ("orcid", 2011, None, None, {}),
    }  # fmt: skip
    after = town.researcher()
    assert (after.version, after.updated_at) == (before.version + 3, NOW), "one for each page that brought something"
    assert [asked.path for asked in records.asked][:2] == [f"/v3.0/{ORCID}/works", f"/v3.0/{ORCID}/employments"]
    assert (town.run("orcid").state, town.run("orcid").seen, town.run("orcid").added) == ("done", 3, 2)
    assert (town.run().state, town.run().seen, town.run().read_at) == ("done", 3, NOW)
    pages = [asked.parameters["cursor"] for asked in records.asked if asked.path == "/works"]
    assert pages == ["*", "after-2", "after-4", "after-6"]
    assert {asked.agent for asked in records.asked} == {"Evidence Enquiry Service (mailto:ops@service.example)"}
    assert {asked.parameters.get("mailto") for asked in records.asked} == {None, "ops@service.example"}
    read = database.read(
        lambda unit: [each.detail for each in unit.exec(select(AuditEntry).where(AuditEntry.action == "read"))]
    )
    assert {"source": "orcid", "added": 2, "completed": 1} in read

    asked = len(records.asked)
    assert town.read() == 0, "fresh for thirty days"
    town.bring(publications=OWN)
    assert town.researcher().version == after.version, "the university's file again changes nothing"
    town.bring(publications=[OWN[0]])
    assert set(town.written()) == {"Warm homes, and winter admissions", "New here", "A chapter"}
    assert town.written()["Warm homes, and winter admissions"][2] == "10.1136/bmj.n71"
    assert len(records.asked) == asked


def test_for_whom_authors_and_researchers_work_is_read_and_never_put_over_what_people_said(
    database: Database, records: Records
) -> None:
    authors = [
        openalex_author("Durham University", "Public Health, Durham County Council, County Hall, Durham DH1 5UQ, UK"),
        openalex_author("Durham University", "Department of Anthropology, Durham University; lin@dur.example"),
        openalex_author(None, "A street, 3; Council mail: ann@council.example", "North Tees NHS Trust"),
    ]
    records.openalex[ORCID] = [
        openalex_work("New here", 2025, None, authorships=authors),
        openalex_work("Kept as it is!", 2020, authorships=authors),
        openalex_work("Said by us", 2021, authorships=authors),
        openalex_work("Of another shape", 2021, authorships={"not": "a list"}),
    ]
    records.orcid[ORCID] = [orcid_group("New here", 2025)]
    records.employments[ORCID] = [
        orcid_employment("Durham County Council", "2019-09"),
        orcid_employment("Tees Trust", "2011", "2015-02"),
        orcid_employment(""),
        {"summaries": "rubbish"},
    ]
    town = Town(database, records)
    said = {"title": "Said by us", "organisations": ["Gateshead Council"]}
    town.bring(publications=[*OWN, said])
    while town.read():
        town.rested()

    def organisations() -> dict[str, tuple[list[str], dict[str, str]]]:
        rows = database.read(lambda unit: unit.exec(select(Publication)).all())
        return {row.title: (row.organisations, row.completed) for row in rows}

    names = ["Durham University", "Durham County Council", "North Tees NHS Trust"]
    found = organisations()
    assert found["New here"][0] == found["Kept as it is"][0] == names, "neither addresses nor people"
    assert found["Kept as it is"][1]["organisations"] == "openalex"
    assert found["Said by us"][0] == ["Gateshead Council"]
    assert found["Of another shape"][0] == []
    assert town.researcher().employments == [
        {"organisation": "Durham County Council", "from": "2019-09-01", "until": None, "source": "orcid"},
        {"organisation": "Tees Trust", "from": "2011-01-01", "until": "2015-02-28", "source": "orcid"},
    ]
    version = town.researcher().version
    town.bring(publications=[*OWN, said])
    assert town.researcher().version == version, "the university's file again changes nothing"
    database.transact(lambda unit: change_researcher(unit, town.ctx, town.researcher_id, ResearcherChange(orcid=OTHER)))
    assert town.researcher().employments == []
    assert organisations() == {
        "Warm homes, and winter admissions": ([], {}),
        "Kept as it is": ([], {}),
        "Said by us": (["Gateshead Council"], {}),
    }


def test_troubles_pass_and_nothing_is_read_twice(database: Database, records: Records) -> None:
    records.openalex[ORCID] = WORKS
    town = Town(database, records, openalex_url=records.url)
    records.moods.extend(["broken"])
    assert town.read() == 1
    assert (town.run().tries, town.run().last_error, town.run().state) == (1, "status 500", "reading")
    assert town.run().available_at > machine_now() - timedelta(seconds=30)
    town.rested()
    records.moods.extend(["cut"])
    town.read()
    assert (town.run().tries, town.run().last_error) == (2, "the answer was cut short or is no JSON")
    town.rested()
    records.moods.extend(["away", "rubbish"])
    town.read()
    town.rested()
    town.read()
    assert (town.run().tries, town.run().last_error) == (4, "the answer is no list of works")
    assert "New here" not in town.written()
    town.rested()

    records.moods.extend(["busy"])
    assert town.read() == 1
    assert town.run().tries == 4, "to be asked to wait is no failure"
    assert town.read() == 0
    wait = database.read(lambda unit: unit.get_one(ResearchSource, "openalex")).not_before
    assert wait is not None
    assert timedelta(0) < wait - machine_now() <= timedelta(seconds=3)
    asked = len(records.asked)
    town.rested()

    while town.read():
        town.rested()
    assert (town.run().state, town.run().seen, town.run().tries) == ("done", 3, 0)
    assert len(records.asked) == asked + 4
    assert town.pauses.count(1.0) == len(town.pauses) > 3


def test_a_record_that_is_not_there_is_left_alone_for_a_month(database: Database, records: Records) -> None:
    town = Town(database, records, orcid_url=records.url)
    records.moods.append("gone")
    town.read()
    run = town.run("orcid")
    assert (run.state, run.last_error) == ("failed", "it knows no such record")
    assert run.available_at > machine_now() + timedelta(days=29)
    town.rested()
    assert town.read() == 0


class Dying:
    """A reader whose worker is killed as soon as a number of pages have been fetched."""

    def __init__(self, reader: Reader, pages: int) -> None:
        self.name, self._reader, self._left = reader.name, reader, pages

    def read(self, orcid: str, cursor: str | None) -> Any:
        page = self._reader.read(orcid, cursor)
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return page


def test_a_worker_that_dies_loses_one_page_and_another_goes_on(database: Database, records: Records) -> None:
    records.openalex[ORCID] = WORKS
    town = Town(database, records, openalex_url=records.url)
    with pytest.raises(KeyboardInterrupt):
        town.read([Dying(town.readers[0], 1)])
    assert (town.run().state, town.run().cursor, town.run().seen) == ("reading", "after-2", 2)
    assert town.read() == 0, "while its lease runs"
    town.rested()
    assert town.read() == 3
    assert [asked.parameters["cursor"] for asked in records.asked] == ["*", "after-2", "after-2", "after-4", "after-6"]
    assert (town.run().state, town.run().seen) == ("done", 3)
    assert len(town.written()) == 3


class Slow:
    """A reader that takes so long that its lease has run out and somebody else has read meanwhile."""

    def __init__(self, town: Town) -> None:
        self.name, self._town = "openalex", town

    def read(self, orcid: str, cursor: str | None) -> Any:
        page = self._town.readers[0].read(orcid, cursor)
        self._town.rested()
        assert self._town.read() == 4
        return page


def test_two_workers_do_not_keep_the_same_page_twice(database: Database, records: Records) -> None:
    records.openalex[ORCID] = WORKS
    town = Town(database, records, openalex_url=records.url)
    assert town.read([Slow(town)]) == 1
    assert (town.run().state, town.run().seen) == ("done", 3)


def test_of_workers_that_claim_a_source_at_once_one_gets_it(database: Database) -> None:
    now = machine_now()

    def claim(_: int) -> UUID | None:
        return database.transact(lambda unit: source_runs.claim(unit, "orcid", now, EVERY))

    with ThreadPoolExecutor(6) as pool:
        tokens = [token for token in pool.map(claim, range(12)) if token is not None]
        later = database.transact(lambda unit: source_runs.claim(unit, "orcid", now + EVERY, EVERY))
    assert len(tokens) == 1
    assert later not in {None, tokens[0]}
    assert not database.transact(lambda unit: source_runs.hold(unit, "orcid", tokens[0], None, None)), "it is lost"


def test_another_orcid_is_another_person_and_who_hides_is_not_read(database: Database, records: Records) -> None:
    records.openalex[ORCID], records.openalex[OTHER] = WORKS, [openalex_work("By somebody else", 2022)]
    town = Town(database, records, openalex_url=records.url)
    town.read()
    assert "New here" in town.written()

    def change(**sent: Any) -> None:
        one = ResearcherChange.model_validate(sent)
        database.transact(lambda unit: change_researcher(unit, town.ctx, town.researcher_id, one))

    change(orcid=OTHER)
    assert town.written() == {
        "Warm homes, and winter admissions": ("university", None, None, None, {}),
        "Kept as it is": ("university", 2020, None, "Ours.", {}),
    }
    town.rested()
    town.read()
    [found] = database.read(lambda unit: unit.exec(select(Publication).where(Publication.source == "openalex")).all())
    assert found.title == "By somebody else"
    change(not_theirs=[str(found.id)])
    change(orcid=ORCID, hidden=True)
    town.rested()
    assert town.read() == 0


def test_what_is_not_theirs_stays_away(database: Database, records: Records) -> None:
    records.openalex[ORCID] = WORKS
    town = Town(database, records, openalex_url=records.url)
    town.read()
    version = town.researcher().version
    [found] = database.read(lambda unit: unit.exec(select(Publication).where(Publication.source == "openalex")).all())

    def put_aside(publication_id: UUID) -> None:
        one = ResearcherChange(not_theirs=(publication_id,))
        database.transact(lambda unit: change_researcher(unit, town.ctx, town.researcher_id, one))

    put_aside(found.id)
    put_aside(found.id)
    assert town.researcher().version == version + 1
    due = machine_now() - timedelta(days=1)
    database.transact(lambda unit: unit.exec(update(SourceRun).values(available_at=due)))
    town.rested()
    assert town.read() == 4
    assert (town.run().added, town.run().completed) == (0, 0)
    assert town.researcher().version == version + 1


def test_retry_after_is_seconds_or_a_date_and_bounded(records: Records) -> None:
    source = Polite(records.url, "ops@service.example", machine_now=lambda: NOW)
    for said, wait in {
        "7": timedelta(seconds=7), "99999999999999": LONGEST_WAIT, "Mon, 23 Nov 2026 09:31:30 GMT": timedelta(seconds=90),
        "Mon, 23 Nov 2020 09:31:30 GMT": timedelta(0), "soon": None, "²": None,
    }.items():  # fmt: skip
        records.retry_after = said.encode().decode("latin-1")
        records.moods.append("busy")
        with pytest.raises(LeaveAlone) as told:
            source.get("/works", filter="author.orcid:x", cursor="*")
        assert (
            told.value.wait == wait
            if wait is not None
            else timedelta(seconds=60) <= told.value.wait <= timedelta(seconds=90)
        )


def test_a_key_is_sent_and_never_told(records: Records) -> None:
    readers = read_sources.readers_of(Settings(openalex_url=f"{records.url}/", openalex_api_key="s3cret"))
    readers[0].read(ORCID, None)
    assert records.asked[0].parameters["api_key"] == "s3cret"
    away = Polite("http://127.0.0.1:9", "ops@service.example", parameters={"api_key": "s3cret"})
    with pytest.raises(SourceTrouble) as told:
        away.get("/works")
    assert "s3cret" not in str(told.value)
    assert read_sources.readers_of(Settings()) == (), "off until an operator turns it on"
