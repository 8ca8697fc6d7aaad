"""The enquirer's page: where it stands in plain words, what may be done, and that nobody else sees it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import select

from service.actions import agreement
from service.actions.colleagues import add_colleague
from service.records.database import Unit
from service.records.tables import Enquiry, Preference
from service.states import EnquiryState, Outcome
from service.workflows import commands as c
from tests.support.doors import House, house
from tests.support.journey import COUNCIL, TERMS, Journey
from tests.support.visiting import Visitor, outbox

ANN = "ann@council.example"


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


@pytest.fixture
def ann(opened: House, journey: Journey) -> Visitor:
    """Ann, signed in; the question has been asked."""
    journey.submitted()
    visitor = Visitor(opened)
    visitor.sign_in(ANN)
    return visitor


@pytest.fixture
def small(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url) as found:
        yield found


PLACES: dict[str, tuple[Callable[[Journey], object], tuple[str, ...]]] = {
    "triage": (
        lambda j: j.submitted(),
        ("We have your question and will be in touch.", "One of our research managers has the next step.",
         "We get in touch by: Wednesday 25 November 2026", "2 working days after Monday 23 November 2026"),
    ),
    "scoping": (
        lambda j: j.accepted(),
        ("We are talking through what you need.", "Mo Manager has the next step.", "mo@service.example"),
    ),
    "asked": (
        lambda j: j.accepted().act(c.Ask(body="Which wards?")),
        ("Your turn", "Answer what we asked you", "Which wards?", "Please do this by: Monday 30 November 2026"),
    ),
    "hold": (
        lambda j: j.accepted().act(c.Hold(until=date(2027, 1, 5), reason="After the election")),
        ("but it is on hold.", "On hold until Tuesday 5 January 2027"),
    ),
    "sign_off": (
        lambda j: j.sent(),
        ("The brief is ready for you to agree.", "Your turn", "This is exactly what we will send, and to whom.",
         "Yes does not commit your council to pay or start.", "You can ask a colleague to check.",
         "Durham University", "Northumbria University", f"They see that it comes from: {COUNCIL}",
         "Do warmer homes mean fewer visits to A&E? For whom, and at what cost?"),
    ),
    "agreed": (
        lambda j: j.agreed(),
        ("You have agreed the brief and we are sending it to universities.", "You agreed version 1"),
    ),
    "open_call": (
        lambda j: j.published(),
        ("Universities are reading your brief.", "The universities have the next step.", "Universities reply by"),
    ),
    "selecting": (
        lambda j: j.interested(show_enquirer=True).interested(j.universities[1], lead_name="Dr Hidden").selecting(),
        ("We are choosing researchers with you.", "Dr Lee Lead, Northumbria University", "We have done this before.",
         "1 other team has not asked to be shown."),
    ),
    "offered": (lambda j: j.offered(), ("The researchers who were offered the work have the next step.",)),
    "costing": (lambda j: j.costing(), ("The researchers are working out the cost.", "The university has the next step.")),
    "costs": (
        lambda j: j.costs_submitted(),
        ("The costs are ready for you to look at.", "Research time", "£12,000", "Agree these costs"),
    ),
    "funding": (lambda j: j.funding(), ("We are confirming the money.", "You agreed these costs")),
    "contracting": (lambda j: j.contracting(), ("The agreement is being signed.", "Those who sign")),
    "commissioned": (lambda j: j.commissioned(), ("The research is under way.", "Northumbria University, led by Dr Lee Lead", "Final report")),
    "delivered": (lambda j: j.delivered(), ("The research is done and handed over.", "Your turn", "Yes, accept it")),
    "completed": (
        lambda j: j.completed(),
        ("This enquiry is closed.", "It works for most.", "tell us what they changed", "how the service was for you"),
    ),
    "answered": (
        lambda j: j.accepted().act(c.Close(outcome=Outcome.ANSWERED, reason="Found", answer="Yes: three reviews agree.")),
        ("We have answered your question.", "Yes: three reviews agree.", "Ask to take it up again"),
    ),
    "signposted": (
        lambda j: j.accepted().act(c.Close(outcome=Outcome.SIGNPOSTED, reason="Better placed", signposted_to="The county library", wording="They know.")),
        ("Somebody else is better placed", "Who can help: The county library", "They know."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_it_says_where_things_stand_who_acts_and_when(small: House, place: str) -> None:
    journey = Journey(small.database, small.clock)
    walk, said = PLACES[place]
    walk(journey)
    visitor = Visitor(small)
    visitor.sign_in(ANN)
    page = visitor.open(f"/enquiries/{journey.reference}")

    for words in said:
        assert words in page.text, f"{words!r} is not in: {page.text}"
    assert journey.reference in visitor.open("/enquiries").text


def test_the_buttons_are_what_the_machine_allows(small: House) -> None:
    journey = Journey(small.database, small.clock).submitted()
    visitor = Visitor(small)
    visitor.sign_in(ANN)
    for walk, buttons in (
        (journey.submitted, {"Send message"}),
        (journey.sent, {"Send message", "Yes, send exactly this", "Ask for changes"}),
        (journey.agreed, {"Send message"}),
        (journey.costs_submitted, {"Send message", "Agree these costs"}),
        (journey.delivered, {"Send message", "Yes, accept it"}),
        (journey.completed, {"Ask to take it up again"}),
    ):
        walk()
        assert set(visitor.open(f"/enquiries/{journey.reference}").buttons) == buttons


def test_the_brief_is_agreed_as_it_was_shown(opened: House, journey: Journey, ann: Visitor) -> None:
    journey.sent()
    shown = journey.newest_brief()
    page = ann.open(f"/enquiries/{journey.reference}")
    assert (page.fields["version"], page.fields["hash"]) == ("1", shown.hash)
    before = page
    page = ann.press("Yes, send exactly this")
    assert "You have agreed the brief." in page.text
    brief = journey.newest_brief()
    assert (brief.state, brief.hash, brief.agreed_by_id) == ("agreed", shown.hash, journey.enquirer.person_id)
    assert [m.kind for m in outbox(opened, "mo@service.example")][-1] == "brief_agreed"

    ann.page = before
    assert "You have agreed the brief." in ann.press("Yes, send exactly this").text
    assert [m.kind for m in outbox(opened, "mo@service.example")].count("brief_agreed") == 1


def test_a_brief_that_changed_meanwhile_is_not_agreed_unread(journey: Journey, ann: Visitor) -> None:
    journey.sent()
    stale = ann.open(f"/enquiries/{journey.reference}")
    journey.act(c.RequestChanges(comment="On the phone: add carers."), journey.enquirer)
    journey.briefed({"purpose": "Cabinet decides.", "questions": "Do warm homes help carers?"})
    journey.act(c.SendForAgreement())
    ann.page = stale
    page = ann.press("Yes, send exactly this", status=409)

    assert len(page.errors) == 1
    assert "version" in page.errors[0]
    assert "Do warm homes help carers?" in page.text
    assert "Changed" in page.text
    assert (
        "Left out since version 1: Population, setting and place, Methods or evidence wanted and Timescale and window."
        in page.text
    )
    assert page.fields["version"] == "2"
    assert journey.newest_brief().state == "sent"
    assert "For whom, and at what cost?" in ann.open(f"/enquiries/{journey.reference}/brief/1").text
    ann.open(f"/enquiries/{journey.reference}/brief/3", status=404)
    ann.open(f"/enquiries/{journey.reference}/brief/{2**40}", status=404)


def test_changes_are_asked_for_with_a_comment(opened: House, journey: Journey, ann: Visitor) -> None:
    journey.sent()
    ann.open(f"/enquiries/{journey.reference}")
    assert ann.press("Ask for changes", status=422).errors == ["Say what should change"]
    before = ann.page
    ann.press("Ask for changes", {"comment": "Add carers."})
    ann.page = before
    ann.press("Ask for changes", {"comment": "Add carers."})

    assert journey.enquiry().state == "drafting"
    assert ann.page.text.count("Add carers.") == 1
    assert "We are writing the research brief with you." in ann.page.text
    assert [m.kind for m in outbox(opened, "mo@service.example")].count("changes_requested") == 1


def test_a_message_is_sent_once_however_often_the_button_is_pressed(
    opened: House, journey: Journey, ann: Visitor
) -> None:
    journey.accepted().act(c.Ask(body="Which wards?"))
    before = ann.open(f"/enquiries/{journey.reference}")
    ann.press("Send message", {"body": "Bensham,\nand Saltwell."})
    ann.page = before
    page = ann.press("Send message", {"body": "Bensham,\nand Saltwell."})
    assert "Your message has been sent." in page.text
    assert page.text.count("Bensham, and Saltwell.") == 1
    assert [m.kind for m in outbox(opened, "mo@service.example")].count("reply_received") == 1
    assert journey.enquiry().waiting_on == "team"
    opened.clock.move(minutes=2)
    assert ann.press("Send message", {"body": "Bensham,\nand Saltwell."}).text.count("Bensham, and Saltwell.") == 2
    assert ann.press("Send message", {"body": " \n "}, status=422).errors == ["Write your message"]
    assert ann.press("Send message", {"body": "x" * 20_001}, status=422).fields["body"] == "x" * 20_001


def test_a_preference_among_the_teams_that_may_be_seen(opened: House, journey: Journey, ann: Visitor) -> None:
    journey.interested(show_enquirer=True)
    journey.interested(
        journey.universities[1], lead_name="Prof Priya Patel", show_enquirer=True, conflicts="Advises the council"
    )
    journey.interested(journey.universities[2], lead_name="Dr Hidden", statement="Not to be shown").selecting()
    one, other, hidden = journey.interests
    page = ann.open(f"/enquiries/{journey.reference}")
    assert "Dr Hidden" not in page.html
    assert "Not to be shown" not in page.html
    wanted = "Say below which team you would rather work with."
    assert wanted in page.text

    page = ann.press("Tell us your preference", {f"place-{one}": "1", f"place-{other}": "1"}, status=422)
    assert page.errors == ["Two teams have the same place. Give each a place of its own."]
    page = ann.press("Tell us your preference", {f"place-{one}": "", f"place-{other}": ""}, status=422)
    assert page.errors == ["Choose at least one team, or write what you think of them."]
    page = ann.press(
        "Tell us your preference", {f"place-{one}": "2", f"place-{other}": "1", "preference_comment": "They know us."}
    )
    assert "We have your preference." in page.text
    assert wanted not in page.text
    assert page.fields[f"place-{other}"] == "1"

    found = opened.database.read(lambda unit: unit.exec(select(Preference)).one())
    assert (found.ranked, found.comment) == ([str(other), str(one)], "They know us.")
    form, _ = page.form_with("Tell us your preference")
    forged = dict(form.fields) | {f"place-{hidden}": "3", "event": "prefer"}
    assert ann.client.post(form.action, data=forged).status_code == 422
    journey.offered(other)
    assert "Tell us your preference" not in ann.open(f"/enquiries/{journey.reference}").buttons
    ann.page = page
    assert "An offer has been made" in ann.press("Tell us your preference", status=409).errors[0]


def test_costs_are_agreed_in_the_version_shown(journey: Journey, ann: Visitor) -> None:
    journey.costs_submitted()
    before = ann.open(f"/enquiries/{journey.reference}")
    assert before.fields["version"] == "1"
    assert "You have agreed the costs." in ann.press("Agree these costs").text
    ann.page = before
    assert "You have agreed the costs." in ann.press("Agree these costs").text
    assert journey.enquiry().state == "funding"


def test_the_terms_are_read_before_they_are_signed(opened: House, journey: Journey, ann: Visitor) -> None:
    def save(unit: Unit) -> None:
        agreement.save_agreement(unit, journey.ctx(), journey.project_id, ["The council", "You"], TERMS)

    journey.funding()
    opened.database.transact(save)
    assert "The agreement Between" not in ann.open(f"/enquiries/{journey.reference}").text
    journey.contracting()
    [told] = [mail for mail in outbox(opened, "ann@council.example") if mail.kind == "terms_to_sign"]
    page = ann.open(str(told.params["path"]))
    assert "The agreement Between The council and You. Version 1 of the terms." in page.text
    assert "No surprises." in page.text
    assert "Nobody has signed these terms yet. Once somebody has signed for your organisation, tell us" in page.text
    signed = agreement.Signed("commissioner", "Ann Asker", "Gateshead Council", journey.today())
    opened.database.transact(lambda unit: agreement.sign(unit, journey.ctx(), journey.project_id, signed))
    assert "Signed for Gateshead Council by Ann Asker on" in ann.open(f"/enquiries/{journey.reference}").text


def test_delivery_is_accepted(journey: Journey, ann: Visitor) -> None:
    journey.delivered()
    ann.open(f"/enquiries/{journey.reference}")
    ann.press("Yes, accept it")
    assert journey.project().state == "completed"


@pytest.mark.parametrize("place", ["submitted", "published", "commissioned"])
def test_a_question_is_withdrawn_at_any_time(small: House, place: str) -> None:
    journey = Journey(small.database, small.clock)
    getattr(journey, place)()
    ann = Visitor(small)
    ann.sign_in(ANN)
    before = ann.open(f"/enquiries/{journey.reference}/withdraw")
    assert "60 working days" in before.text
    page = ann.press("Withdraw it", {"reason": "The decision is made."})
    assert "You have withdrawn your question." in page.text
    enquiry = journey.enquiry()
    assert (enquiry.state, enquiry.outcome) == (EnquiryState.CLOSED, Outcome.WITHDRAWN)
    ann.page = before
    ann.press("Withdraw it")
    assert ann.open(f"/enquiries/{journey.reference}/withdraw").path == f"/enquiries/{journey.reference}"

    page = ann.press("Ask to take it up again", {"body": "We were wrong."})
    assert "We will tell you whether we can" in page.text
    assert journey.enquiry().reopen_requested_at == small.clock.now()
    assert [m.kind for m in outbox(small, "mo@service.example")][-1] == "reopen_requested"


def test_once_it_is_not_taken_up_any_more_a_new_question_follows_on(small: House) -> None:
    journey = Journey(small.database, small.clock).submitted()
    ann = Visitor(small)
    ann.sign_in(ANN)
    ann.open(f"/enquiries/{journey.reference}/withdraw")
    ann.press("Withdraw it")
    ann.press("Ask to take it up again", {"body": "We were wrong."})
    small.clock.move(days=120)
    ann.sign_in(ANN)
    page = ann.open(f"/enquiries/{journey.reference}")
    assert "Ask to take it up again" not in page.buttons
    assert "It could be taken up again until" in page.text
    link = f"/ask?continues={journey.reference}"
    assert link in page.links
    assert "follows on" not in Visitor(small).open(link).text
    page = ann.open(link)
    assert page.fields["question"] == journey.enquiry().question
    ann.press("Continue", {"question": "Do they still?"})
    page = ann.press("Send now and talk")
    [new] = {path.rpartition("/")[2] for path in page.links if path.startswith("/enquiries/")}
    assert f"/enquiries/{journey.reference}" in ann.open(f"/enquiries/{new}").links
    page = ann.open(f"/enquiries/{journey.reference}")
    assert f"/enquiries/{new}" in page.links
    assert "You asked us on" not in page.text
    assert journey.enquiry().reopen_requested_at is None


def test_only_its_own_people_see_it(opened: House, journey: Journey, ann: Visitor) -> None:
    other = Journey(opened.database, opened.clock, question="A canary sings", enquirer_email="eve@other.example").sent()
    paths = (
        "",
        "/files",
        "/colleagues",
        "/withdraw",
        "/outcome",
        "/satisfaction",
        "/brief/1",
        "/later/01939d3a-6f3e-7000-8000-000000000001",
        "/files/01939d3a-6f3e-7000-8000-000000000001",
    )
    for path in paths:
        theirs = ann.open(f"/enquiries/{other.reference}{path}", status=404)
        nobody = ann.open(f"/enquiries/000000-0{path}", status=404)
        assert theirs.text == nobody.text
        assert "canary" not in theirs.html
    ann.open(f"/enquiries/{journey.reference}")
    form, _ = ann.page.form_with("Send message")
    for event in ("reply", "agree", "close", "prefer"):
        posted = ann.client.post(
            f"/enquiries/{other.reference}",
            data=dict(form.fields) | {"event": event, "body": "x", "version": "1", "hash": "x"},
        )
        assert posted.status_code == 404
    assert other.enquiry().state == "sign_off"
    assert ann.client.post(form.action, data=dict(form.fields) | {"event": "publish"}).status_code == 404


def test_back_stage_words_stay_there(journey: Journey, ann: Visitor) -> None:
    journey.accepted()
    journey.say("Canary in a note", kind="note", visibility="back_stage", direction="out")
    journey.say("Canary in a call", kind="call", visibility="back_stage", direction="out")
    journey.say("We rang about the wards.", kind="call", visibility="enquirer", direction="out")
    page = ann.open(f"/enquiries/{journey.reference}")
    assert "Canary" not in page.html
    assert "We rang about the wards." in page.text
    assert "phone call" in page.text


def test_a_colleague_sees_it_and_may_leave(opened: House, journey: Journey, ann: Visitor) -> None:
    ann.open(f"/enquiries/{journey.reference}/colleagues")
    assert ann.press("Add this colleague", {"name": "Bea"}, status=422).errors == ["Enter their email address"]
    page = ann.press("Add this colleague", {"email": "bea@council.example"})
    assert "Bea has been added" in page.text
    assert [m.kind for m in outbox(opened, "bea@council.example")] == ["colleague_added"]
    journey.sent()
    bea = Visitor(opened)
    bea.sign_in("bea@council.example")
    bea.open(f"/enquiries/{journey.reference}")
    bea.press("Yes, send exactly this")
    assert journey.newest_brief().agreed_by_id != journey.enquirer.person_id

    bea.open(f"/enquiries/{journey.reference}/colleagues")
    assert "Remove Ann Asker" not in bea.page.buttons
    assert bea.press("Leave this enquiry Bea").path == "/enquiries"
    bea.open(f"/enquiries/{journey.reference}", status=404)
    ann.open(f"/enquiries/{journey.reference}/colleagues")
    ann.press("Add this colleague", {"name": "Bea", "email": "BEA@council.example"})
    bea.open(f"/enquiries/{journey.reference}")
    ann.press("Remove Bea")
    bea.open(f"/enquiries/{journey.reference}", status=404)


def test_files_are_added_and_handed_out_as_downloads(opened: House, journey: Journey, ann: Visitor) -> None:
    ann.open(f"/enquiries/{journey.reference}/files")
    assert ann.press("Add this file", status=422).errors == ["Select a file"]
    page = ann.press("Add this file", file=("../../Käse & Co.csv", b"a,b\n1,2\n"))
    assert "Käse & Co.csv" in page.text
    path = next(link for link in page.links if "/files/" in link)
    answer = ann.client.get(path)
    assert answer.content == b"a,b\n1,2\n"
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''K%C3%A4se%20%26%20Co.csv"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert [m.kind for m in outbox(opened, "mo@service.example")][-1] == "enquirer_added_file"
    ann.press("Add this file", file=("again.csv", b"a,b\n1,2\n"))
    assert len([link for link in ann.page.links if "/files/" in link]) == 1
    other = Visitor(opened)
    other.open(path, status=401)
    Journey(opened.database, opened.clock, enquirer_email="eve@other.example").submitted()
    other.sign_in("eve@other.example")
    other.open(path, status=404)


def test_a_merged_enquiry_leads_on_and_shows_nobody_more_than_before(
    opened: House, journey: Journey, ann: Visitor
) -> None:
    target = Journey(
        opened.database, opened.clock, question="The older question of others", enquirer_email="eve@other.example"
    ).accepted()
    target.say("Said before the merge", direction="out")
    opened.clock.move(minutes=5)
    journey.accepted().act(c.Close(outcome=Outcome.DUPLICATE, reason="The same", target=target.reference))
    opened.clock.move(minutes=5)
    target.say("Said after the merge", direction="out")

    answer = ann.client.get(f"/enquiries/{journey.reference}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/enquiries/{target.reference}")
    page = ann.open(f"/enquiries/{journey.reference}")
    assert journey.question in page.text
    assert "Said after the merge" in page.text
    assert "Said before the merge" not in page.html
    assert "older question of others" not in page.html
    assert "eve@" not in ann.open(f"/enquiries/{target.reference}/colleagues").html
    page = ann.open(f"/enquiries/{target.reference}")
    assert page.buttons == ["Send message"]
    ann.press("Send message", {"body": "We agree."})
    ann.open(f"/enquiries/{target.reference}/withdraw", status=403)
    ann.open(f"/enquiries/{journey.reference}/files", status=410)
    assert "older question of others" not in ann.open("/enquiries").html
    eve = Visitor(opened)
    eve.sign_in("eve@other.example")
    eve.open(f"/enquiries/{journey.reference}", status=404)


def test_a_reference_written_differently_leads_to_how_we_write_it(journey: Journey, ann: Visitor) -> None:
    written = journey.reference.lower().replace("-", "")
    answer = ann.client.get(f"/enquiries/{written}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/enquiries/{journey.reference}")


def test_an_unowned_answer_tells_every_manager(small: House) -> None:
    journey = Journey(small.database, small.clock).submitted()
    journey.manager("nia@service.example", "Nia Newcomer")
    ann = Visitor(small)
    ann.sign_in(ANN)
    ann.open(f"/enquiries/{journey.reference}")
    ann.press("Send message", {"body": "One more thing."})
    for manager in ("mo@service.example", "nia@service.example"):
        assert [m.kind for m in outbox(small, manager)][-1] == "reply_received"


def test_there_is_an_end_to_colleagues(small: House) -> None:
    journey = Journey(small.database, small.clock).submitted()

    def add_twelve(unit: Unit) -> None:
        for number in range(12):
            name, email = f"C{number}", f"c{number}@council.example"
            add_colleague(unit, journey.ctx(journey.enquirer), journey.enquiry_id, name=name, email=email)

    small.database.transact(add_twelve)
    ann = Visitor(small)
    ann.sign_in(ANN)
    ann.open(f"/enquiries/{journey.reference}/colleagues")
    page = ann.press("Add this colleague", {"name": "Too", "email": "many@council.example"}, status=422)
    assert "at most 12 colleagues" in page.errors[0]
    ann.press("Remove C3")
    ann.press("Add this colleague", {"name": "Too", "email": "many@council.example"})


def test_dates_to_come_are_shown_with_their_holidays(small: House) -> None:
    small.clock.set(small.clock.now() + timedelta(days=30))  # the day before Christmas Eve
    journey = Journey(small.database, small.clock).submitted()
    ann = Visitor(small)
    ann.sign_in(ANN)
    page = ann.open(f"/enquiries/{journey.reference}")
    assert "Tuesday 29 December 2026" in page.text
    assert "Christmas Day" in page.text
    enquiry = small.database.read(lambda unit: unit.get(Enquiry, journey.enquiry_id))
    assert enquiry
    assert enquiry.due_on == date(2026, 12, 29)
