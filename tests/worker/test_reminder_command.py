"""`reminders`: the rules as a person at the command line sees and changes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.__main__ import main
from service.records.database import Database
from service.workflows import commands as c
from service.workflows.reminders import CODES
from tests.support.clock import HandClock
from tests.support.following import go_to, letters
from tests.support.journey import Journey


@pytest.fixture
def journey(engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    """An enquirer asked something on Monday 23 November 2026; the command acts on the same day."""
    clock = HandClock()
    (tmp_path / "clock").write_text(clock.now().isoformat())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", engine_url)
    monkeypatch.setenv("CLOCK", f"file:{tmp_path / 'clock'}")
    monkeypatch.setenv("SECRET_KEY", "a secret for these tests only")
    journey = Journey(Database(engine_url), clock)
    journey.submitted().accepted().say("We spoke.", kind="call", direction="out")
    journey.act(c.Ask(body="Which years?"))
    yield journey
    journey.database.dispose()


def test_the_rules_are_listed_rehearsed_stopped_and_let_loose(
    journey: Journey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reminders"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[0] for line in listed) == sorted(CODES)
    assert all("2026-11-23T09:30:00Z" in line for line in listed)

    assert main(["reminders", "information_asked", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert f"2026-11-30  {journey.reference:9} ann@council.example" in told
    assert "4 to write" in told

    assert main(["reminders", "information_asked", "--stop"]) == 0
    assert "information_asked is stopped." in capsys.readouterr().out
    go_to(journey, "2026-12-01")
    assert letters(journey, "remind_information_asked") == []

    assert main(["reminders", "information_asked", "--from", "2026-11-01T00:00:00Z"]) == 0
    assert "writes about what happens from 2026-11-01T00:00:00Z on." in capsys.readouterr().out
    go_to(journey, "2026-12-07")
    assert letters(journey, "remind_information_asked") == ["2026-12-07 ann@council.example remind_information_asked"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["chase_everybody", "--dry-run"], 1, "There is no such reminder rule."),
        (["information_asked"], 2, "--dry-run, --from INSTANT or --stop"),
        (["information_asked", "--from", "Monday"], 2, "2026-11-22T09:30:00Z"),
        (["information_asked", "--from", "2026-11-22T09:30:00"], 2, "offset"),
    ],
)
@pytest.mark.usefixtures("journey")
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    assert main(["reminders", *arguments]) == status
    assert said in capsys.readouterr().err
