"""The brief on the desk: written, collided over, read through and sent, compared, previewed, revised."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from uuid import uuid4

import pytest

from service.actions.brief import save_brief
from service.records import briefs, feed
from service.states import BriefState
from service.vocabulary import BRIEF_SECTIONS
from service.workflows import commands as c
from service.workflows.writing import GUIDANCE
from tests.support.doors import MANAGER, House, house
from tests.support.journey import SECTIONS, Journey
from tests.support.visiting import Page, Visitor, outbox

READY = {code: guidance.example for code, guidance in GUIDANCE.items()}


def journey(console: House, **how: object) -> Journey:
    return Journey(console.database, console.clock, **how)  # type: ignore[arg-type]


def path(of: Journey, under: str = "") -> str:
    return f"/manage/enquiries/{of.reference}/brief{under}"


def standing(of: Journey) -> dict[str, str]:
    return dict(of.newest_brief().sections)


def shown_as_data(page: Page) -> object:
    found = re.search(r'<pre[^>]*id="as-data"[^>]*>(.*?)</pre>', page.html, re.DOTALL)
    assert found
    return json.loads(unescape(found[1]))


def fed(of: Journey, university: int = 0) -> list[dict[str, object]]:
    """What one university's feed holds, oldest first."""
    page = of.look(lambda unit: feed.page(unit, of.universities[university], after=0, limit=50))
    return [json.loads(item) for item in page.items]


# ---------------------------------------------------------------------------------------------------------------- writing
def test_every_section_has_its_guidance_and_an_example_that_needs_no_advice(console: House, manager: Visitor) -> None:
    asked = journey(console).submitted(population=["older_people"], budget_band="5k_to_20k").accepted()
    page = manager.open(path(asked))
    for code, label in BRIEF_SECTIONS.items():
        assert label in page.text
        assert GUIDANCE[code].write in page.text
        assert " ".join(GUIDANCE[code].example.split()) in page.text
    assert list(GUIDANCE) == list(BRIEF_SECTIONS)
    page = manager.press("Save", READY)
    assert "Nothing that is needed is missing." in page.text
    assert "Worth adding" not in page.text


def test_the_first_save_begins_the_brief_and_what_was_told_stands_beside_it(console: House, manager: Visitor) -> None:
    asked = journey(console, question="Do warm <b>homes</b> help?").submitted(
        purpose="A paper for cabinet.", not_wanted="No survey.", budget_band="under_5k", place="Gateshead"
    )
    page = manager.open(path(asked))
    assert "Take the enquiry on first" in page.text
    assert page.buttons == []
    asked.accepted()
    page = manager.open(path(asked))
    assert "Your first save begins the brief." in page.text
    for told in ("Do warm <b>homes</b> help?", "A paper for cabinet.", "No survey.", "Under £5,000", "Gateshead"):
        assert told in page.text
    page = manager.press("Save", {"purpose": "Cabinet decides in May.\r\n\r\nSo it must be short."})
    assert "Saved." in page.text
    assert asked.enquiry().state == "drafting"
    assert standing(asked) == {"purpose": "Cabinet decides in May.\n\nSo it must be short."}
    assert page.fields["purpose"] == "Cabinet decides in May.\n\nSo it must be short."


def test_readiness_stands_beside_the_section_it_is_about(console: House, manager: Visitor) -> None:
    asked = journey(console, organisation_shown=None).briefed(
        {"questions": "Does the intervention work? Write to ann@council.example."}
    )
    page = manager.open(path(asked))
    needed = page.text.partition("It cannot be sent before this is done:")[2].partition("Beside the sections")[0]
    assert "“Purpose and decision” is empty." in needed
    assert "ann@council.example" in needed
    assert "has not said what universities may be told" in needed
    assert "“intervention” may be read otherwise" in page.text
    assert "the programme, service or change being looked at" in page.text
    # What an empty box says anyway is not said again.
    assert "“Scope, and what is not wanted” is empty." not in page.text


def test_a_text_too_long_is_refused_with_every_word_kept(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed({"purpose": "Before."})
    manager.open(path(asked))
    page = manager.press("Save", {"purpose": "x" * 20_001, "scope": "Not <this>"}, status=422)
    assert page.errors == ["“Purpose and decision” must be 20,000 characters or fewer. It has 20,001."]
    assert (len(page.fields["purpose"]), page.fields["scope"]) == (20_001, "Not <this>")
    assert standing(asked) == {"purpose": "Before."}


def test_hostile_text_is_kept_as_text(console: House, manager: Visitor) -> None:
    asked = journey(console).accepted()
    manager.open(path(asked))
    page = manager.press(
        "Save", {"purpose": "\x00a</textarea><script>alert(1)</script>\ud800".encode("utf-8", "replace").decode()}
    )
    assert page.fields["purpose"] == "a</textarea><script>alert(1)</script>?"
    assert "<script>alert(1)" not in page.html


def test_a_form_that_lost_a_section_leaves_it_as_it_stands(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed({"purpose": "Before.", "scope": "Stays."})
    page = manager.open(path(asked))
    sent = {"csrf_token": page.fields["csrf_token"], "revision": page.fields["revision"], "purpose": "After."}
    assert manager.client.post(path(asked), data=sent).status_code == 303
    assert standing(asked) == {"purpose": "After.", "scope": "Stays."}


def test_the_same_save_twice_is_one_and_nothing_changed_saves_nothing(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed({"purpose": "Before."})
    page = manager.open(path(asked))
    sent = {**page.fields, "purpose": "After."}
    for _ in range(2):
        answer = manager.client.post(path(asked), data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path(asked)}?done=saved")
    saved = asked.newest_brief()
    manager.open(path(asked))
    page = manager.press("Save")
    assert "Nothing was changed" in page.text
    assert asked.newest_brief().revision == saved.revision


# ------------------------------------------------------------------------------------------------------------- two writers
def test_two_who_write_at_once_lose_nothing(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed(
        {"purpose": "Before.", "scope": "Before.", "known": "Before.", "methods": "Before."}
    )
    page = manager.open(path(asked))
    other = {**standing(asked), "purpose": "Theirs & <more>.", "scope": "Theirs too."}
    console.database.transact(lambda unit: save_brief(unit, asked.ctx(), asked.enquiry_id, other))
    page = manager.press("Save", {"purpose": "Mine.", "known": "Mine too."}, status=412)
    # Both changed: both texts, mine in the box. Only they: theirs in the box. Only I: mine. Nobody: as it was.
    assert page.fields["purpose"] == "Mine."
    assert "Theirs &amp; &lt;more&gt;." in page.html
    assert page.fields["scope"] == "Theirs too."
    assert (page.fields["known"], page.fields["methods"]) == ("Mine too.", "Before.")
    assert len(page.errors) == 2
    assert "Nothing of yours was recorded yet" in page.errors[0]
    assert "Purpose and decision" in page.errors[1]
    assert standing(asked) == other
    page = manager.press("Save", {"purpose": "Theirs & mine."})
    assert standing(asked) == {
        "purpose": "Theirs & mine.", "scope": "Theirs too.", "known": "Mine too.", "methods": "Before.",
    }  # fmt: skip


def test_of_two_saves_at_one_moment_one_waits_and_is_told(engine_url: str) -> None:
    with house(engine_url, staff_emails=MANAGER) as opened:
        asked = journey(opened).briefed({"purpose": "Before."})
        writers = [Visitor(opened) for _ in range(2)]
        forms = []
        for writer in writers:
            writer.sign_in(MANAGER)
            forms.append(writer.open(path(asked)).fields)

        def save(number: int, text: str, revision: int, together: Barrier) -> int:
            sent = {**forms[number], "revision": str(revision), "purpose": text}
            together.wait(timeout=30)
            return writers[number].client.post(path(asked), data=sent).status_code

        first = asked.newest_brief().revision
        for revision in range(first, first + 4):
            together, texts = Barrier(2), [f"Written by {number} over {revision}." for number in range(2)]
            with ThreadPoolExecutor(2) as pool:
                saving = [pool.submit(save, number, texts[number], revision, together) for number in range(2)]
            answers = [each.result() for each in saving]
            assert sorted(answers) == [303, 412]
            assert standing(asked) == {"purpose": texts[answers.index(303)]}


def test_a_save_made_against_no_save_is_stale_and_keeps_its_words(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed({"purpose": "Before."})
    page = manager.open(path(asked))
    for forged in ("", "-1", "zero", "9" * 400, "²"):
        sent = {"csrf_token": page.fields["csrf_token"], "revision": forged, "purpose": "After."}
        answer = manager.client.post(path(asked), data=sent)
        assert answer.status_code == 412
        assert ">\nAfter.</textarea>" in answer.text
    assert standing(asked) == {"purpose": "Before."}


def test_a_save_of_what_went_to_the_enquirer_meanwhile_keeps_its_words(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed()
    manager.open(path(asked))
    asked.sent()
    page = manager.press("Save", {"purpose": "Cabinet decides in June."}, status=409)
    assert page.errors == [
        "The brief is with the enquirer. Record the changes they want first (request_changes): that opens a new version."
    ]
    assert page.fields["purpose"] == "Cabinet decides in June."
    assert standing(asked) == SECTIONS


# ----------------------------------------------------------------------------------------------------------------- sending
def test_what_is_read_through_is_what_the_enquirer_is_asked_to_agree(console: House, manager: Visitor) -> None:
    asked = journey(console, organisation_shown="described", organisation_description="A council up north").accepted()
    manager.open(path(asked))
    page = manager.press("Save and read it through to send", READY)
    assert page.path == path(asked, "/send")
    for text in READY.values():
        assert " ".join(text.split()) in page.text
    assert "An email with a link to their page goes to ann@council.example." in page.text
    assert "Universities would see that it comes from a council up north" in page.text
    assert "Durham University, Newcastle University and Northumbria University" in page.text
    sent = page.fields
    page = manager.press("Send exactly this for agreement")
    assert "The brief is with the enquirer." in page.text
    version = asked.newest_brief()
    assert (version.state, version.sections, version.hash) == (BriefState.SENT, READY, sent["hash"])
    assert [each.kind for each in outbox(console, "ann@council.example")].count("brief_to_agree") == 1
    # The button pressed twice has done its work once.
    again = manager.client.post(path(asked, "/send"), data={**sent, "event": "send_for_agreement"})
    assert (again.status_code, again.headers["location"]) == (303, f"{path(asked)}?done=sent")
    page = manager.open(path(asked))
    assert "Record the changes they want first" in page.text
    assert f"/manage/enquiries/{asked.reference}/do/agree" in page.links


def test_what_keeps_it_from_going_is_said_in_sentences(console: House, manager: Visitor) -> None:
    asked = journey(console, organisation_shown=None).briefed({"scope": "Phone 0191 498 0000."})
    page = manager.open(path(asked, "/send"))
    obstacles = page.text.partition("It cannot be sent yet")[2].partition("What happens")[0]
    assert "Fill in “Purpose and decision” and “Questions in researchable form” first." in obstacles
    assert "Ask the enquirer what universities may be told" in obstacles
    assert "0191 498 0000" in obstacles
    assert page.buttons == []
    page = manager.open(path(asked))
    assert "“Send the brief for agreement” is not possible yet: see what it needs" in page.text
    assert page.text.count("what universities may be told about who is asking") == 1
    assert "(organisation_shown)" not in page.text
    assert f"/manage/enquiries/{asked.reference}/facts#organisation_shown" in page.links
    assert "“What universities may know of who asks”" in page.text
    facts = manager.open(f"/manage/enquiries/{asked.reference}/facts")
    assert 'id="organisation_shown"' in facts.html
    assert "What universities may know of who asks" in facts.text
    other = journey(console, enquirer_email="cat@council.example")
    other.owner = other.manager("olu@service.example", "Olu Owner")
    other.briefed()
    assert "Olu Owner owns this enquiry." in manager.open(path(other, "/send")).text


def test_nothing_is_sent_that_was_not_read(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed()
    manager.open(path(asked, "/send"))
    changed = {**SECTIONS, "purpose": "Something else is decided."}
    console.database.transact(lambda unit: save_brief(unit, asked.ctx(), asked.enquiry_id, changed))
    page = manager.press("Send exactly this for agreement", status=412)
    assert "Somebody saved this brief while you had it open." in page.text
    assert "Something else is decided." in page.text
    assert asked.newest_brief().state == BriefState.DRAFT
    asked.say("We agreed to be described only.")
    asked.act(c.Hold(until=asked.today().replace(year=asked.today().year + 1), reason="They moved office."))
    page = manager.press("Send exactly this for agreement", status=412)
    assert "changed while you were writing" in page.text
    assert "hold" in page.text
    assert asked.newest_brief().state == BriefState.DRAFT


def test_a_posted_event_that_is_none_of_this_page_is_refused(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed()
    sent = manager.open(path(asked, "/send")).fields
    assert manager.client.post(path(asked, "/send"), data={**sent, "event": "close"}).status_code == 404
    assert (
        manager.client.post(
            path(asked, "/revise"), data={**sent, "event": "send_for_agreement", "reason": "x"}
        ).status_code
        == 404
    )
    without = {**sent, "event": "send_for_agreement", "csrf_token": "forged"}
    assert manager.client.post(path(asked, "/send"), data=without).status_code == 403


# ---------------------------------------------------------------------------------------------------------------- versions
def test_versions_are_listed_read_and_compared(console: House, manager: Visitor) -> None:
    asked = journey(console).sent()
    asked.act(c.RequestChanges(comment="Say <when>.", entry=None), asked.enquirer)
    changed = {**SECTIONS, "timescale": "Something usable by the end of April.", "users": "Housing officers."}
    del changed["methods"]
    asked.briefed(changed)
    page = manager.open(path(asked, "/versions"))
    assert "What the enquirer wanted changed: Say <when>." in page.text
    assert f"{path(asked, '/compare')}?from=1&to=2" in page.links
    page = manager.open(path(asked, "/versions/1"))
    assert "Something usable by the end of March." in page.text
    page = manager.open(path(asked, "/compare?from=1&to=2"))
    assert 'end of <del class="app-out"><span class="govuk-visually-hidden">[taken out: </span>March' in page.html
    assert '<ins class="app-in"><span class="govuk-visually-hidden">[put in: </span>April' in page.html
    for label, word in (("Timescale and window", "Changed"), ("Methods or evidence wanted", "Left out"),
                        ("Who will use it and who could help them", "New"), ("Purpose and decision", "The same")):  # fmt: skip
        assert f"{label} {word}" in page.text
    assert manager.open(path(asked, "/compare")).text == page.text
    assert "The two say the same." in manager.open(path(asked, "/compare?from=2&to=2")).text


def test_what_is_not_there_is_answered_with_absence(console: House, manager: Visitor) -> None:
    asked = journey(console).briefed()
    for under in ("9", "x", "-1", "9" * 30):
        manager.open(path(asked, f"/versions/{under}"), status=404)
    for under in (
        "/compare?from=1&to=9",
        "/compare?from=%00",
        "/compare?to=²",
        "/preview?as=x",
        f"/preview?as={uuid4()}",
    ):
        manager.open(path(asked, under), status=404)


def test_before_there_is_a_brief_every_page_says_so(console: House, manager: Visitor) -> None:
    asked = journey(console).accepted()
    assert "Nothing is written yet." in manager.open(path(asked, "/versions")).text
    assert "Nothing is written yet." in manager.open(path(asked, "/compare")).text
    assert "only in “Drafting the brief” or “Call open”" in manager.open(path(asked, "/send")).text
    assert "only in “Call open”" in manager.open(path(asked, "/revise")).text
    assert "Nothing is written yet." in manager.open(path(asked, "/preview")).text


# ----------------------------------------------------------------------------------------------------------------- preview
@pytest.mark.parametrize(
    ("shown", "told"), [("named", "Gateshead Council"), ("described", "A council up north"), ("after_offer", None)]
)
def test_a_preview_is_what_the_feed_then_holds(console: House, manager: Visitor, shown: str, told: str | None) -> None:
    asked = journey(console, organisation_shown=shown, organisation_description="A council up north").agreed()
    page = manager.open(path(asked, f"/preview?as={asked.universities[0]}"))
    previewed = shown_as_data(page)
    assert isinstance(previewed, dict)
    assert previewed["organisation"] == told
    assert (told or "Nothing is told until an offer") in page.text
    assert "Nothing has gone to Northumbria University in this version yet." in page.text
    asked.published()
    assert fed(asked)[0]["payload"] == previewed
    page = manager.open(path(asked, f"/preview?as={asked.universities[0]}"))
    assert (shown_as_data(page), "This is what it has." in page.text) == (previewed, True)


def test_a_university_that_was_not_asked_is_not_said_to_have_it(console: House, manager: Visitor) -> None:
    asked = journey(console)
    asked.published(recipients=asked.universities[:1])
    manager.open(path(asked, f"/preview?as={asked.universities[1]}"), status=404)
    asked.selecting()
    had, had_not = (manager.open(path(asked, f"/preview?as={each}")).text for each in asked.universities[:2])
    assert ("This is what it has." in had, "Counting" in had or "working days after" in had) == (True, False)
    assert "Nothing has gone to Newcastle University in this version yet." in had_not
    assert "10 working days after" in had_not


def test_a_university_with_an_offer_sees_the_name_and_the_others_do_not(console: House, manager: Visitor) -> None:
    asked = journey(console, organisation_shown="after_offer").offered()
    with_offer, without = (shown_as_data(manager.open(path(asked, f"/preview?as={u}"))) for u in asked.universities[:2])
    assert isinstance(with_offer, dict)
    assert isinstance(without, dict)
    assert (with_offer["organisation"], without["organisation"]) == ("Gateshead Council", None)


def test_a_name_that_is_kept_back_is_pointed_at_wherever_the_text_is_read(console: House, manager: Visitor) -> None:
    asked = journey(console, organisation_shown="after_offer").briefed(
        {**SECTIONS, "scope": "Only in  GATESHEAD\ncouncil."}
    )
    for under in ("", "/send", "/preview"):
        assert (
            "“Gateshead Council” stands here, and universities are not to be told"
            in manager.open(path(asked, under)).text
        )
    named = journey(console, enquirer_email="cat@council.example").briefed(
        {**SECTIONS, "scope": "Only in Gateshead Council."}
    )
    assert "stands here" not in manager.open(path(named)).text


def test_a_preview_waits_for_the_enquirers_choice(console: House, manager: Visitor) -> None:
    asked = journey(console, organisation_shown=None).briefed()
    page = manager.open(path(asked, "/preview"), status=409)
    assert "Ask the enquirer what universities may be told about who is asking" in page.text
    assert "Gateshead" not in page.text


# ---------------------------------------------------------------------------------------------------------------- revision
def test_an_open_call_is_revised_from_these_pages(console: House, manager: Visitor) -> None:
    asked = journey(console).published()
    page = manager.open(path(asked))
    assert "Universities have this version. A save starts version 2" in page.text
    assert "no newly agreed version" in manager.open(path(asked, "/revise")).text
    manager.open(path(asked))
    page = manager.press("Save and read it through to send", {"timescale": "Something usable by the end of May."})
    changes = page.text.partition("What changed since version 1, which they have read")[2]
    assert ("Timescale and window Changed" in changes, "The same" in changes) == (True, False)
    page = manager.press("Send exactly this for agreement")
    assert "A save takes version 2 back from the enquirer and starts version 3." in page.text
    version = asked.newest_brief()
    previewed = shown_as_data(manager.open(path(asked, f"/preview?as={asked.universities[0]}")))
    assert isinstance(previewed, dict)
    asked.act(c.Agree(version=2, hash=version.hash), asked.enquirer)
    manager.open(path(asked, "/revise"))
    page = manager.press("Publish the revised brief", status=422)
    assert page.errors == ["Say why it changed: universities read this"]
    sent = {**page.fields, "reason": "The paper moved.", "event": "revise"}
    page = manager.press("Publish the revised brief", {"reason": "The paper moved."})
    assert "The revised brief is published." in page.text
    assert [item["type"] for item in fed(asked)] == ["published", "revised"]
    assert fed(asked)[1]["payload"] == {**previewed, "reason": "The paper moved."}
    again = manager.client.post(path(asked, "/revise"), data=sent)
    assert (again.status_code, len(fed(asked))) == (303, 2)
    assert asked.look(lambda unit: briefs.published(unit, asked.enquiry_id)).number == 2  # type: ignore[union-attr]
