"""The pages in a real browser: by keyboard alone, without scripts, for people who listen, and on a narrow screen."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from service.actions.publishing_answers import publish_answer
from service.clock import SystemClock
from service.records import links
from service.records.database import Database
from service.states import Outcome
from service.tokens import Tokens
from service.workflows import commands as c
from tests.support.journey import Journey
from tests.support.past import log_of
from tests.support.serving import Service, command, start

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

SECRET = "a secret for the browser tests, long enough to sign with"
ANN = "ann@council.example"
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
ZOOMED = {"width": 640, "height": 450}
"""What is left of WIDE at 200 %."""
PAPER = ({"width": 717, "height": 1046}, {"width": 793, "height": 1122})
"""A sheet of A4 between the margins that a browser leaves, and without any."""
MARGINS = dict.fromkeys(("top", "right", "bottom", "left"), "1cm")


@dataclass
class Served:
    """A running service, and its database for arranging what a test begins with."""

    service: Service
    database: Database
    mail: Path

    @property
    def url(self) -> str:
        return self.service.url

    def journey(self, question: str) -> Journey:
        """Return an enquiry of Ann's to be walked to wherever a test begins."""
        return Journey(self.database, SystemClock(), question=question, enquirer_email=ANN)

    def sign_in(self, page: Page, person_id: UUID, path: str = "/enquiries") -> None:
        """Let a browser in by a link and its button."""
        link = self.database.transact(lambda unit: links.make(unit, person_id, path, SystemClock().now()))
        page.goto(f"{self.url}/sign-in/{Tokens(SECRET).sign_in_token(link.id)}")
        press(page, "Continue")

    def open_letter(self, page: Page, address: str, subject: str) -> None:
        """Open the newest letter to an address in the rehearsal's mail, once it is there."""
        row = page.get_by_role("row").filter(has_text=address).filter(has_text=subject)
        for _ in range(200):
            page.goto(f"{self.url}/dev/mail")
            if row.count():
                break
            page.wait_for_timeout(100)
        row.first.get_by_role("link").click()
        page.wait_for_url("**/dev/mail/*")
        page.get_by_role("heading", level=1).wait_for()


@contextmanager
def served_at(folder: Path, **settings: str) -> Iterator[Served]:
    """Serve a migrated installation that has the history of an earlier service for the length of a block."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/service.db",
        "SECRET_KEY": SECRET,
        "MAIL": f"file:{folder}/mail",
        "DEMO": "0",
        **settings,
    }
    command("migrate", environment=environment, folder=folder)
    (folder / "log.csv").write_text(log_of(), encoding="utf-8")
    command("import", "history", "log.csv", environment=environment, folder=folder)
    service = start(environment, folder=folder)
    database = Database(environment["DATABASE_URL"])
    yield Served(service, database, folder / "mail")
    database.dispose()
    service.stop()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_at(tmp_path_factory.mktemp("served"), TICK_SECONDS="0.3") as found:
        yield found


_LAID_OUT = """() => {
  const root = document.documentElement, all = [...document.querySelectorAll('main *')]
  const isSeen = e => e.checkVisibility() && e.getBoundingClientRect().width > 1
  const isCut = e => e.scrollWidth > e.clientWidth + 1 && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
  const told = e => `${e.localName}.${e.className} ${e.innerText}`.slice(0, 80)
  const pressed = document.querySelectorAll('button, nav, .govuk-button, [type=submit], [role=search]')
  const heading = document.querySelector('h1')
  return [
    root.scrollWidth - root.clientWidth, all.filter(e => isSeen(e) && isCut(e)).map(told),
    [...pressed].filter(isSeen).map(told), heading !== null && isSeen(heading),
    [...document.querySelectorAll('.govuk-tag')].filter(e => getComputedStyle(e).color !== 'rgb(0, 0, 0)').map(told)
  ]
}"""
"""How many pixels a page is too wide; what of it is cut off; what can be pressed; whether its heading is seen; the
tags that are not black."""


def check(page: Page) -> None:
    """Check a page as people meet it: no barrier that a machine can find, nothing to scroll sideways for on a narrow
    screen, at 200 % or on paper, and no more on paper than what can be read there."""
    violations = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})  # fmt: skip
    assert violations.violations_count == 0, f"{page.url}\n{violations.generate_report()}"
    for size in (NARROW, ZOOMED):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        overflow, cut, *_ = page.evaluate(_LAID_OUT)
        assert overflow <= 0, f"{page.url} is {overflow} pixels too wide at {size}"
        assert not cut, f"{page.url} cuts {cut} off at {size}"
    page.emulate_media(media="print")
    for sheet in PAPER:
        page.set_viewport_size(sheet)  # type: ignore[arg-type]
        overflow, _, pressed, is_headed, faint = page.evaluate(_LAID_OUT)
        assert overflow <= 0, f"{page.url} is {overflow} pixels too wide for paper of {sheet}"
        assert not pressed, f"{page.url} prints {pressed}"
        assert is_headed, f"{page.url} prints no heading"
        assert not faint, f"{page.url} prints {faint} in a colour that needs its background"
    page.emulate_media(media="null")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_event("load"):
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link and wait for the page it leads to."""
    with page.expect_event("load"):
        page.get_by_role("link", name=name, exact=True).click()


def test_the_form_is_completed_with_the_keyboard_alone(served: Served, page: Page) -> None:
    keyboard = page.keyboard

    def tab_to(name: str, *, most: int = 40) -> None:
        for _ in range(most):
            keyboard.press("Tab")
            focused = page.evaluate(
                "(document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || '').trim()"
            )
            if focused.startswith(name):
                outline = page.evaluate(
                    "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
                )
                assert outline != "nonenone"  # a person sees where they are
                return
        raise AssertionError(f"{name} cannot be reached on {page.url}")

    page.goto(f"{served.url}/")
    keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    keyboard.press("Enter")
    tab_to("Ask a question")
    keyboard.press("Enter")
    page.wait_for_url("**/ask")
    tab_to("Continue")
    keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter what you want to know")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.get_by_label("What do you want to know?")).to_be_focused()
    keyboard.type("Do warm homes mean fewer visits to A&E?")
    tab_to("Continue")
    keyboard.press("Enter")
    page.wait_for_url("**/contact")
    tab_to("Your name")
    keyboard.type("Kay Keyboard")
    tab_to("Email address")
    keyboard.type("kay@council.example")
    tab_to("Add more")
    keyboard.press("Space")
    page.wait_for_url("**/purpose")
    tab_to("What will the answer help you do?")
    keyboard.type("Write a paper")
    tab_to("Continue")
    keyboard.press("Enter")
    page.wait_for_url("**/when")
    tab_to("By a date")
    keyboard.press("Space")
    tab_to("Day")
    keyboard.type("1")
    tab_to("Month")
    keyboard.type("3")
    tab_to("Year")
    keyboard.type("2031")
    tab_to("Continue")
    keyboard.press("Enter")
    page.wait_for_url("**/sharing")
    tab_to("Skip the rest")
    keyboard.press("Enter")
    page.wait_for_url("**/check")
    expect(page.get_by_text("By 1 March 2031")).to_be_visible()
    tab_to("Send your question", most=80)
    keyboard.press("Enter")
    page.wait_for_url("**/sent")
    expect(page.get_by_role("heading", name="We have your question")).to_be_visible()


def test_everything_works_without_scripts(served: Served, page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto(f"{served.url}/ask")
    page.get_by_label("What do you want to know?").fill("Do breakfast clubs help?")
    press(page, "Continue")
    page.get_by_label("Your name").fill("Nora Noscript")
    page.get_by_label("Email address").fill("nora@council.example")
    press(page, "Add more (about 5 minutes)")
    press(page, "Continue")
    page.get_by_label("By a date").check()
    for part, value in (("Day", "1"), ("Month", "3"), ("Year", "2031")):
        page.get_by_role("group", name="The date you need it by").get_by_label(part).fill(value)
    press(page, "Continue")
    page.get_by_label("Describe us only").check()
    page.get_by_label("The words that describe you").fill("a council in the North East")
    press(page, "Continue")
    for _ in range(4):
        press(page, "Continue")
    page.get_by_label("Colleague's name").fill("Bea Boss")
    page.get_by_label("Colleague's email address").fill("bea.boss@council.example")
    press(page, "Add this colleague")
    press(page, "Continue")
    page.get_by_label("Add a file").set_input_files(
        {"name": "paper.txt", "mimeType": "text/plain", "buffer": b"Words."}
    )
    press(page, "Add this file")
    expect(page.get_by_role("term").filter(has_text="paper.txt")).to_be_visible()
    press(page, "Continue")
    press(page, "Send your question")
    expect(page.get_by_role("heading", name="We have your question")).to_be_visible()
    reference = page.get_by_role("link", name=re.compile("Your page for")).inner_text().removeprefix("Your page for ")

    page.get_by_role("link", name=re.compile("Your page for")).click()
    press(page, "Email me a link")
    served.open_letter(page, "nora@council.example", "Your link to sign in")
    page.locator("main a[href*='/sign-in/']").click()
    press(page, "Continue")
    expect(page).to_have_url(f"{served.url}/enquiries/{reference}")
    page.get_by_label("Write to us").fill("One more thing.")
    press(page, "Send message")
    expect(page.get_by_text("One more thing.")).to_be_visible()
    follow(page, "Files")
    with page.expect_download() as download:
        page.get_by_role("link", name="paper.txt").click()
    assert Path(download.value.path()).read_bytes() == b"Words."


def test_the_form_has_no_barrier_and_fits_a_narrow_screen(served: Served, page: Page) -> None:
    for path in ("/", "/privacy", "/accessibility", "/cookies", "/problems/conflict", "/sign-in", "/dev/mail", "/nowhere",
                 "/enquiries", "/enquiries/000000-0", "/sign-in/made-up"):  # fmt: skip
        page.goto(f"{served.url}{path}")
        check(page)
    page.goto(f"{served.url}/ask")
    check(page)
    press(page, "Continue")
    check(page)
    long_word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    page.get_by_label("What do you want to know?").fill(long_word)
    press(page, "Continue")
    check(page)
    press(page, "Send now and talk")
    check(page)
    page.get_by_label("Your name").fill(long_word)
    page.get_by_label("Email address").fill(f"{'a' * 60}@{'council' * 8}.example")
    press(page, "Add more (about 5 minutes)")
    for slug in ("purpose", "when", "sharing", "about", "known", "help", "money", "colleagues", "files"):
        page.wait_for_url(f"**/{slug}")
        check(page)
        if slug == "when":
            page.get_by_label("By a date").check()
            press(page, "Continue")
            check(page)
            page.get_by_label("No fixed date").check()
        if slug == "sharing":
            page.get_by_label("Describe us only").check()
            press(page, "Continue")
            check(page)
            page.get_by_label("Talk to me first").check()
        if slug == "colleagues":
            page.get_by_label("Colleague's name").fill(long_word)
            page.get_by_label("Colleague's email address").fill("bea@council.example")
            press(page, "Add this colleague")
            check(page)
        if slug == "files":
            page.get_by_label("Add a file").set_input_files(
                {"name": f"{long_word}.txt", "mimeType": "text/plain", "buffer": b"Words."}
            )
            press(page, "Add this file")
            check(page)
        press(page, "Continue")
    check(page)
    press(page, "Email me a link to finish later")
    check(page)
    follow(page, "Delete what I wrote")
    check(page)
    follow(page, "Keep them")
    press(page, "Send your question")
    check(page)


def test_the_enquirers_pages_have_no_barrier_and_fit_a_narrow_screen(served: Served, page: Page) -> None:
    sent = served.journey("Does the Live Well programme work?").sent()
    asked = served.journey("What gets children ready for school?").accepted()
    asked.act(c.Ask(body="Which wards?"))
    choosing = served.journey("Do school meals help attendance?").interested(show_enquirer=True)
    choosing.interested(choosing.universities[1], lead_name="Prof Priya Patel", show_enquirer=True).selecting()
    places = [
        sent, asked, choosing,
        served.journey("Does an employability service work?").costs_submitted(),
        served.journey("Do advertising limits work?").commissioned(),
        served.journey("Does social prescribing help?").delivered(),
        served.journey("What are the risks of tattooing?").completed(),
    ]  # fmt: skip
    person_id = sent.enquirer.person_id
    assert person_id
    served.sign_in(page, person_id)
    check(page)
    for journey in places:
        page.goto(f"{served.url}/enquiries/{journey.reference}")
        check(page)
    for path in ("files", "colleagues", "withdraw", "brief/1"):
        page.goto(f"{served.url}/enquiries/{sent.reference}/{path}")
        check(page)
    page.goto(f"{served.url}/enquiries/{places[-1].reference}/outcome")
    check(page)
    press(page, "Send")
    check(page)
    page.goto(f"{served.url}/enquiries/{places[-1].reference}/satisfaction")
    check(page)
    press(page, "Send")
    check(page)
    page.goto(f"{served.url}/enquiries/{sent.reference}")
    press(page, "Ask for changes")
    check(page)
    press(page, "Yes, send exactly this")
    expect(page.get_by_text("You have agreed the brief.")).to_be_visible()
    check(page)
    page.goto(f"{served.url}/sign-out")
    check(page)


def test_figures_have_no_barrier_and_fit_a_narrow_screen_without_a_script(
    served: Served, page: Page, page_without_javascript: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in ("", "?from=2025-01-01&to=2025-02-01", "/definitions"):
        page.goto(f"{served.url}/figures{path}")
        check(page)
    page.goto(f"{served.url}/figures?as_of=2025-02-27")
    check(page)
    assert len(said) == 1, "the refusal alone"

    page.goto(f"{served.url}/figures")
    picture = page.get_by_role("img", name="How enquiries were closed")
    expect(picture).to_have_accessible_description(
        re.compile("the largest is Withdrawn: .* The table has every number")
    )
    page.set_viewport_size({"width": 390, "height": 844})
    cut, smallest = page.evaluate("""() => {
      const words = [...document.querySelectorAll('main svg text')], boxes = words.map(t => t.getBoundingClientRect())
      const sizes = words.map(t => parseFloat(getComputedStyle(t).fontSize))
      return [boxes.filter(b => b.left < 0 || b.right > 390).length, Math.min(...sizes)]
    }""")
    assert (cut, smallest >= 12) == (0, True), "words are whole, and large enough to read"
    page.emulate_media(forced_colors="active")
    colours = page.evaluate("""() => ['full', 'open', 'text'].map(look => getComputedStyle(document.querySelector(`.app-chart__${look}`)).fill)""")  # fmt: skip
    assert colours[0] == colours[2] != colours[1], "bars and words take the colours that a person chose"

    page.emulate_media(forced_colors="none")
    page.goto(f"{served.url}/figures")
    assert said[1:] == [], "what the browser kept runs its scripts"
    expect(page.get_by_role("button", name="Menu")).to_be_visible()

    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4", margin=MARGINS))).pages]  # type: ignore[arg-type]
    assert (len(sheets) < 18, min(map(len, sheets)) > 100) == (True, True), (
        "paper is not wasted, nor a heading left alone"
    )

    plain = page_without_javascript
    plain.goto(f"{served.url}/figures")
    plain.get_by_label("As things stood at the end of").select_option("2025-12-31")
    press(plain, "Show")
    expect(plain.get_by_text("as things stood at the end of 31 December 2025")).to_be_visible()
    follow(plain, "2025")
    expect(plain.get_by_text("Enquiries submitted from 1 January 2025 to 31 December 2025")).to_be_visible()
    report = plain.request.get(
        served.url + str(plain.get_by_role("link", name="2025 (PDF)", exact=True).get_attribute("href"))
    )
    assert report.headers["content-type"] == "application/pdf"


def test_a_newcomer_follows_the_mail_to_finish_a_form(served: Served, page: Page, context: BrowserContext) -> None:
    page.goto(f"{served.url}/ask")
    page.get_by_label("What do you want to know?").fill("Half a thought")
    press(page, "Continue")
    page.get_by_label("Email address").fill("dora@council.example")
    press(page, "Email me a link to finish later")
    later = context.new_page()
    served.open_letter(later, "dora@council.example", "Your link to finish")
    check(later)
    later.locator("main a[href*='/ask/']").click()
    expect(later.get_by_label("Email address")).to_have_value("dora@council.example")
    later.get_by_label("Your name").fill("Dora Draft")
    press(later, "Send now and talk")
    expect(later.get_by_role("heading", name="We have your question")).to_be_visible()


def test_a_file_that_is_far_too_large_is_told_in_the_browser(served: Served, page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"words " * 3_000_000)
    page.goto(f"{served.url}/ask")
    page.get_by_label("What do you want to know?").fill("Something large")
    press(page, "Continue")
    page.goto(page.url.replace("/contact", "/files"))
    page.get_by_label("Add a file").set_input_files(large)
    press(page, "Add this file")
    expect(page.get_by_role("heading", name="That is too large")).to_be_visible()


def test_an_answer_is_looked_for_offered_and_found_enough_without_a_script(
    served: Served, page: Page, page_without_javascript: Page
) -> None:
    question = "Which rules lower the risks of tattooing and piercing?"
    journey = served.journey(question).submitted()
    journey.act(c.Close(outcome=Outcome.ANSWERED, reason="It is known.", answer="Licensing with inspections."))
    body = "Licensing with inspections and training. See https://evidence.example/tattoos"
    served.database.transact(lambda unit: publish_answer(unit, journey.ctx(), journey.enquiry_id, question, body))
    for path in ("/answers", "/answers?q=tattoos+licensing+piercing", "/answers?q=zebras"):
        page.goto(served.url + path)
        check(page)
    page.goto(f"{served.url}/answers")
    follow(page, question)
    check(page)

    plain = page_without_javascript
    plain.goto(f"{served.url}/ask")
    plain.get_by_role("textbox", name="What do you want to know?").fill(
        "What rules lower tattooing and piercing risks?"
    )
    press(plain, "Continue")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Does one of these answer it?")
    page.goto(plain.url)
    check(page)
    press(plain, "None of these, carry on")
    expect(plain.get_by_role("heading", level=1)).to_have_text("How can we reach you?")
    plain.go_back()
    with plain.expect_event("load"):
        plain.get_by_role("button", name="This answers my question").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Good. Your question was not sent")
    follow(plain, "carry on with your question")
    expect(plain.get_by_role("heading", level=1)).to_have_text("How can we reach you?")
