"""Figures for everybody: what the pages, the files and the reports say is what the API says, and nothing small is told."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pypdf import PdfReader

from service import typesetting
from service.__main__ import main
from service.actions.history import import_history
from service.charts.bars import bars
from service.charts.chart import Row
from service.errors import Problem
from service.records import calendars, installation
from service.routers.figures import asking
from service.routers.figures.report import paper
from service.sources.history_rows import read_history
from service.throughput.definitions import DEFINITION_IDS
from service.typesetting import typeset
from tests.support.clock import HandClock
from tests.support.doors import MANAGER, House, house
from tests.support.logs import london
from tests.support.past import log_of
from tests.support.several_years import Years
from tests.support.visiting import Visitor

API = "/api/v1/metrics"
LATER = "from=2025-01-01&to=2026-01-01&as_of=2025-12-31"
Tables = dict[str, list[list[str]]]


@pytest.fixture
def service(sqlite_url: str) -> Iterator[House]:
    """A service on Monday 2 March 2026 at nine, with nothing in it."""
    with house(sqlite_url, HandClock(london("2026-03-02 09:00")), staff_emails=MANAGER) as opened:
        opened.database.transact(lambda unit: calendars.write_library(unit, opened.clock.now()))
        yield opened


@pytest.fixture
def busy(service: House, tmp_path: Path) -> House:
    """The same with the log of an earlier service, from November 2024 on."""
    (tmp_path / "log.csv").write_text(log_of(), "utf-8")
    file = read_history(tmp_path / "log.csv", service.clock.now())
    report = service.database.transact(lambda unit: import_history(unit, service.ctx(), file.rows, file.faults))
    assert report.is_accepted, report.rows[-1]
    return service


def tables(html: str) -> Tables:
    """Return the rows of every table of a page by its caption, its header first."""
    found: Tables = {}
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table, re.DOTALL)
        assert caption, "every table says what it is"
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        cells = [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]
        assert unescape(caption[1]) not in found, "no table stands there twice"
        found[unescape(caption[1])] = cells
    return found


def opened(client: TestClient, path: str, status: int = 200) -> Response:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer


def column(table: list[list[str]], number: int = 1) -> list[str]:
    return [row[number] for row in table[1:]]


def said(counts: Mapping[str, Any]) -> list[str]:
    return [f"{count:,}" for count in counts.values()]


def days(value: float | None) -> str:
    return "not reached" if value is None else f"{value:,.1f}".removesuffix(".0")


def check_page(html: str, api: TestClient, query: str) -> None:
    """Check every number of a page against the API's answers to the same question."""

    def told(what: str, more: str = "") -> Any:
        return opened(api, f"{API}/{what}?{query}{more}").json()

    shown, months = tables(html), told("throughput", "&group_by=month")
    total = months["total"]
    expected = [cell["submitted"] for cell in months["groups"]]
    assert column(shown["Enquiries submitted, by month"]) == ["withheld" if n is None else str(n) for n in expected]
    decided, open_, commissioned = total["decided"], total["open"], total["commissioned"]
    assert column(shown["Where the enquiries of this period stand"]) == [str(commissioned), str(decided - commissioned), str(open_)]  # fmt: skip
    assert sorted(column(shown["How enquiries were closed"])) == sorted(said(total["exits"]))
    conversion = total["conversion"]
    assert f"of {conversion['denominator']} enquiries whose fate is known, {conversion['numerator']} became" in html
    stages = [[each["reached"], each["still_before"], each["closed_before"]] for each in told("funnel")["total"]["stages"]]  # fmt: skip
    assert [[int(cell) for cell in row[1:]] for row in shown["How far enquiries got"][1:]] == stages
    times = [
        [*(days(time[each]) for each in ("median", "p75", "p90")), *(str(time[each]) for each in ("reached", "still_open", "closed_before"))]
        for time in total["time_to"].values()
    ]  # fmt: skip
    assert [row[1:] for row in shown["Working days from submission"][1:]] == times
    stays = [[days(stay[each]) for each in ("median", "p75", "p90")] for stay in total["time_in_state"].values()]
    assert [row[1:4] for row in shown["Working days in each stage"][1:]] == stays
    spent = [turn["working_days"] for stay in total["time_in_state"].values() for turn in stay["waiting_on"].values()]
    assert column(shown["Working days spent, by who had the next step"]) == [days(value) for value in spent]
    assert sorted(column(shown["Whether something usable was there in time"])) == sorted(said(total["in_time"]))
    assert column(shown["Confirmed for projects that began"]) == [
        f"£{float(money['amount']):,.0f}" for kind in total["money"].values() for money in kind.values()
    ]
    demand = told("demand")
    assert column(shown["Why it could not be met"]) == said(demand["total"]["reasons"])
    for caption, cells in (
        ("Enquiries by topic", demand["groups"]),
        *((f"Enquiries by {name}", told("throughput", f"&group_by={name}")["groups"]) for name in ("sector", "area")),
    ):
        counts = sorted(cell["submitted"] for cell in cells if cell["submitted"] is not None)
        assert sorted(map(int, column(shown.get(caption, [])))) == counts, caption
        assert min(counts, default=5) >= 5, "nothing small is told of a group"
    universities = told("universities")["total"]
    assert column(shown["Calls and what came of them"])[0] == str(universities["called"])
    assert column(shown["Why universities said no"]) == said(universities["declines"])
    charts = re.findall(r'<svg [^>]*role="img" aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"', html)
    assert len(charts) == len(shown), "each table has its picture, and each picture its table"
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {name for pair in charts for name in pair} <= set(ids)


def test_the_page_says_what_the_api_says_to_everybody(busy: House) -> None:
    visitor, funder = busy.visitor(), busy.client("funder")
    page = opened(visitor, "/figures").text
    check_page(page, funder, "")
    assert "none is left out, and nothing is guessed about how it will end" in page
    assert "Withheld: the number is not told" in page
    assert "invented" not in page
    assert "Sector, withheld:" in page
    year = opened(visitor, f"/figures?{LATER}").text
    check_page(year, funder, LATER)
    assert "as things stood at the end of 31 December 2025" in year
    assert "?from=2025-01-01&amp;to=2026-01-01&amp;as_of=2026-02-28" in year, "and how the same enquiries stand now"
    short = opened(visitor, "/figures?from=2025-03-01&to=2025-05-01").text
    assert set(tables(short)) == {"Enquiries submitted, by month"}
    assert "all but the number submitted is withheld" in short

    manager = Visitor(busy)
    manager.sign_in(MANAGER)
    signed_in = opened(manager.client, "/figures").text
    assert tables(signed_in) == tables(page), "the same whoever reads it"


def test_a_reader_who_has_the_page_is_told_so(busy: House) -> None:
    visitor = busy.visitor()
    first = opened(visitor, "/figures")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    same = visitor.get("/figures", headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert "content-security-policy" not in same.headers, "the nonce of what is kept stands"
    assert visitor.get(f"/figures?{LATER}", headers={"If-None-Match": tag}).status_code == 200
    assert first.headers["content-encoding"] == "gzip"
    plain = visitor.get("/figures", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert tables(plain.text) == tables(first.text)
    manager = Visitor(busy)
    manager.sign_in(MANAGER)
    assert manager.client.get("/figures", headers={"If-None-Match": tag}).status_code == 200, "another's navigation"

    then = opened(visitor, f"/figures?{LATER}").headers["etag"]
    assert visitor.get(f"/figures?{LATER}", headers={"If-None-Match": then}).status_code == 304
    busy.clock.set(london("2026-04-01 09:00"))
    later = visitor.get(f"/figures?{LATER}", headers={"If-None-Match": then})
    assert (later.status_code, "31 March 2026" in later.text) == (200, True), "a month more may be chosen"


def test_every_part_of_a_page_is_in_its_contents_and_every_file_in_its_list(busy: House) -> None:
    manager = Visitor(busy)
    manager.sign_in(MANAGER)
    for html in (opened(busy.visitor(), "/figures").text, manager.open("/manage/figures?group_by=sector").html):
        [contents] = re.findall(r'<nav aria-label="On this page".*?</nav>', html, re.DOTALL)
        parts = re.findall(r'<h2 class="govuk-heading-m" id="([^"]+)">', html)
        assert re.findall(r'href="#([^"]+)"', contents) == parts
        assert len(set(parts)) == len(parts) > 10
    files = opened(busy.visitor(), "/figures").text.partition('id="files"')[2]
    assert set(re.findall(r'href="/figures/([a-z]+)\.csv', files)) == {"throughput", *asking.FILES}


def test_files_need_no_key_and_are_the_apis_own_bytes(busy: House) -> None:
    visitor, funder = busy.visitor(), busy.client("funder")
    for name in ("throughput", "funnel", "demand", "universities", "ageing", "transitions"):
        for query in ("", LATER, *(("group_by=month", "group_by=sector") if name == "throughput" else ())):
            mine, theirs = (opened(client, f"{at}/{name}.csv?{query}") for client, at in ((visitor, "/figures"), (funder, API)))  # fmt: skip
            assert (mine.content, mine.headers["etag"]) == (theirs.content, theirs.headers["etag"])
            assert mine.headers["content-disposition"] == f'attachment; filename="figures-{name}.csv"'
    tag = {"If-None-Match": opened(visitor, f"/figures/funnel.csv?{LATER}").headers["etag"]}
    assert visitor.get(f"/figures/funnel.csv?{LATER}", headers=tag).status_code == 304
    assert opened(visitor, "/figures/definitions.csv").content == opened(funder, f"{API}/definitions.csv").content
    opened(visitor, "/figures/everything.csv", 404)
    for href in re.findall(r'href="(/figures[^"#]*)', unescape(opened(visitor, "/figures").text)):
        opened(visitor, href)


def test_what_cannot_be_answered_is_said_above_the_figures(busy: House) -> None:
    visitor = busy.visitor()
    settled = opened(visitor, "/figures").text
    for path, sentence in {
        "/figures?as_of=2026-02-27": "2026-02-27 is not the last day of a month",
        "/figures?as_of=2027-02-28": "2027-02-28 is not over yet",
        "/figures?from=2025-01-02": "2025-01-02 is not the first day of a month",
        "/figures?from=2025-04-01&to=2025-04-01": "that leaves no month",
        "/figures?to=%3Cscript%3E": "&lt;script&gt; is not a date",
        "/figures?from=99999999999999999999-01-01": "is not a date",
        "/figures?group_by=sector": "These figures are not told by group",
        "/figures?nonsense=1": "There is no parameter nonsense here",
        "/figures/funnel.csv?as_of=2026-02-27": "2026-02-27 is not the last day of a month",
        "/figures/throughput.csv?group_by=university": "cannot be grouped by university here",
        "/figures/2025.pdf?as_of=2025-06-30": "2025-06-30 is before the end of 2025",
        "/figures/2025.pdf?from=2025-01-01": "There is no parameter from here",
    }.items():
        page = opened(visitor, path, 422).text
        assert sentence in page, path
        assert "There is a problem" in page
        assert "<script>alert" not in page
        assert tables(page) == tables(settled), "what everybody sees first is still there"


def test_nothing_yet_is_said_kindly(service: House) -> None:
    visitor = service.visitor()
    page = opened(visitor, "/figures").text
    assert "Nobody has asked anything up to that day" in page
    assert tables(page) == {}
    manager = Visitor(service)
    manager.sign_in(MANAGER)
    assert "Nobody has asked anything up to that day" in manager.open("/manage/figures").text
    assert visitor.get("/figures/2025.pdf").content.startswith(b"%PDF-")


def test_invented_figures_say_so(busy: House) -> None:
    busy.database.transact(lambda unit: installation.mark_demo(unit, "filled"))
    assert "These figures are invented" in opened(busy.visitor(), "/figures").text


def test_the_definitions_are_all_there(service: House) -> None:
    page = opened(service.visitor(), "/figures/definitions").text
    items = opened(service.client("funder"), f"{API}/definitions").json()["items"]
    for each in items:
        assert f"{each['id']}, in {each['unit']}" in page
        assert each["text"] in unescape(page)
    for figure in items[0]["figure"], "time_to.first_response", "suppression":
        assert page.count(f'id="{figure}"') == 1, "links lead there"


def test_the_team_sees_more_and_nothing_that_is_withheld(busy: House) -> None:
    manager = Visitor(busy)
    manager.sign_in(MANAGER)
    api = busy.client("manager")
    page = manager.open("/manage/figures").html
    shown = tables(page)
    states = opened(api, f"{API}/ageing").json()["total"]["states"]
    assert column(shown["Open enquiries and running projects, by stage"]) == [str(each["open"]) for each in states]
    moves = opened(api, f"{API}/transitions").json()["total"]["transitions"]
    frequent = sorted((move["count"] for move in moves), reverse=True)[:25]
    assert list(map(int, column(shown["How often each event led from one stage to another"]))) == frequent
    assert set(tables(opened(busy.visitor(), "/figures").text)) < set(shown)
    for each in re.findall(r'<section [^>]*aria-labelledby="([^"]+)"', page):
        assert f"#{each}" in manager.page.links, "the contents lead to every part of a long page"
    for link in ("/manage/ranking", "/manage/events.csv", "/manage/events.xes", "/figures/2025.pdf"):
        assert link in manager.page.links
    for grouping in ("month", "quarter", "sector", "area", "enquiry_type", "topic", "university"):
        manager.open(f"/manage/figures?group_by={grouping}")
        file = f"/manage/figures/throughput.csv?from=2024-11-01&to=2026-03-01&as_of=2026-02-28&group_by={grouping}"
        assert file in manager.page.links
        assert opened(manager.client, file).content == opened(api, f"{API}/throughput.csv?group_by={grouping}").content
    sectors = opened(api, f"{API}/throughput?group_by=sector").json()["groups"]
    told = sorted(cell["submitted"] for cell in sectors if cell["submitted"] is not None)
    assert sorted(map(int, column(tables(manager.open("/manage/figures?group_by=sector").html)["Enquiries by sector, as chosen"]))) == told  # fmt: skip
    assert manager.open("/manage/figures?group_by=people", status=422).errors == ["Figures cannot be grouped by people here."]  # fmt: skip
    assert manager.open("/manage/figures?as_of=2026-02-27", status=422).errors
    manager.open("/manage/figures/throughput.csv?group_by=people", status=422)


# ------------------------------------------------------------------------------------------------------ the yearly report


def text_of(pdf: bytes) -> str:
    """Return what a report says, as one line, as another library reads it."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_yearly_report_says_what_the_page_says(busy: House) -> None:
    visitor = busy.visitor()
    answer = opened(visitor, "/figures/2025.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="figures-2025.pdf"'
    assert not answer.headers["etag"].startswith("W/")
    told = PdfReader(io.BytesIO(answer.content))
    assert told.metadata is not None
    assert told.metadata.title == "What became of the questions: 2025"
    root = told.root_object
    assert (str(root["/Lang"]), str(root["/MarkInfo"])) == ("en-GB", "{'/Marked': True, '/Suspects': False}")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in answer.content, "it claims PDF/UA-1, which the typesetter has checked"
    text = text_of(answer.content)
    assert "as things stood at the end of 31 December 2025" in text
    assert "none is left out, and nothing is guessed about how it will end" in text
    shown = tables(opened(visitor, f"/figures?{LATER}").text)
    assert len(shown) > 10
    for caption, rows in shown.items():
        assert caption in text
        for row in rows[1:]:
            assert " ".join(row) in text, f"{caption}: {row}"
    for each in opened(busy.client("funder"), f"{API}/definitions").json()["items"]:
        assert (f"({each['id']})" in text) == (each["id"] in DEFINITION_IDS.values())


def test_a_report_is_the_same_bytes_each_time_and_for_years_that_are_over(busy: House) -> None:
    visitor = busy.visitor()
    first = opened(visitor, "/figures/2025.pdf")
    busy.app.state.services.figures.lasts = timedelta(0)
    busy.clock.set(london("2026-05-20 09:00"))
    again = opened(visitor, "/figures/2025.pdf")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    held = visitor.get("/figures/2025.pdf", headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    later = opened(visitor, "/figures/2025.pdf?as_of=2026-04-30")
    assert "as things stood at the end of 30 April 2026" in text_of(later.content)
    assert "April 2025 to March 2026" in text_of(opened(visitor, "/figures/2025-26.pdf").content)
    assert "The report on 2026 can be made when the year is over, from 1 January 2027 on" in opened(visitor, "/figures/2026.pdf", 404).text  # fmt: skip
    for code in ("2026-27", "2025-27", "25", "2025-13", "9999", "0001", "x"):
        opened(visitor, f"/figures/{code}.pdf", 404)


def test_the_command_writes_the_same_report(
    busy: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clock").write_text("2026-03-02T09:00:00Z")
    told = {"DATABASE_URL": busy.settings.database_url, "SECRET_KEY": "s" * 40, "CLOCK": f"file:{tmp_path}/clock"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert main(["report", "2025", "--output", "2025.pdf"]) == 0
    assert (tmp_path / "2025.pdf").read_bytes() == opened(busy.visitor(), "/figures/2025.pdf").content
    assert main(["report", "2025", "--output", "later.pdf", "--as-of", "2026-01-31"]) == 0
    for arguments, sentence in (
        (["2026", "--output", "x.pdf"], "can be made when the year is over"),
        (["2025-27", "--output", "x.pdf"], "2025-27 is no year"),
        (["2025", "--output", "none/x.pdf"], "none/x.pdf cannot be written"),
        (["2025", "--output", "x.pdf", "--as-of", "today"], "today is not a date"),
        (["2025", "--output", "x.pdf", "--as-of", "2025-11-30"], "is before the end of 2025"),
    ):
        assert main(["report", *arguments]) == 2
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()


def test_no_word_is_markup_on_paper() -> None:
    hostile = "#panic() $x$ *b* `c` <l> @r \\ // /* ] } \" ' \u202e &lt; <script>"
    chart = bars("a", hostile, [Row(hostile, (1,)), Row("B", (None,))], [hostile], what=hostile)
    document = {
        "title": hostile, "service": hostile, "about": hostile, "footer": hostile, "invented": hostile,
        "key": [{"label": hostile, "value": "1"}], "sentences": [hostile],
        "sections": [{"heading": hostile, "sentences": [hostile], "after": [hostile], "charts": [paper(chart)]}],
        "definitions": [{"name": hostile, "text": hostile, "rules": [hostile]}],
    }  # fmt: skip
    text = text_of(typeset(document))
    assert text.count("#panic() $x$ *b* `c` <l> @r") >= 10


def test_a_report_that_cannot_be_set_is_told_as_a_passing_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="could not be made just now") as told:
        typeset({"title": "half a document"})
    assert (told.value.status, told.value.headers["Retry-After"]) == (503, "30")
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)
    with pytest.raises(Problem, match="could not be made just now"):
        typeset({})


def test_the_team_reads_of_its_own_work_what_the_api_says(service: House) -> None:
    years = Years(seed=3)
    service.database.transact(years.before)
    service.clock.move(days=91)
    manager, api = Visitor(service), service.client("manager")
    manager.sign_in(MANAGER)
    query = "as_of=2026-03-31"
    html = manager.open(f"/manage/figures?{query}").html
    shown = tables(html)

    def told(what: str) -> Any:
        return opened(api, f"{API}/{what}?{query}").json()

    reach, access, brokerage = told("reach"), told("access")["total"], told("brokerage")
    areas = [cell for cell in reach["groups"] if cell["on_register"]]
    assert [row[1:] for row in shown["Councils heard from, by area"][1:]] == [
        ["withheld" if cell[name] is None else str(cell[name]) for name in ("heard_from", "never", "on_register")]
        for cell in areas
    ]
    assert f"{reach['total']['never']:,} never had" in html
    assert unescape(html).count(told("reach/councils")["items"][0]["name"]) == 1
    assert column(shown["Who asked, by department"]) == [
        str(access[name]) for name in ("public_health", "other_department", "other_bodies", "not_known")
    ]
    assert column(shown["Minutes of brokerage, by month"]) == [f"{cell['minutes']:,}" for cell in brokerage["groups"]]
    assert column(shown["What became of reminders"]) == said(told("reminders")["total"]["fates"])
    advised = told("readiness")["total"]["sections"]
    assert sorted(column(shown["What readiness still advised on"])) == sorted(f"{n:,}" for n in advised.values() if n)
    taken = [each for each in told("products")["items"] if each["delivered"] or each["unfinished"] or each["stopped"]]
    assert [row[-3:] for row in shown["Working days from start to delivery"][1:]] == [
        [str(each[name]) for name in ("delivered", "unfinished", "stopped")] for each in taken
    ]
    assert taken
    public = opened(service.visitor(), f"/figures?{query}").text
    assert set(tables(public)) < set(shown)
    assert "Councils heard from, by area" in public
    assert "Minutes of brokerage" not in public
    assert (html.count("For the team alone</strong>"), public.count("For the team alone")) == (6, 0)
    assert opened(service.visitor(), f"/figures/reach.csv?{query}&from=2025-01-01").content == api.get(f"{API}/reach.csv?{query}").content  # fmt: skip
    for name, door in (("councils", "reach/councils"), ("brokerage", "brokerage"), ("products", "products")):
        file = manager.client.get(f"/manage/figures/{name}.csv?{query}")
        assert file.content == api.get(f"{API}/{door}.csv?{query}").content
        assert file.headers["content-disposition"] == f'attachment; filename="figures-{name}.csv"'
        opened(service.visitor(), f"/figures/{name}.csv?{query}", 404)
    manager.open("/manage/figures/salaries.csv", status=404)
    manager.open("/manage/figures/brokerage.csv?as_of=2026-03-30", status=422)
