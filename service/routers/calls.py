"""One call at a JSON door: who calls, in which transaction it is answered, and how a repeat is recognised."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from service.context import Context
from service.errors import Problem
from service.records import idempotency
from service.records.database import Unit
from service.routers.requests import raw_body
from service.routers.services import Services

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers: a schema (or plain JSON), its status and headers."""

    body: BaseModel | Mapping[str, Any] | Sequence[Any] | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose caller is known."""

    request: Request
    services: Services
    ctx: Context

    def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` against one snapshot."""
        return self.services.database.read(work)

    def look_up(self, work: Callable[[Unit], Answer]) -> Response:
        """Answer a GET from one snapshot."""
        return _response(self.services.database.read(lambda unit: _rendered(work(unit))))

    def write(self, work: Callable[[Unit], Answer], *, returns_secret: bool = False) -> Response:
        """Answer from one writing transaction; nothing leaves before its commit.

        With an Idempotency-Key the answer (2xx only) is stored in the same transaction and replayed to the same
        request for seven days; a concurrent twin waits for the first, then gets its answer.
        """
        key = self.request.headers.get("idempotency-key") if self.request.method == "POST" else None
        if key is None:
            return _response(self.services.database.transact(lambda unit: _rendered(work(unit))))
        if returns_secret:
            raise Problem(
                "invalid-content", 422, "This answer holds a secret and is never stored: leave Idempotency-Key out."
            )
        if not 1 <= len(key) <= 255:
            raise Problem("invalid-content", 422, "Idempotency-Key is 1 to 255 characters long.")
        slot = self._slot(key)
        try:
            return _response(self.services.database.transact(lambda unit: self._once(unit, slot, work)))
        except Problem as refusal:
            # A twin may have ended between our looking for its answer and our doing the same again, which is then refused.
            stored = (
                self.services.database.transact(lambda unit: self._stored(unit, slot)) if refusal.status < 500 else None
            )
            if stored is None:
                raise
            return _response(stored)

    def require_match(self, unit: Unit, etag: str, changed: Callable[[str], Mapping[str, Any]] | None = None) -> None:
        """Refuse unless If-Match names `etag`: 428 without the header, 412 with the current one and what changed."""
        sent = self.request.headers.get("if-match")
        if sent is None:
            raise Problem(
                "precondition-required", 428, "Send If-Match with the ETag you read, so that nobody's change is lost."
            )
        tags = [tag.strip() for tag in sent.split(",")]
        if "*" in tags or etag in tags:
            return
        extra = dict(changed(tags[0]) if changed else {})
        raise Problem(
            "precondition-failed",
            412,
            "It has changed since you read it. Read it again before deciding.",
            headers={"ETag": etag},
            current_etag=etag,
            **extra,
        )

    def _slot(self, key: str) -> idempotency.Slot:
        return idempotency.Slot(
            caller=str(self.ctx.actor.key_id),
            key=key,
            method=self.request.method,
            path=self.request.url.path,
            body_digest=_digest_of(self.request),
        )

    def _stored(self, unit: Unit, slot: idempotency.Slot) -> "_Rendered | None":
        stored = idempotency.stored_answer(unit, slot, self.ctx.now)
        if stored is None:
            return None
        return _Rendered(stored.status, stored.body, {**stored.headers, "Idempotency-Replayed": "true"})

    def _once(self, unit: Unit, slot: idempotency.Slot, work: Callable[[Unit], Answer]) -> "_Rendered":
        stored = self._stored(unit, slot)
        if stored is not None:
            return stored
        rendered = _rendered(work(unit))
        idempotency.store(unit, slot, self.ctx.now, rendered.status, rendered.headers, rendered.body)
        return rendered


def _digest_of(request: Request) -> str:
    """Return what tells a request from another with the same key: its body, and what its query asks where there is one."""
    query = request.url.query.encode("utf-8", "replace")
    asked = hashlib.sha256(query).digest() if query else b""
    return hashlib.sha256(asked + raw_body(request)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Rendered:
    status: int
    body: str
    headers: dict[str, str]


def _rendered(answer: Answer) -> _Rendered:
    if answer.body is None:
        return _Rendered(answer.status, "", dict(answer.headers))
    plain = answer.body.model_dump(mode="json") if isinstance(answer.body, BaseModel) else answer.body
    return _Rendered(answer.status, json.dumps(plain, ensure_ascii=False, separators=(",", ":")), dict(answer.headers))


def _response(rendered: _Rendered) -> Response:
    headers = {"Cache-Control": "no-store", **rendered.headers}
    if not rendered.body:
        return Response(status_code=rendered.status, headers=headers)
    return Response(rendered.body, rendered.status, headers=headers, media_type="application/json")
