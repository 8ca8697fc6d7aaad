"""ID tokens of an OpenID Connect provider: whose signature counts, for whom they are, and what they say of a person.

OpenID Connect Core 1.0, section 3.1.3.7. Nothing here asks the network or a clock.
"""

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, GuestProtocol, Key, RSAKey
from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("RS256", "ES256")
"""Signatures that only the provider can make. Never none, and never one that a public key could serve to forge."""
LEEWAY = timedelta(seconds=60)
"""How far the provider's clock may be from ours."""
OLDEST = timedelta(minutes=20)
"""How long ago a token may have been made: a flow takes ten minutes at most, and some providers date theirs five back."""
_LONGEST = 50_000
_LEAST_BITS = 2048
_PUBLIC = {"RSA": ("kty", "kid", "n", "e"), "EC": ("kty", "kid", "crv", "x", "y")}
_KINDS = {"RS256": "RSA", "ES256": "EC"}
_YES = (True, 1, "1", "true", "True")


class TokenRefused(Exception):
    """A token that does not show what it should; the message says which part, for the log."""


class UnknownKey(TokenRefused):
    """It names a key that is not among those known: the provider may have changed them."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who an ID token says has signed in."""

    issuer: str
    subject: str
    """The provider's own name for the account, which it never gives to another one."""
    email: str
    """In lower case; empty where the token tells none."""
    is_verified: bool
    """The provider vouches for the address."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be the answer to one sign-in."""

    issuer: str
    client_id: str
    nonce: str
    begun: datetime
    """When the sign-in began."""
    is_again: bool = False
    """The provider was to ask the person again."""
    email_claim: str = "email"
    verified_claim: str = "email_verified"
    """The claim by which the provider vouches for the address; `none` where every address of its accounts is its own to give."""
    strengths: tuple[str, ...] = ()
    """The classes of sign-in that will do (`acr`); any, where none is named."""


def usable_keys(document: Mapping[str, Any]) -> list[Key]:
    """Return the keys of a JWK set that may sign, their public parts alone; what is no such key is passed over."""
    keys: list[Key] = []
    listed = document.get("keys")
    for each in listed if isinstance(listed, list) else []:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        if "alg" in each and _KINDS.get(str(each["alg"])) != each.get("kty"):
            continue
        members = {name: each[name] for name in _PUBLIC.get(str(each.get("kty")), ()) if name in each}
        try:
            if each.get("kty") == "RSA":
                rsa = RSAKey.import_key(members)
                keys += [rsa] if rsa.public_key.key_size >= _LEAST_BITS else []
            elif each.get("kty") == "EC" and each.get("crv") == "P-256":
                keys.append(ECKey.import_key(members))
        except (JoseError, ValueError, TypeError):
            continue
    return keys


def read(token: str, keys: Sequence[Key], expected: Expected, now: datetime) -> Account:
    """Return whose account a token tells of. Raises TokenRefused, or UnknownKey where newer keys may help."""
    claims = _signed_claims(token, keys)
    _require(claims.get("iss") == expected.issuer, "iss")
    _require_audience(claims, expected.client_id)
    _require_time(claims, expected, now)
    nonce = claims.get("nonce")
    _require(isinstance(nonce, str) and secrets.compare_digest(nonce.encode(), expected.nonce.encode()), "nonce")
    _require(not expected.strengths or claims.get("acr") in expected.strengths, "acr")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\x00" in subject:
        raise TokenRefused("sub")
    email = claims.get(expected.email_claim)
    return Account(
        issuer=expected.issuer,
        subject=subject,
        email=email.lower() if isinstance(email, str) and email.isascii() else "",
        is_verified=_is_verified(claims, expected.verified_claim),
    )


def _signed_claims(token: str, keys: Sequence[Key]) -> dict[str, Any]:
    if len(token) > _LONGEST:
        raise TokenRefused("length")

    def key_of(guest: GuestProtocol) -> Key:
        header = guest.headers()
        kid, fitting = header.get("kid"), [key for key in keys if key.key_type == _KINDS.get(header["alg"])]
        found = [key for key in fitting if key.kid == kid] if kid is not None else fitting
        if len(found) != 1:
            raise UnknownKey("kid")
        return found[0]

    try:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        return jwt.decode(token, key_of, registry=registry).claims
    except (JoseError, ValueError, TypeError, RecursionError) as problem:
        raise TokenRefused(f"signature ({type(problem).__name__})") from problem


def _require_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    _require(client_id in several, "aud")
    _require(claims.get("azp", client_id if len(several) == 1 else None) == client_id, "azp")


def _require_time(claims: Mapping[str, Any], expected: Expected, now: datetime) -> None:
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    _require(_seconds(claims, "exp") > moment - leeway, "exp")
    _require(moment - OLDEST.total_seconds() <= _seconds(claims, "iat") <= moment + leeway, "iat")
    _require("nbf" not in claims or _seconds(claims, "nbf") <= moment + leeway, "nbf")
    if expected.is_again and "auth_time" in claims:
        _require(_seconds(claims, "auth_time") >= expected.begun.timestamp() - leeway, "auth_time")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(name)
    try:
        seconds = float(value)
    except OverflowError as problem:
        raise TokenRefused(name) from problem
    _require(math.isfinite(seconds), name)
    return seconds


def _is_verified(claims: Mapping[str, Any], claim: str) -> bool:
    if claim == "none":
        return "email_verified" not in claims or claims["email_verified"] in _YES
    return claims.get(claim) in _YES


def _require(holds: bool, name: str) -> None:  # noqa: FBT001 - reads as what must hold
    if not holds:
        raise TokenRefused(name)
