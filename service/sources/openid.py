"""The OpenID Connect provider at which the team signs in: authorization code with PKCE, its metadata and keys kept for a while.

One provider, named by the operator. Redirects are not followed, answers are short, and nothing waits long.
"""

import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc.jwk import Key

from service.clock import machine_now
from service.sources.id_tokens import Account, Expected, TokenRefused, UnknownKey, read, usable_keys

KEPT = timedelta(hours=1)
"""How long metadata and keys are used before they are asked for again."""
KEYS_APART = timedelta(seconds=30)
"""An unknown key has the keys asked for again, but not more often than this."""
AFTER_FAILURE = timedelta(seconds=10)
"""How long a provider that did not answer is left alone: whoever comes then need not wait to hear it."""
_DISCOVERY = "/.well-known/openid-configuration"
_BYTES = 1_000_000
_SECONDS = 10.0


class ProviderTrouble(Exception):
    """The provider does not answer as it should; later it may."""


class ProviderRefusal(Exception):
    """The provider, or what it sent, does not let this person in."""


@dataclass(frozen=True, slots=True)
class Client:
    """What this service is to its provider."""

    issuer: str
    """Exactly as the provider writes it."""
    client_id: str
    secret: str
    """Empty for a public client, which PKCE alone protects."""
    redirect_uri: str
    email_claim: str = "email"
    verified_claim: str = "email_verified"
    strengths: tuple[str, ...] = ()
    """The classes of sign-in that are strong enough (`acr`), as the provider names them; any, where none is named."""


@dataclass(frozen=True, slots=True)
class _Metadata:
    authorization: str
    token: str
    keys: str
    end_session: str | None
    takes_secret_in_form: bool
    names_itself: bool
    read_at: datetime


class Provider:
    """Asks one provider who somebody is. Shared by the threads of a process."""

    def __init__(self, client: Client, now: Callable[[], datetime] = machine_now) -> None:
        self._client = client
        self._now = now
        self._lock = Lock()
        self._metadata: _Metadata | None = None
        self._failed_at: datetime | None = None
        self._keys: list[Key] = []
        self._keys_read_at: datetime | None = None

    def address(self, *, state: str, nonce: str, verifier: str, is_again: bool) -> str:
        """Return where a browser goes to sign in. Raises ProviderTrouble."""
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **({"acr_values": " ".join(self._client.strengths)} if self._client.strengths else {}),
            **({"prompt": "login", "max_age": "0"} if is_again else {}),
        }
        address = self._known().authorization
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    def account(
        self, *, code: str, issuer: str | None, nonce: str, verifier: str, begun: datetime, is_again: bool
    ) -> Account:
        """Exchange a code for who signed in. `issuer` is who the answer says it is from, where it says so (RFC 9207).

        Raises ProviderRefusal for an answer that is not this provider's to this sign-in, ProviderTrouble for faults.
        """
        known = self._known()
        if issuer != self._client.issuer and (issuer is not None or known.names_itself):
            raise ProviderRefusal("the answer is another provider's")
        token = self._exchange(known, code, verifier)
        expected = Expected(
            issuer=self._client.issuer,
            client_id=self._client.client_id,
            nonce=nonce,
            begun=begun,
            is_again=is_again,
            email_claim=self._client.email_claim,
            verified_claim=self._client.verified_claim,
            strengths=self._client.strengths,
        )
        try:
            try:
                return read(token, self._usable_keys(known), expected, self._now())
            except UnknownKey:
                return read(token, self._usable_keys(known, least=KEYS_APART), expected, self._now())
        except TokenRefused as problem:
            raise ProviderRefusal(f"the token is refused: {problem}") from problem

    def sign_out_address(self) -> str | None:
        """Return where a person can sign out of the provider too, if it has such a place and can be asked."""
        try:
            address = self._known().end_session
        except ProviderTrouble:
            return None
        return f"{address}?{urlencode({'client_id': self._client.client_id})}" if address else None

    def _known(self) -> _Metadata:
        with self._lock:
            now = self._now()
            if self._metadata is not None and now - self._metadata.read_at < KEPT:
                return self._metadata
            if self._failed_at is not None and now - self._failed_at < AFTER_FAILURE:
                raise ProviderTrouble("it did not answer a moment ago")
            try:
                self._metadata = self._read_metadata(now)
            except ProviderTrouble:
                self._failed_at = self._now()
                raise
            self._failed_at = None
            return self._metadata

    def _read_metadata(self, now: datetime) -> _Metadata:
        status, said = _asked("GET", self._client.issuer.rstrip("/") + _DISCOVERY)
        if status != 200:
            raise ProviderTrouble(f"its metadata answers with status {status}")
        if said.get("issuer") != self._client.issuer:
            raise ProviderTrouble("its metadata names another issuer")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        end_session = said.get("end_session_endpoint")
        return _Metadata(
            authorization=self._safe(said.get("authorization_endpoint")),
            token=self._safe(said.get("token_endpoint")),
            keys=self._safe(said.get("jwks_uri")),
            end_session=self._safe(end_session) if end_session else None,
            takes_secret_in_form=isinstance(methods, list) and "client_secret_basic" not in methods,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
            read_at=now,
        )

    def _safe(self, address: object) -> str:
        """Return an address of the provider's: encrypted, unless the issuer itself is not, in a rehearsal."""
        parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
        if parts.scheme not in {"https", urlsplit(self._client.issuer).scheme} or not parts.netloc or parts.fragment:
            raise ProviderTrouble("its metadata lacks an address, or has an unsafe one")
        return parts.geturl()

    def _exchange(self, known: _Metadata, code: str, verifier: str) -> str:
        client, headers = self._client, {}
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": verifier,
        }
        if client.secret and not known.takes_secret_in_form:
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"  # RFC 6749, section 2.3.1
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client.client_id} | ({"client_secret": client.secret} if client.secret else {})
        status, said = _asked("POST", known.token, form, headers)
        if status in {400, 401} and said.get("error") == "invalid_grant":
            raise ProviderRefusal("the code is not good, or was used before")
        token = said.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise ProviderTrouble(f"no ID token came for the code (status {status})")
        return token

    def _usable_keys(self, known: _Metadata, least: timedelta = KEPT) -> list[Key]:
        """Return the keys, asked for again when they are older than `least`."""
        with self._lock:
            now = self._now()
            if self._keys_read_at is None or now - self._keys_read_at >= least:
                status, said = _asked("GET", known.keys)
                if status != 200:
                    raise ProviderTrouble(f"its keys answer with status {status}")
                self._keys, self._keys_read_at = usable_keys(said), now
            return self._keys


def _asked(
    method: str, address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON object at an address, empty where there is none. Raises ProviderTrouble."""
    started, body = time.monotonic(), bytearray()
    try:
        with (
            httpx.Client(timeout=_SECONDS / 2, follow_redirects=False) as client,
            client.stream(
                method, address, data=form, headers={"Accept": "application/json", **(headers or {})}
            ) as answer,
        ):
            for part in answer.iter_bytes():
                body += part
                if len(body) > _BYTES or time.monotonic() - started > _SECONDS:
                    raise ProviderTrouble("its answer is too long or too slow")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ProviderTrouble(f"no answer ({type(problem).__name__})") from problem
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = {}
    return answer.status_code, said if isinstance(said, dict) else {}
