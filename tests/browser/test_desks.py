"""The desks in a real browser: every page of the console and of the partners, reached by its links, without a barrier."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, Response

from service.actions import researchers
from service.actions.attach import attach
from service.clock import SystemClock
from service.main import build
from service.records import people
from service.settings import Settings
from service.workflows import commands as c
from tests.browser.test_pages import SECRET, Served, check, served_at
from tests.support.journey import SECTIONS, Journey
from tests.support.routes import routes_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desks")]

MO = "mo@service.example"
CONTACT, LEAD = "calls@northumbria.example", "lead@northumbria.example"
MOST_BYTES = 150_000
"""What a page may weigh, with its styles and scripts, as it travels."""


@dataclass
class Crawl:
    """Follows links from page to page; each route is opened once, at the first address that leads to it."""

    page: Page
    url: str
    templates: dict[str, re.Pattern[str]]
    opened: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    arrived: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._arrives)
        # Each page is weighed as one that somebody opens first.
        self.page.context.new_cdp_session(self.page).send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _arrives(self, response: Response) -> None:
        self.arrived.append(response)

    def from_(self, *paths: str) -> None:
        """Open these, and whatever route they and theirs lead to that was not opened yet."""
        waiting = [(path, True) for path in paths]
        while waiting:
            path, is_start = waiting.pop(0)
            template = self._template(path)
            if template is not None and (is_start or template not in self.opened):
                self.opened.setdefault(template, path)
                waiting += [(found, False) for found in self._look(template, path)]

    def require_whole(self) -> None:
        """Fail for any page that was wrong, and for any route that no link led to."""
        missed = [f"no link leads to {template}" for template in self.templates if template not in self.opened]
        problems = [*self.wrong, *missed]
        assert not problems, "\n".join(problems)

    def _template(self, path: str) -> str | None:
        bare = urlsplit(path).path
        return next((template for template, pattern in self.templates.items() if pattern.fullmatch(bare)), None)

    def _look(self, template: str, path: str) -> list[str]:
        if template.endswith(("{file_id}", ".csv", ".xes")):
            file = self.page.request.get(f"{self.url}{path}")
            assert file.headers["content-disposition"].startswith("attachment")
            return []
        self.arrived.clear()
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        if not answer.ok:
            self.wrong.append(f"{path}: {answer.status}")
            return []
        if not answer.headers["content-type"].startswith("text/html"):
            return []
        self._judge(path)
        found: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href'))"
        )
        return [href for href in found if href.startswith("/")]

    def _judge(self, path: str) -> None:
        weight = sum(_travelled(each) for each in self.arrived)
        if weight > MOST_BYTES:
            self.wrong.append(f"{path}: {weight} bytes")
        html = self.page.content()
        if re.search(r"<[a-z][^>]*\sstyle=", html):
            self.wrong.append(f"{path}: a style attribute")
        if re.search(r"<script(?![^>]*nonce=)", html):
            self.wrong.append(f"{path}: a script without a nonce")
        try:
            check(self.page)
        except AssertionError as problem:
            self.wrong.append(f"{path}: {str(problem)[:3000]}")


def _travelled(response: Response) -> int:
    sizes = response.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def templates(*prefixes: str) -> dict[str, re.Pattern[str]]:
    """Return the pages under these addresses, each with the addresses it answers at; fixed words before parameters."""
    app = build(Settings(secret_key=SECRET))
    found = [path for method, path in routes_of(app) if method == "GET" and path.startswith(prefixes)]
    return {
        path: re.compile(re.sub(r"{\w+}", "[^/]+", path)) for path in sorted(found, key=lambda each: each.count("{"))
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_at(tmp_path_factory.mktemp("desks"), SCHEDULER="off", STAFF_EMAILS=MO, LEAD_EMAILS=MO) as found:
        yield found


BROKEN_WORDS = """() => {
  const found = [];
  for (const cell of document.querySelectorAll('table th, table td')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\d]+/gu)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set(Array.from(range.getClientRects(), (part) => part.top)).size > 1) { found.push(word[0]); }
      }
    }
  }
  return found;
}"""
"""The words of a page's tables that are split over two lines."""


TO_SCROLL = """() => [...document.querySelectorAll('.app-scroll')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.ariaLabel)"""
"""The parts of a page that have to be scrolled sideways."""


def test_no_page_of_the_console_has_a_barrier(served: Served, page: Page) -> None:
    house = busy_house(served)
    cases = {stage: f"/manage/enquiries/{journey.reference}" for stage, journey in house.items()}
    served.sign_in(page, person_of(served, MO), "/manage")
    crawl = Crawl(page, served.url, templates("/manage"))
    crawl.from_(
        "/manage", "/manage/queue", "/manage/projects", "/manage/directory", "/manage/settings", *cases.values()
    )
    crawl.from_(
        "/manage/directory/researchers", *(f"{case}/project" for stage, case in cases.items() if stage in PROJECTS)
    )
    crawl.from_(*(f"{cases['revised']}/{under}" for under in ("brief", "brief/versions", "files", "matches")))
    crawl.from_(f"{cases['choosing']}/choice")
    crawl.from_("/manage/figures", "/manage/figures?group_by=month")
    crawl.require_whole()

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.url}/manage/projects")
    assert page.evaluate(BROKEN_WORDS) == []
    page.set_viewport_size({"width": 390, "height": 844})
    under = {"published": "call", "sent": "call", "replaced": "choice", "contracting": "project"}
    rooms = [f"{cases[stage]}/{room}" for stage, room in under.items()]
    for path in ("/manage", "/manage/queue", "/manage/projects", *rooms):
        page.goto(f"{served.url}{path}")
        assert page.get_by_role("cell").count() > 0
        assert page.evaluate(TO_SCROLL) == [], (
            "a telephone shows who must act, what is due and who answered without scrolling sideways"
        )


def test_no_page_of_the_partners_has_a_barrier(served: Served, page: Page) -> None:
    journey = Journey(served.database, SystemClock(), question="For partners?", enquirer_email="pat@council.example")
    journey.university("Northumbria University", CONTACT)
    journey.published()
    journey.interested(lead_email=LEAD, lead_name="Dr Lee Lead")
    journey.commissioned()
    asked = Journey(served.database, SystemClock(), question="Open still?", enquirer_email="pia@council.example")
    asked.published()
    asked.interested(lead_email=LEAD, lead_name="Dr Lee Lead")
    add_researcher(served, journey, LEAD)

    served.sign_in(page, person_of(served, CONTACT), "/partner")
    contact = Crawl(page, served.url, templates("/partner"))
    contact.from_("/partner", f"/partner/briefs/{asked.brief_id}", f"/partner/briefs/{journey.brief_id}")
    page.context.clear_cookies()
    served.sign_in(page, person_of(served, LEAD), "/work")
    lead = Crawl(page, served.url, templates("/work", "/profile"))
    lead.from_("/work", "/profile")
    contact.require_whole()
    lead.require_whole()


def person_of(served: Served, email: str) -> UUID:
    """Return the id of the person with this address."""
    found = served.database.read(lambda unit: people.by_email(unit, email))
    assert found is not None
    return found.id


PROJECTS = frozenset({"costing", "costed", "contracting", "commissioned", "completed"})


def busy_house(served: Served) -> dict[str, Journey]:
    """Fill the house with an enquiry at every stage, and return them by their stage."""

    def at(stage: str, number: int) -> Journey:
        journey = Journey(
            served.database,
            SystemClock(),
            question=f"Question {number}: do warmer homes keep tenants well?",
            enquirer_email=f"ann{number}@council.example",
        )
        getattr(journey, stage)()
        return journey

    stages = "submitted accepted briefed sent published selecting costing costed contracting commissioned completed"
    journeys = {stage: at(stage, number) for number, stage in enumerate(stages.split())}
    replaced = at("interested", 98)
    replaced.interested(replaced.universities[1]).costing().act(c.LeadWithdraws(reason="She moved."))
    replaced.offered_again(replaced.interests[0])
    choosing = at("published", 97).interested(show_enquirer=True).selecting()
    revised = at("published", 99).briefed({**SECTIONS, "purpose": "A new purpose."})
    revised.act(c.SendForAgreement())
    version = revised.newest_brief()
    revised.act(c.Agree(version=version.number, hash=version.hash), revised.enquirer)
    add_file(served, revised)
    add_researcher(served, revised, "wren@northumbria.example")
    return {**journeys, "revised": revised, "replaced": replaced, "choosing": choosing}


def add_file(served: Served, journey: Journey) -> None:
    """Let a manager add a file."""
    served.database.transact(
        lambda unit: attach(
            unit, journey.ctx(), journey.enquiry_id, filename="plan.txt", content=b"The plan.", limit=1000
        )
    )


def add_researcher(served: Served, journey: Journey, email: str) -> None:
    """List a researcher at the journey's first university."""
    entry = researchers.ResearcherEntry.model_validate(
        {
            "name": "Dr Lee Lead",
            "email": email,
            "keywords": ["warmer homes", "visits to A&E", "tenants in social housing"],
            "methods": [],
            "publications": [],
            "capacity_days": 9,
        }
    )
    [university, *_] = journey.universities
    ctx = journey.ctx(journey.university_principal(university))
    served.database.transact(lambda unit: researchers.add_researcher(unit, ctx, university, entry))
