"""A day at the desks, in real browsers: managers at the console, an enquirer at her page, a university by its mail alone.

One served process with a mail server. What people read in their mail leads them in; nobody here has a key or a system.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from service.clock import SystemClock
from service.records.database import Database
from service.working_time import local_date
from tests.browser.test_pages import follow, press
from tests.support.journey import Journey
from tests.support.serving import command, serving
from tests.support.smtp import Mailbox, Received, mail_server
from tests.support.town import link_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("day")]

MO, SAL, ANN = "mo@service.example", "sal@service.example", "ann.asker@council.example"
WARM = "Do warmer homes mean fewer visits to A&E?"
SWIM = "Does free swimming get older people moving?"
SHISHA = "How many councils license shisha cafes?"
MONITORS = "Who can lend us air quality monitors?"
BROADBAND = "Which broadband supplier is the best value?"
INSULATED = "Do insulated homes keep people out of A&E?"
BUSES = "Will the new bus lanes make people walk more?"
BREAKFAST = "Do breakfast clubs help children learn?"
LEVY = "Does a late night levy cut assaults?"
SPAM = "BUY FOLLOWERS NOW, cheap and quick"
ESTATE = "Did insulating an estate cut visits to A&E?"
CHESS = "Does chess help pupils?"
QUESTIONS = (WARM, SWIM, SHISHA, MONITORS, BROADBAND, INSULATED, BUSES, BREAKFAST, LEVY, SPAM)


MAIL = f"""From: Ann Asker <{ANN}>
Sent: 20 November 2026 10:12
To: Mo <{MO}>
Subject: The addresses

Hello Mo,

The list of addresses is ready for whoever does the work.

Ann
"""


@dataclass
class Day:
    """One installation with its mail, and whoever came to it so far."""

    url: str
    database: Database
    mailbox: Mailbox
    windows: Callable[..., BrowserContext]
    read: list[Received] = field(default_factory=list)

    def letter(self, email: str, subject: str) -> Received:
        """Return the oldest unread letter to somebody whose subject says `subject`, once it is there."""

        def is_wanted(one: Received) -> bool:
            return email in one.recipients and subject in one.subject and not any(one is each for each in self.read)

        found = self.mailbox.wait_for(is_wanted)
        self.read.append(found)
        return found

    def somebody(self, email: str) -> "Somebody":
        """Return a person at a browser of their own, not signed in."""
        return Somebody(self, email, self.windows().new_page())

    def journey(self, question: str, **words: str) -> Journey:
        """Return an enquiry to be walked to wherever a test begins."""
        return Journey(self.database, SystemClock(), question=question, **words)


@dataclass
class Somebody:
    """A person at a browser, who reads every letter once."""

    day: Day
    email: str
    page: Page

    def letter(self, subject: str) -> Received:
        """Return the oldest unread letter to them whose subject says `subject`, once it is there."""
        return self.day.letter(self.email, subject)

    def follow_letter(self, subject: str) -> Received:
        """Open the page a letter leads to; where they are not signed in, the link that they are sent lets them in."""
        letter = self.letter(subject)
        self.page.goto(link_in(letter))
        if self.page.get_by_role("heading", name="Confirm that it is you").is_visible():
            own = self.page.get_by_role("button", name="Email me a link", exact=True)
            if own.is_visible():
                own.click()
            else:
                self.page.get_by_label("Your email address").fill(self.email)
                self.page.get_by_role("button", name="Email a link to this address").click()
            self.enter()
        return letter

    def enter(self) -> None:
        """Press the button that the newest sign-in letter leads to."""
        expect(self.page.get_by_role("heading", name="Check your email")).to_be_visible()
        self.page.goto(link_in(self.letter("link to sign in")))
        press(self.page, "Continue")

    def sign_in(self) -> None:
        """Come in by the front door."""
        self.page.goto(f"{self.day.url}/sign-in")
        self.page.get_by_label("Your email address").fill(self.email)
        press(self.page, "Email me a link")
        self.enter()


@dataclass(frozen=True)
class Keyboard:
    """A keyboard, and nothing else."""

    page: Page

    def tab_to(self, name: str, most: int = 120) -> None:
        """Tab on to the control whose label or text is `name`, and see that it shows where one is."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            focused, outline = self.page.evaluate(_FOCUSED)
            if focused == name:
                assert outline != "nonenone", f"nobody sees that {name} has the focus"
                return
        raise AssertionError(f"{name} cannot be reached on {self.page.url}")

    def press(self, key: str, leads_to: str) -> None:
        """Press a key and wait for the page that it leads to."""
        with self.page.expect_navigation(url=leads_to):
            self.page.keyboard.press(key)


_FOCUSED = """() => {
  const at = document.activeElement, style = getComputedStyle(at)
  return [(at.labels?.[0]?.innerText || at.innerText || '').trim(), style.outlineStyle + style.boxShadow]
}"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database, Mailbox]]:
    folder = tmp_path_factory.mktemp("day")
    with mail_server() as mailbox:
        environment = {
            "DATABASE_URL": f"sqlite:///{folder}/service.db",
            "MAIL": mailbox.url,
            "TICK_SECONDS": "0.3",
            "DEMO": "0",
            "STAFF_EMAILS": f"{MO},{SAL}",
        }
        command("migrate", environment=environment, folder=folder)
        with serving(environment, folder=folder) as service:
            database = Database(environment["DATABASE_URL"])
            yield service.url, database, mailbox
            database.dispose()


@pytest.fixture
def day(place: tuple[str, Database, Mailbox], new_context: Callable[..., BrowserContext]) -> Day:
    return Day(*place, new_context, read=list(place[2].received))


def test_the_morning_ten_questions_are_waiting(day: Day) -> None:
    for number, question in enumerate(QUESTIONS):
        day.journey(question, enquirer_email=f"asker{number}@council.example").submitted()
    mo = day.somebody(MO)
    page = mo.page
    mo.sign_in()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    follow(page, "10 open enquiries have no owner yet")

    # ---------------------------------------------------------------------------------- two are for the universities
    opens(page, WARM)
    press(page, "Take it on")
    expect(done(page)).to_contain_text("It is taken on. Next, talk to the enquirer.")
    opens(page, SWIM)
    press(page, "Take it on")

    # --------------------------------------------------------------------------------------- four end, each as it should
    opens(page, SHISHA)
    press(page, "Close")
    page.get_by_label("Answered").check()
    page.get_by_label("The answer").fill("Licensing began with three councils; the guidance lists them.")
    page.get_by_label("Reason").fill("The guidance answers it.")
    press(page, "Show the mails first")
    expect(page.get_by_role("region", name="The mails this sends")).to_contain_text("the guidance lists them")
    expect(page.get_by_text("Nothing has been done yet.")).to_be_visible()
    press(page, "Close")
    expect(done(page)).to_contain_text("The enquiry is closed.")

    opens(page, MONITORS)
    press(page, "Close")
    page.get_by_label("Signposted").check()
    page.get_by_label("To whom?").fill("The regional air quality network")
    page.get_by_label("Reason").fill("They lend monitors; we do not.")
    press(page, "Close")
    expect(page.get_by_text("Pointed to The regional air quality network.")).to_be_visible()

    opens(page, BROADBAND)
    press(page, "Close")
    page.get_by_label("Declined").check()
    page.get_by_label("Reason").fill("It is about buying.")
    press(page, "Close")
    expect(page.get_by_role("alert")).to_contain_text("Say which criteria are not met")
    page.get_by_label("Which criteria are not met?").fill("It is not about health or what shapes it.")
    press(page, "Close")
    expect(page.get_by_text("Closed: Declined")).to_be_visible()

    opens(page, SPAM)
    press(page, "Close")
    page.get_by_label("Not a real enquiry").check()
    page.get_by_label("Reason").fill("An advertisement.")
    press(page, "Close")
    expect(page.get_by_text("Closed: Not a real enquiry")).to_be_visible()

    # ------------------------------------------------------- one was asked before, and one waits until there is something to see
    opens(page, INSULATED)
    press(page, "Merge into another enquiry")
    page.get_by_label("Look for it by words, a name or a reference").fill("warmer homes")
    press(page, "Look")
    page.get_by_role("radio", name=WARM).check()
    page.get_by_label("Reason").fill("The same council asks the same thing.")
    press(page, "Merge")
    expect(page.get_by_role("heading", name=WARM)).to_be_visible()
    expect(done(page)).to_contain_text("The other enquiry is closed and leads here.")

    opens(page, BUSES)
    press(page, "Put on hold")
    fill_day(page, "Until", day_from_now(30))
    page.get_by_label("Reason").fill("The lanes open next month.")
    press(page, "Put on hold")
    expect(done(page)).to_contain_text("It is on hold, and its clocks stand still.")

    # -------------------------------------------------------------------------------- the last two are Sal's, at one go
    to_the(page, "Queue")
    follow(page, "Nobody's yet")
    for question in (BREAKFAST, LEVY):
        page.get_by_role("row").filter(has_text=question).get_by_role("checkbox").check()
    page.get_by_label("To", exact=True).select_option("Sal")
    page.get_by_label("Why", exact=True).fill("Schools and licensing are yours.")
    press(page, "Hand over")
    expect(done(page)).to_contain_text("2 enquiries changed hands.")
    expect(page.get_by_role("row").filter(has_text=LEVY)).to_have_count(0)

    # ---------------------------------------------- and every one of the ten stands where it belongs, and was written to
    to_the(page, "Queue")
    follow(page, "Everything open")
    for question, owner in ((WARM, "Mo"), (SWIM, "Mo"), (BREAKFAST, "Sal"), (LEVY, "Sal")):
        expect(page.get_by_role("row").filter(has_text=question)).to_contain_text(owner)
    expect(page.get_by_role("row").filter(has_text=BUSES)).to_contain_text("On hold")
    for question in (SHISHA, MONITORS, BROADBAND, SPAM, INSULATED):
        expect(page.get_by_role("row").filter(has_text=question)).to_have_count(0)
    assert "the guidance lists them" in day.letter("asker2@council.example", "Here is an answer").text
    assert "air quality network" in day.letter("asker3@council.example", "Who can help with your question").text
    assert "not about health" in day.letter("asker4@council.example", "We cannot take your question further").text
    day.letter("asker5@council.example", "Your question has joined another")
    day.letter("asker6@council.example", "Your enquiry is on hold")
    together = day.letter(SAL, "2 enquiries now yours").text
    assert BREAKFAST in together
    assert LEVY in together
    assert not [one for one in day.mailbox.to("asker9@council.example") if "reference" not in one.subject]


def test_a_question_becomes_a_project_of_people_without_systems(day: Day) -> None:
    day.journey(ESTATE, enquirer_email=ANN).submitted()
    mo, ann = day.somebody(MO), day.somebody(ANN)
    office, lead = day.somebody("calls@northumbria.example"), day.somebody("lin.zhao@northumbria.example")
    newcastle, durham = day.somebody("calls@newcastle.example"), day.somebody("calls@durham.example")
    page = mo.page
    mo.sign_in()
    opens(page, ESTATE)
    case = page.url
    press(page, "Take it on")

    # ------------------------------------------------------------------------------------ Mo and Ann get to know it
    page.get_by_text("A message to the enquirer").click()
    page.get_by_label("Your message").fill("Thank you. Which estate is it about?")
    press(page, "Send message")
    expect(done(page)).to_contain_text("Your message is on its way.")
    expect(done(page)).to_be_in_viewport()
    ann.follow_letter("About your enquiry")
    expect(ann.page.get_by_text("Which estate is it about?")).to_be_visible()
    ann.page.get_by_label("Write to Mo").fill("The Riverside estate.")
    press(ann.page, "Send message")

    mo.follow_letter("Reply from the enquirer")
    expect(page.get_by_role("region", name="The story")).to_contain_text("The Riverside estate.")
    page.get_by_text("Log a call, a meeting, or something they wrote").click()
    page.get_by_label("A phone or video call").check()
    page.get_by_label("What was said, or what the meeting").fill("120 homes were insulated last winter.")
    page.get_by_label("Minutes (optional)").fill("15")
    press(page, "Record it")
    expect(done(page)).to_contain_text("It is recorded.")
    page.get_by_text("A back-stage note").first.click()
    page.get_by_label("Your note").fill("The cabinet is nervous about this one.")
    press(page, "Keep this note")
    expect(done(page)).to_contain_text("Only the team reads it.")
    follow(page, "File a mail")
    page.get_by_label("Paste the whole mail").fill(MAIL)
    press(page, "File this mail")
    expect(page.get_by_role("region", name="What stands in the conversation")).to_contain_text("The list of addresses")
    expect(page.get_by_text("The enquirer sees this")).to_be_visible()
    ann.page.reload()
    expect(ann.page.get_by_text("120 homes were insulated")).to_be_visible()
    expect(ann.page.get_by_text("nervous")).to_have_count(0)

    # ----------------------------------------------------- the brief, written and sent with nothing but the keyboard
    page.goto(case)
    keys = Keyboard(page)
    keys.tab_to("Brief")
    keys.press("Enter", "**/brief")
    keys.tab_to("Purpose and decision")
    page.keyboard.type("Cabinet decides in the spring whether to insulate a second estate.")
    keys.tab_to("Questions in researchable form")
    page.keyboard.type("Did insulation cut visits to A&E?")
    page.keyboard.press("Enter")
    page.keyboard.type("For whom, and at what cost?")
    keys.tab_to("Save and read it through to send")
    keys.press("Enter", "**/brief/send*")
    expect(page.get_by_text("What the enquirer will read")).to_be_visible()
    keys.tab_to("Send exactly this for agreement")
    keys.press("Enter", "**/brief?done=sent")
    expect(done(page)).to_contain_text("The brief is with the enquirer.")

    # ----------------------------------------------------------------------- Ann agrees, and three universities have it
    ann.follow_letter("agree")
    expect(ann.page.get_by_text("Did insulation cut visits to A&E?")).to_be_visible()
    press(ann.page, "Yes, send exactly this")
    mo.follow_letter("agreed")
    press(page, "Publish to universities")
    for university in ("Northumbria University", "Newcastle University", "Durham University"):
        page.get_by_label(university).check()
    press(page, "Publish the brief")
    expect(done(page)).to_contain_text("The brief is published")
    expect(figure(page, "told")).to_have_text("3 told")

    # ------------------------------- the universities read, ask and answer; what they do appears on the board by and by
    office.follow_letter("A new brief for you")
    expect(office.page.get_by_role("heading", name="Did insulation cut visits to A&E?")).to_be_visible()
    press(office.page, "Say that we have it, and are looking")
    office.page.get_by_label("Ask something about it").fill("Is there an estate to compare it with?")
    press(office.page, "Send the question")
    durham.follow_letter("A new brief for you")
    durham.page.get_by_label("No capacity").check()
    press(durham.page, "Not this time")

    mo.follow_letter("asks about the brief")
    follow(page, "Call")
    expect(figure(page, "fetched")).to_have_text("2 fetched")
    expect(figure(page, "acknowledged")).to_have_text("2 acknowledged")
    expect(page.get_by_role("row").filter(has_text="Durham University")).to_contain_text("No capacity")
    page.get_by_label("Answer to Northumbria University").fill("Yes: the Hillside estate.")
    press(page, "Send the answer to all")

    newcastle.follow_letter("question about the brief has been answered")
    expect(newcastle.page.get_by_text("Yes: the Hillside estate.")).to_be_visible()
    offer_team(newcastle.page, "Prof Priya Patel", "priya.patel@newcastle.example")
    office.follow_letter("question about the brief has been answered")
    offer_team(office.page, "Dr Lin Zhao", lead.email)

    # -------------------------------------------------------------- the teams are looked at, and the work offered to one
    mo.follow_letter("Northumbria University")
    follow(page, "Call")
    expect(figure(page, "interested")).to_have_text("2 interested")
    follow(page, "Close the call")
    press(page, "Close the call")
    ann.follow_letter("Who would you like to work with?")
    ann.page.get_by_label("Dr Lin Zhao, Northumbria University").select_option("First choice")
    press(ann.page, "Tell us your preference")
    page.goto(case)
    page.get_by_text("Log a call, a meeting, or something they wrote").click()
    page.get_by_label("A meeting", exact=True).check()
    page.get_by_label("What was said, or what the meeting").fill("Ann met both teams by video.")
    press(page, "Record it")
    follow(page, "Choice")
    expect(page.get_by_role("region", name="Teams")).to_contain_text("First choice")
    for team in ("Compare Dr Lin Zhao", "Compare Prof Priya Patel"):
        page.get_by_label(team).check()
    press(page, "Set those ticked side by side")
    follow(page, "Offer the work to Dr Lin Zhao")
    press(page, "Make the offer")
    expect(page.get_by_text("An offer is open:")).to_be_visible()

    # ---------------------------------------------------------------- Lin accepts, and says what it costs; her office agrees
    lead.follow_letter("Would you take this work on?")
    press(lead.page, "Accept the offer")
    lead.page.get_by_label("Line 1 is for").fill("Research time")
    lead.page.get_by_label("Pounds").first.fill("12,000")
    fill_day(lead.page, "The work would start", day_from_now(30))
    fill_day(lead.page, "The work would end", day_from_now(210))
    press(lead.page, "Propose these costs")
    office.follow_letter("Please check and submit the costs")
    press(office.page, "Submit these costs to the enquirer")
    ann.follow_letter("costs")
    expect(ann.page.get_by_role("region", name="Table of costs")).to_contain_text("£12,000")
    press(ann.page, "Agree these costs")

    # ------------------------------------------------------------------------------------------- money, terms, signatures
    page.goto(case)
    follow(page, "Project")
    follow(page, "Add a source")
    page.get_by_label("Where does it come from?").fill("Public health grant")
    page.get_by_label("Amount").fill("12,000")
    page.get_by_label("Cash").check()
    page.get_by_label("Confirmed").check()
    page.get_by_label("Where can the confirmation be seen?").fill("Cabinet minute 14")
    press(page, "Add this source")
    expect(page.get_by_text("covers the cost of £12,000")).to_be_visible()
    follow(page, "Confirm the funding")
    page.get_by_label("Funded", exact=True).check()
    press(page, "Confirm the funding")
    follow(page, "Project")
    follow(page, "Write the terms")
    page.get_by_label("Parties").fill("Gateshead Council\nNorthumbria University")
    page.get_by_label("Ethics route").fill("The university's committee.")
    page.get_by_label("Data protection route").fill("An agreement on sharing anonymous data.")
    page.get_by_label("Publication terms").fill("In full, after 30 days' notice.")
    press(page, "Save the terms")
    office.follow_letter("The costs are agreed")
    office.page.get_by_label("Who signed for Northumbria University").fill("Prof Vi Chancellor")
    fill_day(office.page, "On what day", day_from_now(0))
    press(office.page, "Record the signature")
    follow(page, "Record a signature")
    page.get_by_label("Commissioner").check()
    page.get_by_label("Who signed?").fill("Dee Director")
    page.get_by_label("For which organisation?").fill("Gateshead Council")
    fill_day(page, "On which day?", day_from_now(0))
    press(page, "Record the signature")
    follow(page, "Add a deliverable")
    page.get_by_label("What is handed over?").fill("Final report")
    fill_day(page, "By which day?", day_from_now(200))
    press(page, "Add it")
    follow(page, "Commission the project")
    press(page, "Commission the project")
    expect(done(page)).to_contain_text("The project is commissioned and under way.")

    # ------------------------------------------------------------------ Lin reports and delivers, and Ann has her answer
    lead.follow_letter("Your project is commissioned")
    lead.page.get_by_label("How is it going?").fill("The records are linked.")
    press(lead.page, "Send the report")
    with lead.page.expect_event("load"):
        lead.page.get_by_role("button", name="Mark as delivered").click()
    lead.page.get_by_label("What was delivered, and where it is").fill("The report is with Ann.")
    press(lead.page, "Everything is handed over")
    ann.follow_letter("The findings are ready")
    press(ann.page, "Yes, accept it")
    mo.follow_letter("accepted")
    press(page, "Complete")
    page.get_by_label("Plain summary").fill("Insulation cut visits by a tenth.")
    page.get_by_label("Output").fill("A report.")
    page.get_by_label("Publication").fill("In full, in June.")
    press(page, "Complete")
    expect(done(page)).to_contain_text("The enquiry is completed.")
    assert "Insulation cut visits by a tenth." in ann.letter("complete").text


def test_two_managers_at_one_enquiry_lose_nothing(day: Day) -> None:
    day.journey(CHESS, enquirer_email="bo@council.example").briefed()
    mo, sal = day.somebody(MO), day.somebody(SAL)
    for manager in (mo, sal):
        manager.sign_in()
        opens(manager.page, CHESS)

    # ------------------------------------------------- both want to change the question; Mo is the first to be done
    for manager, wording in ((mo, "Does chess help pupils concentrate?"), (sal, "Does chess at lunch help pupils?")):
        manager.page.get_by_text("Steps that are needed less often").click()
        press(manager.page, "Reframe the question")
        manager.page.get_by_label("The question as it is now").fill(wording)
        manager.page.get_by_label("Reason").fill("The enquirer said so on the phone.")
    press(mo.page, "Reframe the question")
    expect(done(mo.page)).to_contain_text("The question is reframed.")
    press(sal.page, "Reframe the question")
    changed = sal.page.get_by_role("alert", name="This changed while you were writing")
    expect(changed).to_contain_text("Mo: Question reframed")
    expect(sal.page.get_by_label("The question as it is now")).to_have_value("Does chess at lunch help pupils?")
    expect(sal.page.get_by_label("Reason")).to_have_value("The enquirer said so on the phone.")
    press(sal.page, "Reframe the question")
    expect(done(sal.page)).to_contain_text("The question is reframed.")
    expect(sal.page.get_by_role("heading", name="Does chess at lunch help pupils?")).to_be_visible()

    # ------------------------------------- both write at the brief: each keeps their own text, and sees the other's
    for manager in (mo, sal):
        follow(manager.page, "Brief")
    mo.page.get_by_label("Purpose and decision").fill("The trust decides in May.")
    mo.page.get_by_label("Timescale and window").fill("By the end of April.")
    press(mo.page, "Save")
    sal.page.get_by_label("Purpose and decision").fill("The heads decide together.")
    press(sal.page, "Save")
    expect(sal.page.get_by_text("What stands now, from somebody else")).to_be_visible()
    expect(sal.page.get_by_text("The trust decides in May.", exact=True)).to_be_visible()
    expect(sal.page.get_by_label("Purpose and decision")).to_have_value("The heads decide together.")
    expect(sal.page.get_by_label("Timescale and window")).to_have_value("By the end of April.")
    sal.page.get_by_label("Purpose and decision").fill("The trust and the heads decide in May.")
    press(sal.page, "Save")
    mo.page.reload()
    expect(mo.page.get_by_label("Purpose and decision")).to_have_value("The trust and the heads decide in May.")
    expect(mo.page.get_by_label("Timescale and window")).to_have_value("By the end of April.")


def offer_team(page: Page, name: str, email: str) -> None:
    """Offer a team from a brief's page, led by somebody whom the enquirer may see."""
    press(page, "Offer a team")
    page.get_by_label("Their name").fill(name)
    page.get_by_label("Their email address").fill(email)
    page.get_by_label("What makes this team right for it?").fill("We have linked housing and health records before.")
    page.get_by_label("Days of work they could give").fill("40")
    fill_day(page, "The earliest they could start", day_from_now(30))
    page.get_by_label("£5,000 to £20,000").check()
    page.get_by_role("group", name="May the enquirer see this team").get_by_label("Yes").check()
    press(page, "Offer this team")


def figure(page: Page, name: str) -> Locator:
    """Return one of the figures at the head of the call."""
    return page.locator(".app-key-figures__item").filter(has_text=name)


def opens(page: Page, question: str) -> None:
    """Open an enquiry from the queue."""
    to_the(page, "Queue")
    follow(page, question)
    expect(page.get_by_role("heading", name=question)).to_be_visible()


def to_the(page: Page, room: str) -> None:
    """Go to one of the console's rooms by the navigation."""
    with page.expect_event("load"):
        page.get_by_role("navigation", name="Service").get_by_role("link", name=room, exact=True).click()


def done(page: Page) -> Locator:
    """Return the banner that says what was just done."""
    return page.get_by_role("alert", name="Success")


def fill_day(page: Page, legend: str, day: date) -> None:
    """Fill in the three boxes of a day."""
    group = page.get_by_role("group", name=legend)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part).fill(str(value))


def day_from_now(days: int) -> date:
    """Return the London day so many days ahead."""
    return local_date(SystemClock().now()) + timedelta(days=days)
