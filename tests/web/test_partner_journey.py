"""A university without software: its contact and its lead do all their parts by the links in their mails alone."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from service.actions import agreement, deliverables, funding
from service.delivery.render import render
from service.jobs import remind
from service.records import calls, conversation, projects
from service.records.database import Unit
from service.states import EnquiryState, Outcome
from service.workflows import commands as c
from tests.support.doors import MANAGER, House, house
from tests.support.journey import TERMS, Journey
from tests.support.letters import LETTERHEAD
from tests.support.visiting import Page, Visitor, outbox

CONTACT, LEAD = "calls@northumbria.example", "lin@northumbria.example"


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER) as made:
        yield made


def link_in(opened: House, address: str, kind: str) -> str:
    """Return the path to which the newest mail of a kind leads, as it stands in its text."""
    message = next(each for each in reversed(outbox(opened, address)) if each.kind == kind)
    [found] = set(re.findall(r"https://ask\.example\.org(/\S+)", render(message, LETTERHEAD).text))
    return str(found)


def follow(visitor: Visitor, address: str, kind: str) -> Page:
    """Follow a mail's link; without a session, ask for a link to the address the mail came to, and spend it."""
    path = link_in(visitor.house, address, kind)
    if visitor.client.get(path).status_code != 401:
        return visitor.open(path)
    visitor.open(path, status=401)
    visitor.press("Email a link to this address", {"email": address})
    visitor.open(visitor.newest_link(address))
    page = visitor.press("Continue")
    assert page.path == path, "the link leads on to what the mail was about"
    return page


def let_reminders_go(opened: House) -> None:
    """Send every reminder that is due."""
    while remind.run(opened.database, opened.clock, "england_and_wales"):
        pass


def test_every_part_is_done_from_a_mail(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).published()
    contact, lead = Visitor(opened), Visitor(opened)

    follow(contact, CONTACT, "call_published")
    contact.press("Send the question", {"body": "Is there linked data?"})
    university = journey.universities[0]
    [(asked, _)] = journey.look(lambda unit: conversation.questions_of(unit, journey.enquiry_id, university))
    journey.say("Yes, from 2019.", direction="out", visibility="universities", answers=asked.id)
    assert "Yes, from 2019." in follow(contact, CONTACT, "clarification_answered").text
    contact.open(f"{contact.page.path}/interest")
    contact.press(
        "Offer this team",
        {
            "lead_name": "Dr Lin Zhao", "lead_email": LEAD, "statement": "We linked such data before.",
            "capacity_days": "40", "earliest_start-day": "11", "earliest_start-month": "1",
            "earliest_start-year": "2027", "cost_band": "5k_to_20k", "show_enquirer": "no",
        },
    )  # fmt: skip
    [interest] = journey.look(lambda unit: calls.interests(unit, journey.enquiry_id))
    journey.interest_id = interest.id
    journey._taken.add("interested")
    journey.offered()

    assert "The work is offered to you." in follow(lead, LEAD, "offer_made").text
    lead.press("Accept the offer")
    assert journey.enquiry().state == EnquiryState.COSTING
    project_id = journey.enquiry().project_id
    assert project_id is not None
    journey.project_id = project_id

    follow(lead, LEAD, "costing_wanted")
    costs = {"label-1": "Research time", "amount-1": "12,000", "kind-1": "cash"}
    days = {
        "start-day": "11",
        "start-month": "1",
        "start-year": "2027",
        "end-day": "30",
        "end-month": "6",
        "end-year": "2027",
    }
    lead.press("Propose these costs", {**costs, **days})
    assert "The costs are with your university's contacts" in lead.page.text
    follow(contact, CONTACT, "costs_proposed")
    contact.press("Submit these costs to the enquirer")
    journey.act(c.AgreeCosts(version=1), journey.enquirer)
    assert "The enquirer agreed these costs" in follow(contact, CONTACT, "costs_agreed_university").text

    source = funding.Source("Public health grant", Decimal(12_000), "cash", "confirmed", evidence="Minute 14")
    opened.database.transact(lambda unit: funding.add_funding_line(unit, journey.ctx(), project_id, source))
    journey.act(c.ConfirmFunding(route="funded"))

    def terms(unit: Unit) -> None:
        agreement.save_agreement(unit, journey.ctx(), project_id, ["The council", "The university"], TERMS)
        signed = agreement.Signed("commissioner", "Ann Asker", "Gateshead Council", journey.today())
        agreement.sign(unit, journey.ctx(), project_id, signed)
        deliverables.add_deliverable(
            unit, journey.ctx(), project_id, "Final report", journey.today().replace(year=2027)
        )

    opened.database.transact(terms)
    assert "Record the signature" in follow(contact, CONTACT, "terms_to_sign_university").buttons
    assert "Signed for Gateshead Council by Ann Asker" in follow(lead, LEAD, "terms_to_sign_lead").text
    opened.clock.move(days=15)
    let_reminders_go(opened)
    follow(contact, CONTACT, "remind_contract")
    today = journey.today()
    contact.press(
        "Record the signature",
        {
            "person": "Prof Pat Vice", "signed_on-day": str(today.day), "signed_on-month": str(today.month),
            "signed_on-year": str(today.year),
        },
    )  # fmt: skip
    journey.act(c.Commission())
    assert "Under way" in follow(contact, CONTACT, "commissioned_university").text
    contact.open(f"/partner/briefs/{journey.brief_id}")
    assert "The work went to your university." in contact.page.text

    assert "Under way" in follow(lead, LEAD, "commissioned_lead").text
    lead.press("Send the report", {"report": "All sites have agreed."})
    lead.press("Mark as delivered: Final report")
    lead.press("Everything is handed over", {"note": "By mail."})
    journey.act_on_project(c.AcceptDelivery(), journey.enquirer)
    follow(lead, LEAD, "delivery_accepted_lead")
    journey.act(c.Complete(plain_summary="It works.", output="A report.", publication="In full."))
    opened.clock.move(days=100)
    let_reminders_go(opened)
    lead = Visitor(opened)
    follow(lead, LEAD, "outcome_asked")
    lead.press("Send", {"used": "yes", "how": "changed_decision"})
    [told] = journey.look(lambda unit: projects.outcomes(unit, project_id))
    assert (told.used, told.recorded_by_role) == ("yes", "lead_researcher")
    assert journey.enquiry().outcome == Outcome.COMPLETED
