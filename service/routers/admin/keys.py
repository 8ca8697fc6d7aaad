"""Keys for machines: shown once when made or replaced."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from service.actions import keys
from service.errors import not_found
from service.records import keys as held
from service.records.database import Unit
from service.routers.calls import Answer, Call
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.keys import KeyChanged, KeyRotated, KeySent, KeyShown, NewKeyShown

router = APIRouter(prefix="/api/v1/api-keys", route_class=JsonRoute, tags=["reference data"])


def known(call: ManagerCall, key_id: UUID) -> UUID:
    """Return the id of a key that there is. Raises Problem 404."""
    if call.read(lambda unit: held.find(unit, key_id)) is None:
        raise not_found("key")
    return key_id


KeyId = Annotated[UUID, Depends(known)]


@router.get("", response_model=Page[KeyShown], responses=PROBLEMS(400))
def list_keys(
    call: ManagerCall, role: keys.KeyRole | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Keys without their secrets, the newest first."""
    before = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            held.page(unit, role=role, before=before, limit=limit + 1),
            limit,
            show=lambda row: KeyShown.of(row, call.ctx.now, call.services.staff),
            place=lambda row: row[0].id,
        )
    )


@router.post("", status_code=201, response_model=NewKeyShown, responses=PROBLEMS(body=True))
def create_key(call: ManagerCall, body: KeySent) -> Response:
    """Make a key. The answer shows it this once, so Idempotency-Key is refused here."""
    return call.write(
        lambda unit: _made(unit, call, keys.create_key(unit, call.ctx, body, call.services.staff)), returns_secret=True
    )


@router.post("/{key_id}/rotate", status_code=201, response_model=NewKeyShown, responses=PROBLEMS(404, body=True))
def rotate_key(call: ManagerCall, key_id: KeyId, body: KeyRotated | None = None) -> Response:
    """Make the key that replaces this one, which lives on for the overlap. Idempotency-Key is refused here."""

    def work(unit: Unit) -> Answer:
        made = keys.rotate_key(unit, call.ctx, key_id, body or KeyRotated(), call.services.staff)
        return _made(unit, call, made)

    return call.write(work, returns_secret=True)


@router.get("/{key_id}", response_model=KeyShown, responses=PROBLEMS(404))
def show_key(call: ManagerCall, key_id: KeyId) -> Response:
    """One key, without its secret."""
    return call.look_up(lambda unit: Answer(_shown(unit, call, key_id)))


@router.patch("/{key_id}", response_model=KeyShown, responses=PROBLEMS(404, body=True))
def change_key(call: ManagerCall, key_id: KeyId, body: KeyChanged) -> Response:
    """Rename a key, set when it ends, or revoke it at once."""

    def work(unit: Unit) -> Answer:
        keys.change_key(unit, call.ctx, key_id, body)
        return Answer(_shown(unit, call, key_id))

    return call.write(work)


def _shown(unit: Unit, call: Call, key_id: UUID) -> KeyShown:
    return KeyShown.of(_row(unit, key_id), call.ctx.now, call.services.staff)


def _made(unit: Unit, call: Call, made: keys.NewKey) -> Answer:
    shown = NewKeyShown.made(_row(unit, made.row.id), made, call.ctx.now, call.services.staff)
    return Answer(shown, 201, {"Location": f"{router.prefix}/{made.row.id}"})


def _row(unit: Unit, key_id: UUID) -> held.KeyRow:
    row = held.find(unit, key_id)
    if row is None:
        raise not_found("key")
    return row
