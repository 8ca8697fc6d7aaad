"""The forms of the machines' events at the console: every member has a field, and every refusal keeps what was typed."""

import re
from datetime import timedelta

import pytest

from service.principals import STAFF
from service.records import conversation
from service.routers.manage.case.page import ROOMS
from service.routers.manage.moves.reading import KINDS
from service.routers.manage.moves.table import MOVES, move_of
from service.workflows import commands as c
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine, Transition
from service.working_time import LONDON
from tests.support.doors import House
from tests.support.journey import COUNCIL, Journey
from tests.support.routes import routes_of
from tests.support.visiting import Visitor, outbox

PUT_BY_STAFF = [
    (machine, row) for machine in (ENQUIRY, PROJECT) for row in machine.transitions.values() if row.posted and row.roles & STAFF
]  # fmt: skip


@pytest.mark.parametrize(
    ("machine", "row"), PUT_BY_STAFF, ids=[f"{machine.name} {row.event}" for machine, row in PUT_BY_STAFF]
)
def test_every_member_of_every_event_has_a_field(machine: Machine, row: Transition) -> None:
    move = move_of(machine, row.event)
    assert move is not None
    given = [member for name, each in move.fields.items() for member in (each.members or (name,))]
    assert sorted(given) == sorted(set(row.command.model_fields) - {"event", "waivers"})
    assert {each.kind for each in move.fields.values()} <= KINDS
    for name, each in move.fields.items():
        required = [member for member in each.members or (name,) if row.command.model_fields[member].is_required()]
        assert each.missing or not required, f"{row.event}: {name} may be left empty, and the command needs it"


def test_no_form_is_left_over() -> None:
    assert sorted(move.slug for move in MOVES.values()) == sorted(MOVES)
    assert {(move.machine.name, move.event) for move in MOVES.values()} == {
        (machine.name, row.event) for machine, row in PUT_BY_STAFF
    }


def test_every_page_that_the_enquirys_page_leads_to_is_there(console: House) -> None:
    served = {path for method, path in routes_of(console.app) if method == "GET"}
    rooms = {under for _, under in ROOMS} | {move.room for move in MOVES.values() if move.room}
    assert {f"/manage/enquiries/{{reference}}{under}" for under in rooms} <= served


def test_what_needs_no_more_than_a_press_is_one_press_from_the_page(journey: Journey, manager: Visitor) -> None:
    journey.submitted()
    manager.open(f"/manage/enquiries/{journey.reference}")
    page = manager.press("Take it on")
    assert page.path == f"/manage/enquiries/{journey.reference}"
    assert "It is taken on." in page.text
    assert journey.enquiry().owner_id == journey.owner.person_id
    page = manager.press("Begin the brief")
    assert page.path == f"/manage/enquiries/{journey.reference}/brief"  # where the work goes on
    assert "The brief is begun." in page.text
    assert "Write the brief" in manager.open(f"/manage/enquiries/{journey.reference}").text
    assert journey.enquiry().state == "drafting"


def test_a_form_says_who_is_told_and_does_what_it_says(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/hold")
    assert "The enquirer is told the date and the reason." in page.text
    answers = {"until-day": "1", "until-month": "3", "until-year": "2027", "reason": "Cabinet meets first."}
    page = manager.press("Put on hold", answers)
    assert "It is on hold" in page.text
    assert "On hold until Monday 1 March 2027" in page.text
    assert journey.enquiry().hold_reason == "Cabinet meets first."
    assert outbox(console, "ann@council.example")[-1].kind == "on_hold"
    page = manager.press("Resume")
    assert "It is under way again." in page.text


def test_a_mistake_keeps_every_answer(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/hold")
    page = manager.press("Put on hold", {"until-day": "31", "until-month": "2", "until-year": "2027"}, status=422)
    assert page.errors == ["Until must be a real date", "Give the reason"]
    assert page.fields["until-day"] == "31"
    page = manager.press(
        "Put on hold", {"until-day": "1", "until-month": "1", "until-year": "2020", "reason": "Later."}, status=409
    )
    assert page.errors == ["Give a date after today for the hold to end."]
    assert page.fields["reason"] == "Later."
    assert not journey.enquiry().on_hold


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/ask")
    other = Visitor(manager.house, manager.client)
    other.open(f"/manage/enquiries/{journey.reference}/do/ask")
    other.press("Ask the enquirer", {"body": "Which homes?"})
    page = manager.press("Ask the enquirer", {"body": "Which streets?"}, status=412)
    assert "This changed while you were writing" in page.text
    assert page.fields["body"] == "Which streets?"
    page = manager.press("Ask the enquirer")
    assert "Which streets?" in page.text
    assert "Which homes?" in page.text


def test_the_mails_can_be_read_before_anything_is_done(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    before = (journey.enquiry().version, len(outbox(console)))
    manager.open(f"/manage/enquiries/{journey.reference}/do/close")
    given = {"outcome": "answered", "answer": "Yes, they do.\nEspecially in winter.", "reason": "Known already."}
    page = manager.press("Show the mails first", given)
    assert "Nothing has been done yet." in page.text
    assert "To Ann Asker, ann@council.example" in page.text
    assert "Yes, they do." in page.text
    assert page.fields["answer"] == "Yes, they do.\nEspecially in winter."
    assert (journey.enquiry().version, len(outbox(console))) == before
    page = manager.press("Close")
    assert "The enquiry is closed." in page.text
    assert outbox(console, "ann@council.example")[-1].kind == "closed_answered"


def test_a_split_shows_the_mail_about_the_new_enquiry_first(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/split")
    given = {"question": "And what of the children?", "reason": "It is another study."}
    page = manager.press("Show the mails first", given)
    assert "Part of your question goes on by itself" in page.text
    page = manager.press("Split off a question")
    assert "Came out of this one" in page.text


@pytest.mark.parametrize(
    ("outcome", "missing"),
    [
        ("answered", "Give the answer's text, or add the file that answers it where the enquirer can see it."),
        ("signposted", "Say to whom you are pointing them."),
        ("declined", "Say which criteria are not met, a sentence each."),
        ("duplicate", "Name the enquiry this one repeats."),
    ],
)
def test_an_exit_asks_for_its_own_members(journey: Journey, manager: Visitor, outcome: str, missing: str) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/close")
    page = manager.press("Close", {"outcome": outcome, "reason": "Because."}, status=409)
    assert page.errors == [missing]
    assert page.fields["reason"] == "Because."


def test_declining_gives_a_sentence_a_line(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/close")
    criteria = "It is not about health.\n\nNobody could use the answer."
    page = manager.press("Close", {"outcome": "declined", "reason": "Screened.", "criteria": criteria})
    assert "What it did not meet: It is not about health. Nobody could use the answer." in page.text
    told = outbox(console, "ann@council.example")[-1]
    assert told.params["criteria"] == ["It is not about health.", "Nobody could use the answer."]


def test_the_answer_given_stands_on_the_page(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/close")
    answer = {"answer": "It helps those who swim already.", "wording": "As we said on the phone."}
    page = manager.press("Close", {"outcome": "answered", "reason": "Known.", **answer})
    assert "The answer they were given: It helps those who swim already." in page.text
    assert "What the enquirer was told, in our own words: As we said on the phone." in page.text


def test_a_duplicate_is_looked_for_and_merged(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    other = Journey(
        console.database, console.clock, question="Are lidos good for swimmers?", enquirer_email="bo@x.example"
    )
    other.accepted()
    manager.open(f"/manage/enquiries/{journey.reference}/do/close")
    page = manager.press("Look", {"outcome": "duplicate", "look_for": "lidos", "reason": "The same."})
    assert f"{other.reference}: Are lidos good for swimmers?" in page.text

    page = manager.open(f"/manage/enquiries/{journey.reference}")
    assert "Merge into another enquiry" in page.buttons
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/close?outcome=duplicate")
    assert {"Merge", "Look"} < set(page.buttons)
    assert "How does it end?" not in page.text
    page = manager.press("Merge", {"reason": "The same."}, status=409)
    assert page.errors == ["Name the enquiry this one repeats."]
    named = Journey(console.database, console.clock, question="Do parks help?", enquirer_email="lidos@x.example")
    named.submitted()
    page = manager.press("Look", {"look_for": "lidos"})
    assert page.text.index(other.reference) < page.text.index(named.reference), "what is asked before who asks"
    assert f"{other.reference}: Are lidos good for swimmers? Scoping. {COUNCIL}" in page.text
    page = manager.press("Show the mails first", {"target": other.reference})
    assert f"{other.reference}: Are lidos good for swimmers? Scoping. {COUNCIL}" in page.text
    assert page.fields["target"] == other.reference
    page = manager.press("Look", {"look_for": "lidos"})
    assert (page.fields["outcome"], page.fields["reason"]) == ("duplicate", "The same.")
    page = manager.press("Merge", {"target": other.reference})
    assert page.path == f"/manage/enquiries/{other.reference}"
    assert "The other enquiry is closed and leads here." in page.text


def test_a_guard_that_may_be_waived_asks_why_and_the_answer_stands_on_the_timeline(
    journey: Journey, manager: Visitor
) -> None:
    journey.selecting()
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/offer")
    assert "No meeting of the enquirer with researchers has been logged" in page.text
    page = manager.press("Offer the work", {"interest": str(journey.interest_id)}, status=409)
    assert len(page.errors) == 1
    assert page.fields["interest"] == str(journey.interest_id)
    page = manager.press("Offer the work", {"waiver-joint_meeting_logged": "They have met before."})
    assert "The offer is made." in page.text
    assert "Set aside (joint meeting logged): They have met before." in page.text


def said_in(journey: Journey) -> list[conversation.EntryRow]:
    return journey.look(lambda unit: conversation.entries(unit, journey.enquiry_id))


def test_a_yes_is_quoted_from_what_came_in_after_it_was_asked_for(journey: Journey, manager: Visitor) -> None:
    journey.briefed()
    journey.say("An early word, before anything was sent.")
    journey.clock.move(hours=1)  # type: ignore[attr-defined]
    journey.sent()
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/agree")
    assert "Nothing that came in since can be quoted." in page.text
    page = manager.press("Record their yes to the brief", status=422)
    assert page.errors == ["Say how they told us", "Write down what they said"]
    before = {
        "heard_kind": "call",
        "heard": "Yes, go on.",
        "heard_on-day": "2",
        "heard_on-month": "1",
        "heard_on-year": "2024",
    }
    page = manager.press("Record their yes to the brief", before, status=409)
    assert page.errors == ["The entry quoted is older than what was asked. Quote what they said after seeing it."]
    assert page.fields["heard"] == "Yes, go on."
    assert [entry.body for entry in said_in(journey)] == ["An early word, before anything was sent."]
    journey.say("Our reply by phone.", kind="call", direction="out")
    journey.say("Yes, send it.")
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/agree")
    assert "An early word" not in page.text
    assert "Our reply by phone." not in page.text
    assert "Yes, send it." in page.text
    assert manager.press("Record their yes to the brief", status=422).errors == [
        "Choose the entry in which the enquirer said so"
    ]
    assert "write it down now" in manager.page.text
    entry = next(value for value in re.findall(r'name="entry" type="radio" value="([^"]+)"', manager.page.html))
    assert "The brief is agreed." in manager.press("Record their yes to the brief", {"entry": entry}).text


def test_a_yes_by_phone_is_written_down_with_the_step_that_quotes_it(journey: Journey, manager: Visitor) -> None:
    journey.sent()
    journey.clock.move(hours=1)  # type: ignore[attr-defined]
    at = (journey.clock.now() - timedelta(minutes=30)).astimezone(LONDON).replace(second=0, microsecond=0)
    manager.open(f"/manage/enquiries/{journey.reference}/do/agree")
    said = {"heard_kind": "call", "heard": "Yes, send it out.", "heard_at": f"{at:%H:%M}"}
    said |= {"heard_on-day": f"{at.day}", "heard_on-month": f"{at.month}", "heard_on-year": f"{at.year}"}
    assert "The brief is agreed." in manager.press("Record their yes to the brief", said).text
    entry = said_in(journey)[-1]
    assert (entry.direction, entry.visibility, entry.body) == ("in", "enquirer", "Yes, send it out.")
    assert entry.occurred_at == at


def test_the_researchers_yes_is_written_down_for_the_team_alone(journey: Journey, manager: Visitor) -> None:
    journey.offered()
    lead = {"heard_kind": "meeting", "heard": "We would love to."}
    manager.open(f"/manage/enquiries/{journey.reference}/do/accept_offer")
    assert "the project is planned" in manager.press("Record the lead's yes", lead).text
    entry = said_in(journey)[-1]
    assert (entry.direction, entry.visibility) == ("in", "back_stage")
    assert entry.organisation_id == journey.universities[0]


def test_another_owners_brief_is_not_begun_and_the_way_to_take_it_over_is_shown(
    journey: Journey, manager: Visitor
) -> None:
    journey.accepted()
    other = journey.person("other@service.example", name="Olu Other", staff_role="manager")
    journey.act(c.Reassign(owner=other, reason="Leave."))
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/begin_brief")
    assert "Olu Other owns this enquiry." in page.text
    page = manager.open(next(link for link in page.links if "/do/reassign?" in link))
    assert page.fields["owner"] == str(journey.owner.person_id)


def test_redaction_begins_where_the_text_stands(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    journey.say("My neighbour Jane Doe has asthma.")
    page = manager.open(f"/manage/enquiries/{journey.reference}")
    page = manager.open(next(link for link in page.links if "what=entry:" in link))
    assert "My neighbour Jane Doe has asthma." in page.text
    page = manager.press("Redact", {"reason": "It names a patient."})
    assert "It is destroyed." in page.text
    assert "Jane Doe" not in page.text
    assert "This text was destroyed: It names a patient." in page.text
    manager.open(f"/manage/enquiries/{journey.reference}/files")
    page = manager.press("Add this file", {"visibility": "enquirer"}, file=("Letter of Jane Doe.txt", b"Words."))
    page = manager.open(next(link for link in page.links if "what=file:" in link))
    assert "Letter of Jane Doe.txt" in page.text
    page = manager.press("Redact", {"reason": "It names a patient."})
    assert "Jane Doe" not in page.text
    assert page.text.count("A file that was destroyed") == 2, "in the story and among the files"
    assert "A file that was destroyed" in manager.open(f"/manage/enquiries/{journey.reference}/files").text
    enquirer = Visitor(manager.house)
    enquirer.sign_in("ann@council.example")
    page = enquirer.open(f"/enquiries/{journey.reference}/files")
    assert ("A file that we removed" in page.text, "Jane Doe" in page.text) == (True, False)
    manager.open(f"/manage/enquiries/{journey.reference}/do/redact?what=entry:nonsense")
    assert manager.press("Redact", {"reason": "Why not."}, status=422).errors == ["Choose what is to be destroyed"]


def enquirer_reads(journey: Journey, manager: Visitor) -> str:
    enquirer = Visitor(manager.house)
    enquirer.sign_in("ann@council.example")
    return enquirer.open(f"/enquiries/{journey.reference}").text


def test_the_projects_own_steps_stand_beside_the_enquirys(journey: Journey, manager: Visitor) -> None:
    journey.commissioned()
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/pause")
    page = manager.press("Pause the project", {"reason": "The researcher is ill."})
    assert "The project is paused." in page.text
    assert "Resume the project" in page.buttons
    assert "Resume the project" in manager.open(f"/manage/enquiries/{journey.reference}/do/resume").text
    page = manager.press("Resume the project")
    assert "The project is under way again." in page.text
    page = manager.open(f"/manage/enquiries/{journey.reference}/do/deliver")
    page = manager.press("Deliver the project", {"note": "The report is in your inbox."})
    assert "recorded as delivered" in page.text
    assert "The report is in your inbox." in page.text, "what was handed over is kept"
    assert "The report is in your inbox." in enquirer_reads(journey, manager)


@pytest.mark.parametrize("slug", sorted(MOVES))
def test_no_bad_input_breaks_a_form(journey: Journey, manager: Visitor, slug: str) -> None:
    journey.submitted()
    path = f"/manage/enquiries/{journey.reference}/do/{slug}"
    token = manager.open(f"/manage/enquiries/{journey.reference}").fields["csrf_token"]
    names = [
        *MOVES[slug].fields,
        "until-day",
        "until-month",
        "until-year",
        "start_at_risk-borne_by",
        "alternates-1",
        "seen",
    ]
    for text in (
        "",
        "x",
        "\x00\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "9" * 40,
        "word " * 6000,
    ):
        answer = manager.client.post(path, data={**dict.fromkeys(names, text), "csrf_token": token})
        assert answer.status_code in {403, 404, 409, 412, 422}, (slug, text[:20], answer.status_code)
    answer = manager.client.get(path, params=dict.fromkeys(names, "\x00nonsense"))
    assert answer.status_code == 200
