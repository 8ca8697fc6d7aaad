"""Tokens open what they were made for, and nothing else."""

from base64 import b64decode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ids import new_id
from service.tokens import Tokens

OURS = Tokens("a secret for these tests only, long enough")
THEIRS = Tokens("another secret, of somebody else's service")


@given(st.uuids())
def test_a_token_leads_back_to_what_it_was_made_for(subject: UUID) -> None:
    assert OURS.read_sign_in_token(OURS.sign_in_token(subject)) == subject
    assert OURS.read_draft_token(OURS.draft_token(subject)) == subject


def test_one_kind_of_token_does_not_open_the_other_door() -> None:
    subject = new_id()
    assert OURS.read_draft_token(OURS.sign_in_token(subject)) is None
    assert OURS.read_sign_in_token(OURS.draft_token(subject)) is None


def test_a_token_of_another_service_opens_nothing() -> None:
    assert OURS.read_sign_in_token(THEIRS.sign_in_token(new_id())) is None


def test_a_token_with_any_character_changed_opens_nothing() -> None:
    token = OURS.sign_in_token(new_id())
    # The last character of a base64 text carries spare bits, so the end is cut instead of changed.
    changed = [f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}" for at in range(21)]
    assert all(OURS.read_sign_in_token(each) is None for each in [*changed, token[:-1], "", ".", token.split(".")[0]])


@given(st.text())
def test_reading_rubbish_never_raises(text: str) -> None:
    assert OURS.read_sign_in_token(text) is None
    assert OURS.read_draft_token(text) is None
    assert not OURS.is_csrf_token(text, "a session")
    assert len(Tokens.digest(text)) == 64


def test_a_token_is_safe_in_an_address() -> None:
    assert set(OURS.sign_in_token(new_id())) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_form_token_belongs_to_one_session() -> None:
    token = OURS.csrf_token("one session")
    assert OURS.is_csrf_token(token, "one session")
    assert not OURS.is_csrf_token(token, "another session")
    assert not THEIRS.is_csrf_token(token, "one session")


def test_secrets_differ_and_only_their_digest_is_needed() -> None:
    secret = Tokens.new_secret()
    assert secret != Tokens.new_secret()
    assert len(secret) >= 43
    assert Tokens.digest(secret) == Tokens.digest(secret) != secret


def test_what_the_secret_before_signed_is_still_read_and_nothing_more_is_signed_with_it() -> None:
    old, both, new = (
        Tokens("the old secret, long enough"),
        Tokens("the new one", "the old secret, long enough"),
        Tokens("the new one"),
    )
    subject, webhook = new_id(), new_id()
    assert both.read_sign_in_token(old.sign_in_token(subject)) == subject
    assert both.read_draft_token(old.draft_token(subject)) == subject
    assert both.is_csrf_token(old.csrf_token("a session"), "a session")
    assert both.sign_in_token(subject) == new.sign_in_token(subject)
    assert both.csrf_token("a session") == new.csrf_token("a session")
    assert new.read_sign_in_token(old.sign_in_token(subject)) is None
    assert both.webhook_secrets(webhook, 0) == [new.webhook_secret(webhook, 0), old.webhook_secret(webhook, 0)]


def test_tokens_without_a_secret_are_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        Tokens("")


def test_a_webhooks_secret_is_its_own_and_the_same_each_time() -> None:
    webhook = new_id()
    made = [
        OURS.webhook_secret(webhook, 0),
        OURS.webhook_secret(webhook, 1),
        OURS.webhook_secret(new_id(), 0),
        THEIRS.webhook_secret(webhook, 0),
    ]
    assert len(set(made)) == len(made)
    assert OURS.webhook_secret(webhook, 0) == made[0]
    assert all(secret.startswith("whsec_") and len(b64decode(secret[6:])) == 32 for secret in made)
