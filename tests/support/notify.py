"""GOV.UK Notify on this machine, as strict as the real one about who asks and what, and with its usual troubles."""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import jwt

from tests.support.answering import answering

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"enquiries_live-{SERVICE}-{SECRET}"
TEMPLATE, REPLY_TO = "f33517ff-2a88-4f6e-b855-c550268ce08a", "8e222534-7f05-4972-86e3-17c5d9f894e2"

Mood = Literal["busy", "broken", "forgetful", "away", "rubbish"]
"""429, 500, taken without saying so, a connection that ends without an answer, an answer that is no JSON."""


@dataclass
class Notify:
    """What was taken, with the fate of each, and the moods the next answers are in."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Every request, by its method and path."""
    moods: deque[Mood] = field(default_factory=deque)
    refused: dict[str, str] = field(default_factory=dict)
    """What is said of an address that is not written to."""

    def fates(self, status: str) -> None:
        """Let this become of everything that was taken."""
        for each in self.taken:
            each["status"] = status


@contextmanager
def notify() -> Iterator[Notify]:
    """Serve until the end of the block."""
    kept = Notify()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(lambda: _send(kept, urlsplit(self.path).path, sent))

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            self._answer(lambda: _look(kept, address.path, parse_qs(address.query)))

        def _answer(self, work: Any) -> None:
            kept.asked.append(f"{self.command} {urlsplit(self.path).path}")
            mood = kept.moods.popleft() if kept.moods else None
            self.close_connection = True
            if mood == "away":
                return
            if mood == "busy":
                status, said = _error(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests")
            elif mood == "broken":
                status, said = _error(500, "Exception", "Internal server error")
            else:
                status, said = _unauthorised(self.headers.get("Authorization", "")) or work()
            if mood == "forgetful":
                return
            body = b"<html>" if mood == "rubbish" else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as port:
        kept.url = f"http://127.0.0.1:{port}"
        yield kept


Said = tuple[int, Any]


def _unauthorised(header: str) -> Said | None:
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer":
        return _error(401, "AuthError", "Unauthorized: authentication token must be provided")
    try:
        if jwt.get_unverified_header(token) != {"alg": "HS256", "typ": "JWT"}:
            return _error(403, "AuthError", "Invalid token: algorithm used is not HS256")
        options: Any = {"require": ["iss", "iat"], "verify_iat": False}
        claims = jwt.decode(token, SECRET, ["HS256"], options=options)
    except jwt.InvalidTokenError:
        return _error(403, "AuthError", "Invalid token: signature, api token not found")
    if claims["iss"] != SERVICE:
        return _error(403, "AuthError", "Invalid token: service not found")
    if type(claims["iat"]) is not int or abs(datetime.now(UTC).timestamp() - claims["iat"]) > 30:
        return _error(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
    return None


def _send(kept: Notify, path: str, sent: dict[str, Any]) -> Said:
    if path != "/v2/notifications/email":
        return _error(404, "NotFound", "Not found")
    extra = set(sent) - {"email_address", "template_id", "personalisation", "reference", "email_reply_to_id"}
    if extra:
        return _error(400, "ValidationError", f"Additional properties are not allowed ({', '.join(extra)})")
    if sent["template_id"] != TEMPLATE:
        return _error(400, "BadRequestError", "Template not found")
    if sent.get("email_reply_to_id", REPLY_TO) != REPLY_TO:
        return _error(400, "BadRequestError", "email_reply_to_id does not exist in database")
    if set(sent["personalisation"]) != {"subject", "body"}:
        return _error(400, "BadRequestError", "Missing personalisation")
    if sent["email_address"] in kept.refused:
        return _error(400, "BadRequestError", kept.refused[sent["email_address"]])
    UUID(sent["reference"])
    made = datetime.now(UTC) + timedelta(microseconds=len(kept.taken))
    kept.taken.append({**sent, "id": str(uuid4()), "status": "created", "created_at": made.isoformat()})
    return 201, {"id": kept.taken[-1]["id"], "reference": sent["reference"], "content": {}, "uri": "", "template": {}}


def _look(kept: Notify, path: str, parameters: dict[str, list[str]]) -> Said:
    if path != "/v2/notifications":
        return _error(404, "NotFound", "Not found")
    found = [each for each in kept.taken if each["reference"] == parameters["reference"][0]]
    return 200, {"notifications": found[::-1], "links": {"current": path}}


def _error(status: int, kind: str, message: str) -> Said:
    return status, {"status_code": status, "errors": [{"error": kind, "message": message}]}
