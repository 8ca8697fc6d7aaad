"""From the outbox to a reader: over a real mail server that misbehaves the way mail servers do, and into a folder."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

import pytest
from icalendar import Calendar, Event

from service.clock import machine_now
from service.context import Context
from service.delivery.failures import FinalFailure, TemporaryFailure
from service.delivery.letters import letter
from service.delivery.render import render
from service.delivery.transports import FileTransport, SmtpTransport, Transport, transport_from
from service.jobs import deliver
from service.records import outbox, sending
from service.records.database import Database, Unit
from service.records.tables import DeliveryAttempt, OutboxMessage
from tests.support.hostile import naughty_strings
from tests.support.letters import COMMON, LETTERHEAD, SAMPLES, message
from tests.support.serving import free_port
from tests.support.smtp import Mailbox, mail_server

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
RECEIPT = COMMON | {"respond_by_text": SAMPLES["respond_by_text"], "who": SAMPLES["who"]}


class Standing:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


def queue(database: Database, to: str = "ann@council.example", count: int = 1, kind: str = "receipt") -> list[UUID]:
    def work(unit: Unit) -> list[UUID]:
        ctx = Context(now=NOW)
        return [
            outbox.queue(unit, ctx, kind=kind, to_address=to, to_name="Ann", params=RECEIPT).id for _ in range(count)
        ]

    return database.transact(work)


def tick(database: Database, transport: Transport) -> int:
    return deliver.run(database, Standing(), LETTERHEAD, transport)


def look(database: Database, message_id: UUID) -> OutboxMessage:
    found = database.read(lambda unit: outbox.get(unit, message_id))
    assert found is not None
    return found


def tries(database: Database, message_id: UUID) -> list[DeliveryAttempt]:
    return database.read(lambda unit: outbox.attempts(unit, message_id))


def pass_back_off(database: Database, message_id: UUID) -> None:
    """Let the machine's clock, as far as this message is concerned, reach its next attempt."""

    def work(unit: Unit) -> None:
        found = unit.get(OutboxMessage, message_id)
        assert found is not None
        found.available_at, found.lease_until = machine_now(), None
        unit.add(found)

    database.transact(work)


def smtp(mailbox: Mailbox, patience: float = 5) -> SmtpTransport:
    return SmtpTransport(mailbox.host, mailbox.port, greeted_as="ask.example.org", patience=patience)


def test_a_message_reaches_its_reader(database: Database, mailbox: Mailbox) -> None:
    [message_id] = queue(database)

    assert tick(database, smtp(mailbox)) == 1
    assert tick(database, smtp(mailbox)) == 0

    [arrived] = mailbox.to("ann@council.example")
    assert arrived.sender == "enquiries@service.example"
    assert arrived.subject == "We have your question: reference 4J7KQ2-M"
    assert arrived.text.startswith("Dear Ann,\n\nThank you for your question.")
    assert arrived.message["Message-ID"] == f"<{message_id}@ask.example.org>"
    assert arrived.message["Auto-Submitted"] == "auto-generated"
    assert arrived.message["From"] == "Evidence Enquiry Service <enquiries@service.example>"
    assert arrived.message["To"] == "Ann <ann@council.example>"
    assert parsedate_to_datetime(arrived.message["Date"]) == NOW
    found = look(database, message_id)
    assert (found.status, found.sent_at) == ("sent", NOW)
    assert [each.result for each in tries(database, message_id)] == ["sent"]


def test_a_batch_is_small_and_the_next_one_goes_on(database: Database, mailbox: Mailbox) -> None:
    queue(database, count=deliver.BATCH + 1)

    assert [tick(database, smtp(mailbox)) for _ in range(3)] == [deliver.BATCH, 1, 0]
    assert len({each.message["Message-ID"] for each in mailbox.received}) == deliver.BATCH + 1


def test_a_refused_reader_makes_a_dead_letter_and_holds_up_nobody(database: Database, mailbox: Mailbox) -> None:
    mailbox.refused.add("gone@council.example")
    [dead] = queue(database, "gone@council.example")
    [alive] = queue(database)

    tick(database, smtp(mailbox))

    assert look(database, dead).status == "failed"
    assert look(database, dead).last_error == "550 5.1.1 No such mailbox"
    assert [each.result for each in tries(database, dead)] == ["refused"]
    assert look(database, alive).status == "sent"
    pass_back_off(database, dead)
    assert tick(database, smtp(mailbox)) == 0


def test_a_refused_letter_is_a_dead_letter_until_it_is_replayed(database: Database, mailbox: Mailbox) -> None:
    [message_id] = queue(database)
    mailbox.mood = "refusing"
    tick(database, smtp(mailbox))
    assert look(database, message_id).status == "failed"

    mailbox.mood = "accepting"
    database.transact(lambda unit: outbox.replay(unit, Context(now=NOW), message_id))
    tick(database, smtp(mailbox))

    assert look(database, message_id).status == "sent"
    assert [each.message["Message-ID"] for each in mailbox.received] == [f"<{message_id}@ask.example.org>"]


def test_a_postponed_letter_backs_off_and_arrives(database: Database, mailbox: Mailbox) -> None:
    [message_id] = queue(database)
    mailbox.mood = "postponing"
    before = machine_now()
    tick(database, smtp(mailbox))

    found = look(database, message_id)
    assert (found.status, found.last_error) == ("queued", "451 4.3.0 Try again later")
    assert before <= found.available_at <= machine_now() + sending.FIRST_BACK_OFF

    mailbox.mood = "accepting"
    pass_back_off(database, message_id)
    tick(database, smtp(mailbox))
    assert look(database, message_id).status == "sent"
    assert [each.result for each in tries(database, message_id)] == ["deferred", "sent"]


@pytest.mark.parametrize("mood", ["losing", "hanging"])
def test_a_connection_that_breaks_is_tried_again(database: Database, mailbox: Mailbox, mood: str) -> None:
    [message_id] = queue(database)
    mailbox.mood = "losing" if mood == "losing" else "hanging"
    tick(database, smtp(mailbox, patience=0.5))
    assert look(database, message_id).status == "queued"
    assert [each.result for each in tries(database, message_id)] == ["deferred"]

    mailbox.mood = "accepting"
    pass_back_off(database, message_id)
    tick(database, smtp(mailbox))
    assert look(database, message_id).status == "sent"


def test_a_server_that_is_not_there_is_tried_again(database: Database) -> None:
    [message_id] = queue(database)
    tick(database, SmtpTransport("127.0.0.1", free_port(), "ask.example.org"))
    assert look(database, message_id).status == "queued"
    assert "cannot be reached" in str(look(database, message_id).last_error)


def test_a_repeat_is_recognised_by_its_message_id(database: Database, mailbox: Mailbox) -> None:
    [message_id] = queue(database)
    mailbox.mood = "forgetful"
    tick(database, smtp(mailbox))
    assert look(database, message_id).status == "queued"

    mailbox.mood = "accepting"
    pass_back_off(database, message_id)
    tick(database, smtp(mailbox))

    first, second = mailbox.received
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.text == second.text
    assert look(database, message_id).status == "sent"


def test_a_fault_of_ours_holds_up_nobody(database: Database, mailbox: Mailbox) -> None:
    [unknown] = queue(database, kind="nonsense")
    [nowhere] = queue(database, to="not an address")
    [alive] = queue(database)

    tick(database, smtp(mailbox))

    assert look(database, unknown).status == "failed"
    assert "no wording" in str(look(database, unknown).last_error)
    assert look(database, nowhere).status == "failed"
    assert look(database, alive).status == "sent"


def test_a_transport_that_breaks_down_is_survived(database: Database, tmp_path: Path) -> None:
    class Broken:
        def send(self, outbox_id: UUID, composed: EmailMessage) -> None:
            raise ZeroDivisionError

    [message_id] = queue(database)
    tick(database, Broken())
    assert look(database, message_id).last_error == "ZeroDivisionError in the service itself"

    pass_back_off(database, message_id)
    tick(database, FileTransport(tmp_path))
    assert look(database, message_id).status == "sent"


def test_what_is_left_of_a_lease_too_short_to_send_in_is_put_back(database: Database) -> None:
    class Kept:
        def __init__(self) -> None:
            self.sent: list[UUID] = []

        def send(self, outbox_id: UUID, composed: EmailMessage) -> None:
            self.sent.append(outbox_id)

    first, second = queue(database, count=2)
    kept = Kept()
    batch = database.transact(lambda unit: sending.claim(unit, machine_now(), timedelta(seconds=1), 2))
    assert [each.message.id for each in batch] == [first, second]
    for claimed in batch:
        deliver.hand_over(database, Standing(), LETTERHEAD, kept, claimed)

    assert kept.sent == []
    assert tries(database, first) == []
    tick(database, kept)
    assert kept.sent == [first, second]


def test_a_folder_holds_one_file_a_message_named_by_its_id(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "var" / "mail"
    ids = queue(database, count=3)

    tick(database, transport_from(f"file:{folder}", greeted_as="ask.example.org"))

    assert sorted(file.name for file in folder.iterdir()) == sorted(f"{message_id}.eml" for message_id in ids)
    for message_id in ids:
        read = message_from_bytes((folder / f"{message_id}.eml").read_bytes(), policy=policy.default)
        assert read["Message-ID"] == f"<{message_id}@ask.example.org>"


def test_a_repeat_into_a_folder_replaces_the_same_file(tmp_path: Path) -> None:
    row = message("receipt")
    composed = letter(row, render(row, LETTERHEAD), LETTERHEAD, NOW)
    for _ in range(2):
        FileTransport(tmp_path).send(row.id, composed)
    assert [file.name for file in tmp_path.iterdir()] == [f"{row.id}.eml"]


def test_a_folder_that_cannot_be_written_is_tried_again_and_shows_nothing_half_done(tmp_path: Path) -> None:
    row = message("receipt")
    composed = letter(row, render(row, LETTERHEAD), LETTERHEAD, NOW)
    (tmp_path / f"{row.id}.eml").mkdir()

    with pytest.raises(TemporaryFailure, match="cannot write"):
        FileTransport(tmp_path).send(row.id, composed)

    assert [file.name for file in tmp_path.iterdir()] == [f"{row.id}.eml"]
    (tmp_path / "a file").touch()
    with pytest.raises(TemporaryFailure):
        FileTransport(tmp_path / "a file").send(row.id, composed)


def parsed(row: OutboxMessage) -> EmailMessage:
    composed = letter(row, render(row, LETTERHEAD), LETTERHEAD, NOW)
    read = message_from_bytes(composed.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


HEADERS = ["Message-ID", "Date", "From", "To", "Reply-To", "Subject", "Auto-Submitted"]
FRAME = ["Content-Type", "Content-Transfer-Encoding", "MIME-Version"]


@pytest.mark.no_cover  # hundreds of texts, and each takes the same lines
@pytest.mark.parametrize("kind", ["reply_received", "brief_to_agree", "clarification_asked", "colleague_added"])
def test_hostile_text_breaks_no_header(kind: str) -> None:
    clean = parsed(message(kind))
    for hostile in naughty_strings():
        row = message(
            kind, to_name=hostile, title=hostile, body=hostile, university=hostile, by_name=hostile, owner_name=hostile
        )
        read = parsed(row)
        assert sorted(read.keys()) == sorted(clean.keys()), hostile
        assert read.defects == []
        assert [each.addr_spec for each in read["To"].addresses] == ["ann@council.example"], hostile
        assert [each.addr_spec for each in read["From"].addresses] == ["enquiries@service.example"]
        assert len(str(read["Subject"]).splitlines()) == 1
        assert read.get_content_type() == "text/plain"
        body = read.get_body(("plain",))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n") == render(row, LETTERHEAD).text.replace("\r\n", "\n"), hostile


@pytest.mark.no_cover  # hundreds of texts, and each takes the same lines
def test_hostile_text_arrives_over_a_real_server(mailbox: Mailbox) -> None:
    transport = smtp(mailbox)
    hostile = [text for text in naughty_strings() if len(text) < 2_000]
    rows = [message("reply_received", to_name=text, title=text, body=text) for text in hostile]

    for row in rows:
        transport.send(row.id, letter(row, render(row, LETTERHEAD), LETTERHEAD, NOW))

    assert len(mailbox.received) == len(rows)
    for row, arrived in zip(rows, mailbox.received, strict=True):
        assert arrived.recipients == ("ann@council.example",)
        assert sorted(arrived.message.keys()) == sorted([*HEADERS, *FRAME])
        assert arrived.text.strip() == render(row, LETTERHEAD).text.strip()


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "Ann <a@b.example>"]
)
def test_what_is_no_address_is_written_to_nobody(address: str) -> None:
    row = message("receipt")
    row.to_address = address
    with pytest.raises(FinalFailure, match="not an address"):
        letter(row, render(row, LETTERHEAD), LETTERHEAD, NOW)


def test_an_address_in_another_script_is_written_as_mail_servers_take_it() -> None:
    row = message("receipt")
    row.to_address = "ann@bücher.example"
    assert parsed(row)["To"].addresses[0].addr_spec == "ann@xn--bcher-kva.example"


def test_replies_go_to_the_owner_and_only_personal_letters_expect_an_answer_by_machine() -> None:
    personal = parsed(message("question_asked"))
    assert personal["Reply-To"] == "mo@service.example"
    assert personal["Auto-Submitted"] is None
    assert parsed(message("receipt"))["Auto-Submitted"] == "auto-generated"
    unowned = message("receipt")
    unowned.reply_to = None
    assert parsed(unowned)["Reply-To"] is None


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "offset"),
    [
        ("2026-12-01T14:30:00Z", "2026-12-01T15:30:00Z", timedelta(0)),
        ("2026-07-01T13:30:00Z", "2026-07-01T14:30:00Z", timedelta(hours=1)),
        ("2026-03-29T00:30:00Z", "2026-03-29T02:30:00Z", timedelta(0)),  # the clocks go forward in between
    ],
)
def test_an_invitation_is_read_back_as_it_was_meant(starts_at: str, ends_at: str, offset: timedelta) -> None:
    read = parsed(message("meeting_invitation", starts_at=starts_at, ends_at=ends_at, title="Swimming; pools, \\n"))

    parts = {part.get_content_type(): part for part in read.walk()}
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["application/ics"].get_filename() == "invitation.ics"
    document = parts["application/ics"].get_content()
    assert document == parts["text/calendar"].get_content().encode("utf-8").replace(b"\r\n", b"\n").replace(
        b"\n", b"\r\n"
    )
    calendar = Calendar.from_ical(document)
    assert calendar["METHOD"] == "REQUEST"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    [event] = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    assert event["UID"] == f"{SAMPLES['entry_id']}@ask.example.org"
    assert event.start == datetime.fromisoformat(starts_at)
    assert event.end == datetime.fromisoformat(ends_at)
    assert isinstance(event.start, datetime)
    assert event.start.utcoffset() == offset
    assert datetime(2026, 11, 23, 9, 30, tzinfo=UTC) == event.DTSTAMP
    assert str(event["ORGANIZER"]) == "mailto:mo@service.example"
    assert str(event["ATTENDEE"]) == "mailto:ann@council.example"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert "Swimming; pools," in str(event["SUMMARY"])
    assert str(event["LOCATION"]) == "Civic Centre, room 4"


def test_an_invitation_in_several_lines_keeps_them() -> None:
    document = render(
        message("meeting_invitation", place_or_how="On a call:\nhttps://call.example/1"), LETTERHEAD
    ).calendar
    assert document is not None
    [event] = Calendar.from_ical(document).walk("VEVENT")
    assert str(event["DESCRIPTION"]).startswith("On a call:\nhttps://call.example/1\n\nhttps://ask.example.org/")
    assert "LOCATION" not in event


@pytest.mark.no_cover  # hundreds of texts, and each takes the same lines
def test_hostile_text_breaks_no_invitation() -> None:
    for hostile in naughty_strings():
        row = message(
            "meeting_invitation",
            to_name=hostile,
            title=hostile,
            place_or_how=hostile,
            owner_name=hostile,
            attendees=[hostile],
        )
        invitation = list(parsed(row).walk())[-1]
        assert invitation.get_content_type() == "application/ics"
        calendar = Calendar.from_ical(invitation.get_content())
        [event] = calendar.walk("VEVENT")
        assert set(event) <= {
            "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "SEQUENCE", "ORGANIZER", "ATTENDEE",
        }  # fmt: skip
        assert str(event["ATTENDEE"]) == "mailto:ann@council.example"


def test_an_invitation_that_lacks_its_time_is_a_dead_letter() -> None:
    with pytest.raises(FinalFailure):
        render(message("meeting_invitation", starts_at="tomorrow"), LETTERHEAD)
    with pytest.raises(FinalFailure):
        render(message("meeting_invitation", starts_at="2026-12-01T14:30:00"), LETTERHEAD)


@pytest.mark.parametrize(
    ("mail", "host", "port", "user", "password", "is_tls"),
    [
        ("smtp://mail.example", "mail.example", 25, None, None, False),
        ("smtp://mail.example:2525", "mail.example", 2525, None, None, False),
        ("smtp://me%40a.example:p%3Aw%2F@mail.example", "mail.example", 587, "me@a.example", "p:w/", False),
        ("smtps://me:pw@mail.example", "mail.example", 465, "me", "pw", True),
    ],
)
def test_mail_settings_name_a_server(
    mail: str, host: str, port: int, user: str | None, password: str | None, *, is_tls: bool
) -> None:
    assert transport_from(mail, greeted_as="us.example") == SmtpTransport(
        host, port, "us.example", user, password, is_tls
    )


@pytest.mark.parametrize("mail", ["", "file:", "smtp://", "http://mail.example", "notify:KEY"])
def test_other_mail_settings_are_refused(mail: str) -> None:
    with pytest.raises(ValueError, match="MAIL"):
        transport_from(mail, greeted_as="us.example")


def test_folders_may_be_named_in_each_usual_way() -> None:
    for mail, folder in {
        "file:var/mail": "var/mail",
        "file:/var/mail": "/var/mail",
        "file:///var/mail": "/var/mail",
    }.items():
        assert transport_from(mail, greeted_as="us.example") == FileTransport(Path(folder))
