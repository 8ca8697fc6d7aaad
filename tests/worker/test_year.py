"""A year in a minute: real workers tick through it, mail is counted at a real server, dates were counted by hand.

The team works in England; the enquirers' councils and one university lie in three nations. The clock stands at nine on
every day on which something is due or has to wait, two workers at once on some of them, and none at all in the week
before Christmas.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import func, select

from service.actions import remind, reports, respond
from service.actions.calendars import add_day
from service.actions.drafting import begun
from service.context import Context
from service.ids import new_id
from service.principals import PUBLIC
from service.records.database import Database, Unit
from service.records.tables import Enquiry, FollowUp, OutboxMessage
from service.states import Outcome
from service.workflows import commands as c
from service.working_time import LONDON, opening
from tests.support.clock import HandClock
from tests.support.following import REMINDERS, kinds_in
from tests.support.journey import Cast, Journey
from tests.support.serving import command
from tests.support.smtp import Mailbox, Received, mail_server

pytestmark = pytest.mark.xdist_group("year")

ANN, EVAN, FAY = "ann@council.example", "evan@council.example", "fay@council.example"
IONA, NIA = "iona@fife.example", "nia@belfast.example"
MO, SAL, LEE = "mo@service.example", "sal@service.example", "lee@durham.example"
NORTHUMBRIA, DURHAM, FIFE = "calls@northumbria.example", "calls@durham.example", "calls@fife.example"

EXPECTED = f"""
2026-10-23 {MO}    task_first_response          submitted on Thursday 22 October
2026-10-23 {SAL}   task_first_response          nobody owns it yet
2026-10-26 {MO}    task_first_response          the clocks went back on the 25th
2026-10-26 {SAL}   task_first_response
2026-11-03 {ANN}   remind_information_asked     asked on Tuesday 27 October
2026-11-10 {ANN}   remind_information_asked     in spite of an automatic reply
2026-11-17 {ANN}   remind_information_asked     her other enquiry, due on the 5th and the 12th, had to wait for its week
2026-11-24 {MO}    task_brief_due               begun on Thursday 12 November
2026-11-26 {MO}    task_brief_due
2026-12-02 {ANN}   satisfaction_asked           the other one was closed on Wednesday 18 November
2026-12-02 {IONA}  remind_information_asked     asked on Tuesday 24 November; the 30th is St Andrew's Day
2026-12-09 {ANN}   remind_sign_off              due on the 4th, a week after the 2nd at the earliest
2026-12-09 {IONA}  remind_information_asked
2026-12-21 {ANN}   remind_sign_off              due on the 11th, put off until the 16th, when nobody worked
2026-12-21 {MO}    task_sign_off                due on the 18th
2026-12-21 {MO}    task_brief_due               the newest of the 14th and the 16th
2026-12-22 {FAY}   remind_draft_nudge           saved on Thursday the 17th
2026-12-23 {IONA}  remind_information_asked
2026-12-23 {MO}    task_brief_due
2026-12-24 {NORTHUMBRIA} remind_brief_not_fetched   published on Tuesday the 22nd
2026-12-24 {FIFE}  remind_brief_not_fetched
2026-12-31 {MO}    task_brief_not_fetched       over Christmas and Boxing Day's substitute
2026-12-31 {MO}    task_brief_not_fetched       one for each university
2027-01-05 {FAY}   remind_draft_nudge
2027-01-07 {FIFE}  remind_reply_by              five days before Friday the 15th, the 14th being proclaimed there
2027-01-08 {NORTHUMBRIA} remind_reply_by
2027-01-08 {DURHAM} remind_reply_by
2027-01-08 {MO}    task_dormant                 thirty days after 24 November
2027-01-12 {FAY}   remind_draft_purge_warning   due on the 7th, a week after the 5th at the earliest; forgotten on the 14th
2027-01-13 {FIFE}  remind_reply_by
2027-01-14 {NORTHUMBRIA} remind_reply_by        Durham has answered
2027-01-15 {MO}    task_call_due
2027-01-18 {EVAN}  satisfaction_asked           closed on Monday the 4th
2027-01-21 {LEE}   remind_offer_unanswered      offered on Monday the 18th
2027-01-26 {LEE}   remind_offer_unanswered
2027-02-01 {MO}    task_offer_lapse
2027-02-09 {DURHAM} remind_costing              accepted on Tuesday the 2nd
2027-02-09 {LEE}   remind_costing
2027-03-08 {NIA}   remind_information_asked     asked on Monday the 1st
2027-03-11 {MO}    task_funding_review          costs agreed on Thursday 11 February
2027-03-15 {NIA}   remind_information_asked
2027-03-30 {MO}    staff_date                   chosen for Saturday the 27th, and the 29th is Easter Monday
2027-04-08 {MO}    task_hold_ends               two days before Monday the 12th
2027-04-12 {MO}    task_hold_ends
2027-04-12 {MO}    task_funding_review          over Easter; the clocks went forward on 28 March
2027-04-23 {NIA}   remind_information_asked     nine days were left on 16 March, St Patrick's Day not among them
2027-05-28 {LEE}   remind_report                ten days before Saturday 12 June, over the holiday of the 31st
2027-05-28 {MO}    task_report
2027-06-10 {LEE}   remind_report
2027-06-10 {MO}    task_report
2027-07-28 {LEE}   remind_deliverable           ten days before Wednesday 11 August
2027-07-28 {MO}    task_deliverable
2027-08-09 {LEE}   remind_deliverable
2027-08-09 {MO}    task_deliverable
2027-08-25 {ANN}   satisfaction_asked           completed on Wednesday the 11th
2027-11-03 {ANN}   outcome_asked                sixty days after Tuesday 10 August; the clocks went back on 31 October
2027-11-03 {LEE}   outcome_asked
"""
"""Day, address, kind, and why then: each line is one message, or one task of a digest, and there are no others."""

WAITING_DAYS = "2026-11-05 2026-11-12 2026-12-04 2026-12-11 2027-03-27".split()
"""Days on which something is due that has to wait: for its enquirer's week to pass, or the team's next working day."""
OVERLAPPING_DAYS = {"2026-10-26", "2026-11-17", "2026-12-21", "2026-12-24", "2027-04-12"}
"""Days on which two workers tick at once."""


def expected() -> list[str]:
    return sorted(" ".join(line.split()[:3]) for line in EXPECTED.strip().splitlines())


class Year:
    """What people do in it, day by day at eleven in the morning."""

    def __init__(self, database: Database, clock: HandClock) -> None:
        self.database, self.clock = database, clock
        cast = Cast(database, clock)
        cast.service_lead()
        cast.organisation("Fife Council", nation="scotland")
        cast.organisation("Belfast City Council", nation="northern_ireland")
        self.fife = cast.organisation("University of Fife", "university", partner=True, nation="scotland")
        cast.person(FIFE, name="Fi", organisation_id=self.fife, is_contact=True)
        self.homes = Journey(database, clock)
        self.other = Journey(database, clock, question="And does it pay?")
        self.scottish = Journey(database, clock, organisation="Fife Council", enquirer_email=IONA)
        self.irish = Journey(database, clock, organisation="Belfast City Council", enquirer_email=NIA)
        self.known = Journey(database, clock, enquirer_email=EVAN)
        self.draft_id = new_id()

    def days(self) -> dict[str, Callable[[], object]]:
        homes, other, scottish, irish, known = self.homes, self.other, self.scottish, self.irish, self.known
        northumbria, _, durham = homes.universities
        return {
            "2026-10-22": homes.submitted,
            "2026-10-26": lambda: _taken_on(homes),
            "2026-10-27": lambda: homes.act(c.Ask(body="Which years?")),
            "2026-10-29": lambda: (_taken_on(other), other.act(c.Ask(body="Whose money?"))),
            "2026-11-04": lambda: homes.say("I am out of the office.", automatic=True),
            "2026-11-11": lambda: homes.say("From 2019 on."),
            "2026-11-12": homes.briefed,
            "2026-11-18": lambda: other.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="It does.")),
            "2026-11-24": lambda: (_taken_on(scottish), scottish.act(c.Ask(body="Which wards?"))),
            "2026-11-27": homes.sent,
            "2026-11-30": lambda: _taken_on(known),
            "2026-12-02": lambda: known.act(c.BeginBrief()),
            "2026-12-17": self.fay_saves_a_draft,
            "2026-12-22": lambda: homes.published([northumbria, durham, self.fife], date(2027, 1, 15)),
            "2026-12-23": lambda: self.act(lambda unit, ctx: respond.acknowledge(unit, ctx, homes.enquiry_id, durham)),
            "2027-01-04": lambda: known.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes.")),
            "2027-01-05": lambda: self.act(
                lambda unit, ctx: add_day(unit, ctx, "scotland", date(2027, 1, 14), "A royal wedding")
            ),
            "2027-01-11": lambda: (
                scottish.say("All of them."),
                homes.interested(durham, lead_email=LEE),
            ),
            "2027-01-18": homes.offered,
            "2027-02-02": homes.costing,
            "2027-02-10": homes.costs_submitted,
            "2027-02-11": homes.funding,
            "2027-03-01": lambda: (_taken_on(irish), irish.act(c.Ask(body="Which trusts?"))),
            "2027-03-12": lambda: self.act(
                lambda unit, ctx: remind.set_staff_date(unit, ctx, homes.enquiry(), date(2027, 3, 27), "Ring them.")
            ),
            "2027-03-16": lambda: irish.act(c.Hold(until=date(2027, 4, 12), reason="An election.")),
            "2027-04-12": lambda: irish.act(c.Resume()),
            "2027-04-13": homes.commissioned,
            "2027-04-26": lambda: irish.say("All five."),
            "2027-06-11": lambda: self.act(
                lambda unit, ctx: reports.add_report(unit, ctx, homes.project_id, "All goes well.")
            ),
            "2027-08-10": homes.delivery_accepted,
            "2027-08-11": homes.completed,
        }  # fmt: skip

    def act(self, work: Callable[[Unit, Context], object]) -> None:
        self.database.transact(lambda unit: work(unit, self.homes.ctx()))

    def fay_saves_a_draft(self) -> None:
        now = self.clock.now()

        def work(unit: Unit) -> None:
            draft = Enquiry(
                **begun(now), id=self.draft_id, question="What helps?", form_name="Fay", form_email=FAY,
                form_token=new_id().hex,
            )  # fmt: skip
            unit.add(draft)
            unit.flush()
            remind.draft_saved(unit, Context(now=now, actor=PUBLIC), draft)

        self.database.transact(work)


def _taken_on(journey: Journey) -> UUID:
    return journey.submitted().accepted().say("We spoke.", kind="call", direction="out")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


def test_a_year(sqlite_url: str, mailbox: Mailbox, tmp_path: Path) -> None:
    clock_file = tmp_path / "clock"
    settings = {
        "DATABASE_URL": sqlite_url,
        "MAIL": mailbox.url,
        "CLOCK": f"file:{clock_file}",
        "SECRET_KEY": "a secret for a year of these tests",
        "BASE_URL": "https://ask.example.org",
    }

    def run(*arguments: str) -> None:
        command(*arguments, environment=settings, folder=tmp_path)

    clock_file.write_text(opening(date(2026, 10, 22)).isoformat())
    run("migrate")
    database = Database(sqlite_url)
    clock = HandClock(opening(date(2026, 10, 22)))
    year = Year(database, clock)
    doing = year.days()
    kinds: dict[UUID, list[str]] = {}
    ticking = {line.split()[0] for line in expected()} | set(WAITING_DAYS)
    for day in sorted(ticking | set(doing)):
        nine = opening(date.fromisoformat(day))
        if day in ticking:
            clock_file.write_text(nine.isoformat())
            workers = 2 if day in OVERLAPPING_DAYS else 1
            with ThreadPoolExecutor(workers) as pool:
                for ticked in [pool.submit(run, "work", "--once") for _ in range(workers)]:
                    ticked.result()
            kinds |= kinds_of(database)
        if day in doing:
            clock.set(nine + timedelta(hours=2))
            doing[day]()

    assert arrived(mailbox, kinds) == expected()
    assert max(digests_a_day(mailbox, kinds).values()) == 1
    ids = Counter(str(one.message["Message-ID"]) for one in mailbox.received)
    assert max(ids.values()) == 1
    left = database.read(lambda unit: _left(unit, year.draft_id, opening(date(2027, 11, 3))))
    assert left == {"overdue": 0, "unsent": 0, "drafts": 0}
    run("check")
    database.dispose()


def kinds_of(database: Database) -> dict[UUID, list[str]]:
    """Return what each message is, a digest first and then its tasks; those of a draft go with it when it is forgotten."""
    return database.read(
        lambda unit: {
            row.id: [*(["digest"] if row.kind == "digest" else []), *kinds_in(row)]
            for row in unit.exec(select(OutboxMessage))
        }
    )


def arrived(mailbox: Mailbox, kinds: dict[UUID, list[str]]) -> list[str]:
    """Return the reminders that arrived at the mail server, dated by their own Date header."""
    found = []
    for one in mailbox.received:
        for kind in kinds[_message_id(one)]:
            if kind.startswith(REMINDERS):
                sent_at: datetime = parsedate_to_datetime(str(one.message["Date"]))
                assert sent_at.astimezone(LONDON).hour == 9, "nothing leaves before working hours"
                found.append(f"{sent_at.astimezone(LONDON).date()} {one.recipients[0]} {kind}")
    return sorted(found)


def digests_a_day(mailbox: Mailbox, kinds: dict[UUID, list[str]]) -> Counter[str]:
    """Return how many digests each person got on each day."""
    return Counter(
        f"{parsedate_to_datetime(str(one.message['Date'])).date()} {one.recipients[0]}"
        for one in mailbox.received
        if "digest" in kinds[_message_id(one)]
    )


def _message_id(received: Received) -> UUID:
    return UUID(str(received.message["Message-ID"]).strip("<>").split("@")[0])


def _left(unit: Unit, draft_id: UUID, now: datetime) -> dict[str, int]:
    overdue = select(func.count()).select_from(FollowUp).where(FollowUp.status == "due", FollowUp.due_at <= now)
    unsent = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.status == "failed")
    return {
        "overdue": unit.exec(overdue).one(),
        "unsent": unit.exec(unsent).one(),
        "drafts": 0 if unit.get(Enquiry, draft_id) is None else 1,
    }
