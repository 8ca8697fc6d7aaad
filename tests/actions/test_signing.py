"""Whoever is to sign is told once that the terms are ready, and again when they change."""

from collections import Counter

import pytest
from sqlmodel import col, select

from service.actions import agreement
from service.records.database import Database, Unit
from service.records.tables import OutboxMessage
from tests.support.clock import HandClock
from tests.support.journey import TERMS, Journey

ANN, CONTACT = "ann@council.example", "calls@northumbria.example"


@pytest.fixture
def journey(database: Database) -> Journey:
    return Journey(database, HandClock())


def save(journey: Journey, *, parties: tuple[str, ...] = ("Us", "You"), **terms: str) -> None:
    def work(unit: Unit) -> None:
        agreement.save_agreement(unit, journey.ctx(), journey.project_id, parties, {**TERMS, **terms})

    journey.database.transact(work)


def sign(journey: Journey, party: str) -> None:
    signed = agreement.Signed(party, "Somebody", "Some body", journey.today())
    journey.database.transact(lambda unit: agreement.sign(unit, journey.ctx(), journey.project_id, signed))


def told(journey: Journey) -> Counter[tuple[str, str, bool]]:
    """Count whom the mails about terms to sign went to, of which kind, and whether they speak of changed terms."""

    def read(unit: Unit) -> list[OutboxMessage]:
        wanted = select(OutboxMessage).where(col(OutboxMessage.kind).startswith("terms_to_sign"))
        return list(unit.exec(wanted))

    return Counter((each.to_address, each.kind, bool(each.params["again"])) for each in journey.look(read))


def everybody(journey: Journey, *, again: bool) -> Counter[tuple[str, str, bool]]:
    lead = f"lee.{journey.universities[0].hex[-6:]}@university.example"
    return Counter(
        [
            (ANN, "terms_to_sign", again),
            (CONTACT, "terms_to_sign_university", again),
            (lead, "terms_to_sign_lead", again),
        ]
    )


def test_they_are_told_when_the_terms_are_whole_once_for_each_version(journey: Journey) -> None:
    journey.contracting()
    save(journey, ethics_route=" ")
    save(journey, parties=())
    assert told(journey) == Counter(), "what lacks a party or a route cannot be signed"
    save(journey)
    first = everybody(journey, again=False)
    assert told(journey) == first
    save(journey)
    sign(journey, "commissioner")
    assert told(journey) == first, "nothing changed"
    save(journey, roles="The council leads.")
    assert told(journey) == first + everybody(journey, again=True), "the signature that was given is void"


def test_terms_written_before_wait_for_the_money(journey: Journey) -> None:
    journey.funding()
    save(journey)
    save(journey, roles="The council leads.")
    sign(journey, "university")
    assert told(journey) == Counter()
    journey.contracting()
    assert told(journey) == Counter([(ANN, "terms_to_sign", False)]), "the university has signed already"
