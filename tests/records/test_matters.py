"""What was asked before, as each process remembers it: the same everywhere, and what is to be forgotten is forgotten."""

import pytest
from sqlmodel import select

from service.records import kin
from service.records.database import Database, Unit
from service.records.kin import Related
from service.records.library import Library
from service.records.matters import Matters
from service.records.tables import Enquiry
from service.states import Outcome
from service.workflows import commands as c
from tests.support.journey import Journey

QUESTION = "Does energy retrofit of council housing cut GP and A&E visits in winter?"
OTHER = "Do breakfast clubs in primary schools improve attendance and attainment?"


@pytest.fixture
def journeys(database: Database) -> list[Journey]:
    """Four councils that ask, the last of them something else."""
    asks = (
        ("Leeds", QUESTION),
        ("Kent", QUESTION.replace("in winter", "each winter")),
        ("Fife", QUESTION),
        ("Bath", OTHER),
    )
    return [
        Journey(
            database, question=question, organisation=f"{name} Council", enquirer_email=f"ann@{name.lower()}.example"
        ).submitted()
        for name, question in asks
    ]


def related(database: Database, journey: Journey, matters: Matters | None = None) -> Related:
    known, answers = matters or Matters(), Library()
    return database.read(lambda unit: kin.related(unit, known, answers, journey.enquiry_id, limit=20))


def references(found: Related) -> set[str]:
    return {item.reference for item in found.items}


def test_what_others_asked_is_found_by_a_process_that_followed_and_by_one_that_just_began(
    database: Database, journeys: list[Journey]
) -> None:
    leeds, kent, fife, bath = journeys
    followed = Matters()
    found = related(database, fife, followed)
    assert references(found) == {leeds.reference, kent.reference}
    assert found.others == ("Kent Council", "Leeds Council")
    assert [item.near_duplicate for item in found.items] == [True, True]
    assert related(database, bath, followed).items == ()

    late = Journey(
        database, question=QUESTION, organisation="Moray Council", enquirer_email="ann@moray.example"
    ).submitted()
    kent.act(c.Reframe(reason="It grew.", question=f"{OTHER} {QUESTION}", prompted_by="The cabinet"))
    for journey in (*journeys, late):
        assert related(database, journey, followed) == related(database, journey)
    again = related(database, fife, followed)
    assert again.others == ("Kent Council", "Leeds Council", "Moray Council"), "the first wording is still one it asked"
    assert {item.title for item in again.items if item.reference == kent.reference} == {f"{OTHER} {QUESTION}"}


def test_redacted_spam_and_merged_matters_are_not_found_and_who_asked_them_still_counts(
    database: Database, journeys: list[Journey]
) -> None:
    leeds, kent, fife, _ = journeys
    followed = Matters()
    assert len(related(database, fife, followed).items) == 2

    kent.act(c.Close(outcome=Outcome.DUPLICATE, reason="The same.", target=leeds.reference))
    found = related(database, fife, followed)
    assert references(found) == {leeds.reference}
    assert found.items[0].askers == {"Kent Council", "Leeds Council"}
    assert found.others == ("Kent Council", "Leeds Council")
    assert related(database, leeds, followed).others == ("Fife Council",), "what was merged into it is no news"

    leeds.act(c.Redact(question=1, reason="It named somebody."))
    found = related(database, fife, followed)
    assert (references(found), found) == ({leeds.reference}, related(database, fife)), "by the wording merged into it"
    assert found.items[0].title == "[Redacted]"
    empty = related(database, leeds, followed)
    assert (empty.items, empty.is_enough) == ((), False)

    fife.act(c.Close(outcome=Outcome.SPAM, reason="Nobody."))
    late = Journey(
        database, question=QUESTION, organisation="Moray Council", enquirer_email="a@moray.example"
    ).submitted()
    assert related(database, late, followed).others == ("Kent Council", "Leeds Council")


def test_a_study_is_told_as_one_while_it_is_under_way(database: Database, journeys: list[Journey]) -> None:
    asker = journeys[2]
    study = journeys[0].commissioned()
    [found] = [item for item in related(database, asker).items if item.reference == study.reference]
    assert (found.kind, found.id, found.label) == ("study", study.project_id, "Under way")


def test_a_split_off_part_is_linked_already(database: Database, journeys: list[Journey]) -> None:
    leeds = journeys[0]
    leeds.accepted().act(c.Split(reason="Two questions.", question=f"{QUESTION} For whom?"))

    def part(unit: Unit) -> str | None:
        return unit.exec(select(Enquiry.reference).where(Enquiry.continues_id == leeds.enquiry_id)).one()

    assert database.read(part) not in references(related(database, leeds))
