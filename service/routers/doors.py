"""Who may come in at a JSON door: bearer keys, and the roles each door is for."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from service.clock import machine_now
from service.errors import Problem
from service.principals import STAFF, Principal, Role
from service.records import keys
from service.routers.calls import Call
from service.routers.services import Services, context_of, services_of

logger = logging.getLogger(__name__)

SCHEME = {"bearer": {"type": "http", "scheme": "bearer", "description": "An API key, shown once when it was made."}}


def authenticated(request: Request) -> Principal:
    """Return whose key came with the request. Raises Problem 401, with the scheme to use."""
    services = services_of(request)
    secret = bearer_of(request)
    if not secret:
        raise _unauthenticated("Send Authorization: Bearer KEY.", "Bearer")
    digest = services.tokens.digest(secret)
    now = context_of(request).now
    holder = services.database.read(lambda unit: keys.holder_of(unit, digest, now, services.staff))
    if holder is None:
        logger.warning("refused a key that is unknown, expired or revoked, or whose holder left the team")
        raise _unauthenticated(
            "The key is unknown, expired or revoked, or its holder is of the team no longer. Ask the service for a new one.",
            'Bearer error="invalid_token"',
        )
    if holder.principal.key_id is not None:
        services.budgets.take(services.database, holder.principal.key_id, machine_now())
    if not holder.is_seen:
        _note_use(services, holder.principal, now)
    return holder.principal


def bearer_of(request: Request) -> str:
    """Return the key that came with the request; empty without one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def door(*roles: Role) -> Callable[[Request, Principal], Call]:
    """Return the dependency that lets only these roles in. Raises Problem 403 for others."""

    def enter(request: Request, principal: Annotated[Principal, Depends(authenticated)]) -> Call:
        if principal.role not in roles:
            allowed = ", ".join(role.value for role in roles)
            logger.warning(
                "refused key %s of role %s: its role does not open this door", principal.key_id, principal.role
            )
            raise Problem("forbidden", 403, f"This door is for: {allowed}. The key's role is {principal.role.value}.")
        request.state.actor = principal
        return Call(request, services_of(request), context_of(request, principal))

    enter.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the test that lists every route's guard
    return enter


def _note_use(services: Services, principal: Principal, now: datetime) -> None:
    key_id = principal.key_id
    if key_id is None:
        return
    try:
        services.database.transact(lambda unit: keys.note_use(unit, key_id, now))
    except Problem as problem:
        # A database that only reads just now still answers: when a key was last used can be told later.
        logger.warning("the use of key %s was not recorded: %s", key_id, problem.detail)


def _unauthenticated(detail: str, challenge: str) -> Problem:
    return Problem("authentication-required", 401, detail, headers={"WWW-Authenticate": challenge})


enter_as_manager = door(*sorted(STAFF))
enter_as_lead = door(Role.SERVICE_LEAD)
enter_as_university = door(Role.UNIVERSITY)
enter_for_projects = door(Role.UNIVERSITY, *sorted(STAFF))
enter_for_figures = door(Role.FUNDER, *sorted(STAFF))
enter_as_operator = door(Role.OPERATOR)

ManagerCall = Annotated[Call, Depends(enter_as_manager)]
LeadCall = Annotated[Call, Depends(enter_as_lead)]
UniversityCall = Annotated[Call, Depends(enter_as_university)]
ProjectCall = Annotated[Call, Depends(enter_for_projects)]
"""Managers, and the university whose project it is."""
FiguresCall = Annotated[Call, Depends(enter_for_figures)]
OperatorCall = Annotated[Call, Depends(enter_as_operator)]
