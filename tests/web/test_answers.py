"""Published answers: found by anybody, said only as the enquirer agreed, and offered between the form's two pages."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from service.actions.publishing_answers import publish_answer
from service.records import published
from service.records.database import Unit
from service.records.tables import AnswerUse, Enquiry, PublishedAnswer, RateCount
from service.states import Outcome
from service.workflows import commands as c
from tests.support.doors import House
from tests.support.journey import Journey
from tests.support.visiting import Visitor, ask

QUESTION = "What helps pregnant women to stop smoking?"
TITLE = "Stopping smoking in pregnancy: what helps?"
BODY = "Financial incentives with behavioural support help. See https://evidence.example/smoking"
SECRET = "Only between us: the Canaryshire midwives are short of staff."


def _word(name: str) -> str:
    return name.partition(" ")[0].lower()


def answered(
    opened: House, shown: str = "named", name: str = "Canaryshire Council", question: str = QUESTION
) -> Journey:
    journey = Journey(
        opened.database, opened.clock, question=question, organisation=name, organisation_shown=shown,
        organisation_description="A council in the North East", enquirer_email=f"ann@{_word(name)}.example",
    )  # fmt: skip
    journey.submitted()
    journey.act(c.Close(outcome=Outcome.ANSWERED, reason=SECRET, answer=f"{BODY} {SECRET}"))
    return journey


def publish(journey: Journey, title: str = TITLE, body: str = BODY) -> str:
    row = journey.database.transact(
        lambda unit: publish_answer(unit, journey.ctx(), journey.enquiry_id, title, body).id
    )
    return str(row)


def test_only_what_was_published_is_found_by_word_by_synonym_and_says_why(opened: House, visitor: Visitor) -> None:
    assert "There are no answers here yet" in visitor.open("/answers").text
    journey = answered(opened)
    assert "There are no answers here yet" in visitor.open("/answers").text, "closing publishes nothing"
    answer = publish(journey)
    publish(
        answered(opened, name="Bath", question="Breakfast clubs?"),
        "Do breakfast clubs help?",
        "Attendance rises a little.",
    )
    assert "2 answers, the newest first" in visitor.open("/answers").text

    found = visitor.open("/answers?q=tobacco+and+pregnant+women")
    assert f"/answers/{answer}" in found.links
    assert "1 answer fits" in found.text
    assert "Both say: " in found.text
    assert "Asked by Canaryshire Council" in found.text
    shown = visitor.open(f"/answers/{answer}")
    assert "Financial incentives" in shown.text
    assert "https://evidence.example/smoking" in shown.links
    for text in (found.text, shown.text):
        assert "short of staff" not in text
        assert "Ann Asker" not in text
    assert visitor.open("/answers?q=midwives+short+of+staff").text.count("Nothing here fits") == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("quarries", "Try other words"),
        ("the+of", "Use a few words that name the subject"),
        ("%00%F0%9F%99%82", "Use a few"),
    ],
)
def test_an_empty_result_says_what_to_do(reader: Visitor, asked: str, said: str) -> None:
    publish(answered(reader.house))
    page = reader.open(f"/answers?q={asked}")
    assert (page.status, said in page.text, "/ask" in page.links) == (200, True, True)
    assert reader.open("/answers?q=" + "word+" * 100, status=422).errors == ["Use 300 characters or fewer"]


def test_a_long_list_is_walked_to_its_end_with_and_without_a_search(reader: Visitor) -> None:
    for number in range(12):
        journey = answered(reader.house, name=f"Council{number}", question=f"Question {number} on parks")
        publish(journey, f"Parks, part {number}", "Parks and walking.")
    for start in ("/answers", "/answers?q=parks"):
        seen: list[str] = []
        path: str | None = start
        while path:
            page = reader.open(path)
            seen += [link for link in page.links if link.startswith("/answers/")]
            path = next((link for link in page.links if "cursor=" in link), None)
        assert (len(seen), len(set(seen))) == (12, 12), start
    assert reader.open("/answers?cursor=rubbish").status == 200


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("named", "Asked by Canaryshire Council"),
        ("described", "Asked by A council in the North East"),
        ("after_offer", None),
    ],
)
def test_who_asked_is_said_as_they_chose_now(reader: Visitor, shown: str, said: str | None) -> None:
    answer = publish(answered(reader.house, shown))
    for path in (f"/answers/{answer}", "/answers", "/answers?q=smoking"):
        text = reader.open(path).text
        assert said in text if said else "Asked by" not in text, path
        assert shown == "named" or "Canaryshire" not in text


def test_a_manager_publishes_changes_and_takes_away(console: House, manager: Visitor) -> None:
    journey = answered(console, "described")
    path = f"/manage/enquiries/{journey.reference}/answer"
    page = manager.open(path)
    assert "It will say who asked: A council in the North East" in page.text
    assert page.fields["body"] == f"{BODY} {SECRET}"
    refused = manager.press("Publish it", {"title": TITLE, "body": f"{BODY} Ask ann@council.example"}, status=422)
    assert refused.errors == ["Take out the contact details: ann@council.example."]
    refused = manager.press("Publish it", {"title": TITLE, "body": f"canaryshire  council wants {BODY}"}, status=422)
    assert refused.errors == [
        "They did not choose to be named, and this says Canaryshire Council. Put it without the name."
    ]
    assert "Anybody can read it now" in manager.press("Publish it", {"body": BODY}).text

    public = Visitor(console)
    [link] = [each for each in public.open("/answers").links if each.startswith("/answers/")]
    manager.open(path)
    publish(journey, "Another wording")
    manager.press("Change what is published", {"body": "Mine."}, status=409)
    manager.open(path)
    manager.press("Change what is published", {"body": "In short: incentives."})
    assert "In short: incentives." in public.open(link).text
    manager.press("Take it away")
    public.open(link, status=404)
    assert "There are no answers here yet" in public.open("/answers").text
    assert public.open("/answers?q=smoking").text.count("Nothing here fits") == 1
    assert "published answer" in manager.open("/manage/settings/audit").text


def test_reopening_and_redaction_take_an_answer_away(opened: House, visitor: Visitor) -> None:
    journey = answered(opened)
    answer = publish(journey, QUESTION)
    journey.act(c.Redact(question=1, reason="It named somebody."))
    visitor.open(f"/answers/{answer}", status=404)
    row = opened.database.read(lambda unit: unit.exec(select(PublishedAnswer)).one())
    assert (row.title, row.body) == ("[Redacted]", BODY)
    publish(journey)
    visitor.open(f"/answers/{answer}")
    journey.act(c.Reopen(reason="There is more to it."))
    visitor.open(f"/answers/{answer}", status=404)
    assert "There are no answers here yet" in visitor.open("/answers").text


def test_a_good_answer_is_offered_once_and_one_click_goes_on(opened: House, visitor: Visitor) -> None:
    answer = publish(answered(opened))
    straight = ask(visitor, "Do breakfast clubs in primary schools improve attendance?")
    assert straight.path.endswith("/contact"), "nothing good enough delays nobody"

    page = ask(visitor, "What helps pregnant women in our town to stop smoking?")
    assert page.path.endswith("/answers")
    assert f"/answers/{answer}" in page.links
    token = page.path.split("/")[2]
    assert f"/ask/{token}/contact" in page.links
    contact = visitor.open(f"/ask/{token}/contact")
    assert (contact.status, "How can we reach you?" in contact.text) == (200, True)
    sent = visitor.press("Send now and talk", {"name": "Ann", "phone": "01632 960 001"})
    assert "What you asked" in sent.text or "reference" in sent.text.lower()
    assert visitor.open(f"/ask/{token}/answers").path.endswith("/sent")


def test_an_answer_that_was_enough_is_counted_once_and_not_when_the_question_is_sent_all_the_same(
    opened: House, visitor: Visitor
) -> None:
    answer = publish(answered(opened))

    def uses() -> int:
        found = opened.database.read(lambda unit: unit.exec(select(PublishedAnswer.id)).one())
        return opened.database.read(lambda unit: published.uses(unit, found))

    page = ask(visitor, QUESTION)
    token = page.path.split("/")[2]
    [button] = [text for form in page.forms for name, value, text in form.buttons if value == answer]
    for _ in range(2):
        visitor.open(f"/ask/{token}/answers")
        assert "Your question was not sent" in visitor.press(button).text
    assert uses() == 1
    kept = opened.database.read(lambda unit: unit.exec(select(Enquiry).where(Enquiry.state == "draft")).one())
    assert kept.question == QUESTION
    visitor.open(f"/ask/{token}/contact")
    visitor.press("Send now and talk", {"name": "Ann", "phone": "01632 960 001"})
    assert uses() == 0
    assert opened.database.read(lambda unit: unit.exec(select(AnswerUse)).all()) == []


def test_nobody_searches_without_end(reader: Visitor) -> None:
    reader.open("/answers?q=warm+homes")

    def knock(unit: Unit) -> None:
        counted = unit.exec(select(RateCount).where(col(RateCount.door).startswith("search:"))).one()
        counted.hits = 600
        unit.add(counted)
        # The next minute may begin on the way.
        unit.add(RateCount(door=counted.door, window_start=counted.window_start + timedelta(minutes=1), hits=600))

    reader.house.database.transact(knock)
    answer = reader.client.get("/answers?q=cold+homes")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    reader.open("/answers")
