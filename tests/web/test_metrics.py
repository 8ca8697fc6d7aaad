"""Figures through their door: what they say of a real journey, and that a closed month never changes."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.actions.amend import amend
from service.actions.calendars import add_day
from service.actions.keys import KeyRole
from service.records import events
from service.records.database import Unit
from service.records.tables import CalendarDay, Enquiry, Organisation
from service.routers.schemas.figures import FiguresAnswer, FunnelAnswer, ThroughputAnswer
from service.routers.schemas.further_figures import AgeingAnswer, DemandAnswer, TransitionsAnswer, UniversitiesAnswer
from service.vocabulary import SECTORS
from service.workflows import commands as c
from tests.support.clock import HandClock
from tests.support.doors import House, house
from tests.support.journey import Journey
from tests.support.logs import london

AT = "/api/v1/metrics"
LET_IN: tuple[KeyRole, ...] = ("funder", "manager", "service_lead")
REFUSED: tuple[KeyRole, ...] = ("university", "operator")


@pytest.fixture
def service(engine_url: str) -> Iterator[House]:
    """A service opened on Monday 2 March 2026 at nine."""
    with house(engine_url, HandClock(london("2026-03-02 09:00"))) as opened:
        yield opened


@pytest.fixture
def funder(service: House) -> TestClient:
    """A funder's client, with a key that never expires here."""
    return service.client("funder")


def told(funder: TestClient, what: str = "throughput", **parameters: str) -> Any:
    answer = funder.get(f"{AT}/{what}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def at(service: House, when: str) -> None:
    service.clock.set(london(when))


def asked(service: House, name: str = "Gateshead Council") -> Journey:
    return Journey(service.database, service.clock, organisation=name).submitted()


def close(journey: Journey, outcome: str = "answered", **members: object) -> None:
    told: dict[str, object] = {"answer": "Yes, it does."} if outcome == "answered" else {}
    journey.act(c.Close.model_validate({"outcome": outcome, "reason": "It was.", **told, **members}))


# ---------------------------------------------------------------------------------------------------- what they say


def test_nothing_yet_is_zeros(service: House, funder: TestClient) -> None:
    at(service, "2026-04-10 09:00")
    answer = told(funder)
    assert answer["as_of"] == "2026-03-31"
    assert answer["period"] == {"from": "2026-03-01", "to": "2026-04-01", "months": 1}
    assert (answer["total"]["submitted"], answer["total"]["decided"], answer["groups"]) == (0, 0, [])
    assert answer["total"]["conversion"] == {"numerator": 0, "denominator": 0, "value": None}
    assert set(answer["total"]["exits"].values()) == {0}
    assert (answer["total"]["suppressed"], answer["invented"]) == (False, False)


def test_a_journey_to_a_commissioned_project(service: House, funder: TestClient) -> None:
    journey = asked(service)
    at(service, "2026-03-03 13:00")
    journey.say("We talked.", kind="call", direction="out")
    at(service, "2026-03-04 09:00")
    journey.accepted().briefed()
    at(service, "2026-03-09 09:00")
    journey.sent()
    at(service, "2026-03-11 09:00")
    journey.agreed()
    at(service, "2026-03-12 09:00")
    journey.published()
    at(service, "2026-03-26 09:00")
    journey.contracting()
    at(service, "2026-04-01 09:00")
    journey.commissioned()
    at(service, "2026-05-05 09:00")

    march = told(funder, as_of="2026-03-31")["total"]
    assert (march["submitted"], march["open"], march["decided"], march["commissioned"]) == (1, 1, 0, 0)
    assert march["time_to"]["commissioned"]["still_open"] == 1

    answer = told(funder)
    total = answer["total"]
    assert answer["as_of"] == "2026-04-30"
    assert (total["submitted"], total["open"], total["decided"], total["commissioned"]) == (1, 0, 1, 1)
    assert total["conversion"] == {"numerator": 1, "denominator": 1, "value": 1.0}
    medians = {name: milestone["median"] for name, milestone in total["time_to"].items()}
    assert medians == {
        "first_response": 1.5,
        "agreed_brief": 7.0,
        "published": 8.0,
        "commissioned": 22.0,
        "closed": None,
    }
    assert total["time_to"]["closed"] == {
        "median": None, "p75": None, "p90": None, "not_reached": True, "reached": 0, "still_open": 1, "closed_before": 0,
    }  # fmt: skip
    sign_off = total["time_in_state"]["sign_off"]
    assert (sign_off["median"], sign_off["elapsed"]["median"]) == (3.0, 3.0)
    assert {holder: turn["median"] for holder, turn in sign_off["waiting_on"].items()} == {"enquirer": 2.0, "team": 1.0}
    assert total["time_in_state"]["commissioned"]["still_open"] == 1

    stages = told(funder, "funnel")["total"]["stages"]
    assert [stage["reached"] for stage in stages] == [1] * 10


def test_exits_spam_and_reopening(service: House, funder: TestClient) -> None:
    answered, spam = asked(service), asked(service)
    close(answered)
    close(spam, "spam")
    at(service, "2026-04-02 09:00")
    answered.act(c.Reopen(reason="They asked again."))
    at(service, "2026-05-01 09:00")
    march, april = told(funder, as_of="2026-03-31")["total"], told(funder)["total"]
    for total in (march, april):
        assert (total["submitted"], total["decided"], total["open"], total["spam"]) == (1, 1, 0, 1)
        assert total["exits"]["answered"] == 1
        assert "spam" not in total["exits"]
    assert (march["reopened"], april["reopened"]) == (0, 1)


def test_time_on_hold_is_apart(service: House, funder: TestClient) -> None:
    journey = asked(service).accepted()
    at(service, "2026-03-03 09:00")
    journey.act(c.Hold.model_validate({"until": "2026-03-20", "reason": "Elections."}))
    at(service, "2026-03-10 09:00")
    journey.act(c.Resume())
    at(service, "2026-03-11 09:00")
    close(journey)
    at(service, "2026-04-01 09:00")
    scoping = told(funder)["total"]["time_in_state"]["scoping"]
    assert (scoping["median"], scoping["elapsed"]["median"]) == (2.0, 9.0)
    assert scoping["held"] == {"stays": 1, "working_days": 5.0}


def test_every_figure_names_a_definition_that_is_told(service: House, funder: TestClient) -> None:
    at(service, "2026-04-01 09:00")
    answer = told(funder)
    definitions = {item["id"]: item for item in told(funder, "definitions")["items"]}
    assert answer["definition"]["id"] == "throughput/1"
    assert answer["definition"]["href"] == f"{AT}/definitions"
    assert set(answer["definition"]["figures"].values()) <= set(definitions)
    assert answer["definition"]["suppression_threshold"] == 5
    figures = set(answer["total"]) - {"time_to", "suppressed"}
    assert figures <= set(answer["definition"]["figures"])
    assert {f"time_to.{name}" for name in answer["total"]["time_to"]} <= set(answer["definition"]["figures"])


# --------------------------------------------------------------------------------------------- closed months stand still


def test_a_closed_month_never_changes(service: House, funder: TestClient) -> None:
    first, second = asked(service), asked(service, "Newcastle City Council")
    at(service, "2026-03-20 09:00")
    first.accepted()
    close(second)
    at(service, "2026-04-01 09:00")
    questions = (f"{AT}/throughput", f"{AT}/throughput.csv", f"{AT}/funnel", f"{AT}/funnel.csv")
    before = {at: funder.get(at, params={"as_of": "2026-03-31"}) for at in questions}
    assert all(answer.status_code == 200 for answer in before.values())

    changes: list[Callable[[], object]] = [
        lambda: _record_late(service, first),
        lambda: asked(service, "Durham County Council"),
        first.briefed,
        lambda: second.act(c.Reopen(reason="They asked again.")),
        lambda: close(first, "withdrawn"),
        lambda: _add_day_off(service, "2026-03-10"),
        lambda: _take_days_off_back(service),
        lambda: _proclaim_late(service),
    ]
    for change in changes:
        service.clock.move(hours=1)
        change()
        for address, answer in before.items():
            again = funder.get(address, params={"as_of": "2026-03-31"})
            assert again.content == answer.content
            assert again.headers["etag"] == answer.headers["etag"]
    at(service, "2026-09-01 09:00")
    assert all(
        funder.get(address, params={"as_of": "2026-03-31"}).content == answer.content
        for address, answer in before.items()
    )
    assert told(funder)["total"]["submitted"] == 3


def _add_day_off(service: House, day: str) -> None:
    manager = service.client("manager")
    for nation in ("england_and_wales", "scotland"):
        answer = manager.post("/api/v1/calendar-days", json={"nation": nation, "day": day, "name": "Proclaimed"})
        assert answer.status_code == 201, answer.text


def _take_days_off_back(service: House) -> None:
    def work(unit: Unit) -> None:
        for row in unit.exec(select(CalendarDay)):
            row.removed_at = service.clock.now()

    service.database.transact(work)


def _record_late(service: House, journey: Journey) -> None:
    """A request of the last minute of March that is committed only now: it may not slip in behind a settled month."""
    late = replace(service.ctx(), now=london("2026-03-31 23:59"))

    def work(unit: Unit) -> None:
        enquiry = unit.get(Enquiry, journey.enquiry_id)
        assert enquiry is not None
        events.append(unit, late, enquiry, "begin_brief", from_state="scoping", to_state="drafting")

    service.database.transact(work)


def _proclaim_late(service: House) -> None:
    """The same for a day off."""
    late = replace(service.ctx(), now=london("2026-03-31 23:59"))
    service.database.transact(lambda unit: add_day(unit, late, "england_and_wales", date(2026, 3, 11), "Proclaimed"))


def test_an_open_month_settles_at_its_midnight_and_not_before(service: House, funder: TestClient) -> None:
    asked(service)
    at(service, "2026-03-31 23:59")
    assert funder.get(f"{AT}/throughput", params={"as_of": "2026-03-31"}).status_code == 422
    assert told(funder)["as_of"] == "2026-02-28"
    assert told(funder)["total"]["submitted"] == 0
    at(service, "2026-04-01 00:00")
    asked(service)
    assert told(funder)["total"]["submitted"] == 1


def test_whoever_holds_the_answer_gets_304(service: House, funder: TestClient) -> None:
    asked(service)
    at(service, "2026-04-01 09:00")
    answer = funder.get(f"{AT}/throughput")
    tag = answer.headers["etag"]
    assert tag.startswith('"')
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = funder.get(f"{AT}/throughput", headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert funder.get(f"{AT}/throughput", headers={"If-None-Match": '"other"'}).status_code == 200
    as_csv = funder.get(f"{AT}/throughput", headers={"If-None-Match": tag, "Accept": "text/csv"})
    assert as_csv.status_code == 200
    assert "Accept" in as_csv.headers["vary"]


# ------------------------------------------------------------------------------------------------------ refusals, shapes


REFUSALS: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"as_of": "2026-04-30"}, "as_of", "not over yet"),
    ({"as_of": "2026-03-30"}, "as_of", "not the last day of a month"),
    ({"as_of": "March"}, "as_of", ""),
    ({"from": "2026-03-02"}, "from", "not the first day of a month"),
    ({"to": "2026-03-31"}, "to", "not the first day of a month"),
    ({"from": "2026-04-01"}, "from", "after as_of"),
    ({"from": "2026-03-01", "to": "2026-03-01"}, "from", "no month"),
    ({"from": "0000-01-01"}, "from", ""),
    ({"to": "9999-12-31"}, "to", ""),
    ({"group_by": "shoe_size"}, "group_by", ""),
    ({"form": "2026-03-01"}, "form", "There is no parameter form"),
)


def test_questions_that_cannot_be_answered_are_refused(service: House, funder: TestClient) -> None:
    at(service, "2026-04-10 09:00")
    for parameters, field, words in REFUSALS:
        for what in ("throughput", "throughput.csv", "funnel"):
            answer = funder.get(f"{AT}/{what}", params=parameters)
            assert answer.status_code == 422, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["errors"][0]["field"] == field
            assert words in answer.json()["detail"]


def test_a_question_about_long_ago_is_answered(service: House, funder: TestClient) -> None:
    at(service, "2026-04-10 09:00")
    answer = told(funder, **{"from": "1900-01-01", "to": "2199-12-01", "as_of": "1900-01-31"})
    assert (answer["period"]["months"], answer["total"]["submitted"]) == (1, 0)


def test_the_doors_are_for_funders_managers_and_leads(service: House) -> None:
    at(service, "2026-04-10 09:00")
    for what in ("throughput", "throughput.csv", "funnel", "funnel.csv", "definitions", "definitions.csv"):
        assert service.visitor().get(f"{AT}/{what}").status_code == 401
        for role in REFUSED:
            assert service.client(role).get(f"{AT}/{what}").status_code == 403
        for role in LET_IN:
            assert service.client(role).get(f"{AT}/{what}").status_code == 200


def test_a_short_period_with_few_is_withheld_and_says_so(service: House, funder: TestClient) -> None:
    asked(service)
    at(service, "2026-04-02 09:00")
    asked(service)
    at(service, "2026-05-02 09:00")
    answer = told(funder, to="2026-04-01")
    total = answer["total"]
    assert answer["period"] == {"from": "2026-03-01", "to": "2026-04-01", "months": 1}
    assert total.pop("suppressed") is True
    assert set(total.values()) == {None}
    assert told(funder, "funnel", to="2026-04-01")["total"] == {"submitted": None, "stages": None, "suppressed": True}
    assert told(funder)["total"]["suppressed"] is False
    shown = rows(funder.get(f"{AT}/throughput.csv", params={"to": "2026-04-01"}))
    assert {(row["value"], row["suppressed"]) for row in shown} == {("", "true")}


def test_a_year_is_never_withheld(service: House, funder: TestClient) -> None:
    asked(service)
    at(service, "2027-07-02 09:00")
    asked(service)
    at(service, "2027-08-02 09:00")
    year = told(funder, **{"from": "2026-08-01"})
    assert (year["period"]["months"], year["total"]["submitted"], year["total"]["suppressed"]) == (12, 1, False)


def test_csv_holds_the_numbers_of_the_json(service: House, funder: TestClient) -> None:
    journey = asked(service)
    at(service, "2026-03-04 09:00")
    close(journey)
    at(service, "2026-04-02 09:00")
    total = told(funder)["total"]
    shown = rows(funder.get(f"{AT}/throughput.csv"))
    assert shown == rows(funder.get(f"{AT}/throughput", headers={"Accept": "text/csv"}))
    assert {(row["group_by"], row["group"]) for row in shown} == {("", "")}
    by_place = {(row["figure"], row["of"], row["by"], row["statistic"]): row for row in shown}
    assert len(by_place) == len(shown)
    assert by_place["submitted", "", "", "count"]["value"] == str(total["submitted"]) == "1"
    assert by_place["exits", "answered", "", "count"]["value"] == "1"
    assert by_place["conversion", "", "", "value"]["value"] == "0.0"
    closed = by_place["time_to", "closed", "", "median"]
    assert (closed["value"], closed["unit"], closed["definition"]) == ("2.0", "working days", "time_to.closed/1")
    triage = by_place["time_in_state", "triage", "team", "working_days"]
    assert (triage["value"], triage["definition"]) == ("2.0", "time_in_state/1")
    assert by_place["time_in_state", "triage", "elapsed", "median"]["unit"] == "days"
    assert by_place["time_in_state", "triage", "held", "stays"]["unit"] == "stays"
    assert by_place["time_to", "commissioned", "", "median"]["value"] == ""
    assert {(row["as_of"], row["from"], row["to"], row["invented"]) for row in shown} == {
        ("2026-03-31", "2026-03-01", "2026-04-01", "false")
    }
    funnel = rows(funder.get(f"{AT}/funnel.csv"))
    assert [row["value"] for row in funnel if row["of"] == "scoping"] == ["0", "1", "0"]
    definitions = rows(funder.get(f"{AT}/definitions.csv"))
    assert {row["definition"] for row in shown} <= {row["id"] for row in definitions}


SHAPES: tuple[tuple[str, type[FiguresAnswer]], ...] = (
    ("throughput", ThroughputAnswer),
    ("funnel", FunnelAnswer),
    ("ageing", AgeingAnswer),
    ("demand", DemandAnswer),
    ("universities", UniversitiesAnswer),
    ("transitions", TransitionsAnswer),
)


@pytest.mark.parametrize(("what", "shape"), SHAPES)
def test_the_description_has_an_example_that_fits_and_no_parameter_that_is_refused(
    service: House, funder: TestClient, what: str, shape: type[FiguresAnswer]
) -> None:
    at(service, "2026-04-02 09:00")
    description = service.app.openapi()
    [example] = description["components"]["schemas"][shape.__name__]["examples"]
    assert shape.model_validate(example).model_dump(mode="json") == example
    answer = told(funder, what)
    assert shape.model_validate(answer).model_dump(mode="json") == answer
    assert set(answer) == set(example)
    assert set(answer["total"]) == set(example["total"])
    route = description["paths"][f"{AT}/{what}"]["get"]
    names = {"from", "to", "as_of", *(["group_by"] if what == "throughput" else [])}
    assert {parameter["name"] for parameter in route["parameters"]} == names
    assert set(route["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    assert set(description["paths"][f"{AT}/{what}.csv"]["get"]["responses"]["200"]["content"]) == {"text/csv"}


def test_working_days_are_those_of_the_enquirer_s_nation(service: House, funder: TestClient) -> None:
    journey = Journey(service.database, service.clock, organisation="Scottish Borders Council")

    def move(unit: Unit) -> None:
        council = unit.get(Organisation, journey.council_id)
        assert council is not None
        council.area = "scotland"

    service.database.transact(move)
    at(service, "2026-04-02 09:00")
    journey.submitted()
    at(service, "2026-04-08 09:00")
    close(journey)
    at(service, "2026-05-01 09:00")
    # Over Good Friday; Easter Monday is worked in Scotland, as far as the national list goes.
    assert told(funder)["total"]["time_to"]["closed"]["median"] == 3.0


def test_groups_stand_beside_the_total_and_small_ones_are_withheld(service: House, funder: TestClient) -> None:
    for sector, count in (("nhs", 5), ("council_other", 6), ("police_fire", 2), ("business", 3)):
        for _ in range(count):
            journey = Journey(service.database, service.clock).submitted()
            facts = {"sector": sector, "topics": ["homes", "ageing"]}
            service.database.transact(partial(amend, ctx=journey.ctx(), enquiry_id=journey.enquiry_id, facts=facts))
    at(service, "2026-04-02 09:00")
    answer = told(funder, group_by="sector")
    groups = {group["key"]: group for group in answer["groups"]}
    assert (answer["group_by"], answer["total"]["submitted"], set(groups)) == ("sector", 16, {*SECTORS, "not_known"})
    assert {key: group["submitted"] for key, group in groups.items() if group["submitted"] is not None} == {
        "nhs": 5,
        "council_other": 6,
    }
    assert all(group["suppressed"] for group in groups.values())
    shown = rows(funder.get(f"{AT}/throughput.csv", params={"group_by": "sector"}))
    assert [
        (row["group_by"], row["value"]) for row in shown if (row["group"], row["figure"]) == ("nhs", "submitted")
    ] == [("sector", "5")]
    # Everybody asks about homes and ageing, so what is known of all would be known of them: nothing is told.
    assert {group["submitted"] for group in told(funder, group_by="topic")["groups"]} == {None}
    assert told(funder, group_by="university")["groups"] == []
    assert [(group["key"], group["submitted"]) for group in told(funder, group_by="month")["groups"]] == [
        ("2026-03", 16)
    ]
    assert [group["key"] for group in told(funder, group_by="quarter")["groups"]] == ["2026-Q1"]
    refused = funder.get(f"{AT}/funnel", params={"group_by": "sector"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "group_by")


def test_every_route_to_figures_is_one_whose_secrets_were_thought_of(service: House, funder: TestClient) -> None:
    """Those by group are asked for in tests/rules/test_throughput_attacker.py, reach in test_throughput_reach.py."""
    paths = {path for path in service.app.openapi()["paths"] if path.startswith(f"{AT}/")}
    for_funders = {path for path in paths if funder.get(path).status_code != 403}
    told = {what for what, _ in SHAPES} | {"definitions", "reach"}
    assert for_funders == {f"{AT}/{what}{ending}" for what in told for ending in ("", ".csv")}
    assert {path for path in paths - for_funders if not path.endswith(".csv")} == {
        f"{AT}/{what}"
        for what in ("reach/councils", "access", "brokerage", "reminders", "readiness", "products", "own")
    }


def test_further_figures_of_one_journey(service: House, funder: TestClient) -> None:
    asked(service)
    close(asked(service), "missed_window")
    Journey(service.database, service.clock).interested().commissioned()
    at(service, "2026-04-01 09:00")
    ageing = told(funder, "ageing")["total"]
    open_in = {state["state"]: state for state in ageing["states"] if state["open"]}
    assert (ageing["submitted"], ageing["open"], set(open_in)) == (3, 2, {"triage", "commissioned"})
    assert sum(open_in["triage"]["ages"].values()) == 1
    demand = told(funder, "demand")
    assert (demand["total"]["unmet"], demand["total"]["reasons"]["missed_window"]) == (1, 1)
    assert {topic["unmet"] for topic in demand["groups"]} == {None}
    answers = told(funder, "universities")["total"]
    assert (answers["called"], answers["with_interest"], answers["without_interest"]) == (1, 1, 0)
    assert (answers["offers"], answers["offers_accepted"], answers["offers_declined"]) == (1, 1, 0)
    moves = {(move["from"], move["to"]): move["count"] for move in told(funder, "transitions")["total"]["transitions"]}
    assert (moves["draft", "triage"], moves["contracting", "commissioned"]) == (3, 1)
    for what, figure in (("ageing", "open"), ("demand", "unmet"), ("universities", "called"), ("transitions", "count")):
        shown = rows(funder.get(f"{AT}/{what}.csv"))
        assert f"{what}/1" in {row["definition"] for row in shown if row["statistic"] == figure}
        assert all(row["definition"].startswith((what, "submitted")) for row in shown)
        again = funder.get(f"{AT}/{what}")
        assert again.content == funder.get(f"{AT}/{what}", params={"as_of": "2026-03-31"}).content
        assert again.headers["etag"].startswith('"')
    asked(service)
    short = told(funder, "ageing", **{"from": "2026-03-01", "to": "2026-04-01", "as_of": "2026-03-31"})
    assert short["total"]["suppressed"] is False
