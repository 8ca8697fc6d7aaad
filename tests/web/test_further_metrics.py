"""Further figures through their doors: counted anew by other means, held still by their as_of, and told to whom they are for."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.actions import organisations
from service.actions.organisations import OrganisationChange, OrganisationEntry
from service.records import figures
from service.records.database import Unit
from service.routers.schemas.own_figures import OwnAnswer
from service.routers.schemas.team_figures import (
    AccessAnswer,
    BrokerageAnswer,
    CouncilsAnswer,
    FurtherAnswer,
    ProductsAnswer,
    ReachAnswer,
    ReadinessAnswer,
    RemindersAnswer,
)
from service.working_time import Calendar, working_days_between
from tests.support.clock import HandClock
from tests.support.doors import House, house
from tests.support.journey import Journey
from tests.support.logs import london
from tests.support.several_years import Years

AT = "/api/v1/metrics"
FOR_TEAM = ("reach", "reach/councils", "access", "brokerage", "reminders", "readiness", "products")
AS_OF = "2026-03-31"
ONE_YEAR = {"from": "2025-04-01", "to": "2026-04-01", "as_of": AS_OF}


@pytest.fixture
def service(engine_url: str) -> Iterator[House]:
    """A service on Monday 1 June 2026."""
    with house(engine_url, HandClock(london("2026-06-01 09:00"))) as opened:
        yield opened


def told(client: TestClient, what: str, **parameters: str) -> Any:
    answer = client.get(f"{AT}/{what}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sql(service: House, query: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query of the test's own; instants are given as the database keeps them."""
    as_kept = {
        name: value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) and _is_sqlite(service) else value
        for name, value in parameters.items()
    }
    with service.database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), as_kept)]


def _is_sqlite(service: House) -> bool:
    return service.database.engine.dialect.name == "sqlite"


# ------------------------------------------------------------------------------------------------------ counted otherwise
def test_what_was_recorded_later_changes_no_byte_and_every_number_is_found_by_other_means(service: House) -> None:
    years = Years(seed=7)
    service.database.transact(years.before)
    manager = service.client("manager")
    university = service.client("university", organisation="University 0")
    doors = [(manager, f"{AT}/{what}", {"as_of": AS_OF}) for what in FOR_TEAM]
    doors += [(manager, f"{AT}/{what}", ONE_YEAR) for what in ("access", "brokerage", "reminders", "readiness")]
    doors += [(university, f"{AT}/own", asked) for asked in ({"as_of": AS_OF}, ONE_YEAR)]
    asked = [(client, path + ending, asked) for client, path, asked in doors for ending in ("", ".csv")]
    first = [client.get(path, params=parameters) for client, path, parameters in asked]
    assert {answer.status_code for answer in first} == {200}
    service.database.transact(years.after)
    for (client, path, parameters), before in zip(asked, first, strict=True):
        again = client.get(path, params=parameters)
        assert (again.content, again.headers["etag"]) == (before.content, before.headers["etag"]), path
        held = client.get(path, params=parameters, headers={"If-None-Match": before.headers["etag"]})
        assert held.status_code == 304
        if path.endswith(".csv"):
            assert before.headers["content-type"] == "text/csv; charset=utf-8"
            by_accept = client.get(path.removesuffix(".csv"), params=parameters, headers={"Accept": "text/csv"})
            assert by_accept.content == before.content
    _reach_is_right(service, manager, years)
    _access_is_right(service, manager, years)
    _internal_is_right(service, manager, years)
    _products_are_right(service, manager, years)
    for place in (0, 3):
        client = service.client("university", organisation=f"University {place}")
        _own_is_right(service, client, years, str(years.universities[place]))


def _reach_is_right(service: House, manager: TestClient, years: Years) -> None:
    names = sql(
        service,
        """
        WITH RECURSIVE known AS (
          SELECT r.* FROM register_entry r WHERE r.recorded_at < :closes AND NOT EXISTS (
            SELECT 1 FROM register_entry s
            WHERE s.organisation_id = r.organisation_id AND s.recorded_at < :closes AND s.recorded_at > r.recorded_at)),
        spam AS (SELECT enquiry_id FROM event WHERE outcome = 'spam' AND recorded_at < :closes),
        line (id) AS (
          SELECT organisation_id FROM event
          WHERE organisation_id IS NOT NULL AND recorded_at < :closes AND to_state <> 'draft'
            AND enquiry_id NOT IN (SELECT enquiry_id FROM spam)
          UNION
          SELECT known.succeeded_by_id FROM known JOIN line ON known.organisation_id = line.id
          WHERE known.succeeded_by_id IS NOT NULL)
        SELECT name, coalesce(area, 'not_known'),
          CASE WHEN organisation_id IN (SELECT id FROM line) THEN 1 ELSE 0 END
        FROM known WHERE kind = 'council' AND succeeded_by_id IS NULL ORDER BY lower(name)
        """,
        closes=years.closes,
    )
    assert 0 < sum(heard for _, _, heard in names) < len(names)
    total = told(manager, "reach", as_of=AS_OF)["total"]
    assert (total["on_register"], total["heard_from"]) == (len(names), sum(heard for _, _, heard in names))
    never = [name for name, _, heard in names if not heard]
    assert [each["name"] for each in told(manager, "reach/councils", as_of=AS_OF)["items"]] == never
    for area in told(manager, "reach", as_of=AS_OF)["groups"]:
        heard = [heard for _, where, heard in names if where == area["key"]]
        assert area["on_register"] == len(heard)
        if not area["suppressed"]:
            assert (area["heard_from"], area["never"]) == (sum(heard), len(heard) - sum(heard))


def _access_is_right(service: House, manager: TestClient, years: Years) -> None:
    rows = sql(
        service,
        """
        WITH open AS (
          SELECT e.*, SUM(CASE WHEN to_state = 'closed' AND machine = 'enquiry' THEN 1 ELSE 0 END)
            OVER (PARTITION BY enquiry_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS closings
          FROM event e WHERE recorded_at < :closes),
        last AS (
          SELECT o.*, ROW_NUMBER() OVER (PARTITION BY enquiry_id ORDER BY seq DESC) AS place
          FROM open o WHERE coalesce(closings, 0) = 0),
        asked AS (
          SELECT last.enquiry_id, last.organisation_id, coalesce(last.area, 'not_known') AS area, last.sector, q.submitted_at
          FROM last JOIN enquiry q ON q.id = last.enquiry_id
          WHERE last.place = 1 AND (last.outcome IS NULL OR last.outcome <> 'spam')),
        told AS (
          SELECT asked.*, ROW_NUMBER() OVER (PARTITION BY organisation_id ORDER BY submitted_at, enquiry_id) AS turn FROM asked)
        SELECT area, COUNT(*), COUNT(DISTINCT organisation_id),
          SUM(CASE WHEN sector = 'council_public_health' THEN 1 ELSE 0 END),
          SUM(CASE WHEN sector = 'council_other' THEN 1 ELSE 0 END),
          SUM(CASE WHEN sector IS NULL THEN 1 ELSE 0 END),
          SUM(CASE WHEN turn = 1 AND organisation_id IS NOT NULL THEN 1 ELSE 0 END),
          SUM(CASE WHEN organisation_id IS NULL THEN 1 ELSE 0 END)
        FROM told WHERE submitted_at >= :start GROUP BY area
        """,
        closes=years.closes,
        start=london("2025-04-01 00:00"),
    )
    answer = told(manager, "access", **ONE_YEAR)
    names = ("submitted", "bodies", "public_health", "other_department", "not_known", "first_time", "body_not_known")
    shown = {each["key"]: tuple(each[name] for name in names) for each in answer["groups"] if each["submitted"]}
    assert shown == {area: tuple(numbers) for area, *numbers in rows}
    for cell in (answer["total"], *answer["groups"]):
        askers = ("public_health", "other_department", "other_bodies", "not_known")
        assert sum(cell[name] for name in askers) == cell["submitted"]
        assert cell["first_time"] + cell["returning"] + cell["body_not_known"] == cell["submitted"]
    assert answer["total"]["submitted"] == sum(row[1] for row in rows)


def _internal_is_right(service: House, manager: TestClient, years: Years) -> None:
    window = {"start": london("2025-04-01 00:00"), "closes": years.closes}
    logged = sql(
        service,
        """
        SELECT coalesce(state, 'not_noted'), SUM(minutes) FROM entry
        WHERE minutes IS NOT NULL AND recorded_at >= :start AND recorded_at < :closes GROUP BY 1
        """,
        **window,
    )
    per_enquiry = sql(
        service,
        """
        SELECT SUM(minutes) FROM entry
        WHERE minutes IS NOT NULL AND recorded_at >= :start AND recorded_at < :closes GROUP BY enquiry_id ORDER BY 1
        """,
        **window,
    )
    brokerage = told(manager, "brokerage", **ONE_YEAR)
    total = brokerage["total"]
    assert {state: minutes for state, minutes in total["by_state"].items() if minutes} == dict(logged)
    assert (total["minutes"], total["enquiries"]) == (sum(m for (m,) in per_enquiry), len(per_enquiry))
    median = next(m for place, (m,) in enumerate(per_enquiry, 1) if place >= len(per_enquiry) / 2)
    assert total["per_enquiry"]["median"] == median
    assert [month["key"] for month in brokerage["groups"]][::11] == ["2025-04", "2026-03"]
    assert sum(month["minutes"] for month in brokerage["groups"]) == total["minutes"]

    fates = sql(
        service,
        "SELECT rule, fate, COUNT(*) FROM reminder_fate WHERE recorded_at >= :start AND recorded_at < :closes GROUP BY 1, 2",
        **window,
    )
    answer = told(manager, "reminders", **ONE_YEAR)
    shown = [(each["key"], fate, n) for each in answer["groups"] for fate, n in each["fates"].items() if n]
    assert sorted(shown) == sorted(fates)
    good = sum(n for _, fate, n in fates if fate in {"met_before_due", "sent_on_time", "sent_as_put_off"})
    bad = sum(n for _, fate, n in fates if fate in {"sent_late", "stopped_once_due"})
    assert answer["total"]["met"] == round(good / (good + bad), 4)

    published = [
        json.loads(data) if isinstance(data, str) else data
        for (data,) in sql(
            service,
            "SELECT data FROM event WHERE event = 'publish' AND recorded_at >= :start AND recorded_at < :closes",
            **window,
        )
    ]
    noted = [data["readiness"] for data in published if "readiness" in data]
    ready = told(manager, "readiness", **ONE_YEAR)["total"]
    assert (ready["published"], ready["not_noted"]) == (len(published), len(published) - len(noted))
    assert (ready["ready"], ready["advised"]) == (
        sum(not each["advised"] for each in noted),
        sum(bool(each["advised"]) for each in noted),
    )
    assert sum(ready["sections"].values()) == sum(len(each["advised"]) for each in noted)


def _products_are_right(service: House, manager: TestClient, years: Years) -> None:
    def calendar(unit: Unit) -> Any:
        return figures.calendars_before(unit, years.closes, "england_and_wales")

    calendars = service.database.read(calendar)
    rows = sql(
        service,
        """
        SELECT s.data, s.area, s.recorded_at, e.recorded_at, e.to_state
        FROM event s LEFT JOIN event e ON e.project_id = s.project_id AND e.event <> 'start' AND e.recorded_at < :closes
        WHERE s.event = 'start' AND s.recorded_at < :closes
        """,
        closes=years.closes,
    )
    spells: dict[str, list[tuple[float, bool]]] = {}
    for data, area, start, end, state in rows:
        product = (json.loads(data) if isinstance(data, str) else data).get("product")
        if product:
            until = _instant(end) if end else years.closes
            days = working_days_between(_instant(start), until, _of(calendars, area))
            spells.setdefault(product, []).append((days, state == "delivered"))
    assert "our_own" in spells
    shown = {each["key"]: each for each in told(manager, "products", as_of=AS_OF)["items"]}
    assert shown["rapid_review"]["typical"], shown["rapid_review"]["long"] == (60, 90)
    for product, found in spells.items():
        each = shown[product]
        delivered = sum(done for _, done in found)
        assert (each["delivered"], each["unfinished"] + each["stopped"]) == (delivered, len(found) - delivered)
        assert each["suppressed"] is (delivered < 5)
        assert each["median"] == (_median_by_hand(found) if delivered >= 5 else None)
    assert {each["delivered"] for key, each in shown.items() if key not in spells} == {0}


def _median_by_hand(found: list[tuple[float, bool]]) -> float | None:
    """Return the product-limit median: each delivery takes its share of those that still stand."""
    standing = 1.0
    for days, done in sorted(found, key=lambda spell: (spell[0], not spell[1])):
        at_risk = sum(other >= days for other, _ in found)
        if done:
            standing *= 1 - 1 / at_risk
        if standing <= 0.5 + 1e-9:
            return round(days, 2)
    return None


def _instant(kept: Any) -> datetime:
    found = datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    return found if found.tzinfo else london("2026-01-01 00:00").replace(
        year=found.year, month=found.month, day=found.day, hour=found.hour, minute=found.minute, second=found.second,
        microsecond=found.microsecond,
    )  # fmt: skip


def _of(calendars: Any, area: str | None) -> Calendar:
    found: Calendar = calendars.of_area(area)
    return found


def _own_is_right(service: House, client: TestClient, years: Years, university: str) -> None:
    rows = [
        (enquiry, seq, event, _instant(at), json.loads(data) if isinstance(data, str) else data, state)
        for enquiry, seq, event, at, data, state in sql(
            service,
            "SELECT enquiry_id, seq, event, recorded_at, data, to_state FROM event WHERE recorded_at < :closes ORDER BY seq",
            closes=years.closes,
        )
    ]
    sent = [row for row in rows if university in row[4].get("recipients", ())]
    calls = []
    for enquiry, seq, _, at, _, _ in sent:
        next_one = min((row[1] for row in sent if row[0] == enquiry and row[1] > seq), default=1 << 60)
        mine = [
            row
            for row in rows
            if row[0] == enquiry and seq < row[1] < next_one and row[4].get("organisation") == university
        ]
        calls.append((at, mine, {row[4]["interest"] for row in mine if "interest" in row[4]}, enquiry))
    offered = {
        row[4]["offer"]: row[4]["interest"] for row in rows if row[2] == "offer"
    }  # fmt: skip
    for asked, start in (({"as_of": AS_OF}, london("2000-01-01 00:00")), (ONE_YEAR, london("2025-04-01 00:00"))):
        answer = told(client, "own", **asked)
        within = [call for call in calls if call[0] >= start]
        interests = {interest for _, _, found, _ in within for interest in found}
        total = answer["total"]
        assert total["calls"] == len(within) == total["with_interest"] + total["declined"] + total["unanswered"]
        assert total["with_interest"] == sum(bool(found) for _, _, found, _ in within)
        assert total["interests"] == len(interests)
        late = [row for _, mine, _, _ in within for row in mine if row[4].get("late")]
        assert total["late_interests"] == len(late)
        declined = [
            mine for _, mine, found, _ in within if not found and any(row[2] == "recipient_declined" for row in mine)
        ]
        assert total["declined"] == len(declined) == sum(total["declines"].values())
        assert total["offers"] == sum(interest in interests for interest in offered.values())
        accepted = [row for row in rows if row[2] == "accept_offer" and offered[row[4]["offer"]] in interests]
        assert total["offers_accepted"] == len(accepted)
        commissioned = [row for _, mine, _, _ in within for row in mine if row[2] == "commission"]
        assert total["projects"]["commissioned"] == len(commissioned)
        assert total["time_to_answer"]["answered"] == sum(
            any(row[2] in {"interest", "recipient_declined"} for row in mine) for _, mine, _, _ in within
        )
        everybody = [
            (row[3], one)
            for row in rows
            for one in row[4].get("recipients", ())
            if row[3] >= start and one != university
        ]
        if not answer["others"]["suppressed"]:
            assert answer["others"]["calls"] == len(everybody)
            assert answer["others"]["universities"] == len({one for _, one in everybody})
    odd = told(client, "own", **{"from": "2025-05-01", "to": "2026-04-01", "as_of": AS_OF})
    assert odd["others"] == dict.fromkeys(odd["others"]) | {"suppressed": True}


# ------------------------------------------------------------------------------------------------------------ real journeys
def test_real_work_leaves_what_the_figures_read(engine_url: str) -> None:
    with house(engine_url, HandClock(london("2026-03-02 09:00"))) as service:
        journey = Journey(service.database, service.clock).submitted(product="rapid_review")
        journey.say("We talked.", kind="call", direction="out", minutes=25)
        journey.commissioned()
        service.clock.set(london("2026-03-23 09:00"))
        journey.delivered()
        service.clock.set(london("2026-04-02 09:00"))
        manager = service.client("manager")
        total = told(manager, "brokerage")["total"]
        assert (total["minutes"], total["by_state"]["triage"]) == (25, 25)
        published = told(manager, "readiness")["total"]
        assert (published["published"], published["not_noted"], published["advised"]) == (1, 0, 1)
        assert published["sections"]["scope"] == 1
        item = next(each for each in told(manager, "products")["items"] if each["key"] == "rapid_review")
        assert (item["delivered"], item["suppressed"], item["median"], item["typical"]) == (1, True, None, 60)
        settled = told(manager, "reminders")
        assert settled["total"]["fates"]["met_before_due"] > 0
        assert settled["total"]["settled"] == len(sql(service, "SELECT id FROM reminder_fate"))
        own = told(service.client("university", organisation="Northumbria University"), "own")
        assert (own["total"]["calls"], own["others"]["suppressed"]) == (1, True)


def test_the_register_is_told_as_it_stood(service: House) -> None:
    manager, funder = service.client("manager"), service.client("funder")
    service.clock.set(london("2026-06-10 09:00"))

    def enter(unit: Unit) -> None:
        entry = OrganisationEntry(name="Gateshead Council", kind="council", area="north_east")
        old = organisations.add_organisation(unit, service.ctx(), entry)
        new = organisations.add_organisation(
            unit, service.ctx(), OrganisationEntry(name="Tyne Council", kind="council")
        )
        organisations.change_organisation(unit, service.ctx(), new.id, OrganisationChange(area="london"))
        service.clock.set(london("2026-07-10 09:00"))
        organisations.change_organisation(unit, service.ctx(), old.id, OrganisationChange(succeeded_by="Tyne Council"))

    service.database.transact(enter)
    service.clock.set(london("2026-08-03 09:00"))
    june = told(manager, "reach/councils", as_of="2026-06-30")["items"]
    assert [(each["name"], each["area"]) for each in june] == [
        ("Gateshead Council", "north_east"),
        ("Tyne Council", "london"),
    ]
    assert [each["name"] for each in told(manager, "reach/councils")["items"]] == ["Tyne Council"]
    assert told(funder, "reach", as_of="2026-05-31")["total"]["on_register"] == 0
    assert told(funder, "reach")["total"] == {"on_register": 1, "heard_from": 0, "never": 1, "suppressed": False}
    london_area = next(each for each in told(funder, "reach")["groups"] if each["key"] == "london")
    assert (london_area["on_register"], london_area["never"], london_area["suppressed"]) == (1, None, True)


# -------------------------------------------------------------------------------------------------- questions and answers
def test_nothing_yet_is_zeros_and_what_cannot_be_asked_is_refused(service: House) -> None:
    manager, university = service.client("manager"), service.client("university")
    kinds: tuple[type[FurtherAnswer], ...] = (
        ReachAnswer,
        CouncilsAnswer,
        AccessAnswer,
        BrokerageAnswer,
        RemindersAnswer,
        ReadinessAnswer,
        ProductsAnswer,
    )
    kinds += (OwnAnswer,)
    for what, kind in zip((*FOR_TEAM, "own"), kinds, strict=True):
        client = university if what == "own" else manager
        answer = told(client, what)
        kind.model_validate(answer)
        numbers = [value for value in answer.get("total", {}).values() if isinstance(value, int)]
        assert not any(numbers), what
        assert answer["definition"]["text"]
        rows = list(csv.DictReader(io.StringIO(client.get(f"{AT}/{what}.csv").text, newline="")))
        assert rows or what == "reach/councils"
        assert {row["definition"] for row in rows} <= {answer["definition"]["id"]}
        for wrong in ({"as_of": "2026-05-30"}, {"as_of": "2026-06-30"}, {"group_by": "area"}, {"as_of": "soon"}):
            assert client.get(f"{AT}/{what}", params=wrong).status_code == 422, (what, wrong)
    for what in ("access", "brokerage", "reminders", "readiness"):
        assert manager.get(f"{AT}/{what}", params={"from": "2026-01-02"}).status_code == 422
    for what in ("reach", "reach/councils", "products"):
        assert manager.get(f"{AT}/{what}", params={"from": "2026-01-01"}).status_code == 422
    for name in ("university", "organisation", "organisation_id"):
        assert university.get(f"{AT}/own", params={name: "Newcastle University"}).status_code == 422
