"""Signed and digested texts: what a link carries, what a form sends back, and what is kept of a secret."""

import hashlib
import hmac
import secrets
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from itsdangerous import BadSignature, Signer


class Tokens:
    """Makes and reads tokens under one secret. Each purpose has a salt of its own, so none stands in for another."""

    def __init__(self, secret: str) -> None:
        """Sign with `secret`; ValueError when there is none."""
        if not secret:
            raise ValueError("tokens need a secret to sign with")
        self._secret = secret

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
        return secrets.compare_digest(token.encode("utf-8", "replace"), self.csrf_token(key).encode("ascii"))

    def webhook_secret(self, webhook_id: UUID, rotation: int) -> str:
        """Return the secret that signs what is sent to a webhook, as Standard Webhooks writes it; the same each time."""
        drawn = hmac.digest(self._signer("webhook").derive_key(), b"%b/%d" % (webhook_id.bytes, rotation), "sha256")
        return f"whsec_{b64encode(drawn).decode('ascii')}"

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
        return Signer(self._secret, salt=purpose, sep=".", key_derivation="hmac", digest_method=hashlib.sha256)
