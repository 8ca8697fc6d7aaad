"""The pictures of the documents, taken of an invented year: `make pictures`. References and days differ each time."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import col, select

from service.clock import SystemClock
from service.records import links, people
from service.records.database import Database, Unit
from service.records.tables import Call, CallRecipient, Enquiry, Interest, Participation, Person, Project
from service.states import EnquiryState, ProjectState, WaitingOn
from service.tokens import Tokens
from tests.support.chromium import ARGUMENTS, MISSING, chromium
from tests.support.serving import ROOT, command, serving

PICTURES = ROOT / "docs/pictures"
SECRET = "a secret for taking pictures, long enough to sign with"
MANAGER, LEAD, CONTACT = "sam.okafor@service.example", "robin.ashworth@service.example", "briefs@newcastle.example"
APRIL = 4
PUBLIC, DESK, LONG_DESK, PARTNER = (880, 1200), (1280, 900), (1280, 1560), (1000, 900)


@dataclass(frozen=True)
class Camera:
    """A browser before a service that holds an invented year."""

    browser: Browser
    url: str
    database: Database

    def take(self, name: str, path: str, size: tuple[int, int], email: str | None = None) -> None:
        """Write down what stands at the top of a page, as somebody sees it who has signed in."""
        width, height = size
        page = self.browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")
        if email:
            self._sign_in(page, email)
        page.goto(f"{self.url}{path}")
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()

    def side_by_side(self, name: str, sheets: list[Path]) -> None:
        """Write down pictures beside each other on a grey table."""
        table = sheets[0].with_name("table.html")
        shown = "".join(f'<img src="{sheet.name}" width="520">' for sheet in sheets)
        table.write_text(f'<body style="margin:12px;background:#888;display:flex;gap:12px;align-items:start">{shown}')
        page = self.browser.new_page(viewport={"width": 1076, "height": 760})
        page.goto(table.as_uri())
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()

    def _sign_in(self, page: Page, email: str) -> None:
        def make_link(unit: Unit) -> str:
            person = people.by_email(unit, email)
            assert person is not None, email
            return Tokens(SECRET).sign_in_token(links.make(unit, person.id, "/", SystemClock().now()).id)

        page.goto(f"{self.url}/sign-in/{self.database.transact(make_link)}")
        page.get_by_role("button", name="Continue", exact=True).click()
        page.wait_for_load_state()


def brief_to_agree(unit: Unit) -> tuple[str, str]:
    """Return an enquirer's page on which a brief waits for them, and their address."""
    enquiry, person = unit.exec(
        select(Enquiry, Person)
        .join(Participation, col(Participation.enquiry_id) == col(Enquiry.id))
        .join(Person, col(Person.id) == col(Participation.person_id))
        .where(Enquiry.state == EnquiryState.SIGN_OFF, Enquiry.waiting_on == WaitingOn.ENQUIRER)
    ).all()[0]
    return f"/enquiries/{enquiry.reference}", str(person.email)


def open_brief(unit: Unit) -> str:
    """Return a contact's page of a brief that waits for their answer."""
    contact = people.by_email(unit, CONTACT)
    assert contact is not None
    found = unit.exec(
        select(Enquiry)
        .join(Call, col(Call.enquiry_id) == col(Enquiry.id))
        .join(CallRecipient, col(CallRecipient.call_id) == col(Call.id))
        .where(
            Enquiry.state == EnquiryState.OPEN_CALL,
            CallRecipient.organisation_id == contact.organisation_id,
            col(CallRecipient.interested_at).is_(None),
            col(CallRecipient.declined_at).is_(None),
        )
        .order_by(col(Call.reply_by).desc())
    ).all()
    return f"/partner/briefs/{found[0].brief_id}"


def work_before_it_starts(unit: Unit) -> tuple[str, str]:
    """Return the page of a lead whose work is not commissioned yet, being costed if there is one, and their address."""
    found = unit.exec(
        select(Interest, Enquiry)
        .join(Project, col(Project.interest_id) == col(Interest.id))
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .where(Project.state == ProjectState.PLANNED, Enquiry.state != EnquiryState.CLOSED)
    ).all()
    interest, _ = min(found, key=lambda row: (row[1].state != EnquiryState.COSTING, row[1].waiting_on != WaitingOn.ENQUIRER))  # fmt: skip
    return f"/work/{interest.id}", interest.lead_email


def pressing_case(unit: Unit) -> str:
    """Return the desk's page of an enquiry of the manager's on which a lead is to answer an offer, or else of any."""
    manager = people.by_email(unit, MANAGER)
    assert manager is not None
    found = unit.exec(
        select(Enquiry)
        .where(Enquiry.owner_id == manager.id, col(Enquiry.state).in_([EnquiryState.SELECTING, EnquiryState.OPEN_CALL]))
        .order_by(col(Enquiry.state).desc(), col(Enquiry.id))
    ).all()
    return f"/manage/enquiries/{found[0].reference}"


def last_financial_year(today: date) -> str:
    """Return the financial year that was over last, as the report's address says it: "2025-26"."""
    ended = today.year if today.month >= APRIL else today.year - 1
    return f"{ended - 1}-{ended % 100:02}"


def main() -> None:
    """Take every picture anew. Raises SystemExit where a browser or `pdftoppm` is missing."""
    executable = chromium()
    if executable is None:
        raise SystemExit(MISSING)
    if shutil.which("pdftoppm") is None:
        raise SystemExit("The pictures of the report need pdftoppm: apt-get install poppler-utils")
    with TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        environment = {
            "DATABASE_URL": f"sqlite:///{folder}/service.db",
            "MAIL": f"file:{folder}/mail",
            "SECRET_KEY": SECRET,
            "STAFF_EMAILS": MANAGER,
            "LEAD_EMAILS": LEAD,
            "SCHEDULER": "off",
        }
        command("migrate", environment=environment, folder=folder)
        command("demo", environment=environment, folder=folder)
        year = last_financial_year(SystemClock().now().date())
        command("report", year, "--output", "report.pdf", environment=environment, folder=folder)
        for number, sheet in enumerate(("1", "4"), start=1):
            drawing = ["pdftoppm", "-png", "-singlefile", "-r", "96", "-f", sheet, "report.pdf", f"sheet-{number}"]
            subprocess.run(drawing, cwd=folder, check=True)
        browser = playwright.chromium.launch(executable_path=executable, args=[*ARGUMENTS])
        database = Database(environment["DATABASE_URL"])
        with serving(environment, folder=folder) as service:
            camera = Camera(browser, service.url, database)
            camera.take("start", "/", (880, 800))
            camera.take("enquiry", *_at(PUBLIC, *database.read(brief_to_agree)))
            camera.take("today", "/manage", DESK, MANAGER)
            camera.take("case", database.read(pressing_case), DESK, MANAGER)
            camera.take("figures", "/figures", LONG_DESK)
            camera.take("partner-brief", database.read(open_brief), PARTNER, CONTACT)
            camera.take("partner-work", *_at(PARTNER, *database.read(work_before_it_starts)))
            camera.side_by_side("figures-report", [folder / "sheet-1.png", folder / "sheet-2.png"])
        database.dispose()
        browser.close()


def _at(size: tuple[int, int], path: str, email: str) -> tuple[str, tuple[int, int], str]:
    return path, size, email


if __name__ == "__main__":
    main()
