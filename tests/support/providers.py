"""OpenID Connect providers on this machine: a real one in its own process, and one of ours that misbehaves as told."""

import json
import subprocess
import sys
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from tests.support.answering import answering
from tests.support.serving import free_port

CLIENT, SECRET = "evidence", "s3cret/with:signs"


@contextmanager
def real_provider() -> Iterator[str]:
    """Run `oidc-provider-mock` and return its issuer once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(httpx.TransportError):
                if httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=2).is_success:
                    break
            time.sleep(0.05)
        yield issuer
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Misbehaving:
    """A provider that does everything right, but for what a test sets here."""

    issuer: str = ""
    key: Key = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    published: list[Any] = field(default_factory=list)
    """The keys it shows; its own where empty."""
    header: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """Said instead of what is right; None leaves a claim out."""
    metadata: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    """Sent instead of a token of its own making."""
    is_down: bool = False
    redirects_to: str = ""
    """Where every answer leads instead of answering."""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u1", "email": "mo@service.example", "email_verified": True}
    )
    asked: list[str] = field(default_factory=list)
    """The paths it was asked for."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, address: str) -> str:
        """Sign its person in at an authorization address, as a browser would, and return the address that leads back."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert said["response_type"] == "code"
        assert said["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = said
        return f"{said['redirect_uri']}?code={code}&state={said['state']}"

    def signed(self, said: dict[str, str]) -> str:
        """Return the ID token for a request."""
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": said["nonce"], **self.person}
        claims = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        return jwt.encode({"alg": algorithm, "kid": str(self.key.kid), **self.header}, claims, self.key)

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer at the token endpoint: one code once, to the client that shows its secret and the proof of who began."""
        said = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if said is None or said["code_challenge"] != challenge or form.get("redirect_uri") != said["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT}:s3cret%2Fwith%3Asigns":
            return 401, {"error": "invalid_client"}
        token = self.signed(said) if self.token is None else self.token
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}


@contextmanager
def misbehaving_provider() -> Iterator[Misbehaving]:
    """Serve one on a port of its own."""
    provider = Misbehaving()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self._answer(200, {
                    "issuer": provider.issuer,
                    "authorization_endpoint": f"{provider.issuer}/authorize?tenant=one",
                    "token_endpoint": f"{provider.issuer}/token",
                    "jwks_uri": f"{provider.issuer}/keys",
                    "end_session_endpoint": f"{provider.issuer}/out",
                    **provider.metadata,
                })  # fmt: skip
            elif self.path == "/keys":
                self._answer(200, {"keys": provider.published or [provider.key.as_dict(private=False)]})
            elif self.path.startswith("/authorize?"):  # for a real browser: nobody is asked anything
                self.send_response(302)
                self.send_header("location", provider.authorize(self.path))
                self.end_headers()
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.exchange(form, self.headers.get("authorization", "")))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(503 if provider.is_down else 302 if provider.redirects_to else status)
            if provider.redirects_to:
                self.send_header("location", provider.redirects_to)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as port:
        provider.issuer = f"http://127.0.0.1:{port}"
        yield provider
