"""Every wording says what it should, from what it says it is told, in words a council officer would use."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import meta

from service.delivery import wordings
from service.delivery.failures import FinalFailure
from service.delivery.render import render
from service.delivery.wordings import ANYWHERE, COMMON, FOLDER, SUPPLIED, kinds, wording
from service.workflows.exits import OUTCOMES
from tests.support.letters import LETTERHEAD, SAMPLES, message

KINDS = kinds()
WITHOUT_ENQUIRY = {
    "address_changed",
    "sign_in",
    "draft_link",
    "task_calendar_runs_out",
    "researcher_listed",
    "researchers_merged",
    "researchers_unmerged",
    "webhook_gone",
}
REMINDERS = [kind for kind in KINDS if kind.startswith(("remind_", "task_"))]


def used_by(kind: str) -> set[str]:
    source = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    return meta.find_undeclared_variables(wordings._environment().parse(source))


def rendered(kind: str) -> Iterator[str]:
    """Render with everything a wording may be told, then with only what it must be."""
    words = wording(kind)
    yield render(message(kind), LETTERHEAD).text
    yield render(message(kind, leave_out=words.optional), LETTERHEAD).text


@pytest.mark.parametrize("kind", KINDS)
def test_it_uses_exactly_what_it_says_it_is_told(kind: str) -> None:
    words = wording(kind)
    listed = words.required | words.optional
    assert used_by(kind) - COMMON - ANYWHERE - SUPPLIED == listed - ANYWHERE
    assert listed <= set(SAMPLES), "give tests.support.letters a sample"


@pytest.mark.parametrize("kind", KINDS)
def test_it_renders_with_all_and_with_the_least(kind: str) -> None:
    for text in rendered(kind):
        assert "{" not in text
        assert "None" not in text
        assert "\n\n\n" not in text
        assert not re.search(r"(?m)^[.,;:]|  |\(\)| \.| ,", text), text
    assert 10 < len(render(message(kind), LETTERHEAD).subject) <= 200


def test_each_kind_has_a_title_of_its_own_that_is_not_its_files_name() -> None:
    titles = {kind: wordings.title(kind) for kind in KINDS}
    assert len(set(titles.values())) == len(KINDS)
    for kind, title in titles.items():
        assert re.fullmatch(r"[A-Z][^_{}]{9,58}[a-z?]", title), title
        assert title != kind.replace("_", " ").capitalize()
    closed = {kind.removeprefix("closed_"): titles[kind] for kind in KINDS if kind.startswith("closed_")}
    assert closed == {outcome: f"Closed: {OUTCOMES[outcome]}" for outcome in closed}


@pytest.mark.parametrize("kind", KINDS)
def test_it_misses_what_it_needs(kind: str) -> None:
    for name in wording(kind).required:
        with pytest.raises(FinalFailure, match=kind):
            render(message(kind, leave_out={name}), LETTERHEAD)


WITHOUT_LINK = {"address_changed"}
"""Whoever reads it may be somebody else by now."""


def test_a_letter_to_an_old_address_leads_nowhere() -> None:
    for kind in WITHOUT_LINK:
        text = render(message(kind, path="/enquiries/1", to_name=""), LETTERHEAD).text
        assert "http" not in text
        assert "reply to this email or phone us" in text


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if wording(kind).audience != "partner" and kind not in WITHOUT_LINK]
)
def test_it_links_to_a_page(kind: str) -> None:
    assert "\nhttps://ask.example.org/" in render(message(kind), LETTERHEAD).text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if wording(kind).audience == "partner"])
def test_a_university_without_a_page_learns_how_to_answer(kind: str) -> None:
    with_page, without = render(message(kind), LETTERHEAD).text, render(message(kind, path=None), LETTERHEAD).text
    assert ":\nhttps://ask.example.org/" in with_page or with_page == without
    assert "https:" not in without
    assert ("by replying to this email." in without) == ("answer_where" in used_by(kind) or kind == "remind_contract")


def test_a_universitys_contact_is_told_both_ways_to_answer() -> None:
    both = (
        "through your university's system if it has one, or on this page:\nhttps://ask.example.org/partner/briefs/1\n"
    )
    for kind in ("call_published", "remind_reply_by", "costing_wanted", "costs_proposed"):
        assert both in render(message(kind, path="/partner/briefs/1"), LETTERHEAD).text, kind
    assert "system" not in render(message("offer_made", path="/work/1"), LETTERHEAD).text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if wording(kind).audience == "staff"])
def test_a_task_without_a_page_still_says_which_enquiry(kind: str) -> None:
    assert "https:" not in render(message(kind, path=None), LETTERHEAD).text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if wording(kind).audience != "staff"])
def test_a_letter_is_addressed_signed_and_gives_a_telephone(kind: str) -> None:
    text = render(message(kind), LETTERHEAD).text
    assert text.startswith("Dear Ann Asker,\n\n")
    assert "\nMo Manager\nEvidence Enquiry Service\nPhone 01632 960 123\n" in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if wording(kind).audience == "staff"])
def test_a_task_is_short(kind: str) -> None:
    assert len(render(message(kind), LETTERHEAD).text.split()) <= 60


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if wording(kind).audience == "partner" and kind not in WITHOUT_ENQUIRY]
)
def test_a_university_is_not_told_the_question_in_the_words_of_whoever_asked(kind: str) -> None:
    assert not {"title", "entry_quote"} & used_by(kind)
    subject = render(message(kind, brief_title="A safe title", title="CANARY"), LETTERHEAD).subject
    assert "CANARY" not in subject
    assert {"A safe title", "4J7KQ2-M", "Interim report"} & set(re.split(r"(?<=[:?]) |, ", subject)), subject


@pytest.mark.parametrize(
    "kind", ["receipt", "draft_link", "sign_in", "remind_draft_nudge", "remind_draft_purge_warning"]
)
def test_what_goes_to_an_unproven_address_repeats_nothing_a_stranger_wrote(kind: str) -> None:
    spam = "Buy now at https://spam.example"
    text = render(message(kind, to_name=spam, title=spam, question=spam), LETTERHEAD).text
    assert "spam" not in text
    assert text.startswith("Hello,\n")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("closed_")])
def test_a_closing_says_it_in_the_managers_words_or_its_own(kind: str) -> None:
    own = render(message(kind, wording=None), LETTERHEAD).text
    theirs = render(message(kind), LETTERHEAD).text
    assert str(SAMPLES["wording"]) in theirs
    assert str(SAMPLES["wording"]) not in own
    assert theirs != own


@pytest.mark.parametrize("kind", REMINDERS)
def test_a_reminder_shows_its_arithmetic(kind: str) -> None:
    why = "Friday 4 December 2026 is 2 working days after Wednesday 2 December 2026."
    assert f"Why today: {why}" in render(message(kind, arithmetic=why), LETTERHEAD).text


@pytest.mark.parametrize("kind", [kind for kind in REMINDERS if wording(kind).audience != "staff"])
def test_a_reminder_offers_to_come_again_later(kind: str) -> None:
    text = render(message(kind, later_path="/enquiries/4J7KQ2-M/later/1"), LETTERHEAD).text
    assert "Ask us to remind you later:\nhttps://ask.example.org/enquiries/4J7KQ2-M/later/1\n" in text


@pytest.mark.parametrize("kind", sorted(set(KINDS) - WITHOUT_ENQUIRY))
def test_it_says_which_enquiry_it_is_about(kind: str) -> None:
    rendering = render(message(kind), LETTERHEAD)
    assert "4J7KQ2-M" in rendering.subject + rendering.text


def test_other_peoples_words_never_pass_for_ours() -> None:
    text = render(
        message("reply_received", body="I agree\n\nYours, the service\rhttps://evil.example"), LETTERHEAD
    ).text
    assert "> I agree\n>\n> Yours, the service\n> https://evil.example" in text


def test_a_reason_chosen_from_a_list_is_told_in_words() -> None:
    assert "> Too little time" in render(message("recipient_declined", reason="too_short"), LETTERHEAD).text
    assert "> We merged." in render(message("recipient_declined", reason="We merged."), LETTERHEAD).text


def test_dates_are_written_as_people_say_them() -> None:
    assert "by Friday 11 December 2026" in render(message("call_published_enquirer"), LETTERHEAD).text


def test_amounts_and_counts_read_well() -> None:
    assert "£12,500 in all" in render(message("costs_to_agree"), LETTERHEAD).text
    assert "£12,500.50" in render(message("costs_to_agree", total="12500.50"), LETTERHEAD).text
    assert "to 1 university." in render(message("call_published_enquirer", recipients=1), LETTERHEAD).text
    assert "to 5 universities." in render(message("call_published_enquirer"), LETTERHEAD).text


def test_links_that_let_somebody_in_are_signed_when_written_and_stand_in_no_row() -> None:
    tokens = LETTERHEAD.tokens
    link, draft = "01939d3a-6f3e-7000-8000-0000000000aa", "01939d3a-6f3e-7000-8000-0000000000bb"

    signing_in = render(message("sign_in", link_id=link), LETTERHEAD).text
    finishing = render(message("draft_link", draft_id=draft), LETTERHEAD).text

    [token] = re.findall(r"https://ask\.example\.org/sign-in/(\S+)", signing_in)
    assert str(tokens.read_sign_in_token(token)) == link
    [token] = re.findall(r"https://ask\.example\.org/ask/(\S+)", finishing)
    assert str(tokens.read_draft_token(token)) == draft
    assert link not in signing_in


def test_only_a_letter_in_a_persons_own_words_is_personal() -> None:
    assert {kind for kind in KINDS if wording(kind).is_personal} == {"message", "question_asked", "meeting_invitation"}


def test_a_kind_without_a_wording_is_refused() -> None:
    unknown = message("receipt")
    for kind in ("nonsense", "../wording/receipt", "frames/letter", ""):
        unknown.kind = kind
        with pytest.raises(FinalFailure, match="no wording"):
            render(unknown, LETTERHEAD)


def test_rendering_twice_gives_the_same() -> None:
    assert render(message("meeting_invitation"), LETTERHEAD) == render(message("meeting_invitation"), LETTERHEAD)
