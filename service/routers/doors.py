"""Who may come in at a JSON door: bearer keys, and the roles each door is for."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from service.errors import Problem
from service.principals import STAFF, Principal, Role
from service.records import keys
from service.routers.calls import Call
from service.routers.services import context_of, services_of

SCHEME = {"bearer": {"type": "http", "scheme": "bearer", "description": "An API key, shown once when it was made."}}


def authenticated(request: Request) -> Principal:
    """Return whose key came with the request. Raises Problem 401, with the scheme to use."""
    services = services_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise _unauthenticated("Send Authorization: Bearer KEY.", "Bearer")
    digest = services.tokens.digest(secret.strip())
    now = context_of(request).now
    principal = services.database.read(lambda unit: keys.principal_of(unit, digest, now))
    if principal is None:
        raise _unauthenticated(
            "The key is unknown, expired or revoked. Ask the service for a new one.", 'Bearer error="invalid_token"'
        )
    return principal


def door(*roles: Role) -> Callable[[Request, Principal], Call]:
    """Return the dependency that lets only these roles in. Raises Problem 403 for others."""

    def enter(request: Request, principal: Annotated[Principal, Depends(authenticated)]) -> Call:
        if principal.role not in roles:
            allowed = ", ".join(role.value for role in roles)
            raise Problem("forbidden", 403, f"This door is for: {allowed}. The key's role is {principal.role.value}.")
        request.state.actor = principal
        return Call(request, services_of(request), context_of(request, principal))

    enter.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the test that lists every route's guard
    return enter


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
