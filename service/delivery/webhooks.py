"""Pokes as Standard Webhooks writes and signs them (https://www.standardwebhooks.com)."""

import hmac
import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpcore

from service.delivery.failures import FinalFailure, TemporaryFailure
from service.delivery.guarded import Guard, UnsafeAddress, post
from service.records.tables import OutboxMessage
from service.settings import Settings

SECONDS = 10.0
"""How long one poke may take in all."""
_GONE = 410


class Gone(FinalFailure):
    """The system at the address answers that it is gone: it is not to be poked again."""


def guard_of(settings: Settings) -> Guard:
    """Return which addresses this installation calls."""
    return Guard(
        allowed=frozenset(host.rstrip(".") for host in settings.webhook_allow_hosts),
        needs_https=settings.environment == "production",
    )


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the `v1` signature of a message under a secret written `whsec_…`."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode('ascii')}"


def body_of(message: OutboxMessage) -> bytes:
    """Return what a poke says; the same bytes at every try."""
    said = {
        "type": message.kind,
        "timestamp": message.params["timestamp"],
        "data": {"seq": message.params["seq"]},
    }
    return json.dumps(said, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Poster:
    """Takes pokes to where universities want them."""

    guard: Guard
    seconds: float = SECONDS
    trust: ssl.SSLContext | None = None
    """Whose certificates are believed; the usual authorities' when left out."""

    def send(self, message: OutboxMessage, url: str, secrets: Sequence[str], machine_now: datetime) -> None:
        """Deliver a poke, signed with each secret at the machine's instant.

        Only 2xx is success. Raises Gone for 410, and TemporaryFailure for everything else: a redirect, a refusal, no answer
        in time, an address that may not be called.
        """
        message_id, timestamp, body = str(message.id), int(machine_now.timestamp()), body_of(message)
        try:
            target = self.guard.target(url)
            headers = [
                ("Host", target.authority),
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                ("User-Agent", "evidence-enquiry-service"),
                ("Connection", "close"),
                ("webhook-id", message_id),
                ("webhook-timestamp", str(timestamp)),
                ("webhook-signature", " ".join(signature(each, message_id, timestamp, body) for each in secrets)),
            ]
            status = post(self.guard, target, headers, body, seconds=self.seconds, trust=self.trust)
        except UnsafeAddress as refusal:
            raise TemporaryFailure(f"not called: {refusal}") from refusal
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as problem:
            raise TemporaryFailure(f"no answer: {_plainly(problem)}") from problem
        if status == _GONE:
            raise Gone("answered 410 Gone, so the webhook was switched off")
        if not 200 <= status <= 299:
            also = "; redirects are not followed" if 300 <= status <= 399 else ""
            raise TemporaryFailure(f"answered {status}{also}")


def _plainly(problem: Exception) -> str:
    """Say what went wrong in kind, without words that the other side could choose."""
    if isinstance(problem.__cause__ or problem, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(problem):
        return "its certificate is not valid for this host"
    if isinstance(problem, httpcore.TimeoutException | TimeoutError):
        return "it took too long"
    if isinstance(problem, httpcore.ProtocolError):
        return "what came is no HTTP"
    if isinstance(problem, OSError):
        return "its name could not be looked up"
    return "the connection failed"
