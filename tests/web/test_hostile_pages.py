"""Hostile text through every field of the pages: kept as it was written, shown escaped, never a fault."""

import html
import re
from datetime import date

import pytest
from sqlmodel import select

from service.records.tables import Enquiry, Entry
from service.routers.enquire.questions import QUESTIONS, Question, read_contact, read_question
from service.routers.forms import Mistakes, Posted
from service.workflows import commands as c
from tests.support.doors import House, house
from tests.support.engines import EngineName
from tests.support.hostile import OUR_OWN, naughty_strings, together
from tests.support.journey import Journey
from tests.support.visiting import Page, Visitor, ask, outbox

pytestmark = pytest.mark.no_cover  # it asks thousands of times what others ask once

ANN = "ann@council.example"
_LENGTH = 18_000


def kept(text: str) -> str:
    """Return what stays of a text: no NUL, no half characters, line ends made one, blank ends gone."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain.encode("utf-8", "replace").decode("utf-8").strip()


def one_line(text: str) -> str:
    return " ".join(kept(text).split())


def assert_escaped(page: Page) -> None:
    """A page has the scripts and the forms that its templates gave it, and nothing of a text's own making."""
    assert page.html.count("<script") == 2
    assert not re.search(r"<(?!/?(?:!DOCTYPE|html|head|meta|title|link|body|script|a|header|div|nav|button|ul|li|svg|path|main|form|"
                         r"input|h[1-4]|label|textarea|p|span|strong|dl|dt|dd|section|article|aside|ol|footer|fieldset|legend|br|table|caption|"
                         r"thead|tbody|tr|th|td|select|option|details|summary)[\s>/])", page.html)  # fmt: skip


@pytest.mark.parametrize("number", range(len(together(_LENGTH))))
def test_long_texts_are_kept_as_written_and_shown_escaped(opened: House, number: int) -> None:
    text = together(_LENGTH)[number]
    visitor = Visitor(opened)
    ask(visitor, text)
    visitor.press("Add more (about 5 minutes)", {"name": "Ann", "email": ANN})
    visitor.press("Continue", {"purpose": text, "who_decides": text[:400]})
    token = visitor.page.path.split("/")[2]
    visitor.open(f"/ask/{token}/known")
    visitor.press("Continue", {"known_evidence": text, "not_wanted": text})
    visitor.open(f"/ask/{token}/question")
    assert visitor.page.fields["question"] == kept(text)
    page = visitor.open(f"/ask/{token}/check")
    assert_escaped(page)
    visitor.press("Send your question")
    enquiry = opened.database.read(lambda unit: unit.exec(select(Enquiry)).one())
    assert enquiry.question == enquiry.purpose == enquiry.known_evidence == enquiry.not_wanted == kept(text)
    assert enquiry.who_decides == one_line(text[:400])

    visitor.sign_in(ANN)
    visitor.open(f"/enquiries/{enquiry.reference}")
    page = visitor.press("Send message", {"body": text})
    assert_escaped(page)
    assert kept(text)[:200] in html.unescape(page.html)
    said = opened.database.read(lambda unit: unit.exec(select(Entry)).one())
    assert said.body == kept(text)
    assert_escaped(visitor.open("/enquiries"))


def test_short_texts_are_kept_or_explained_and_never_a_fault(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        visitor = Visitor(opened)
        ask(visitor)
        token = visitor.page.path.split("/")[2]
        visitor.press("Add more (about 5 minutes)", {"name": "Ann", "email": ANN})
        for text in [*OUR_OWN, *together(400)]:
            for slug, fields in {
                "contact": ("name", "email", "phone", "organisation"),
                "purpose": ("who_decides",),
                "when": ("timing", "needed_by-day", "needed_by-month", "needed_by-year", "decision_window"),
                "sharing": ("organisation_shown", "organisation_description"),
                "about": ("population", "population_notes", "place"),
                "help": ("evidence_wanted",),
                "money": ("budget_band",),
                "colleagues": ("name", "email"),
            }.items():
                answer = visitor.client.post(f"/ask/{token}/{slug}", data=dict.fromkeys(fields, text) | {"event": text})
                assert answer.status_code in {303, 422}, (slug, text)
                assert answer.text.count("<script") in {0, 2}
        assert visitor.client.get(f"/ask/{token}/check").status_code == 200


@pytest.mark.parametrize("asked", [*QUESTIONS, "question", "contact"], ids=lambda asked: getattr(asked, "slug", asked))
def test_every_question_reads_every_text(asked: Question | str) -> None:
    names = {"question": ("question",), "contact": ("name", "email", "phone", "organisation")}
    read = {"question": read_question, "contact": read_contact}
    fields = (
        names[asked]
        if isinstance(asked, str)
        else (*asked.shown, "timing", "needed_by-day", "needed_by-month", "needed_by-year")
    )
    for text in naughty_strings():
        for field in fields:
            posted, mistakes = Posted({field: (text,), "timing": ("date",)}), Mistakes()
            (read[asked] if isinstance(asked, str) else asked.read)(posted, mistakes, date(2026, 11, 23))
            assert all(sentence and "\n" not in sentence for sentence in mistakes.found.values())


def test_a_name_of_any_kind_reaches_the_mail_as_it_is(opened: House, engine: EngineName) -> None:
    visitor = Visitor(opened)
    # Our own list holds all that the two engines could disagree about, so it is for both.
    texts = together(190) if engine == "sqlite" else [text[:190] for text in OUR_OWN if one_line(text)]
    for number, text in enumerate(texts):
        ask(visitor)
        email = f"ann{number}@council.example"
        visitor.press("Send now and talk", {"name": text, "email": email, "organisation": text})
        assert outbox(opened, email)[0].to_name == one_line(text)


def test_hostile_addresses_open_nothing_and_break_nothing(opened: House, engine: EngineName) -> None:
    journey = Journey(opened.database, opened.clock).submitted()
    visitor = Visitor(opened)
    visitor.sign_in(ANN)
    for text in [*OUR_OWN, *together(600)] if engine == "sqlite" else OUR_OWN:
        quoted = "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))[:2000]
        for path in (f"/enquiries/{quoted}", f"/ask/{quoted}/check", f"/sign-in/{quoted}", f"/problems/{quoted}", f"/dev/mail/{quoted}",
                     f"/enquiries/{journey.reference}?done={quoted}", f"/sign-in?next={quoted}", f"/enquiries/{journey.reference}/files/{quoted}"):  # fmt: skip
            answer = visitor.client.get(path)
            assert answer.status_code < 500, path
            assert answer.text.count("<script") in {0, 2}, path


def test_the_brief_and_the_teams_are_shown_escaped(opened: House) -> None:
    text = "\n".join(naughty_strings())[:_LENGTH].replace("\0", "").replace("@", "(at)")
    journey = Journey(opened.database, opened.clock)
    sections = {
        "purpose": "<script>alert(1)</script>",
        "questions": "'\"><img src=x onerror=alert(1)>",
        "methods": "{{ 7 * 7 }}",
    }
    journey.briefed(sections)
    journey.interested(show_enquirer=True, lead_name="<b>Dr</b> Lee", statement=text, team=["<i>Ann</i>"]).selecting()
    journey.act(c.Ask(body=text))
    visitor = Visitor(opened)
    visitor.sign_in(ANN)
    assert_escaped(visitor.open(f"/enquiries/{journey.reference}"))
    page = visitor.open(f"/enquiries/{journey.reference}/brief/1")
    assert_escaped(page)
    assert "{{ 7 * 7 }}" in page.text
    assert "<script>alert(1)</script>" in page.text
