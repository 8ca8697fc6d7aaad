"""A university's figures on its own pages: the same numbers as at its door, and never another's."""

import csv
import io
import re

from tests.support.clock import HandClock
from tests.support.doors import house
from tests.support.journey import Cast
from tests.support.logs import london
from tests.support.several_years import Years
from tests.support.visiting import Visitor

CONTACT = "calls@university.example"


def test_the_page_shows_what_the_door_tells(sqlite_url: str) -> None:
    with house(sqlite_url, HandClock(london("2026-04-01 09:00"))) as opened:
        years = Years(seed=3, enquiries=150)
        opened.database.transact(years.before)
        Cast(opened.database, opened.clock).person(
            CONTACT, name="Cal Contact", organisation_id=years.universities[0], is_contact=True
        )
        visitor = Visitor(opened)
        visitor.sign_in(CONTACT)
        machine = opened.client("university", organisation="University 0")
        assert "/partner/figures" in visitor.client.get("/partner").text
        for period, asked in (("all", {}), ("year", {"from": "2025-04-01"})):
            answer = machine.get("/api/v1/metrics/own", params=asked).json()
            others = answer["others"]
            assert others["suppressed"] is False
            cells = _cells(visitor.client.get(f"/partner/figures?period={period}").text)
            own = answer["total"]
            assert cells["Calls sent"] == [str(own["calls"]), str(others["calls"])]
            assert cells["Calls for which a team was offered"] == [
                str(own["with_interest"]),
                str(others["with_interest"]),
            ]
            assert cells["Projects commissioned"][0] == str(own["projects"]["commissioned"])
            file = visitor.client.get(f"/partner/figures.csv?period={period}")
            assert file.headers["content-disposition"].startswith("attachment")
            rows = {
                (row["group"], row["of"], row["statistic"]): row["value"]
                for row in csv.DictReader(io.StringIO(file.text, newline=""))
            }
            assert rows["", "", "calls"] == str(own["calls"])
            assert rows["others", "", "universities"] == "7"
            assert rows["", "declines", "no_capacity"] == str(own["declines"]["no_capacity"])
        years_apart = visitor.client.get("/partner/figures?period=nonsense").text
        assert _cells(years_apart) == _cells(visitor.client.get("/partner/figures").text)


def test_where_too_few_others_answered_nothing_of_them_is_shown(sqlite_url: str) -> None:
    with house(sqlite_url, HandClock(london("2026-04-01 09:00"))) as opened:
        years = Years(seed=3, enquiries=30, partners=5)
        opened.database.transact(years.before)
        Cast(opened.database, opened.clock).person(
            CONTACT, name="Cal Contact", organisation_id=years.universities[0], is_contact=True
        )
        visitor = Visitor(opened)
        visitor.sign_in(CONTACT)
        page = visitor.client.get("/partner/figures").text
        assert "too few of them" in page
        assert {len(cells) for cells in _cells(page).values()} == {1}


def _cells(page: str) -> dict[str, list[str]]:
    """Return the numbers of each row by what stands before them."""
    found = re.findall(r'<th scope="row"[^>]*>([^<]*)</th>(.*?)</tr>', page, re.DOTALL)
    return {label: [cell.strip() for cell in re.findall(r"<td[^>]*>([^<]*)</td>", rest)] for label, rest in found}
