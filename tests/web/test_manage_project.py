"""A project at the console: its costs, funding, agreement, deliverables, reports and outcomes, entered by a manager."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from service.records import projects
from service.records.tables import CostLine, Deliverable, FundingLine, OutcomeRecord, Project, Report, Signature
from service.workflows import commands as c
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.hostile import naughty_strings
from tests.support.journey import TERMS, UNIVERSITIES, Journey
from tests.support.visiting import Page, Visitor

COLLEAGUE = "kim@service.example"


@pytest.fixture
def small(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=f"{MANAGER},{COLLEAGUE}", lead_emails=LEAD) as found:
        yield found


@pytest.fixture
def journey(small: House) -> Journey:
    return Journey(small.database, small.clock)


@pytest.fixture
def mo(small: House) -> Visitor:
    """The manager who owns the enquiry, signed in; a test asks for the journey first, which knows their name."""
    return at_desk(small, MANAGER)


def at_desk(opened: House, email: str) -> Visitor:
    visitor = Visitor(opened)
    visitor.sign_in(email)
    return visitor


def at(journey: Journey, under: str = "") -> str:
    return f"/manage/enquiries/{journey.reference}/project{under}"


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def cost_lines(journey: Journey) -> list[CostLine]:
    return journey.look(lambda unit: projects.cost_lines(unit, journey.project()))


def funding_lines(journey: Journey) -> list[FundingLine]:
    return journey.look(lambda unit: projects.funding_lines(unit, journey.project_id))


def deliverables(journey: Journey) -> list[Deliverable]:
    return journey.look(lambda unit: projects.deliverables(unit, journey.project_id))


def signatures(journey: Journey) -> list[Signature]:
    return journey.look(lambda unit: projects.signatures(unit, journey.project_id))


def reports(journey: Journey) -> list[Report]:
    return journey.look(lambda unit: projects.reports(unit, journey.project_id))


def outcomes(journey: Journey) -> list[OutcomeRecord]:
    return journey.look(lambda unit: projects.outcomes(unit, journey.project_id))


def pressed_twice(visitor: Visitor, button: str, answers: dict[str, str | list[str]]) -> Page:
    """Press a button of the page, go back, and press it again."""
    form = visitor.page
    visitor.press(button, answers)
    visitor.page = form
    return visitor.press(button, answers)


# ---------------------------------------------------------------------------------------------------------- the page


def test_an_enquiry_without_a_project_says_when_there_will_be_one(journey: Journey, mo: Visitor) -> None:
    journey.selecting()
    for under in ("", "/costs", "/funding", "/agreement", "/outcomes"):
        page = mo.open(at(journey, under), status=404)
        assert "has no project yet. One is planned when researchers accept an offer." in page.text
        assert f"/manage/enquiries/{journey.reference}" in page.links


def test_the_page_tells_what_is_there_and_what_is_to_come(journey: Journey, mo: Visitor) -> None:
    journey.contracting()
    page = mo.open(at(journey))
    for told in (
        "Planned. The enquiry: Contracting. Next date: Monday 21 December 2026, in 28 days. Monday 21 December 2026 is 20",
        "Version 1. Agreed by the enquirer on 23 November 2026",
        "From Wednesday 23 December 2026 (in 30 days) to Monday 21 June 2027",
        "181 days or 25 weeks and 6 days, the first and the last day counted. 122 working days of them.",
        "Confirmed funding of £12,000 covers the cost of £12,000.",
        "Public health grant Confirmed on 23 November 2026 by Mo Manager Cabinet minute 14",
        "No terms have been written yet.",
        "Funding confirmed : done",
        "Signed by the university : to come",
        "Record the ethics route and the data protection route in the agreement first.",
        "The costs were agreed and their funding is confirmed, so they can no longer change here.",
    ):
        assert told in page.text, told
    assert at(journey, "/costs") not in page.links
    assert f"/manage/enquiries/{journey.reference}/do/lead_withdraws" in page.links
    assert f"/manage/enquiries/{journey.reference}/do/commission" not in page.links, "it would be refused"

    journey.signed()
    page = mo.open(at(journey))
    assert f"/manage/enquiries/{journey.reference}/do/commission" in page.links
    assert "Final report : by Tuesday 23 March 2027, in 120 days" in page.text

    journey.commissioned()
    page = mo.open(at(journey))
    assert "Tuesday 23 March 2027: wanted, in 120 days 3 months after the start on 23 December 2026." in page.text
    mo.house.clock.move(days=200)
    mo.sign_in(MANAGER)
    page = mo.open(at(journey))
    assert "Final report : by Tuesday 23 March 2027, 80 days ago Past its date" in page.text
    assert "Tuesday 23 March 2027: not received, 80 days ago Past its date" in page.text


def test_an_end_after_the_need_is_said(small: House) -> None:
    journey = Journey(small.database, small.clock).submitted(needed_by=date(2027, 6, 1)).costed()
    page = at_desk(small, MANAGER).open(at(journey))
    assert "It ends 20 days after Tuesday 1 June 2027, when the enquirer needs something usable." in page.text


def test_every_move_offered_has_its_form(journey: Journey, mo: Visitor) -> None:
    walked = (
        journey.costed, journey.costs_submitted, journey.funding, journey.contracting, journey.signed,
        journey.commissioned, lambda: journey.act_on_project(c.PauseProject(reason="Flood.")),
        lambda: journey.act_on_project(c.ResumeProject()), journey.delivered, journey.delivery_accepted,
    )  # fmt: skip
    opened = set()
    for walk in walked:
        walk()
        for link in mo.open(at(journey)).links:
            if "/do/" in link and link not in opened:
                opened.add(link)
                mo.open(link)
    assert {link.rsplit("/", 1)[1] for link in opened} == {
        "submit_costing", "agree_costs", "descope", "confirm_funding", "commission", "lead_withdraws",
        "pause", "resume_project", "deliver", "accept_delivery", "complete",
    }  # fmt: skip


def test_a_manager_leads_a_project_from_its_costs_to_what_it_changed(journey: Journey, mo: Visitor) -> None:
    journey.costing()

    def do(event: str, button: str, answers: dict[str, str | list[str]] | None = None) -> None:
        page = mo.open(at(journey))
        path = f"/manage/enquiries/{journey.reference}/do/{event}"
        assert path in page.links, page.text
        mo.open(path)
        mo.press(button, answers)

    def put(under: str, button: str, answers: dict[str, str | list[str]]) -> Page:
        mo.open(at(journey, under))
        return mo.press(button, answers)

    dates = {**day("start", date(2027, 1, 11)), **day("end", date(2027, 6, 30))}
    put("/costs", "Save the costs", {"label-1": "Research time", "amount-1": "£12,000.50", **dates})
    do("submit_costing", "Submit the costs")
    said = str(journey.say("Yes, the costs are fine."))
    do("agree_costs", "Record their yes to the costs", {"entry": said})
    grant: dict[str, str | list[str]] = {
        "source": "Grant",
        "amount": "12000.50",
        "status": "confirmed",
        "evidence": "Letter",
    }
    put("/funding", "Add this source", grant)
    do("confirm_funding", "Confirm the funding", {"route": "funded"})
    put("/agreement", "Save the terms", {**TERMS, "parties": "Council\nUniversity"})
    signature: dict[str, str | list[str]] = {"person": "Ann Asker", "organisation": "Council", "party": "commissioner"}
    put("/signatures", "Record the signature", signature)
    put("/signatures", "Record the signature", {**signature, "organisation": "University", "party": "university"})
    put("/deliverables", "Add it", {"title": "Final report", **day("due_on", date(2027, 6, 30))})
    do("commission", "Commission the project")
    put("/reports", "Record the report", {"body": "All sites take part."})
    do("pause", "Pause the project", {"reason": "The sites are closed."})
    do("resume_project", "Resume the project")
    do("deliver", "Deliver the project")
    said = str(journey.say("It is what we agreed."))
    do("accept_delivery", "Record their yes to the delivery", {"entry": said})
    do("complete", "Complete", {"plain_summary": "It works.", "output": "A report.", "publication": "In full."})
    page = put("/outcomes", "Record this", {"used": "yes", "how": ["changed_decision"]})
    assert "Completed. The enquiry: Closed." in page.text
    assert "They were used" in page.text
    assert journey.enquiry().outcome == "completed"


# -------------------------------------------------------------------------------------------------------------- costs


def test_costs_are_entered_as_people_write_them(journey: Journey, mo: Visitor) -> None:
    journey.costing()
    mo.open(at(journey))
    assert "Nothing has been costed yet." in mo.page.text
    mo.open(at(journey, "/costs"))
    typed = {"label-1": "Research time", "amount-1": "£12,000", "label-4": "Supervision", "amount-4": "1,500.50"}
    page = mo.press("Add more lines", {**typed, "kind-4": "in_kind"})
    assert {name: page.fields[name] for name in typed} == typed, "more lines keep what was typed"
    assert "label-8" in page.fields
    page = mo.press("Save the costs", {"label-8": "Travel", "amount-8": "12k", "start-day": "31"}, status=422)
    assert page.errors == [
        "Enter the amount of line 8, like 12,000 or 1,250.50",
        "The start must include a month and year",
    ]
    assert (page.fields["label-1"], page.fields["amount-8"], page.fields["start-day"]) == ("Research time", "12k", "31")
    answers = {"amount-8": "99.99", **day("start", date(2027, 1, 11)), **day("end", date(2027, 6, 30))}
    page = mo.press("Save the costs", answers)
    assert "The costs were saved." in page.text
    assert "Research time Cash £12,000 Supervision In kind £1,500.50 Travel Cash £99.99" in page.text
    assert "In money £12,099.99 In kind £1,500.50 In all £13,600.49" in page.text
    assert "Not with the enquirer yet." in page.text
    assert [(line.label, line.amount, line.kind) for line in cost_lines(journey)] == [
        ("Research time", Decimal("12000.00"), "cash"),
        ("Supervision", Decimal("1500.50"), "in_kind"),
        ("Travel", Decimal("99.99"), "cash"),
    ]

    mo.open(at(journey, "/costs"))
    page = mo.press("Save the costs", {"label-2": "", "amount-2": ""})
    assert "Supervision" not in page.text, "a cleared line is taken out"
    mo.open(at(journey, "/costs"))
    page = mo.press("Save the costs", day("end", date(2027, 1, 10)), status=422)
    assert page.errors == ["A project ends after it starts: give an end that is not before the start."]
    page = mo.press("Save the costs", day("end", date(9999, 1, 10)), status=422)
    assert page.errors == ["The end must be in a year between 1900 and 2199"]


def test_costs_with_the_enquirer_are_taken_back_by_a_change_and_closed_once_agreed(
    journey: Journey, mo: Visitor
) -> None:
    journey.costs_submitted()
    assert "With the enquirer to agree since" in mo.open(at(journey)).text
    page = mo.open(at(journey, "/costs"))
    assert "Version 1 is with the enquirer now: a change takes it back" in page.text
    page = mo.press("Save the costs", {"amount-1": "11,000"})
    assert "Not with the enquirer yet: version 1 was, and has changed since." in page.text
    journey.act(c.SubmitCosting())
    stale = mo.open(at(journey, "/costs"))
    journey.funding()
    page = mo.open(at(journey, "/costs"))
    assert "The costs have been agreed." in page.text
    assert "Save the costs" not in page.buttons
    mo.page = stale
    page = mo.press("Save the costs", {"amount-1": "9,000"}, status=409)
    assert page.errors == ["The costs have been agreed. Ask the research manager to open them again (descope)."]
    assert page.fields["amount-1"] == "9,000"
    assert cost_lines(journey)[0].amount == Decimal("11000.00")


def test_two_at_the_same_costs_lose_nothing(small: House, journey: Journey, mo: Visitor) -> None:
    journey.costed()
    kim = at_desk(small, COLLEAGUE)
    mo.open(at(journey, "/costs"))
    kim.open(at(journey, "/costs"))
    kim.press("Save the costs", {"label-2": "Kim’s line", "amount-2": "10"})
    page = mo.press("Save the costs", {"label-2": "Mo’s line", "amount-2": "oh dear"}, status=422)
    page = mo.press("Save the costs", {"amount-2": "20"}, status=412)
    assert "This changed while you were writing." in page.text
    assert "Costs saved, 23 November 2026" in page.text
    assert "Kim’s line" in page.text, "what stands now is shown"
    assert (page.fields["label-2"], page.fields["amount-2"]) == ("Mo’s line", "20"), "and what was typed is kept"
    page = mo.press("Save the costs")
    assert [line.label for line in cost_lines(journey)] == ["Research time", "Mo’s line"]


# ------------------------------------------------------------------------------------------------------------ funding


def test_how_much_is_missing_is_said_before_the_funding_is_confirmed(journey: Journey, mo: Visitor) -> None:
    journey.funding()
    grant: dict[str, str | list[str]] = {"source": "Grant", "status": "confirmed", "evidence": "Minute 3"}
    mo.open(at(journey, "/funding"))
    mo.press("Add this source", {**grant, "amount": "10000"})
    step = f"/manage/enquiries/{journey.reference}/do/confirm_funding"
    page = mo.open(step)
    assert "The work costs £12,000, and £10,000 is confirmed: £2,000 is missing" in page.text
    assert at(journey) + "#funding" in page.links
    assert "£2,000.00 short of the cost" in mo.press("Confirm the funding", {"route": "funded"}, status=409).text
    assert "£2,000 is missing" in mo.page.text
    mo.open(at(journey, "/funding"))
    mo.press("Add this source", {**grant, "source": "Reserve", "amount": "2000"})
    assert "Confirmed funding of £12,000 covers the cost of £12,000." in mo.open(step).text


def test_funding_is_counted_to_the_penny(journey: Journey, mo: Visitor) -> None:
    journey.costs_submitted()
    assert "The work costs £12,000, and £0 is confirmed: £12,000 is missing" in mo.open(at(journey, "/funding")).text
    grant: dict[str, str | list[str]] = {"source": "Public health grant", "amount": "£11,999.99"}
    page = pressed_twice(mo, "Add this source", grant)
    assert len(funding_lines(journey)) == 1, "a button pressed twice adds one line"
    assert "£11,999.99 is asked for and not decided" in page.text
    assert "In money £12,000 £0 £11,999.99" in page.text
    line = at(journey, f"/funding/{funding_lines(journey)[0].id}")
    mo.open(line)
    page = mo.press("Save this source", {"status": "confirmed"}, status=422)
    assert page.errors == ["Say where the confirmation can be seen: a letter, a minute, a purchase order."]
    page = mo.press("Save this source", {"status": "confirmed", "evidence": "Minute 14"})
    assert "£0.01 is missing" in page.text
    assert "Confirmed on 23 November 2026 by Mo Manager" in page.text
    mo.open(at(journey, "/funding"))
    page = mo.press("Add this source", {"source": "", "amount": "-1", "kind": "gold"}, status=422)
    assert page.errors == [
        "Say where the money or the help comes from",
        "Enter the amount, like 12,000 or 1,250.50",
        "Choose cash or in kind",
    ]
    assert page.fields["amount"] == "-1"
    page = mo.press("Add this source", {"source": "A trust", "amount": "0.01", "kind": "in_kind"})
    assert "A trust Sought £0.01 in kind" in page.text


def test_the_services_own_money_is_confirmed_by_a_lead_who_is_not_the_owner(
    small: House, journey: Journey, mo: Visitor
) -> None:
    journey.costs_submitted()
    own: dict[str, str | list[str]] = {
        "source": "Our own pot", "amount": "500", "status": "confirmed", "evidence": "Board, 3 May", "own_funds": "yes",
    }  # fmt: skip
    mo.open(at(journey, "/funding"))
    page = mo.press("Add this source", own, status=403)
    assert page.errors == ["The service's own money is confirmed by a service lead. Record it as sought and ask one."]
    assert (page.fields["source"], page.fields["own_funds"]) == ("Our own pot", "yes")
    mo.press("Add this source", {"status": "sought"})
    line = at(journey, f"/funding/{funding_lines(journey)[0].id}")
    sal = at_desk(small, LEAD)
    sal.open(line)
    page = sal.press("Save this source", {"status": "confirmed"})
    assert "The service's own money" in page.text
    assert "£11,500 is missing" in page.text


def test_a_source_changed_meanwhile_is_compared_first(small: House, journey: Journey, mo: Visitor) -> None:
    journey.contracting()
    line = at(journey, f"/funding/{funding_lines(journey)[0].id}")
    mo.open(line)
    kim = at_desk(small, COLLEAGUE)
    kim.open(line)
    kim.press("Save this source", {"amount": "12,500"})
    page = mo.press("Save this source", {"source": "The grant"}, status=412)
    assert "Funding line changed" in page.text
    assert "£12,500" in page.text
    assert page.fields["source"] == "The grant"
    mo.press("Save this source")
    assert (funding_lines(journey)[0].source, funding_lines(journey)[0].amount) == ("The grant", Decimal("12000.00"))


def test_papers_of_another_project_are_not_there(small: House, journey: Journey, mo: Visitor) -> None:
    journey.signed()
    other = Journey(small.database, small.clock, question="Another?").signed()
    for paper in (f"/funding/{funding_lines(other)[0].id}", f"/deliverables/{deliverables(other)[0].id}"):
        mo.open(at(journey, paper), status=404)
        mo.open(at(other, paper))
    for nothing in ("/funding/none", "/deliverables/none", f"/funding/{journey.project_id}"):
        mo.open(at(journey, nothing), status=404)


def test_a_form_about_a_project_that_ended_is_not_taken_for_its_successor(journey: Journey, mo: Visitor) -> None:
    journey.interested().interested(journey.universities[1]).costing()
    earlier = mo.open(at(journey, "/deliverables"))
    journey.act(c.LeadWithdraws(reason="She moved."))
    page = mo.open(at(journey))
    assert "This project has ended." in page.text
    assert at(journey, "/funding") not in page.links
    mo.page = earlier
    page = mo.press("Add it", {"title": "Report", **day("due_on", date(2027, 5, 1))}, status=409)
    assert page.errors == ["This project has ended."]
    journey.offered_again(journey.interests[0])
    mo.page = earlier
    page = mo.press("Add it", {"title": "Report", **day("due_on", date(2027, 5, 1))}, status=409)
    assert "This form was about an earlier project of the enquiry." in page.text
    assert deliverables(journey) == []
    page = mo.open(at(journey))
    assert "Earlier projects of this enquiry" in page.text
    [first, second] = journey.look(
        lambda unit: [each.id for each in unit.exec(select(Project).order_by(col(Project.id)))]
    )
    path = at(journey, f"/earlier/{first}")
    assert path in page.links
    assert path in mo.open(f"/manage/enquiries/{journey.reference}").links
    page = mo.open(path)
    assert "Another project took its place. Its papers can be read and no longer change." in page.text
    assert UNIVERSITIES[1] in page.text
    assert page.buttons.count("Save") == 0
    assert not {link for link in page.links if link.startswith(at(journey, "/")) and "/earlier/" not in link}
    assert mo.open(at(journey, f"/earlier/{second}")).path == at(journey)
    for nothing in (at(other_journey(journey), f"/earlier/{first}"), at(journey, f"/earlier/{journey.interest_id}")):
        mo.open(nothing, status=404)


def other_journey(journey: Journey) -> Journey:
    """Return another enquiry of the same house, with a project of its own."""
    return Journey(journey.database, journey.clock, question="Another?").costing()


# ---------------------------------------------------------------------------------------------------------- agreement


def test_terms_are_written_and_signed_and_a_change_voids_what_was_signed(journey: Journey, mo: Visitor) -> None:
    journey.contracting()
    page = mo.open(at(journey, "/signatures"))
    assert "There are no terms to sign yet." in page.text
    mo.open(at(journey, "/agreement"))
    page = mo.press("Save the terms", {**TERMS, "parties": "Gateshead Council\n\nDurham University\n"})
    assert "The terms were saved." in page.text
    assert "Between Gateshead Council and Durham University." in page.text
    assert "Nobody has signed these terms yet." in page.text
    mo.open(at(journey, "/signatures"))
    page = mo.press("Record the signature", {"signed_on-year": "2099"}, status=422)
    assert page.errors == [
        "Choose who signed",
        "Enter the name of the person who signed",
        "Enter the organisation they signed for",
    ]
    ours: dict[str, str | list[str]] = {
        "party": "commissioner", "person": "Ann Asker", "organisation": "Gateshead Council",
        **day("signed_on", date(2026, 11, 20)),
    }  # fmt: skip
    page = mo.press("Record the signature", {**ours, "signed_on-year": "2099"}, status=422)
    assert page.errors == ["This day has not come yet. Record a signature once it has been given."]
    page = pressed_twice(mo, "Record the signature", ours)
    assert len(signatures(journey)) == 1
    assert "Commissioner: Ann Asker, Gateshead Council, on 20 November 2026" in page.text
    assert "Signed by the commissioner : done" in page.text

    page = mo.open(at(journey, "/agreement"))
    assert "These terms are signed. If you change them, the signatures below no longer count" in page.text
    page = mo.press("Save the terms", {"roles": "Turned around."}, status=422)
    assert page.errors == [
        "Say that these changes may void the signatures given, or leave the terms as they were signed"
    ]
    assert page.fields["roles"] == "Turned around."
    page = mo.press("Save the terms", {"void": "yes"})
    assert "Signed by the commissioner : to come" in page.text
    assert "Signatures on earlier terms, which no longer count: 1" in page.text
    mo.open(at(journey, "/agreement"))
    assert "Terms version 2" in mo.press("Save the terms").text, "the same terms are no new version"


def test_terms_changed_meanwhile_are_neither_overwritten_nor_signed(
    small: House, journey: Journey, mo: Visitor
) -> None:
    journey.signed()
    kim = at_desk(small, COLLEAGUE)
    terms, signature = mo.open(at(journey, "/agreement")), mo.open(at(journey, "/signatures"))
    kim.open(at(journey, "/agreement"))
    kim.press("Save the terms", {"roles": "Kim’s roles.", "void": "yes"})
    mo.page = terms
    page = mo.press("Save the terms", {"roles": "Mo’s roles.", "void": "yes"}, status=412)
    assert "Agreement saved" in page.text
    assert "Kim’s roles." in page.text
    assert page.fields["roles"] == "Mo’s roles."
    mo.page = signature
    answers: dict[str, str | list[str]] = {"party": "other", "person": "A", "organisation": "B"}
    mo.press("Record the signature", answers, status=412)
    assert len(signatures(journey)) == 2
    mo.press("Record the signature")
    assert [each.terms_version for each in signatures(journey)] == [1, 1, 2]


# ------------------------------------------------------------------------------------------------------- deliverables


def test_deliverables_are_added_moved_on_and_settled(small: House, journey: Journey, mo: Visitor) -> None:
    journey.contracting()
    assert "Nothing is planned yet." in mo.open(at(journey)).text
    mo.open(at(journey, "/deliverables"))
    assert mo.press("Add it", status=422).errors == [
        "Say what is handed over", "Enter the day by which it is handed over",
    ]  # fmt: skip
    page = pressed_twice(mo, "Add it", {"title": "Final report", **day("due_on", date(2027, 5, 4))})
    assert len(deliverables(journey)) == 1
    assert "Final report : by Tuesday 4 May 2027, in 162 days" in page.text
    path = at(journey, f"/deliverables/{deliverables(journey)[0].id}")
    kim = at_desk(small, COLLEAGUE)
    stale = kim.open(path)
    mo.open(path)
    page = mo.press("Save it", {"status": "delivered", **day("due_on", date(2027, 5, 11))})
    assert "Final report : delivered on 23 November 2026, not yet accepted" in page.text
    kim.page = stale
    page = kim.press("Save it", {"title": "The report"}, status=412)
    assert "What stands now: Final report, delivered, not yet accepted, by 11 May 2027." in page.text
    assert page.fields["title"] == "The report"
    mo.open(path)
    page = mo.press("Save it", {"status": "planned"}, status=409)
    assert page.errors == ["A deliverable goes onwards only: it is delivered, and cannot become planned."]
    page = mo.press("Save it", {"status": "waived"})
    assert "Final report : waived on 23 November 2026" in page.text
    page = mo.open(path)
    assert "Final report is settled: waived: no longer needed. Add another one instead." in page.text
    assert "Save it" not in page.buttons


# ----------------------------------------------------------------------------------------- reports, findings, and after


def test_reports_are_entered_for_the_lead_once_the_project_runs(journey: Journey, mo: Visitor) -> None:
    journey.signed()
    page = mo.open(at(journey, "/reports"))
    assert "The project has not started, so there is nothing to report yet." in page.text
    journey.commissioned()
    mo.open(at(journey, "/reports"))
    assert mo.press("Record the report", status=422).errors == ["Write or paste the report"]
    ahead = day("period_end", journey.today() + timedelta(days=1))
    assert mo.press("Record the report", {"body": "Well.", **ahead}, status=422).errors == [
        "This period has not ended yet."
    ]
    page = pressed_twice(mo, "Record the report", {"body": "Well.", **day("period_end", journey.today())})
    assert [each.body for each in reports(journey)] == ["Well."]
    assert "Up to 23 November 2026. Received on 23 November 2026" in page.text
    assert "entered by the team" in page.text


def test_outcomes_are_recorded_years_later_and_asking_can_stop(journey: Journey, mo: Visitor) -> None:
    journey.commissioned()
    assert "Nothing has been delivered yet." in mo.open(at(journey, "/outcomes")).text
    journey.completed()
    mo.house.clock.move(days=1000)
    mo.sign_in(MANAGER)
    page = mo.open(at(journey))
    assert "It works for most." in page.text
    assert "Final report: planned for 23 March 2027" in page.text.replace(" :", ":"), "nothing is late once all is over"
    assert "The enquiry is closed. Reopen it to change its project." in page.text
    mo.open(at(journey, "/outcomes"))
    assert mo.press("Record this", {"used": ""}, status=422).errors == ["Say whether the findings were used"]
    told: dict[str, str | list[str]] = {
        "used": "yes", "in_time": "no", "how": ["changed_decision", "changed_thinking"], "used_for": "The cabinet paper",
        "what_changed": "Coldest homes first.", "may_quote": "yes",
    }  # fmt: skip
    page = pressed_twice(mo, "Record this", told)
    assert len(outcomes(journey)) == 1
    assert "They were used, and not in time" in page.text
    assert "It changed a decision. It changed how we think." in page.text
    assert "May be quoted, without a name." in page.text
    assert "What changed: Coldest homes first." in page.text
    mo.open(at(journey, "/outcomes"))
    page = mo.press("Stop asking about these findings")
    assert "Nobody is asked about these findings any more." in page.text


def test_a_project_started_at_risk_says_who_bears_it(journey: Journey, mo: Visitor) -> None:
    journey.signed()
    risk = c.StartAtRisk(borne_by="Northumbria University", reason="The council signs on Monday.")
    journey.act(c.Commission(start_at_risk=risk))
    page = mo.open(at(journey))
    assert "The risk is borne by Northumbria University: The council signs on Monday." in page.text


# ------------------------------------------------------------------------------------------------------------ hostile


def test_hostile_text_is_kept_or_refused_and_always_shown_escaped(journey: Journey, mo: Visitor) -> None:
    journey.costing()
    text = "\n".join(naughty_strings())[:15_000]
    line = " ".join(text.replace("\0", "").split())[:400]
    mo.open(at(journey, "/costs"))
    page = mo.press("Save the costs", {"label-1": line, "amount-1": text[:3000]}, status=422)
    assert page.html.count("<script") == 2
    page = mo.press("Save the costs", {"amount-1": "1"})
    assert page.html.count("<script") == 2
    mo.open(at(journey, "/agreement"))
    page = mo.press("Save the terms", {"roles": text, "parties": text}, status=422)
    assert page.html.count("<script") == 2
    page = mo.press("Save the terms", {"parties": "<b>Bold</b>"})
    assert "<b>Bold" not in page.html
    mo.open(at(journey, "/agreement"))
    page = mo.press("Save the terms", {"roles": "x" * 20_001}, status=422)
    assert page.errors == ["Roles must be 20,000 characters or fewer. It has 20,001."]
    mo.open(at(journey, "/deliverables"))
    mo.press("Add it", {"title": line, **day("due_on", date(2027, 5, 4))})
    mo.open(at(journey, "/funding"))
    page = mo.press("Add this source", {"source": line, "amount": "1", "evidence": text})
    assert page.html.count("<script") == 2


def test_fields_that_no_page_has_are_answered_calmly(journey: Journey, mo: Visitor) -> None:
    journey.costing()
    mo.open(at(journey, "/costs"))
    form, _ = mo.page.form_with("Save the costs")
    sent = dict(form.fields) | {
        "label-81": "Too far",
        "label-0": "x",
        "amount-999": "1",
        "kind-1": "gold",
        "label-1": "a",
    }
    answer = mo.client.post(form.action, data={**sent, "amount-1": "1", "event": "save"})
    assert answer.status_code == 422
    assert "Choose cash or in kind for line 1" in answer.text
    answer = mo.client.post(form.action, data=sent | {"event": "more"} | {f"x-{n}": "1" for n in range(500)})
    assert answer.status_code == 400
    sent |= {"kind-1": "cash", "amount-1": "1", "shown": "9" * 50}
    assert mo.client.post(form.action, data=sent).status_code == 412
    assert mo.client.post(form.action, data=sent | {"project": "\ud800".encode("utf-8", "replace")}).status_code == 409
    assert mo.client.post(form.action, data=sent | {"csrf_token": "x"}).status_code == 403
    assert journey.project().costs_version == 0


def test_many_lines_fit_one_form_and_more_are_shown_only(journey: Journey, mo: Visitor) -> None:
    journey.costing()
    mo.open(at(journey, "/costs"))
    for _ in range(19):
        mo.press("Add more lines")
    assert "Add more lines" not in mo.page.buttons
    answers = {
        f"{name}-{number}": value for number in range(1, 81) for name, value in (("label", "Day"), ("amount", "1"))
    }
    mo.press("Save the costs", answers)
    assert len(cost_lines(journey)) == 80
    assert UNIVERSITIES[0] in mo.open(at(journey)).text
