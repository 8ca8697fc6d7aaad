"""Letters over GOV.UK Notify: taken once, refused with its words, asked after, and never more than plain text."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from service import settings as reading
from service.clock import machine_now
from service.context import Context
from service.delivery.letterhead import Letterhead
from service.delivery.letters import letter
from service.delivery.render import render
from service.delivery.transports import Accountable, Transport, transport_of
from service.delivery.unformatted import unformatted
from service.jobs import deliver, fates
from service.records import outbox, sending
from service.records.database import Database, Unit
from service.records.tables import OutboxMessage
from service.settings import Settings
from tests.support.clock import HandClock
from tests.support.engines import database_at
from tests.support.hostile import naughty_strings
from tests.support.letters import COMMON, SAMPLES, message
from tests.support.notify import KEY, REPLY_TO, SECRET, TEMPLATE, Mood, Notify, notify

OWN = "https://ask.example.org"
ADDRESS = re.compile(r"https?://\S*", re.IGNORECASE)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = database_at(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture
def either(engine_url: str) -> Iterator[Database]:
    """The same on both engines."""
    database = database_at(engine_url)
    yield database
    database.dispose()


@pytest.fixture
def service() -> Iterator[Notify]:
    with notify() as kept:
        yield kept


def settings_for(kept: Notify, **also: Any) -> Settings:
    return Settings.model_validate(
        {
            "mail": f"notify:{KEY}", "notify_template_id": TEMPLATE, "notify_url": kept.url, "base_url": OWN,
            "secret_key": "a secret for tests, long enough to sign with", **also,
        }
    )  # fmt: skip


class Post:
    """One installation's letters on their way over Notify."""

    def __init__(self, database: Database, kept: Notify, **also: Any) -> None:
        settings = settings_for(kept, **also)
        self.database = database
        self.letterhead = Letterhead.of(settings)
        self.transport = transport_of(settings, self.letterhead)

    def queue(self, to: str = "ann@council.example") -> UUID:
        params = COMMON | {"respond_by_text": SAMPLES["respond_by_text"], "who": SAMPLES["who"]}

        def work(unit: Unit) -> UUID:
            ctx = Context(now=HandClock().now())
            return outbox.queue(unit, ctx, kind="receipt", to_address=to, to_name="Ann", params=params).id

        return self.database.transact(work)

    def tick(self, transport: Transport | None = None) -> None:
        deliver.run(self.database, HandClock(), self.letterhead, transport or self.transport)

    def ask(self) -> int:
        assert isinstance(self.transport, Accountable)
        return fates.run(self.database, self.transport)

    def row(self, message_id: UUID) -> OutboxMessage:
        found = self.database.read(lambda unit: outbox.get(unit, message_id))
        assert found is not None
        return found

    def pass_time(self, message_id: UUID) -> None:
        """Let the machine's clock, as far as this letter is concerned, reach what is next."""

        def work(unit: Unit) -> None:
            found = unit.get(OutboxMessage, message_id)
            assert found is not None
            found.available_at, found.lease_until = machine_now(), None
            found.ask_at = machine_now() if found.ask_at else None

        self.database.transact(work)

    def put_off(self, message_id: UUID) -> None:
        """Let no later tick come to this letter: a back-off is drawn from nothing upwards, and may be over at once."""

        def work(unit: Unit) -> None:
            found = unit.get(OutboxMessage, message_id)
            assert found is not None
            found.available_at = machine_now() + timedelta(days=1)

        self.database.transact(work)


def test_a_letter_is_taken_as_the_one_template(database: Database, service: Notify) -> None:
    post = Post(database, service, notify_reply_to_id=REPLY_TO)
    message_id = post.queue()
    post.tick()

    [taken] = service.taken
    assert taken["email_address"] == "ann@council.example"
    assert taken["reference"] == str(message_id)
    assert taken["email_reply_to_id"] == REPLY_TO
    assert taken["personalisation"]["subject"] == "We have your question: reference 4J7KQ2-M"
    assert taken["personalisation"]["body"].startswith("Dear Ann,\n\nThank you for your question.")
    assert f"\n{OWN}/enquiries/4J7KQ2-M\n" in taken["personalisation"]["body"]
    assert post.row(message_id).status == "sent"
    assert service.asked == ["POST /v2/notifications/email"], "a first try asks nothing"
    assert SECRET not in repr(post.transport)


def test_nothing_is_taken_twice_when_a_try_ended_without_an_answer(database: Database, service: Notify) -> None:
    post = Post(database, service)
    moods: tuple[Mood, ...] = ("forgetful", "away")
    for mood in moods:
        service.taken.clear()
        service.moods.append(mood)
        message_id = post.queue()
        post.tick()
        assert post.row(message_id).status == "queued"
        assert "cannot be reached" in str(post.row(message_id).last_error)

        service.moods.append("broken")
        post.pass_time(message_id)
        post.tick()
        assert post.row(message_id).status == "queued", "not sent while it cannot be told"
        post.pass_time(message_id)
        post.tick()
        assert post.row(message_id).status == "sent"
        assert len(service.taken) == 1


def test_a_worker_that_died_after_handing_over_is_made_up_for(database: Database, service: Notify) -> None:
    post = Post(database, service)
    message_id = post.queue()
    [claimed] = database.transact(lambda unit: sending.claim(unit, machine_now(), timedelta(minutes=1), 1))
    row = claimed.message
    post.transport.send(row.id, letter(row, render(row, post.letterhead), post.letterhead, HandClock().now()))
    post.pass_time(message_id)
    post.tick()
    assert (post.row(message_id).status, len(service.taken)) == ("sent", 1)


def test_what_notify_refuses_is_told_in_its_words_and_what_may_pass_is_tried_again(
    database: Database, service: Notify
) -> None:
    post = Post(database, service)
    trial = "Can't send to this recipient when service is in trial mode"
    service.refused["gone@council.example"] = trial
    dead = post.queue("gone@council.example")
    post.tick()
    assert post.row(dead).status == "failed"
    assert post.row(dead).last_error == f"400 BadRequestError: {trial}"

    elsewhere = Post(database, service, notify_template_id=REPLY_TO)
    waiting = post.queue()
    post.tick(elsewhere.transport)
    assert post.row(waiting).last_error == "400 BadRequestError: Template not found"

    late = Post(database, service)
    object.__setattr__(late.transport, "now", lambda: datetime.now(UTC) - timedelta(minutes=1))
    wrong = Post(database, service, mail=f"notify:k-{REPLY_TO}-{SECRET}")
    forged = Post(database, service, mail=f"notify:{KEY[:-1]}1")
    for other, words in ((late, "accurate to within 30 seconds"), (wrong, "service not found"), (forged, "signature")):
        passing = post.queue()
        post.tick(other.transport)
        assert post.row(passing).status == "queued"
        assert f"403 AuthError: {'Error' if other is late else 'Invalid token'}" in str(post.row(passing).last_error)
        assert words in str(post.row(passing).last_error)
        post.put_off(passing)
    told: tuple[tuple[Mood, str], ...] = (("busy", "429 RateLimitError"), ("broken", "500 Exception"), ("rubbish", ""))
    for mood, words in told:
        service.moods.append(mood)
        passing = post.queue()
        post.tick()
        assert post.row(passing).status == ("sent" if mood == "rubbish" else "queued"), "201 is all that is read"
        assert words in str(post.row(passing).last_error)
        post.put_off(passing)


def test_what_could_not_be_delivered_is_a_dead_letter_that_can_be_replayed(either: Database, service: Notify) -> None:
    post = Post(either, service)
    message_id = post.queue()
    post.tick()
    assert post.ask() == 0, "not at once"
    post.pass_time(message_id)
    service.moods.append("broken")
    assert post.ask() == 1
    post.pass_time(message_id)
    service.fates("sending")
    assert post.ask() == 1
    again = post.row(message_id).ask_at
    assert again is not None
    assert again >= machine_now() + timedelta(seconds=50)

    for fate in ("permanent-failure", "temporary-failure", "technical-failure"):
        post.pass_time(message_id)
        service.fates(fate)
        post.ask()
        dead = post.row(message_id)
        assert dead.status == "failed"
        assert f"not delivered: {fate}" in str(dead.last_error)
        assert either.read(outbox.failed) == 1
        tries = either.read(lambda unit: outbox.attempts(unit, message_id))
        assert tries[-1].result == "refused"
        assert fate in str(tries[-1].detail)
        before = len(service.taken)
        either.transact(lambda unit: outbox.replay(unit, Context(now=HandClock().now()), message_id))
        post.tick()
        assert (post.row(message_id).status, len(service.taken)) == ("sent", before + 1)

    post.pass_time(message_id)
    service.taken[-1]["status"] = "delivered"
    post.ask()
    assert (post.row(message_id).status, post.row(message_id).ask_at) == ("sent", None), "the newest one counts"


def test_fates_are_asked_for_no_longer_than_five_days(either: Database, service: Notify) -> None:
    post = Post(either, service)
    message_id = post.queue()
    post.tick()
    start, now, times = machine_now(), machine_now(), 0
    while (due := post.row(message_id).ask_at) is not None:
        now = due
        asked = [either.transact(partial(sending.claim_asked, machine_now=due, limit=10)) for _ in range(2)]
        assert asked == [[message_id], []]
        times += 1
    assert now - start >= timedelta(days=5)
    assert now - start <= timedelta(days=6)
    assert times < 30
    assert post.row(message_id).status == "sent"


def test_an_invitation_says_everything_without_its_file(service: Notify) -> None:
    letterhead = Letterhead.of(settings_for(service))
    transport = transport_of(settings_for(service), letterhead)
    row = message("meeting_invitation")
    transport.send(row.id, letter(row, render(row, letterhead), letterhead, HandClock().now()))
    body = service.taken[0]["personalisation"]["body"]
    assert "attached" not in body
    for said in ("When: Tuesday 1 December 2026 at 2:30pm to 3:30pm (UK time)", "Civic Centre, room 4", "Ann Asker"):
        assert said in body


def test_nobodys_text_becomes_a_heading_or_a_link() -> None:
    plain = {
        "# Heading": "\\# Heading",
        "  ## Heading": "\\## Heading",
        "- item": "\\- item",
        "12. item": "12\\. item",
        "•  item": "·  item",
        "^ quoted": "ˆ quoted",
        "Title\n===": "Title\n＝==",
        "Title\n---": "Title\n\\---",
        "[click](https://evil.example/a)": "\\[click\\](evil.example/a)",
        "see HTTPS://evil.example.": "see evil.example.",
        "hhttps://ttps://evil.example": "evil.example",
        f"{OWN}.evil.example/": "ask.example.org.evil.example/",
        f"{OWN}@evil.example/": "ask.example.org@evil.example/",
        f"{OWN}/sign-in/a_b-c.D*e": f"{OWN}/sign-in/a_b-c.D*e",
        "a | b \\ `c`": "a \\| b \\\\ \\`c\\`",
        "It's *fine*, 5 > 3 & 1_000.": "It's *fine*, 5 > 3 & 1_000.",
    }
    assert {text: unformatted(text, OWN) for text in plain} == plain
    for text in naughty_strings():
        for line in unformatted(text, OWN).split("\n"):
            assert not re.match(r"\s*(?:[#*+\-_~^•=`]|\d+\.)|\s", line), repr(line)
            assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]|`]", line), repr(line)
            assert [found for found in ADDRESS.findall(line) if not found.startswith(f"{OWN}/")] == []


def test_settings_are_checked_and_tell_no_secret(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"MAIL": f"notify:{KEY}", "NOTIFY_TEMPLATE_ID": TEMPLATE}.items():
        monkeypatch.setenv(name, value)
    assert reading.load().notify_template_id == TEMPLATE
    for name, value, words in (
        ("NOTIFY_TEMPLATE_ID", "", "NOTIFY_TEMPLATE_ID is required with MAIL=notify"),
        ("NOTIFY_TEMPLATE_ID", "mine", "NOTIFY_TEMPLATE_ID is an id of 36 characters"),
        ("NOTIFY_REPLY_TO_ID", "mine", "NOTIFY_REPLY_TO_ID is an id"),
        ("NOTIFY_URL", "notify", "NOTIFY_URL is a web address"),
        ("MAIL", f"notify:{SECRET}", "the whole API key"),
        ("MAIL", "post:", "or notify:KEY"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            with pytest.raises(reading.SettingsProblem, match=words) as refused:
                reading.load()
            assert SECRET not in str(refused.value)
