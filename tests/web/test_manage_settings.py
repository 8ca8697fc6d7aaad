"""The settings: what the team sets for everybody, over the same actions as the API."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from service.clock import machine_now
from service.delivery import wordings
from service.records import glossary, outbox, products, sending, synonyms
from service.records.database import Unit
from service.records.tables import AuditEntry, OutboxMessage
from service.workflows.jargon import EVERYBODY
from tests.support.doors import HOOKS, LEAD, MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor

SETTINGS = "/manage/settings"


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=LEAD) as found:
        yield found


@pytest.fixture
def manager(opened: House) -> Visitor:
    visitor = Visitor(opened)
    visitor.sign_in(MANAGER)
    return visitor


def audited(opened: House) -> list[str]:
    return [
        f"{row.action} {row.subject.partition(':')[0]}"
        for row in opened.database.read(lambda unit: list(unit.exec(select(AuditEntry))))
        if row.subject.partition(":")[0] != "person"
    ]


def test_every_setting_is_one_link_away(manager: Visitor) -> None:
    page = manager.open(SETTINGS)
    ways = [link for link in page.links if link.startswith(f"{SETTINGS}/")]
    assert len(ways) == 11
    for way in ways:
        manager.open(way)


def test_a_day_off_is_added_and_taken_back(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/calendar?nation=scotland")
    day = {"nation": "scotland", "day-day": "12", "day-month": "5", "day-year": "2027", "name": "A coronation"}
    page = manager.press("Add the day off", day)
    assert "The day off was added" in page.text
    assert "Wednesday 12 May 2027" in page.text

    page = manager.press("Add the day off", {**day, "name": "Again"}, status=409)
    assert page.errors == ["This day is a day off already."]
    assert page.fields["name"] == "Again"

    manager.open(f"{SETTINGS}/calendar?nation=scotland")
    page = manager.press("Make it a working day Wednesday 12 May 2027")
    assert "Wednesday 12 May 2027" not in page.text
    assert audited(opened) == ["create calendar_day", "remove calendar_day"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"nation": ""}, "Choose a nation"),
        ({"nation": "wales"}, "Choose a nation"),
        ({"day-day": "31", "day-month": "2"}, "The day must be a real date"),
        ({"day-year": "1999"}, "The day must be today or in the future"),
        ({"name": " "}, "Say what the day is, such as a proclaimed holiday"),
        ({"name": "x" * 501}, "What the day is must be 500 characters or fewer. It has 501."),
    ],
)
def test_a_day_off_that_cannot_be_is_explained(
    opened: House, manager: Visitor, wrong: dict[str, str], sentence: str
) -> None:
    good = {"nation": "scotland", "day-day": "12", "day-month": "5", "day-year": "2027", "name": "A coronation"}
    manager.open(f"{SETTINGS}/calendar")
    page = manager.press("Add the day off", {**good, **wrong}, status=422)
    assert page.errors == [sentence]
    assert audited(opened) == []


def test_the_ladder_is_changed_rung_by_rung(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/products/rapid_review")
    page = manager.press("Save", {"typical": "45", "long": "70"})
    assert "Every plan was counted again" in page.text
    assert "45 to 70 working days" in page.text

    manager.open(f"{SETTINGS}/products/new")
    own = {"label": "Data story", "kind": "answer", "typical": "15", "least_budget": "none"}
    page = manager.press("Add the product", own)
    assert "Data story Added here" in page.text
    manager.open(f"{SETTINGS}/products/new")
    page = manager.press("Add the product", {**own, "label": "data STORY"}, status=409)
    assert page.errors == ["There is a product with the code data_story already."]

    manager.open(f"{SETTINGS}/products/data_story")
    page = manager.press("Offer it no longer")
    assert "Data story No longer offered" in page.text
    offered = opened.database.read(products.labels)
    assert "data_story" not in offered
    manager.open(f"{SETTINGS}/products/data_story")
    manager.press("Offer it again")
    assert opened.database.read(products.labels)["data_story"] == "Data story"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": ""}, "Enter a name"),
        ({"typical": "soon"}, "Enter working days as a whole number from 1 to 2,000"),
        ({"typical": "0"}, "Enter working days as a whole number from 1 to 2,000"),
        ({"long": "5"}, "Give at least 60: it cannot take less long than it usually does."),
        ({"kind": "miracle"}, "Choose what kind of work it is"),
        ({"least_budget": ""}, "Choose the least budget"),
    ],
)
def test_a_rung_that_cannot_be_is_explained(
    opened: House, manager: Visitor, wrong: dict[str, str], sentence: str
) -> None:
    manager.open(f"{SETTINGS}/products/rapid_review")
    page = manager.press("Save", wrong, status=422)
    assert page.errors == [sentence]
    assert audited(opened) == []


def test_of_two_who_change_a_rung_the_second_is_told(opened: House, manager: Visitor) -> None:
    other = Visitor(opened)
    other.sign_in(LEAD)
    manager.open(f"{SETTINGS}/products/rapid_review")
    other.open(f"{SETTINGS}/products/rapid_review")
    manager.press("Save", {"typical": "45"})
    page = other.press("Save", {"typical": "50"}, status=422)
    assert page.errors == ["Somebody changed this product while you were writing. Load the page again to see it."]
    assert page.fields["typical"] == "50"


def test_a_word_is_pointed_at_changed_and_left_out(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/glossary")
    page = manager.press(
        "Save the word", {"word": "Co-benefit", "misread_by": EVERYBODY, "plain": "what else gets better"}
    )
    assert "what else gets better" in page.text
    page = manager.open(f"{SETTINGS}/glossary?word=RCT")
    assert dict(page.form_with("Save the word")[0].fields)["word"] == "RCT"
    manager.press("Save the word", {"plain": "a fair trial"})
    page = manager.press("Leave out Co-benefit")
    terms = {term.word: term.plain for term in opened.database.read(glossary.terms)}
    assert terms["RCT"] == "a fair trial"
    assert "Co-benefit" not in terms
    page = manager.press("Save the word", {"word": "", "misread_by": EVERYBODY, "plain": " . "}, status=422)
    assert page.errors == [
        "Enter the word, in 500 characters or fewer",
        "Write what could stand instead, in 500 characters or fewer",
    ]


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/keys")
    page = manager.press("Make the key", {"name": "Durham", "role": "university", "organisation": "Durham University"})
    secret = re.search(r'<code class="app-hash">([^<]+)</code>', page.html)
    assert secret
    assert opened.visitor(secret[1]).get("/api/v1/briefs").status_code == 200
    assert secret[1] not in manager.open(f"{SETTINGS}/keys").html

    page = manager.press("Replace Durham")
    replaced = re.search(r'<code class="app-hash">([^<]+)</code>', page.html)
    assert replaced
    assert opened.visitor(replaced[1]).get("/api/v1/briefs").status_code == 200
    manager.open(f"{SETTINGS}/keys")
    manager.press("Revoke Durham")
    assert opened.visitor(replaced[1]).get("/api/v1/briefs").status_code == 401


def test_a_manager_grants_no_more_than_a_managers_key(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/keys")
    lead = {"name": "More", "role": "service_lead", "email": "x@service.example"}
    assert manager.press("Make the key", lead, status=403).errors
    page = manager.press("Make the key", {"name": "", "role": "", "email": "x"}, status=422)
    assert page.errors[:2] == ["Say what the key is for", "Choose who it is for"]
    assert audited(opened) == []


def test_a_rule_is_rehearsed_stopped_and_let_loose(opened: House, manager: Visitor) -> None:
    journey = Journey(opened.database, opened.clock).submitted()
    assert "Tell those not chosen" in manager.open(f"{SETTINGS}/reminders").text
    page = manager.open(f"{SETTINGS}/reminders/first_response")
    assert journey.reference in page.text
    page = manager.press("Stop this rule")
    assert "The rule is stopped." in page.text
    manager.open(f"{SETTINGS}/reminders/first_response")
    page = manager.press("Let it write", {"day-day": "1", "day-month": "13", "day-year": "2026"}, status=422)
    assert page.errors == ["The day must be a real date"]
    page = manager.press("Let it write", {"day-day": "2", "day-month": "11", "day-year": "2026"})
    assert "2 November 2026 at 12am" in page.text
    manager.open(f"{SETTINGS}/reminders/no_such_rule", status=404)


def test_a_letter_that_was_given_up_is_read_and_sent_again(opened: House, manager: Visitor) -> None:
    Journey(opened.database, opened.clock).submitted()

    def give_up(unit: object) -> None:
        message = unit.exec(select(OutboxMessage).where(OutboxMessage.kind == "receipt")).one()  # type: ignore[attr-defined]
        message.status, message.last_error = "failed", "The mailbox is full."
        unit.add(message)  # type: ignore[attr-defined]

    opened.database.transact(give_up)
    assert "1 letter was given up" in manager.open(SETTINGS).text
    page = manager.open(f"{SETTINGS}/letters")
    assert "The mailbox is full." in page.text
    assert "We have your question: the receipt" in page.text
    letter = next(link for link in page.links if link.startswith(f"{SETTINGS}/letters/"))
    page = manager.open(letter)
    assert "We have your question: reference" in page.text
    other = Visitor(opened)
    other.sign_in(LEAD)
    other.open(letter)
    page = manager.press("Send it again")
    assert "waits to be sent again" in page.text
    assert opened.database.read(outbox.counts)["queued"] >= 1
    page = other.press("Send it again", status=409)
    assert page.errors


def test_a_link_that_lets_somebody_in_is_shown_to_nobody_else(manager: Visitor) -> None:
    page = manager.open(f"{SETTINGS}/letters?status=all")
    link = manager.newest_link(MANAGER)
    letters = [each for each in page.links if each.startswith(f"{SETTINGS}/letters/")]
    for letter in letters:
        assert link.rsplit("/", 1)[1] not in manager.open(letter).html
    assert letters


def test_every_kind_of_letter_is_previewed(manager: Visitor) -> None:
    page = manager.open(f"{SETTINGS}/wordings")
    listed = {link.rsplit("/", 1)[1] for link in page.links if link.startswith(f"{SETTINGS}/wordings/")}
    assert listed == set(wordings.kinds())
    assert "The enquirer agreed the brief" in page.text
    assert "The enquirer agreed the brief" in manager.open(f"{SETTINGS}/wordings/brief_agreed").text
    manager.open(f"{SETTINGS}/wordings/none_such", status=404)


def test_who_changed_what_is_told(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/glossary")
    manager.press("Leave out RCT")
    page = manager.open(f"{SETTINGS}/audit")
    assert "Left out RCT word of the glossary" in page.text
    manager.open("/manage/directory/people/new")
    manager.press("Add them", {"name": "Cy Contact", "email": "cy@council.example"})
    page = manager.open(f"{SETTINGS}/audit")
    assert "Added Cy Contact person" in page.text
    assert next(link for link in page.links if link.startswith("/manage/directory/people/"))
    words = page.text.partition("Entries, the newest first")[2]
    assert not re.search(r"\b(create|staff role|None|is contact|glossary_term)\b|[0-9a-f]{8}-", words), words
    assert "glossary" not in manager.open(f"{SETTINGS}/audit?kind=product").text
    assert opened.database.read(lambda unit: glossary.word(unit, "RCT")).is_removed  # type: ignore[union-attr]


def test_words_of_the_same_meaning_are_added_changed_and_left_out(opened: House, manager: Visitor) -> None:
    manager.open(f"{SETTINGS}/synonyms")
    page = manager.press("Save the group", {"wordings": "bins\nrefuse collection\nBins"})
    assert "bins, refuse collection" in page.text
    page = manager.open(f"{SETTINGS}/synonyms?code=housing")
    assert dict(page.form_with("Save the group")[0].fields)["wordings"] == "housing\nhomes"
    manager.press("Save the group", {"wordings": "housing\nhomes\ndwellings"})
    page = manager.press("Leave out smoking, tobacco, cigarettes")
    known = opened.database.read(synonyms.in_force)
    assert (known["bins"], known["housing"]) == (("bins", "refuse collection"), ("housing", "homes", "dwellings"))
    assert "smoking" not in known
    for wrong in ("", "alone", "damp\nthe", "home\nhomes", "bins\n" + "damp cold mould heat debt rent shops"):
        page = manager.press("Save the group", {"wordings": wrong}, status=422)
        assert page.errors == ["Write 2 to 12 wordings that differ, each of one to six telling words, one on a line"], (
            wrong
        )


def test_words_of_the_same_meaning_at_the_json_door(opened: House) -> None:
    client = opened.client("manager")
    made = client.post("/api/v1/synonyms", json={"wordings": ["Wheelie bins", "refuse"]})
    assert (made.status_code, made.json()["code"], made.json()["version"]) == (201, "wheelie_bins", 1)
    gone = client.delete("/api/v1/synonyms/housing")
    assert (gone.json()["removed"], gone.json()["is_default"]) == (True, False)
    assert client.delete("/api/v1/synonyms/housing").json() == gone.json()
    back = client.put("/api/v1/synonyms/housing", json={"wordings": ["housing", "homes"]}).json()
    assert (back["removed"], back["is_default"], back["version"]) == (False, True, 2)
    assert client.put("/api/v1/synonyms/unheard", json={"wordings": ["one thing", "another"]}).status_code == 404
    codes = [each["code"] for each in client.get("/api/v1/synonyms", params={"limit": 200}).json()["items"]]
    assert codes == sorted(codes)
    assert "wheelie_bins" in codes


def test_a_webhook_is_seen_switched_and_told_again(opened: House, manager: Visitor) -> None:
    address = f"https://{HOOKS}/a-secret-path"
    university = opened.client("university", organisation="Northumbria University")
    webhook = university.post("/api/v1/webhooks", json={"url": address, "name": "Office"}).json()["id"]
    assert "Office" in manager.open(f"{SETTINGS}/webhooks").text
    assert "a-secret-path" not in manager.page.html

    manager.press("Tell it again: Office")
    assert "Waiting to leave" in manager.page.text
    give_up_pokes(opened)
    assert "Given up" in manager.open(f"{SETTINGS}/webhooks").text
    manager.press("Tell it again: Office")
    [told] = university.get(f"/api/v1/webhooks/{webhook}/deliveries").json()["items"]
    assert told["status"] == "queued"

    manager.press("Switch off Office")
    assert "switched off by the service's team" in manager.page.text
    assert university.get(f"/api/v1/webhooks/{webhook}").json()["enabled"] is False
    manager.press("Switch on Office")
    assert university.get(f"/api/v1/webhooks/{webhook}").json()["enabled"] is True
    assert audited(opened)[-4:] == [f"{did} webhook" for did in ("replay", "replay", "change", "change")]
    assert manager.client.post(f"{SETTINGS}/webhooks/{webhook}", data={"do": "burn"}).status_code == 404


def give_up_pokes(opened: House) -> None:
    """Give up every poke that waits to leave."""

    def work(unit: Unit) -> None:
        for claimed in sending.claim(unit, machine_now(), sending.LONGEST_BACK_OFF, 50, pokes=True):
            sending.record_failed(unit, claimed, machine_now=machine_now(), error="the connection failed")

    opened.database.transact(work)
