"""Filing mail from the console: where it stands, what it counts as, what came with it, and what is refused calmly."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Attachment, Enquiry, Entry
from service.states import Outcome
from service.workflows import commands as c
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Page, Visitor, outbox

ANN = "ann@council.example"
FROM_ANN = """From: Ann Asker <ann@council.example>
Sent: 23 November 2026 09:05
To: Mo Manager <mo@service.example>
Subject: RE: Warm homes

Yes, both wards.

From: Mo Manager <mo@service.example>
Sent: 22 November 2026 16:00
To: Ann Asker <ann@council.example>
Subject: Warm homes

Which wards?
"""
TO_ANN = """From: Mo Manager <mo@service.example>
Sent: 23 November 2026 09:20
To: Ann Asker <ann@council.example>
Subject: Warm homes

Thank you, I will call on Tuesday.
"""


class Case:
    """One enquiry, taken on, with its manager at the page."""

    def __init__(self, opened: House) -> None:
        self.opened = opened
        self.journey = Journey(opened.database, opened.clock).accepted()
        self.manager = Visitor(opened)
        self.manager.sign_in(MANAGER)
        self.path = f"/manage/enquiries/{self.journey.reference}/mail"

    def file(self, text: str = "", *, status: int = 200, saved: bytes | None = None, **answers: str) -> Page:
        self.manager.open(self.path)
        file = ("mail.eml", saved) if saved is not None else None
        return self.manager.press("File this mail", {"body": text, **answers}, status=status, file=file)

    def entries(self) -> list[Entry]:
        def work(unit: Unit) -> list[Entry]:
            query = select(Entry).where(Entry.enquiry_id == self.journey.enquiry_id).order_by(col(Entry.recorded_at))
            return list(unit.exec(query))

        return self.opened.database.read(work)

    def enquiry(self) -> Enquiry:
        return self.journey.enquiry()


@pytest.fixture
def case(sqlite_url: str) -> Iterator[Case]:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        yield Case(opened)


def saved(text: str = "Yes, both wards.", **heads: str) -> EmailMessage:
    message = EmailMessage()
    told = {
        "From": "Ann Asker <ann@council.example>", "To": "Mo <mo@service.example>", "Subject": "RE: Warm homes",
        "Date": "Mon, 23 Nov 2026 09:05:00 +0000", "Message-ID": "<1@council.example>",
    }  # fmt: skip
    for name, value in {**told, **{name.replace("_", "-"): value for name, value in heads.items()}}.items():
        message[name] = value
    message.set_content(text)
    return message


def test_a_pasted_answer_is_filed_in_one_step_and_gives_the_ball_back(case: Case) -> None:
    case.journey.act(c.Ask(body="Which wards?"))
    assert case.enquiry().waiting_on == "enquirer"
    mails = len(outbox(case.opened))

    page = case.file(FROM_ANN)

    assert "The mail of 23 November 2026 at 9:05am is filed." in page.text
    assert "The enquirer sees this" in page.text
    (entry,) = [each for each in case.entries() if each.direction == "in"]
    assert (entry.kind, entry.visibility, entry.automatic) == ("message", "enquirer", False)
    assert entry.body == (
        "Email from Ann Asker\nSubject: RE: Warm homes\n\nYes, both wards.\n\n[What it quotes is left out.]"
    )
    assert entry.occurred_at.isoformat() == "2026-11-23T09:05:00+00:00"
    assert case.enquiry().waiting_on == "team"
    assert (entry.said_by_name, entry.author_name) == ("Ann Asker", "Mo Manager")
    page = case.manager.open(f"/manage/enquiries/{case.journey.reference}")
    assert "Ann Asker , message to us, 23 November 2026 at 9:05am, written down by Mo Manager" in page.text
    assert len(outbox(case.opened)) == mails
    assert f"/manage/enquiries/{case.journey.reference}/do/redact?what=entry:{entry.id}" in page.links
    case.journey.say("We can wait.", kind="call")
    case.file(TO_ANN)
    ann = Visitor(case.opened)
    ann.sign_in("ann@council.example")
    said = ann.open(f"/enquiries/{case.journey.reference}").text
    assert "Ann Asker , 23 November 2026 at 9:05am, written down by Mo Manager Email from Ann Asker" in said
    assert "Your side (phone call)," in said
    assert "Mo Manager , 23 November 2026 at 9:20am Email from Mo Manager" in said, "our own words are ours"


def test_whose_words_they_are_is_kept_on_either_engine(engine_url: str) -> None:
    with house(engine_url, staff_emails=MANAGER) as opened:
        case = Case(opened)
        case.file(FROM_ANN)
        [entry] = case.entries()
        ann = case.journey.enquirer.person_id
        assert (entry.said_by_id, entry.said_by_name, entry.author_name) == (ann, "Ann Asker", "Mo Manager")


def test_our_own_mail_is_recorded_as_our_first_word_and_not_sent_again(case: Case) -> None:
    mails = len(outbox(case.opened))

    case.file(TO_ANN)

    (entry,) = case.entries()
    assert (entry.direction, entry.visibility) == ("out", "enquirer")
    # It was written before the enquiry was recorded: the clock begins there.
    assert case.enquiry().first_response_at == case.enquiry().submitted_at
    assert len(outbox(case.opened)) == mails


def test_mail_that_is_not_with_the_enquirer_stays_back_stage(case: Case) -> None:
    case.journey.act(c.Ask(body="Which wards?"))
    before = case.enquiry().enquirer_active_at

    case.file(FROM_ANN.replace("ann@council.example", "calls@northumbria.example").replace("Ann Asker", "A Contact"))
    case.file(FROM_ANN.replace("ann@council.example", "who@knows.example").replace("Ann Asker", "Who Knows"))
    case.file(TO_ANN.replace("ann@council.example", "calls@northumbria.example").replace("Ann Asker", "A Contact"))

    university, stranger, ours = [each for each in case.entries() if each.body.startswith("Email")]
    assert (university.kind, university.visibility, university.direction) == ("message", "back_stage", "in")
    assert university.organisation_id == case.journey.universities[0]
    assert (stranger.kind, stranger.visibility, stranger.direction) == ("note", "back_stage", "in")
    assert (ours.visibility, ours.direction) == ("back_stage", "out")
    assert case.enquiry().waiting_on == "enquirer"
    assert case.enquiry().enquirer_active_at == before
    assert case.enquiry().first_response_at == case.entries()[0].occurred_at
    ann = Visitor(case.opened)
    ann.sign_in(ANN)
    assert "both wards" not in ann.open(f"/enquiries/{case.journey.reference}").text


def test_the_manager_may_say_who_may_see_it_and_who_wrote_it(case: Case) -> None:
    case.file(FROM_ANN, audience="back_stage")
    page = case.file("I am happy with that.", status=422)
    assert page.errors == [
        "Its first lines do not say who wrote it. Take away what stands above “From:”, or say who wrote it."
    ]
    assert page.fields["body"] == "I am happy with that."
    case.file("I am happy with that.", sender="Ann Asker")

    hidden, named = case.entries()
    assert hidden.visibility == "back_stage"
    assert (named.visibility, named.direction) == ("enquirer", "in")
    assert "[It gives no date: this is when it was filed.]" in named.body


def test_a_machines_answer_counts_as_nobodys_word(case: Case) -> None:
    case.journey.act(c.Ask(body="Which wards?"))

    page = case.file(saved=saved("I am away.", Auto_Submitted="auto-replied").as_bytes())

    assert "A machine answered" in page.text
    assert case.entries()[-1].automatic
    assert case.enquiry().waiting_on == "enquirer"


def test_files_that_came_with_it_are_checked_and_kept(case: Case) -> None:
    message = saved()
    message.add_attachment(b"The plan.", maintype="text", subtype="plain", filename="plan.txt")
    message.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="setup.exe")
    message.add_attachment(b"not one", maintype="application", subtype="pdf", filename="fake.pdf")

    case.file(saved=message.as_bytes())

    def kept(unit: Unit) -> list[tuple[str, str]]:
        return [(each.filename, each.visibility) for each in unit.exec(select(Attachment))]

    assert case.opened.database.read(kept) == [("plan.txt", "enquirer")]
    assert "[Files: plan.txt. Not kept: setup.exe and fake.pdf.]" in case.entries()[-1].body
    file = case.opened.database.read(lambda unit: unit.exec(select(Attachment)).one().id)
    case.journey.act(c.Redact(file=file, reason="It names a patient."))
    assert "[Files: [Redacted]. Not kept: setup.exe and fake.pdf.]" in case.entries()[-1].body


def test_the_same_mail_twice_is_one_entry(case: Case) -> None:
    case.file(FROM_ANN)
    again = case.file(FROM_ANN)
    as_file = case.file(saved=saved().as_bytes())

    assert len(case.entries()) == 1
    for page in (again, as_file):
        assert "was filed before. Nothing was added." in page.text
        assert "both wards" in page.text
    case.file(saved=saved("And the third ward.", Message_ID="<2@council.example>").as_bytes())
    case.file(saved=saved("And the third ward!", Message_ID="<2@council.example>").as_bytes())
    assert len(case.entries()) == 2

    case.journey.act(c.Redact(entry=case.entries()[0].id, reason="Filed for the wrong readers."))
    case.file(FROM_ANN, audience="back_stage")
    assert [each.visibility for each in case.entries()] == ["enquirer", "enquirer", "back_stage"]


def test_a_mail_of_tomorrow_or_from_a_skewed_clock_stands_under_now(case: Case) -> None:
    case.file(FROM_ANN.replace("2026 09:05", "2031 09:05"))

    assert case.entries()[0].occurred_at == case.opened.clock.now()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Paste the mail or choose its file"),
        ({"text": "x" * 250_000}, "too long to read as one mail"),
        ({"text": FROM_ANN.replace("Yes", "Yes " * 6_000)}, "must be 20,000 characters or fewer"),
        ({"saved": b"\x00\x01nothing"}, "This is not a mail as programs save it"),
        ({"saved": b"\xd0\xcf\x11\xe0old"}, "This is an Outlook file (.msg)"),
        ({"text": "hello", "saved": saved().as_bytes()}, "not both"),
        ({"text": FROM_ANN, "audience": "everybody"}, "Choose from the list"),
    ],
)
def test_what_cannot_be_filed_is_refused_with_every_word_kept(
    case: Case, answers: dict[str, str], sentence: str
) -> None:
    page = case.file(status=422, **answers)  # type: ignore[arg-type]

    assert any(sentence in error for error in page.errors)
    assert page.fields["body"] == answers.get("text", "")
    assert case.entries() == []


def test_odd_addresses_and_a_merged_enquiry_are_answered_calmly(case: Case) -> None:
    for query in ("?filed=x&done=filed", f"?filed={case.journey.enquiry_id}&done=filed", "?done=nonsense"):
        assert "is filed" not in case.manager.open(case.path + query).text
    target = Journey(case.opened.database, case.opened.clock, question="Another?").accepted()
    page = case.manager.open(case.path)
    form, _ = page.form_with("File this mail")
    case.journey.act(c.Close(outcome=Outcome.DUPLICATE, reason="The same.", target=target.reference))

    late = case.manager.client.post(form.action, data={**dict(form.fields), "body": FROM_ANN})

    assert late.status_code == 409
    assert "goes on under another reference" in late.text
    assert case.manager.open(case.path).path == f"/manage/enquiries/{target.reference}/mail"
    assert case.entries() == []
