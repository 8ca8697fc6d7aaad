"""ID tokens: only the provider's own signature counts, and every claim has to be the one that was asked for."""

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from service.sources.id_tokens import Expected, TokenRefused, UnknownKey, read, usable_keys

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AT = int(NOW.timestamp())
EXPECTED = Expected(issuer="https://id.example", client_id="evidence", nonce="n-1", begun=NOW - timedelta(minutes=1))
RIGHT = {
    "iss": "https://id.example",
    "aud": "evidence",
    "sub": "u1",
    "nonce": "n-1",
    "iat": AT,
    "exp": AT + 300,
    "email": "Mo@Service.example",
    "email_verified": True,
}
RSA = RSAKey.generate_key(2048, {"kid": "one"})
EC = ECKey.generate_key("P-256", {"kid": "two"})
PUBLISHED = {"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}
KEYS = usable_keys(PUBLISHED)


def token(key: Key = RSA, algorithm: str = "RS256", header: dict[str, Any] | None = None, **changed: Any) -> str:
    claims = {name: value for name, value in {**RIGHT, **changed}.items() if value is not None}
    return jwt.encode(
        {"alg": algorithm, "kid": str(key.kid), **(header or {})},
        claims,
        key,
        ["RS256", "ES256", "RS512"],
    )


def plain(part: Any) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def by_secret(secret: bytes, header: dict[str, str]) -> str:
    text = f"{plain(header)}.{plain(RIGHT)}"
    mark = urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).rstrip(b"=").decode()
    return f"{text}.{mark}"


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (EC, "ES256")])
def test_a_right_token_tells_whose_account_it_is(key: Key, algorithm: str) -> None:
    found = read(token(key, algorithm), KEYS, EXPECTED, NOW)
    assert (found.issuer, found.subject, found.email, found.is_verified) == (
        "https://id.example",
        "u1",
        "mo@service.example",
        True,
    )
    assert read(token(key, algorithm, aud=["evidence"]), KEYS, EXPECTED, NOW) == found
    assert read(token(key, algorithm, aud=["evidence", "other"], azp="evidence"), KEYS, EXPECTED, NOW) == found


WRONG: list[dict[str, Any]] = [
    {"iss": "https://id.example/"}, {"iss": "https://evil.example"}, {"iss": None}, {"iss": ["https://id.example"]},
    {"aud": "other"}, {"aud": None}, {"aud": ["other"]}, {"aud": "evidence2"}, {"aud": {"evidence": 1}},
    {"aud": ["evidence", "other"]}, {"aud": ["evidence", "other"], "azp": "other"}, {"azp": "other"}, {"azp": 1},
    {"nonce": "n-2"}, {"nonce": None}, {"nonce": ""}, {"nonce": ["n-1"]}, {"nonce": "ñ"},
    {"exp": AT - 61}, {"exp": None}, {"exp": str(AT + 300)}, {"exp": True}, {"exp": float("nan")}, {"exp": float("inf")}, {"exp": 10**400},
    {"iat": AT + 61}, {"iat": None}, {"iat": AT - 1201}, {"iat": "yesterday"}, {"iat": -(10**400)},
    {"nbf": AT + 61}, {"nbf": "soon"},
    {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "u\0"},
]  # fmt: skip


@pytest.mark.parametrize("changed", WRONG, ids=str)
def test_a_claim_that_is_not_what_was_asked_for_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        read(token(**changed), KEYS, EXPECTED, NOW)


def test_only_the_providers_own_signature_counts() -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    public = RSA.as_pem(private=False)
    good = token()
    head, body, signature = good.split(".")
    forged = [
        token(stranger),  # another key under the same name
        by_secret(public, {"alg": "HS256", "kid": "one"}),  # the public key as the secret of a symmetric signature
        f"{plain({'alg': 'none', 'kid': 'one'})}.{plain(RIGHT)}.",
        f"{plain({'alg': 'None', 'kid': 'one'})}.{plain(RIGHT)}.{signature}",
        f"{plain({'alg': 'RS256', 'kid': 'one'})}.{plain({**RIGHT, 'email': 'sal@service.example'})}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
        token(algorithm="RS512"),
        token(EC, "ES256", {"kid": "one"}),  # the other kind of key under this name
        f"{plain({'alg': 'RS256', 'kid': 'one', 'crit': ['exp']})}.{body}.{signature}",
        f"{plain({'alg': ['RS256']})}.{body}.{signature}",
        f"{plain([])}.{body}.{signature}",
        f"{plain({'alg': 'RS256', 'jwk': stranger.as_dict(private=False)})}.{body}.{signature}",
        plain({"alg": "RS256"}),
        "",
        "é.é.é",
        "x" * 60_000,
        f"{head}.{'W1tb' * 9_000}.{signature}",
    ]
    for each in forged:
        with pytest.raises(TokenRefused):
            read(each, KEYS, EXPECTED, NOW)
    assert read(good, KEYS, EXPECTED, NOW).subject == "u1"


def test_an_unknown_key_is_told_apart_since_newer_ones_may_help() -> None:
    with pytest.raises(UnknownKey):
        read(token(header={"kid": "new"}), KEYS, EXPECTED, NOW)
    # Without a name there must be one key that fits, and no more.
    nameless = jwt.encode({"alg": "RS256"}, RIGHT, RSA)
    assert read(nameless, KEYS, EXPECTED, NOW).subject == "u1"
    with pytest.raises(UnknownKey):
        read(nameless, [*KEYS, RSAKey.generate_key(2048)], EXPECTED, NOW)


def test_keys_that_may_not_sign_are_passed_over() -> None:
    shown = RSA.as_dict(private=False)
    others: list[Any] = [
        {**shown, "use": "enc"},
        {**shown, "alg": "PS256"},
        {**shown, "n": "AQAB"},
        {**shown, "n": 1},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "one"},
        {"kty": "EC", "crv": "P-521", "x": "AQ", "y": "AQ"},
        {"kty": ["RSA"]},
        {"alg": ["RS256"], "kty": "RSA"},
        "a text",
        None,
    ]
    assert usable_keys({"keys": others}) == []
    assert usable_keys({"keys": "none"}) == usable_keys({}) == []
    # What a provider should never show is not kept either.
    (kept,) = usable_keys({"keys": [RSA.as_dict(private=True)]})
    assert not kept.is_private


@pytest.mark.parametrize(
    ("verified_claim", "changed", "is_verified"),
    [
        ("email_verified", {"email_verified": "true"}, True),
        ("email_verified", {"email_verified": False}, False),
        ("email_verified", {"email_verified": "false"}, False),
        ("email_verified", {"email_verified": None}, False),
        ("email_verified", {"email_verified": [1]}, False),
        ("xms_edov", {"email_verified": None, "xms_edov": "1"}, True),
        ("xms_edov", {"xms_edov": None}, False),
        ("none", {"email_verified": None}, True),
        ("none", {"email_verified": False}, False),
    ],
)
def test_who_vouches_for_an_address(verified_claim: str, changed: dict[str, Any], *, is_verified: bool) -> None:
    expected = Expected("https://id.example", "evidence", "n-1", NOW, verified_claim=verified_claim)
    assert read(token(**changed), KEYS, expected, NOW).is_verified is is_verified


def test_an_address_is_plain_or_none() -> None:
    # The Kelvin sign is a k in lower case: an address is never taken for another one that only looks like it.
    for odd in ("\u212aim@service.example", 7, None, ["mo@service.example"]):
        assert read(token(email=odd), KEYS, EXPECTED, NOW).email == ""
    elsewhere = Expected("https://id.example", "evidence", "n-1", NOW, email_claim="preferred_username")
    assert read(token(preferred_username="SAL@service.example"), KEYS, elsewhere, NOW).email == "sal@service.example"


def test_whoever_is_to_sign_in_again_did_so_since_then() -> None:
    again = Expected("https://id.example", "evidence", "n-1", NOW, is_again=True)
    assert read(token(auth_time=AT - 30), KEYS, again, NOW).subject == "u1"
    with pytest.raises(TokenRefused):
        read(token(auth_time=AT - 3600), KEYS, again, NOW)


def test_a_sign_in_that_is_not_strong_enough_is_refused_where_a_strength_is_asked_for() -> None:
    strict = replace(EXPECTED, strengths=("mfa", "phr"))
    assert read(token(acr="phr"), KEYS, strict, NOW).subject == "u1"
    for weak in (None, "pwd", ["mfa"], "mfa phr"):
        with pytest.raises(TokenRefused, match="acr"):
            read(token(acr=weak), KEYS, strict, NOW)
