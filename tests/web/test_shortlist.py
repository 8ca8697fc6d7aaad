"""Shortlisting and passing over, what is written down of the ranking then, and the report on how the ranking did."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.actions import merging
from service.matching.survey import Standing
from service.records.database import Unit
from service.records.tables import Offer, RankingSnapshot
from service.states import Outcome
from service.workflows import commands as c
from tests.support.desk import BASE, Desk, add_researcher
from tests.support.doors import House
from tests.support.journey import Journey
from tests.support.visiting import Visitor


def listed(client: TestClient, name: str, papers: int, **facts: Any) -> str:
    """Put somebody in a university's directory, with so many papers on the subject: the more, the better they rank."""
    written = [{"title": f"Warm homes and A&E visits {part}", "year": 2025} for part in range(papers)]
    known = {"publications": written, "topics": ["homes"], "capacity_days": 60, "career_stage": "senior", **facts}
    return add_researcher(client, name, **known)


@pytest.fixture
def people(opened: House) -> dict[str, str]:
    """Three people, best first, the third a newcomer."""
    durham = opened.client("university", organisation="Durham University")
    first, second = listed(durham, "Dr Ada Homes", 4), listed(durham, "Dr Ben Homes", 2)
    return {"ada": first, "ben": second, "cat": listed(durham, "Dr Cat Homes", 1, career_stage="early")}


def put(desk: Desk, reference: str, person: str, **body: Any) -> Any:
    return desk.client.put(f"{BASE}/enquiries/{reference}/shortlist/{person}", json=body)


def decided(desk: Desk, reference: str, person: str, **body: Any) -> dict[str, Any]:
    answer = put(desk, reference, person, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(desk: Desk, reference: str, *, left_out: bool = False) -> list[str]:
    items = desk.read(f"/enquiries/{reference}/matches")["items"]
    return [item["researcher"]["name"] for item in items if bool(item["conflicts"]) == left_out]


def test_who_is_passed_over_is_left_out_of_this_brief_with_the_reason_and_can_be_taken_back(
    desk: Desk, people: dict[str, str]
) -> None:
    here, there = desk.record(topics=["homes"])["reference"], desk.record(topics=["homes"])["reference"]
    before = desk.read(f"/enquiries/{here}/matches")
    assert names(desk, here) == ["Dr Ada Homes", "Dr Ben Homes", "Dr Cat Homes"]
    passed = decided(desk, here, people["ada"], decision="passed_over", reason="too_busy", words="Until June.")
    stands = passed["standing"]
    assert (stands["standing"], stands["rank"], stands["decided_by"]) == ("ranked", 1, "Mo")
    assert stands["score"] == before["items"][0]["score"]
    assert sum(stands["ranking"]["inputs"]["weights"].values()) == 10_000
    assert names(desk, here) == ["Dr Ben Homes", "Dr Cat Homes"]
    after = desk.read(f"/enquiries/{here}/matches")["items"]
    assert after[-1]["conflicts"] == ["Left out by the team: Too busy: Until June."]
    assert after[-1]["decision"]["id"] == stands["id"]
    assert [item["score"] for item in after] == [before["items"][place]["score"] for place in (1, 2, 0)]
    assert names(desk, there) == ["Dr Ada Homes", "Dr Ben Homes", "Dr Cat Homes"], "another brief is not touched"

    second = decided(desk, here, people["ben"], decision="shortlisted")["standing"]
    assert second["rank"] == 2, "passing the first over does not make the second first"

    path = f"{BASE}/enquiries/{here}/shortlist/{people['ada']}"
    first, again = desk.client.delete(path), desk.client.delete(path)
    assert (first.status_code, first.json()["standing"]) == (200, None)
    assert again.json() == first.json()
    [history] = again.json()["history"]
    assert (history["ended_how"], history["ended_by"]) == ("taken_back", "Mo")
    assert names(desk, here) == ["Dr Ada Homes", "Dr Ben Homes", "Dr Cat Homes"]
    assert [each["id"] for each in desk.items(f"/enquiries/{here}/shortlist")] == [second["id"]]
    everything = desk.items(f"/enquiries/{here}/shortlist", history=True, limit=1)
    assert [each["id"] for each in everything] == [stands["id"], second["id"]]


def test_the_same_again_is_one_decision_and_another_must_name_what_it_replaces(
    desk: Desk, opened: House, people: dict[str, str]
) -> None:
    reference = desk.record(topics=["homes"])["reference"]
    first = decided(desk, reference, people["ada"], decision="shortlisted")["standing"]
    assert decided(desk, reference, people["ada"], decision="shortlisted")["standing"]["id"] == first["id"]
    other = Desk(opened.client("service_lead"))
    passing = {"decision": "passed_over", "reason": "known_conflict"}
    for unseen in ({}, {"replaces": str(uuid4())}):
        refused = put(other, reference, people["ada"], **passing, **unseen)
        assert (refused.status_code, refused.json()["standing"]) == (409, first["id"])
        assert "has shortlisted Dr Ada Homes already" in refused.json()["detail"]
    found = decided(other, reference, people["ada"], **passing, replaces=first["id"])
    assert [each["ended_how"] for each in found["history"]] == [None, "replaced"]
    stale = put(desk, reference, people["ben"], decision="shortlisted", replaces=first["id"])
    assert stale.status_code == 409
    assert "taken back meanwhile" in stale.json()["detail"]
    trail = [entry["action"] for entry in desk.items("/audit") if entry["subject"] == f"researcher:{people['ada']}"]
    assert sorted(trail)[-2:] == ["pass_over", "shortlist"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"decision": "passed_over"}, "give a reason"),
        ({"decision": "passed_over", "reason": "other"}, "in words"),
        ({"decision": "shortlisted", "reason": "too_busy"}, "leave reason and words out"),
        ({"decision": "passed_over", "reason": "dull"}, "dull"),
    ],
)
def test_a_decision_says_why_in_the_words_there_are(
    desk: Desk, people: dict[str, str], body: dict[str, str], sentence: str
) -> None:
    answer = put(desk, desk.record(topics=["homes"])["reference"], people["ada"], **body)
    assert answer.status_code == 422
    assert sentence in answer.text or sentence == "dull"


def test_nobody_decides_of_the_unknown_the_merged_or_what_is_closed(
    desk: Desk, opened: House, people: dict[str, str]
) -> None:
    reference = desk.record(topics=["homes"])["reference"]
    assert put(desk, reference, str(uuid4()), decision="shortlisted").status_code == 404
    newcastle = opened.client("university", organisation="Newcastle University")
    twin = listed(newcastle, "Dr Ada Homes", 1, email="ada@newcastle.example")
    decided(desk, reference, twin, decision="passed_over", reason="wrong_topic")
    kept, other = UUID(people["ada"]), UUID(twin)
    opened.database.transact(lambda unit: merging.merge_researchers(unit, opened.ctx(), kept, other, across=True))
    merged = put(desk, reference, twin, decision="shortlisted")
    assert (merged.status_code, merged.json()["existing"]) == (409, people["ada"])
    assert names(desk, reference, left_out=True) == ["Dr Ada Homes"], "what was decided of one holds for both"
    journey = Journey(opened.database, opened.clock).accepted()
    journey.act(c.Close(outcome=Outcome.WITHDRAWN, reason="They said so.", wording="As you asked."))
    closed = put(desk, journey.reference, people["ada"], decision="shortlisted")
    assert closed.status_code == 409
    assert "Reopen it first" in closed.json()["detail"]


def test_a_call_and_an_offer_write_down_where_the_lead_stood_and_the_report_tells_it(
    desk: Desk, opened: House, people: dict[str, str]
) -> None:
    journey = Journey(opened.database, opened.clock).submitted(topics=["homes"]).agreed()
    reference = journey.reference
    desk.did(reference, "publish", recipients=[str(journey.universities[2])])
    journey._taken |= {"published"}
    journey.interested(journey.universities[2], lead_researcher_id=UUID(people["ben"]), capacity_days=59).met()
    waivers = [{"guard": guard, "reason": "Known."} for guard in ("preference_recorded", "choice_explained")]
    desk.did(reference, "offer", interest=str(journey.interest_id), waivers=waivers)

    def made(unit: Unit) -> tuple[Offer, RankingSnapshot | None]:
        [offer] = unit.exec(select(Offer)).all()
        return offer, unit.get(RankingSnapshot, offer.snapshot_id)

    offer, snapshot = opened.database.read(made)
    assert (offer.standing, offer.rank, offer.newcomer) == (Standing.RANKED, 2, False)
    assert snapshot is not None
    assert [each["researcher"] for each in snapshot.first] == [people[name] for name in ("ada", "ben", "cat")]
    decided(desk, reference, people["cat"], decision="passed_over", reason="asked_too_often")
    durham = opened.client("university", organisation="Durham University")
    assert durham.post(f"{BASE}/offers/{offer.id}/accept").status_code == 200

    report = desk.read("/matches/report")
    assert (report["briefs"], report["passed_over"], report["reasons"]["asked_too_often"]) == (1, 1, 1)
    ranks = report["ranks"]
    assert (ranks["chosen"], ranks["ranked"], ranks["median"]) == (1, 1, None)
    assert ranks["top_5"] == {"count": 1, "of": 1, "value": None, "too_few": True}
    band = report["bands"][0]
    assert (band["offers"], band["accepted"], band["unanswered"]) == (1, 1, 0)
    assert report["newcomers"]["shown"] == {"count": 1, "of": 3, "value": None, "too_few": True}
    assert any("Nothing adjusts itself" in rule for rule in report["rules"])
    rows = list(csv.DictReader(io.StringIO(desk.get("/matches/report.csv").text)))
    told = {(row["figure"], row["of"], row["statistic"]): (row["value"], row["too_few"]) for row in rows}
    assert told["acceptance", "1_to_5", "accepted"] == ("1", "false")
    assert told["ranks", "", "median"] == ("", "true")
    empty = desk.read("/matches/report", **{"from": "2020-01-01", "to": "2020-02-01"})
    assert (empty["briefs"], empty["ranks"]["chosen"]) == (0, 0)
    backwards = desk.get("/matches/report", **{"from": "2026-02-01", "to": "2026-01-01"})
    assert (backwards.status_code, backwards.json()["errors"][0]["field"]) == (422, "from")


@pytest.mark.usefixtures("people")
def test_an_offer_goes_out_where_no_ranking_is_to_be_had(
    desk: Desk, opened: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = Journey(opened.database, opened.clock).met()
    corpus = opened.app.state.services.corpus

    def fails(*_: Any, **__: Any) -> None:
        raise ValueError("vectors of two models cannot be compared")

    monkeypatch.setattr(corpus, "survey", fails)
    waivers = [{"guard": guard, "reason": "Known."} for guard in ("preference_recorded", "choice_explained")]
    desk.did(journey.reference, "offer", interest=str(journey.interest_id), waivers=waivers)
    report = desk.read("/matches/report")
    assert (report["briefs"], report["ranks"]["chosen"], report["ranks"]["known"]) == (0, 1, 0)


def test_the_console_shortlists_passes_over_and_takes_back(console: House, journey: Journey, manager: Visitor) -> None:
    durham = console.client("university", organisation="Durham University")
    ada = listed(durham, "Dr Ada Homes", 4)
    listed(durham, "Dr Ben Homes", 2)
    journey.submitted(topics=["homes"])
    path = f"/manage/enquiries/{journey.reference}/matches"
    assert "Nothing adjusts itself" in manager.open(path).text
    page = manager.press("Shortlist Dr Ada Homes")
    assert "They are on your shortlist" in page.text
    assert "Dr Ada Homes, Durham University . Shortlisted by" in page.text
    manager.open(f"{path}/{ada}")
    wrong = manager.press("Pass over Dr Ada Homes", {"why": "other"}, status=422)
    assert wrong.errors == ["Say the other reason in words"]
    done = manager.press("Pass over Dr Ada Homes", {"why": "other", "words": "Moves house in May."})
    assert "Left out by the team: Moves house in May." in done.text
    assert "1. Dr Ben Homes" in done.text
    manager.page = wrong
    stale = manager.press("Pass over Dr Ada Homes", {"why": "too_busy"}, status=409)
    assert "has passed over Dr Ada Homes (Moves house in May.) already" in stale.text
    manager.open(f"{path}/{ada}")
    assert "1. Dr Ada Homes" in manager.press("Take back what was decided").text
    history = manager.open(f"{path}/{ada}").text
    assert "Taken back by" in history
    assert "Replaced by" in history
    trail = manager.open("/manage/settings/audit").text
    assert "Passed over" in trail
    report = manager.open("/manage/ranking")
    assert "Nothing adjusts itself by these figures" in report.text
    assert "1 decision was taken back and 1 replaced" in report.text
    assert "/manage/ranking.csv?" in "".join(report.links)
    wrong_period = manager.open("/manage/ranking?from=2026-05-01&to=2026-04-01", status=422)
    assert wrong_period.errors == ["The first day must be before the day after the last"]
