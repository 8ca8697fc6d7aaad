"""What every door needs from the house, handed over by the composition root."""

import secrets
from dataclasses import dataclass, field

from fastapi import Request

from service.clock import Clock
from service.context import Context
from service.matching.vectors import Encoder
from service.principals import PUBLIC, Principal, Staff
from service.records.corpus import Corpus
from service.records.database import Database
from service.records.library import Library
from service.records.matters import Matters
from service.records.pollers import Pollers
from service.routers.budgets import Budgets
from service.routers.draining import Drain
from service.routers.figures.kept import Kept
from service.settings import Settings
from service.sources.openid import Provider
from service.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Services:
    """One installation's collaborators, built once at boot."""

    settings: Settings
    database: Database
    clock: Clock
    tokens: Tokens
    encoder: Encoder | None = None
    """What works out the meaning of texts; None where matching goes by words alone."""
    encoder_detail: str = ""
    """Why there is none."""
    corpus: Corpus = field(default_factory=Corpus)
    matters: Matters = field(default_factory=Matters)
    library: Library = field(default_factory=Library)
    drain: Drain = field(default_factory=Drain)
    pollers: Pollers = field(default_factory=Pollers)
    budgets: Budgets = field(default_factory=lambda: Budgets(0))
    figures: Kept = field(default_factory=Kept)
    provider: Provider | None = None
    """Where the team may sign in with an account; None where they cannot."""

    @property
    def staff(self) -> Staff:
        """Return whose addresses sign in as staff here, and whether links let them in."""
        return Staff.named_in(self.settings)


def services_of(request: Request) -> Services:
    """Return the collaborators of the app that received this request."""
    found: Services = request.app.state.services
    return found


def context_of(request: Request, actor: Principal = PUBLIC) -> Context:
    """Return the request's context: one instant and one id, however often it is asked."""
    services = services_of(request)
    if not hasattr(request.state, "now"):
        request.state.now = services.clock.now()
    if not hasattr(request.state, "request_id"):
        request.state.request_id = secrets.token_hex(8)
    return Context(
        now=request.state.now,
        actor=actor,
        request_id=request.state.request_id,
        nation=services.settings.service_nation,
    )
