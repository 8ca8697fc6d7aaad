"""Signed and digested texts: what a link carries, what a form sends back, and what is kept of a secret."""

import hashlib
import hmac
import json
import secrets
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from itsdangerous import BadSignature, Signer


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in at a provider, from leaving to coming back, by machine time."""

    seed: str
    """Drawn for it; state, nonce and the proof of who began it are worked out from it."""
    next_path: str
    begun: datetime
    is_again: bool
    """Asked for a second time by somebody who is in already, so the provider has to ask them too."""


class Tokens:
    """Makes and reads tokens under one secret. Each purpose has a salt of its own, so none stands in for another."""

    def __init__(self, secret: str, before: str = "") -> None:
        """Sign with `secret`, and read what the secret `before` it signed, where one is given; ValueError without a secret."""
        if not secret:
            raise ValueError("tokens need a secret to sign with")
        self._secrets = [before, secret] if before else [secret]

    def sign_in_token(self, link_id: UUID) -> str:
        """Return the token that opens the sign-in link `link_id`. Whether it is still good, its row says."""
        return self._signed("sign-in", link_id)

    def read_sign_in_token(self, token: str) -> UUID | None:
        """Return the id of the link that `token` opens, or None when it was not made here."""
        return self._read("sign-in", token)

    def draft_token(self, enquiry_id: UUID) -> str:
        """Return the token that opens the draft `enquiry_id` again from an emailed link."""
        return self._signed("draft", enquiry_id)

    def read_draft_token(self, token: str) -> UUID | None:
        """Return the id of the draft that `token` opens, or None when it was not made here."""
        return self._read("draft", token)

    def csrf_token(self, key: str) -> str:
        """Return what a form shown to the session or visitor `key` must send back."""
        return self._signer("csrf").get_signature(key).decode("ascii")

    def is_csrf_token(self, token: str, key: str) -> bool:
        """Tell whether `token` was made for `key`, in time that does not depend on where they differ."""
        return self._signer("csrf").verify_signature(key.encode("utf-8"), token.encode("utf-8", "replace"))

    def webhook_secret(self, webhook_id: UUID, rotation: int) -> str:
        """Return the secret that signs what is sent to a webhook, as Standard Webhooks writes it; the same each time."""
        return self.webhook_secrets(webhook_id, rotation)[0]

    def webhook_secrets(self, webhook_id: UUID, rotation: int) -> list[str]:
        """Return the webhook's secret, and after it the one under the secret before: both sign until that is taken away."""
        signer, said = self._signer("webhook"), b"%b/%d" % (webhook_id.bytes, rotation)
        drawn = [hmac.digest(signer.derive_key(each), said, "sha256") for each in reversed(self._secrets)]
        return [f"whsec_{b64encode(each).decode('ascii')}" for each in drawn]

    def flow_cookie(self, flow: "Flow") -> str:
        """Return what a browser keeps between leaving for a provider and coming back."""
        said = json.dumps([flow.seed, flow.next_path, int(flow.begun.timestamp()), flow.is_again])
        return self._signer("flow").sign(urlsafe_b64encode(said.encode()).rstrip(b"=")).decode("ascii")

    def read_flow_cookie(self, cookie: str) -> "Flow | None":
        """Return what `flow_cookie` kept, or None when it was not made here. How old it may be, its reader decides."""
        try:
            written = self._signer("flow").unsign(cookie.encode("ascii"))
            seed, next_path, begun, is_again = json.loads(urlsafe_b64decode(written + b"=="))
        except (BadSignature, ValueError):
            return None
        return Flow(seed, next_path, datetime.fromtimestamp(begun, UTC), is_again=is_again)

    def flow_part(self, part: str, seed: str) -> str:
        """Return a secret of 43 characters that only this service can work out from a flow's seed: one for each `part`."""
        return self._signer(f"flow-{part}").get_signature(seed).decode("ascii")

    def fingerprint(self, words: str) -> str:
        """Return what is kept of words that people chose: whoever has the secret and guesses them can tell that it was they."""
        return hmac.digest(self._signer("fingerprint").derive_key(), words.encode("utf-8", "replace"), "sha256").hex()

    @staticmethod
    def digest(secret_text: str) -> str:
        """Return what is stored of a secret: its SHA-256 in hexadecimal. For drawn secrets only, never for passwords."""
        return hashlib.sha256(secret_text.encode("utf-8", "replace")).hexdigest()

    @staticmethod
    def new_secret() -> str:
        """Return a fresh secret of 256 bits, safe in an address, a cookie and a header."""
        return secrets.token_urlsafe(32)

    def _signed(self, purpose: str, subject: UUID) -> str:
        return self._signer(purpose).sign(urlsafe_b64encode(subject.bytes).rstrip(b"=")).decode("ascii")

    def _read(self, purpose: str, token: str) -> UUID | None:
        try:
            written = self._signer(purpose).unsign(token.encode("ascii"))
            return UUID(bytes=urlsafe_b64decode(written + b"=="))
        except (BadSignature, ValueError):
            return None

    def _signer(self, purpose: str) -> Signer:
        return Signer(self._secrets, salt=purpose, sep=".", key_derivation="hmac", digest_method=hashlib.sha256)
