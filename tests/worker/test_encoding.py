"""Meaning: worked out in the background, once, by however many workers, and the same ranking in every process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from service.jobs.encode import Encoding
from service.matching import Ranking
from service.matching.vectors import Encoder
from service.records import corpus, enquiries, kin
from service.records.corpus import Corpus
from service.records.database import Unit
from service.records.library import Library
from service.records.matters import Matters
from service.records.tables import Enquiry, TextVector
from service.sources.encoders import PACKAGE, find_encoder
from tests.support.desk import BASE, Desk
from tests.support.doors import House, house

QUESTION = "How do draughty, chilly dwellings harm pensioners' lungs?"
COLD = {"title": "Fuel poverty and respiratory disease in later life", "abstract": "Heating older people's homes."}
CRIME = {"title": "Serious violence and policing", "abstract": "A time series of knife crime in towns."}


@pytest.fixture
def opened(engine_url: str) -> Iterator[House]:
    with house(engine_url) as found:
        yield found


def encoder() -> Encoder:
    found = find_encoder(PACKAGE, "").encoder
    assert found is not None
    return found


def listed(opened: House, name: str, *publications: dict[str, str], **facts: Any) -> str:
    body = {
        "name": name,
        "email": f"{name.lower()}@durham.example",
        "publications": list(publications),
        "capacity_days": 20,
        **facts,
    }
    answer = opened.client("university", organisation="Durham University").post(f"{BASE}/researchers", json=body)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def ranked(opened: House, known: Corpus) -> Ranking:
    def work(unit: Unit) -> Ranking:
        brief = corpus.brief_profile(unit, unit.exec(select(Enquiry.id)).one())
        return known.ranking(unit, brief, today=date(2026, 11, 23), limit=20)

    return opened.database.read(work)


def names(found: Any) -> list[str]:
    return [item["researcher"]["name"] for item in found["items"]]


def vectors(opened: House) -> int:
    return opened.database.read(lambda unit: unit.exec(select(func.count()).select_from(TextVector)).one())


def test_meaning_is_worked_out_in_the_background_and_finds_who_shares_no_word(opened: House) -> None:
    desk = Desk(opened.client("manager"))
    path = f"/enquiries/{desk.record(question=QUESTION)['reference']}/matches"
    listed(opened, "Ada", COLD)
    listed(opened, "Eve", CRIME)
    before = desk.read(path)
    assert (names(before), before["by_meaning"]) == ([], False)

    worker = Encoding(opened.database, opened.clock, encoder())
    assert [worker.run(), worker.run()] == [3, 0], "two publications and the question"
    after = desk.read(path)
    assert (names(after), after["by_meaning"], after["texts_waiting"]) == (["Ada"], True, 0)
    nearest = next(reason for reason in after["items"][0]["reasons"] if reason["signal"] == "publications")
    assert "close in meaning to what is asked" in nearest["text"]
    assert vectors(opened) == 3  # the brief's too: nobody waits for it twice

    # a new publication is found by its words at once, and by its meaning after one tick
    listed(opened, "Ben", {"title": "Draughty, chilly dwellings and lungs"}, keywords=["dwellings"])
    assert (names(desk.read(path)), desk.read(path)["texts_waiting"]) == (["Ben", "Ada"], 2)
    assert [worker.run(), worker.run()] == [2, 0]

    # a replica, and a process started anew, see the same as one that followed each change
    model = encoder().model
    fresh, other = Corpus(model), Corpus(model)
    assert ranked(opened, fresh) == ranked(opened, other)
    assert [item.researcher.name for item in ranked(opened, fresh).items] == ["Ben", "Ada"]
    assert ranked(opened, fresh).texts_waiting == 0
    assert ranked(opened, Corpus(None)).by_meaning is False


def test_workers_at_once_write_each_vector_once_and_old_ones_are_forgotten(opened: House) -> None:
    key = listed(opened, "Ada", COLD, CRIME, statement="Homes and health")
    workers = [Encoding(opened.database, opened.clock, encoder()) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda worker: worker.run(), workers)) == [3, 3, 3]
    assert vectors(opened) == 3

    changed = opened.client("university", organisation="Durham University")
    answer = changed.patch(f"{BASE}/researchers/{key}", json={"publications": [COLD]})
    assert answer.status_code == 200, answer.text
    assert [worker.tidy() for worker in workers] == [0, 0, 0]
    opened.clock.move(days=8)
    assert [worker.tidy() for worker in workers] == [1, 0, 0]
    assert vectors(opened) == 2
    assert workers[0].run() == 0


def test_what_was_asked_and_published_is_encoded_too_and_kept_while_it_is_there(opened: House) -> None:
    desk, model = Desk(opened.client("manager")), encoder().model
    cold = desk.record(question="Are chilly dwellings bad for pensioners' lungs?", organisation="Leeds")
    desk.record(question="Which breakfast clubs raise attendance?", organisation="Kent")
    mine = desk.record(question="Draughty houses and wheezing older residents", organisation="Fife")
    path = f"/enquiries/{mine['reference']}/related"
    assert desk.read(path)["items"] == []
    worker = Encoding(opened.database, opened.clock, encoder())
    assert [worker.run(), worker.run()] == [3, 0]
    found = desk.read(path)
    assert [item["reference"] for item in found["items"]] == [cold["reference"]]
    assert (found["by_meaning"], found["texts_waiting"], found["others"]) == (True, 0, [])
    assert found["items"][0]["why"] == ["Near in meaning."]

    def fresh(unit: Unit) -> kin.Related:
        enquiry = enquiries.by_reference(unit, mine["reference"])
        assert enquiry is not None
        return kin.related(unit, Matters(model), Library(model), enquiry.id, limit=20)

    assert [item.score for item in opened.database.read(fresh).items] == [found["items"][0]["score"]]

    desk.did(cold["reference"], "redact", question="original", reason="It named somebody.")
    assert desk.read(path)["items"] == []
    opened.clock.move(days=8)
    assert worker.tidy() == 1, "only the redacted text's"
    assert vectors(opened) == 2


def test_without_a_model_nothing_is_worked_out_and_the_service_says_so(opened: House) -> None:
    listed(opened, "Ada", COLD)
    assert Encoding(opened.database, opened.clock, None).run() == 0
    assert vectors(opened) == 0


def test_whoever_encodes_tells_nobody_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The library that runs models writes an id of the machine and what it has to tell into the home folder, unless kept from it."""
    code = f"from service.sources.encoders import find_encoder; assert find_encoder({PACKAGE!r}, '').encoder.encode('warm', 'homes') is not None"
    watched = {"CI", "GITHUB_ACTIONS", "TF_BUILD", "PYTEST_CURRENT_TEST", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in watched} | {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
