"""GOV.UK Notify: a letter goes out as one template whose subject is `((subject))` and whose body is `((body))`.

The reference of a notification is the outbox id: it tells whether a letter was taken that we do not know of, and what became of it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Literal
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from service.clock import machine_now
from service.delivery.failures import FinalFailure, TemporaryFailure
from service.delivery.unformatted import unformatted

URL = "https://api.notifications.service.gov.uk"
FAILURES: Mapping[str, str] = {
    "permanent-failure": "the address does not exist, or it refuses mail",
    "temporary-failure": "the mailbox could not be reached for three days; it may be full",
    "technical-failure": "Notify and the provider behind it could not send it",
}
"""What Notify says of a letter that it took and could not deliver."""
_DELIVERED = "delivered"
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(rf"(?:.*-)?({_ID})-({_ID})", re.IGNORECASE | re.DOTALL)
_PASSING = frozenset({401, 403, 408, 425, 429})
"""Our key, our clock or our pace is at fault, not the letter."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a letter that was handed over."""

    state: Literal["delivered", "failed", "open"]
    words: str = ""


@dataclass(frozen=True, slots=True)
class NotifyTransport:
    """Hands letters to GOV.UK Notify. Attachments stay behind: Notify carries none."""

    service_id: str
    secret: str = field(repr=False)
    template_id: str
    own_site: str
    """Our pages' address, without a trailing slash: what leads elsewhere is no link in a letter."""
    reply_to_id: str | None = None
    url: str = URL
    patience: float = 15.0
    now: Callable[[], datetime] = machine_now

    def send(self, outbox_id: UUID, letter: EmailMessage) -> None:
        """Hand over the letter. What concerns its address, its template or a trial is final, everything else temporary."""
        [to] = letter["To"].addresses
        body = letter.get_body(("plain",))
        sent: dict[str, Any] = {
            "email_address": to.addr_spec,
            "template_id": self.template_id,
            "personalisation": {
                "subject": str(letter["Subject"]),
                "body": unformatted(str(body.get_content()) if body else "", self.own_site),
            },
            "reference": str(outbox_id),
        }
        if self.reply_to_id:
            sent["email_reply_to_id"] = self.reply_to_id
        answer = self._ask("POST", "/v2/notifications/email", content=json.dumps(sent).encode())
        if answer.status_code != 201:
            raise _failure(answer)

    def has_taken(self, outbox_id: UUID) -> bool:
        """Tell whether Notify has a letter and has not failed to deliver it. Raises TemporaryFailure when it does not say."""
        newest = self._newest(outbox_id)
        return newest is not None and newest not in FAILURES

    def fate(self, outbox_id: UUID) -> Fate:
        """Return what became of a letter. Raises TemporaryFailure when Notify does not say."""
        status = self._newest(outbox_id)
        if status == _DELIVERED:
            return Fate("delivered")
        if status is not None and status in FAILURES:
            return Fate("failed", f"{status}: {FAILURES[status]}")
        return Fate("open")

    def _newest(self, outbox_id: UUID) -> str | None:
        """Return the status of the newest notification with a reference, None where there is none."""
        answer = self._ask("GET", "/v2/notifications", params={"reference": str(outbox_id)})
        if answer.status_code != 200:
            raise TemporaryFailure(f"Notify did not say what became of it: {_words(answer)}")
        try:
            found = answer.json()["notifications"]
            newest = max(found, key=lambda each: str(each["created_at"]), default=None)
            return None if newest is None else str(newest["status"])
        except (ValueError, KeyError, TypeError) as problem:
            raise TemporaryFailure("Notify did not say what became of it: the answer is of another shape") from problem

    def _ask(self, method: str, path: str, **also: Any) -> httpx.Response:
        claims = {"iss": self.service_id, "iat": int(self.now().timestamp())}
        token = jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(self.secret))
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": "evidence-enquiry-service",
        }
        try:
            with httpx.Client(timeout=self.patience, follow_redirects=False) as client:
                return client.request(method, self.url + path, headers=headers, **also)
        except httpx.HTTPError as problem:
            raise TemporaryFailure(f"Notify cannot be reached ({type(problem).__name__})") from problem


def read_key(key: str) -> tuple[str, str] | None:
    """Return the service's id and the secret that an API key ends with; None when it is no key of Notify's."""
    found = _KEY.fullmatch(key.strip())
    return (found[1], found[2]) if found else None


def _failure(answer: httpx.Response) -> TemporaryFailure | FinalFailure:
    passes = answer.status_code in _PASSING or not 400 <= answer.status_code <= 499
    return (TemporaryFailure if passes else FinalFailure)(_words(answer))


def _words(answer: httpx.Response) -> str:
    """Return what Notify says is wrong, in its own words where it has some."""
    try:
        told = "; ".join(f"{each['error']}: {each['message']}" for each in answer.json()["errors"])
    except (ValueError, KeyError, TypeError):
        told = ""
    return f"{answer.status_code} {told}".strip()
