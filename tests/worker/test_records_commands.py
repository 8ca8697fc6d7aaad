"""The commands of whoever answers requests: hold, retention, erasure, exports and disclosure, as they are typed."""

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from service.__main__ import main
from service.actions.attach import attach
from service.principals import Principal
from service.records.database import Database, Unit
from service.records.tables import AuditEntry
from service.states import Outcome
from service.workflows import commands as c
from tests.support.clock import HandClock
from tests.support.everywhere import whereabouts
from tests.support.journey import Journey

Typed = Callable[..., tuple[int, str, str]]
ANN = "ann@council.example"


@pytest.fixture
def typed(
    engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """Type a command, a year after what the journeys do, and return its status and what it said."""
    (tmp_path / "clock").write_text("2028-12-01T09:00:00Z")
    for name, value in {"DATABASE_URL": engine_url, "SECRET_KEY": "s" * 40, "CLOCK": f"file:{tmp_path}/clock"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def journey(database: Database) -> Journey:
    """An enquiry with words of every kind, closed without a project."""
    journey = Journey(database, HandClock()).interested(statement="Café culture is what we study.").met()
    journey.say("Call me at the café on 0191 498 0123, or ask bob@council.example.")
    journey.say("=SUM(A1) Ann was cross about the café.", kind="note", visibility="back_stage", direction="in")
    for name, content, actor in (
        ("../../etc/pass wd.txt", "The café in a file".encode(), journey.enquirer),
        ("ours.txt", b"Nothing of it", journey.owner),
    ):

        def add(unit: Unit, name: str = name, content: bytes = content, actor: Principal = actor) -> None:
            attach(unit, journey.ctx(actor), journey.enquiry_id, filename=name, content=content, limit=999)

        database.transact(add)
    journey.act(c.Close(outcome=Outcome.NO_CAPACITY, reason="Nobody is free."))
    return journey


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def audited(database: Database) -> list[tuple[str, str]]:
    kept = ("hold", "release", "forget", "erase", "export", "disclose")
    found = database.read(lambda unit: unit.exec(select(AuditEntry).order_by(AuditEntry.id)).all())  # type: ignore[arg-type]
    return [(row.action, row.actor_role) for row in found if row.action in kept]


def test_an_enquiry_a_person_and_a_search_are_written_down_for_an_officer(
    typed: Typed, journey: Journey, database: Database, tmp_path: Path
) -> None:
    reference = journey.reference
    assert typed("export", "enquiry", "AAAAAA-A", "none") == (1, "", "There is no such enquiry.\n")
    status, told, _ = typed("export", "enquiry", reference, "dossier", "--by", "mo@service.example")
    assert (status, "2 files" in told) == (0, True)
    page = (tmp_path / "dossier/index.html").read_text("utf-8")
    for words in (
        "Call me at the café",
        "cross about the café",
        "only the team reads this",
        "Do warmer homes mean",
        "Café culture",
        "Ann Asker",
        "Cabinet decides",
    ):
        assert words in page, words
    record = json.loads((tmp_path / "dossier/index.json").read_text("utf-8"))
    assert {"entry", "brief_version", "call_recipient", "interest", "event", "outbox", "attachment", "person"} <= {
        item["table"] for item in record["items"]
    }
    files = sorted((tmp_path / "dossier/files").iterdir())
    assert [file.name for file in files] == ["001-pass wd.txt", "002-ours.txt"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (*files, tmp_path / "dossier/index.html")} == {0o600}
    review = rows(tmp_path / "dossier/review.csv")
    assert any(row["text"].startswith("'=SUM(A1)") for row in review)
    refused = typed("export", "enquiry", reference, "dossier")
    assert refused[0] == 2
    assert "is not empty" in refused[2]

    status, told, _ = typed("export", "subject", ANN.upper(), "ann")
    assert status == 0
    theirs = json.loads((tmp_path / "ann/index.json").read_text("utf-8"))
    said = json.dumps(theirs, ensure_ascii=False)
    assert "Call me at the café" in said
    assert [item["review"] for item in theirs["items"] if "cross about" in json.dumps(item)] == [
        "A note of the team's own on their enquiry"
    ]
    assert "Lee Lead" not in said
    assert "agree" in {item["record"].get("event") for item in theirs["items"]}
    assert [file.name for file in (tmp_path / "ann/files").iterdir()] == ["001-pass wd.txt"]
    assert "digest" not in said
    assert typed("export", "subject", "nobody@elsewhere.example", "nobody")[0] == 1

    status, told, _ = typed("disclose", "CAFÉ", "foi")
    assert status == 0
    hits = rows(tmp_path / "foi/index.csv")
    found = {(row["what"], row["where"]) for row in hits}
    assert found >= {
        ("Words in the conversation", "body"),
        ("A team offered by a university", "statement"),
        ("Files", "content"),
    }
    assert {row["reference"] for row in hits} == {reference}
    spoken = next(row for row in hits if "Call me" in row["passage"])
    assert spoken["personal data to consider"] == "bob@council.example; 0191 498 0123"
    assert (spoken["disclose"], spoken["exemption"]) == ("", "")
    assert any(row["passage"].startswith("'=SUM") for row in hits)
    assert typed("disclose", '"warmer homes" nowhere', "none")[1].startswith("0 found")
    assert typed("disclose", '"warmer homes" visits', "some")[1].split()[0] != "0"
    assert typed("disclose", " ", "blank")[0] == 1
    assert typed("disclose", "asker  ANN", "ann-too")[0] == typed("disclose", "Asker Ann", "again")[0] == 0
    searched = database.read(lambda unit: unit.exec(select(AuditEntry).where(AuditEntry.action == "disclose")).all())
    digests = [row.detail.pop("query_digest") for row in sorted(searched, key=lambda row: row.id)]
    assert [len(str(digest)) for digest in digests] == [64] * 5
    assert digests[-1] == digests[-2] != digests[0], "the same words can be told to be the same"
    assert {tuple(row.detail) for row in searched} == {("hits",)}
    assert audited(database)[:3] == [("export", "manager"), ("export", "system"), ("disclose", "system")]


def test_retention_and_erasure_say_beforehand_what_they_do(typed: Typed, journey: Journey, database: Database) -> None:
    reference = journey.reference
    assert "Say why" in typed("legal-hold", reference, "on")[2]
    assert "nobody of this service's team" in typed("legal-hold", reference, "on", "--reason", "x", "--by", ANN)[2]
    assert (
        typed("legal-hold", reference.lower(), "on", "--reason", "A court asked.", "--by", "mo@service.example")[0] == 0
    )
    told = typed("retention", "--dry-run")[1]
    assert (
        f"{reference}  closed 2026-11-23  unfunded (2 years): kept: legal hold (A court asked.); its time ends 2028-11-23"
        in told
    )
    assert "0 enquiries and 0 drafts have had their time; 1 held." in told
    assert "kept: " in typed("erase", "subject", ANN, "--dry-run")[1]
    assert typed("legal-hold", reference, "off", "--by", "mo@service.example")[0] == 1
    assert typed("legal-hold", reference, "off")[1] == f"{reference} is not held.\n"

    rehearsed = typed("erase", "subject", ANN, "--dry-run")[1]
    assert whereabouts(database, [ANN]) != []
    done = typed("erase", "subject", ANN)[1]
    assert rehearsed == f"{done}A dry run: nothing was changed.\n"
    assert f"destroyed: {reference}: Files (1)" in done
    assert whereabouts(database, [ANN]) == []
    assert typed("erase", "subject", ANN)[1] == "Nothing is held about that address.\n"

    assert "goes now" in typed("retention", "--dry-run")[1]
    assert whereabouts(database, ["Café culture"]) != []
    assert "The content of 1 enquiries is destroyed." in typed("retention")[1]
    assert whereabouts(database, ["Café culture", "the café", "Lee Lead"]) == []
    assert [action for action, _ in audited(database)] == ["hold", "release", "erase", "forget"]
