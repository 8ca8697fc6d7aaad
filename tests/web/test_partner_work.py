"""A lead researcher and their university's contact at one project: offer, costs, agreement, reports, what came of it."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest

from service.actions import agreement
from service.records import projects
from service.records.database import Unit
from service.records.projects import OutcomeRow, ReportRow
from service.states import EnquiryState, Outcome, ProjectState
from service.workflows import commands as c
from tests.support.doors import MANAGER, House, house
from tests.support.journey import TERMS, Journey
from tests.support.visiting import Page, Visitor, outbox

LEAD, CONTACT = "lin@northumbria.example", "calls@northumbria.example"
COSTS = {
    "label-1": "Research time",
    "amount-1": "£12,000",
    "kind-1": "cash",
    "label-2": "Supervision",
    "amount-2": "1500.50",
    "kind-2": "in_kind",
    "start-day": "11",
    "start-month": "1",
    "start-year": "2027",
    "end-day": "30",
    "end-month": "6",
    "end-year": "2027",
}


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER) as made:
        yield made


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock).interested(lead_name="Dr Lin Zhao", lead_email=LEAD)


def visit(opened: House, email: str) -> Visitor:
    visitor = Visitor(opened)
    visitor.sign_in(email)
    return visitor


def work_path(journey: Journey) -> str:
    return f"/work/{journey.interest_id}"


def project_path(journey: Journey) -> str:
    return f"/partner/projects/{journey.project_id}"


def reports(journey: Journey) -> list[ReportRow]:
    return journey.look(lambda unit: projects.reports(unit, journey.project_id))


def outcomes(journey: Journey) -> list[OutcomeRow]:
    return journey.look(lambda unit: projects.outcomes(unit, journey.project_id))


def kinds_to(opened: House, address: str) -> list[str]:
    return [mail.kind for mail in outbox(opened, address)]


def twice(visitor: Visitor, form: Page, button: str, answers: dict[str, str] | None = None) -> Page:
    """Press a button of the same form two times over."""
    visitor.page = form
    visitor.press(button, answers)
    visitor.page = form
    return visitor.press(button, answers)


def test_a_lead_finds_their_work_and_nobody_elses(opened: House, journey: Journey) -> None:
    lead = Visitor(opened)
    assert lead.sign_in_by_pages(LEAD).path == "/work", "they have nothing else here"
    assert work_path(journey) in lead.page.links
    page = lead.open(work_path(journey))
    assert "Until then you need do nothing." in page.text
    assert "Tenants aged over 65" in page.text
    assert "We have done this before." in page.text
    other = journey.interested(journey.universities[1]).interest_id
    for path in (f"/work/{other}", f"/work/{uuid4()}", "/work/rubbish"):
        assert "There is no such work of yours." in lead.open(path, status=404).text
    assert lead.open("/partner", status=403).status == 403


def test_a_lead_accepts_proposes_costs_and_their_university_submits_them(opened: House, journey: Journey) -> None:
    journey.offered()
    lead, contact = visit(opened, LEAD), visit(opened, CONTACT)
    page = lead.open(work_path(journey))
    assert "The work is offered to you." in page.text
    page = twice(lead, page, "Accept the offer")
    assert "The costs are wanted." in page.text
    assert journey.enquiry().state == EnquiryState.COSTING
    journey.project_id = journey.enquiry().project_id or uuid4()
    assert not {"Submit these costs to the enquirer", "Record the signature"} & set(page.buttons)

    form = page
    page = twice(lead, form, "Propose these costs", COSTS)
    assert "£13,500.50" in page.text
    assert journey.enquiry().state == EnquiryState.COSTING
    assert kinds_to(opened, CONTACT).count("costs_proposed") == 1
    mail = next(mail for mail in outbox(opened, CONTACT) if mail.kind == "costs_proposed")
    assert (mail.params["lead_name"], mail.params["total"]) == ("Dr Lin Zhao", "13500.50")

    assert mail.params["path"] == project_path(journey)
    form = contact.open(project_path(journey))
    assert form.fields["label-1"] == "Research time"
    page = twice(contact, form, "Submit these costs to the enquirer")
    assert "The costs are with the enquirer" in page.text
    assert journey.project().costs_submitted_version == 1
    assert kinds_to(opened, journey.enquirer_email).count("costs_to_agree") == 1


def test_a_lead_cannot_bind_the_university(opened: House, journey: Journey) -> None:
    journey.costed()
    lead = visit(opened, LEAD)
    token = lead.open(work_path(journey)).fields["csrf_token"]
    for event in ("submit_costing", "save_costs", "sign"):
        answer = lead.client.post(work_path(journey), data={"csrf_token": token, "event": event, **COSTS})
        assert answer.status_code == 404, event
    assert journey.project().costs_submitted_version is None


def test_costs_are_read_line_by_line_and_more_lines_can_be_had(opened: House, journey: Journey) -> None:
    journey.costing()
    contact = visit(opened, CONTACT)
    contact.open(project_path(journey))
    page = contact.press("Add more lines", {"label-1": "Research time"})
    assert page.fields["label-1"] == "Research time"
    assert "label-8" in page.fields
    page = contact.press(
        "Submit these costs to the enquirer",
        {"amount-1": "plenty", "amount-2": "5", "start-day": "31", "start-month": "2", "start-year": "2027"},
        status=422,
    )
    assert page.errors[0].startswith("Enter the amount of line 1")
    assert page.errors[1:] == [
        "Say what line 2 is for, or clear the line",
        "The start must be a real date",
    ]
    assert page.fields["amount-1"] == "plenty"
    backwards = {**COSTS, "end-year": "2026"}
    page = contact.press("Submit these costs to the enquirer", backwards, status=422)
    assert page.errors == ["A project ends after it starts: give an end that is not before the start."]
    contact.open(project_path(journey))
    page = contact.press("Submit these costs to the enquirer", status=409)
    assert page.errors, "there is nothing to submit"
    contact.open(project_path(journey))
    page = contact.press("Save, and submit later", COSTS)
    assert "Not submitted to the enquirer yet." in page.text


def test_costs_that_somebody_changed_meanwhile_are_not_trodden_on(opened: House, journey: Journey) -> None:
    journey.costing()
    lead, contact = visit(opened, LEAD), visit(opened, CONTACT)
    contact.open(project_path(journey))
    lead.open(work_path(journey))
    lead.press("Propose these costs", COSTS)
    page = contact.press("Submit these costs to the enquirer", {**COSTS, "amount-1": "9,000"}, status=412)
    assert "Somebody changed the costs while you were writing." in page.errors[0]
    assert page.fields["amount-1"] == "9,000"
    assert "£13,500.50" in page.text
    contact.press("Submit these costs to the enquirer")
    total = journey.look(lambda unit: sum(line.amount for line in projects.cost_lines(unit, journey.project())))
    assert total == Decimal("10500.50")


def test_a_contact_records_the_signature_on_the_terms_that_were_shown(opened: House, journey: Journey) -> None:
    journey.contracting()

    def terms(unit: Unit, roles: str) -> None:
        agreement.save_agreement(unit, journey.ctx(), journey.project_id, ["Us", "You"], {**TERMS, "roles": roles})

    opened.database.transact(lambda unit: terms(unit, "The university leads."))
    contact = visit(opened, CONTACT)
    form = contact.open(project_path(journey))
    page = contact.press("Record the signature", status=422)
    assert page.errors == ["Enter the name of whoever signed", "Enter the day it was signed"]
    signature = {
        "person": "Prof Pat Vice", "signed_on-day": "23", "signed_on-month": "11", "signed_on-year": "2026",
    }  # fmt: skip
    page = contact.press("Record the signature", {**signature, "signed_on-year": "2030"}, status=422)
    assert "This day has not come yet" in page.errors[0]
    opened.database.transact(lambda unit: terms(unit, "The council leads."))
    contact.page = form
    page = contact.press("Record the signature", signature, status=412)
    assert "The council leads." in page.text
    page = twice(contact, page, "Record the signature")
    assert "Signed for Northumbria University by Prof Pat Vice on 23 November 2026." in page.text
    assert len(journey.look(lambda unit: projects.signatures(unit, journey.project_id))) == 1


def test_a_lead_reports_delivers_and_says_what_came_of_it(opened: House, journey: Journey) -> None:
    journey.commissioned()
    lead = visit(opened, LEAD)
    page = lead.open(work_path(journey))
    assert "A short report is wanted every three months." in page.text
    page = lead.press("Send the report", status=422)
    assert page.errors == ["Write how the project is going"]
    page = twice(lead, page, "Send the report", {"report": "All sites have agreed to take part."})
    [report] = reports(journey)
    assert report.submitted_by_role == "lead_researcher"

    page = twice(lead, page, "Mark as delivered: Final report")
    [deliverable] = journey.look(lambda unit: projects.deliverables(unit, journey.project_id))
    assert deliverable.status == "delivered"
    assert "Final report , delivered" in page.text
    page = twice(lead, page, "Everything is handed over", {"note": "The report, by mail."})
    assert journey.project().state == ProjectState.DELIVERED

    page = lead.press("Send", {"used_for": "A cabinet paper"}, status=422)
    assert page.errors == ["Say whether the findings were used"]
    twice(lead, page, "Send", {"used": "yes", "how": "changed_decision"})
    [told] = outcomes(journey)
    assert (told.used, told.used_for, told.recorded_by_role) == ("yes", "A cabinet paper", "lead_researcher")


def test_a_contact_reports_and_hands_over_too(opened: House, journey: Journey) -> None:
    journey.commissioned()
    contact = visit(opened, CONTACT)
    contact.open(project_path(journey))
    contact.press("Send the report", {"report": "On its way."})
    contact.press("Everything is handed over")
    assert reports(journey)[0].submitted_by_role == "university"
    assert journey.project().state == ProjectState.DELIVERED


def test_a_lead_withdraws_and_says_why(opened: House, journey: Journey) -> None:
    journey.funding()
    lead = visit(opened, LEAD)
    form = lead.open(work_path(journey))
    page = lead.press("Withdraw from the project", status=422)
    assert page.errors == ["Say why"]
    page = lead.press("Withdraw from the project", {"withdraw_reason": "I am moving to another university."})
    assert "You have withdrawn." in page.text
    assert journey.enquiry().state == EnquiryState.SELECTING
    lead.page = form
    page = lead.press(
        "Withdraw from the project", {"withdraw_reason": "I am moving to another university."}, status=409
    )
    assert page.errors == ["This project has ended."]


def test_a_lead_declines_and_says_why(opened: House, journey: Journey) -> None:
    journey.offered()
    lead = visit(opened, LEAD)
    form = lead.open(work_path(journey))
    assert lead.press("Decline the offer", status=422).errors == ["Say why you cannot take it on"]
    page = twice(lead, form, "Decline the offer", {"offer_reason": "A grant came through."})
    assert "You have declined the offer." in page.text
    assert kinds_to(opened, MANAGER).count("offer_declined") == 1


def test_another_universitys_project_is_absent(opened: House, journey: Journey) -> None:
    journey.costing()
    other = visit(opened, "calls@newcastle.example")
    for path in (project_path(journey), f"/partner/projects/{uuid4()}", "/partner/projects/x"):
        assert "There is no such project." in other.open(path, status=404).text
    token = other.open("/partner").fields.get("csrf_token", "")
    answer = other.client.post(project_path(journey), data={"csrf_token": token, "event": "report", "report": "Hello"})
    assert answer.status_code == 404


def test_a_lead_who_is_replaced_no_longer_sees_it(opened: House, journey: Journey) -> None:
    lead, contact = visit(opened, LEAD), visit(opened, CONTACT)
    lead.open(work_path(journey))
    contact.open(f"/partner/interests/{journey.interest_id}")
    contact.press("Save the changes", {"lead_name": "Dr New", "lead_email": "new@northumbria.example"})
    lead.open(work_path(journey), status=404)
    assert "Your work as lead researcher" in visit(opened, "new@northumbria.example").open(work_path(journey)).text


def test_what_ended_can_be_read_and_not_changed(opened: House, journey: Journey) -> None:
    journey.costed()
    lead = visit(opened, LEAD)
    form = lead.open(work_path(journey))
    journey.act(c.Close(outcome=Outcome.WITHDRAWN, reason="No money."), journey.enquirer)
    lead.page = form
    page = lead.press("Propose these costs", {**COSTS, "amount-1": "1"}, status=409)
    assert page.errors == ["The enquiry is closed. Reopen it to change its project."]
    assert not {"Propose these costs", "Withdraw from the project"} & set(lead.open(work_path(journey)).buttons)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "x" * 30_000, "-1", "1" * 400])
def test_hostile_texts_are_answered_calmly(opened: House, journey: Journey, text: str) -> None:
    journey.costing()
    contact, lead = visit(opened, CONTACT), visit(opened, LEAD)
    sent = text.encode("utf-8", "surrogatepass")
    names = [
        *COSTS,
        "report",
        "withdraw_reason",
        "person",
        "evidence",
        "used",
        "how",
        "deliverable",
        "offer",
        "costs_seen",
    ]
    names += ["terms_seen", "offer_reason", "period_end", "signed_on", "note", "in_time", "label-99", "amount-0"]
    for visitor, path in ((contact, project_path(journey)), (lead, work_path(journey))):
        token = visitor.open(path).fields["csrf_token"]
        for event in (
            "save_costs", "propose_costs", "submit_costing", "more", "report", "mark_delivered", "deliver", "lead_withdraws",
            "sign", "outcome", "accept_offer", "decline_offer", text,
        ):  # fmt: skip
            data = {**dict.fromkeys(names, sent), "csrf_token": token, "event": event.encode("utf-8", "surrogatepass")}
            answer = visitor.client.post(path, data=data)
            assert answer.status_code < 500, (path, event, answer.status_code)
