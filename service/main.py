"""The web composition root: build the application from its settings."""

import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from service import __version__
from service.clock import clock_from
from service.lasting import lasting
from service.records.corpus import Corpus
from service.records.database import Database
from service.records.library import Library
from service.records.matters import Matters
from service.routers import api, middleware, openapi, pages, problems
from service.routers.budgets import Budgets
from service.routers.enquire import account
from service.routers.services import Services
from service.routers.universities import hot_poll
from service.settings import Settings, load
from service.sources.encoders import find_encoder
from service.sources.openid import Client, Provider
from service.tokens import Tokens

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"


def app_from_environment() -> FastAPI:
    """Return the application as the environment describes it: what each of the server's processes calls.

    A process that was started by another ends with it, so that nobody goes on answering without a scheduler beside.
    """
    starter = parent_process()
    if starter is not None:
        Thread(target=_end_with, args=(starter.sentinel,), name="watches the server", daemon=True).start()
    with lasting():
        return build(load())


def _warm(services: Services) -> None:
    """Read what is searched before anybody asks: a large directory takes a while, once in a process's life."""
    for follow in (services.library.follow, services.matters.follow, services.corpus.follow):
        try:
            services.database.read(follow)
        except Exception:
            logger.warning("what is searched could not be read beforehand; the first search will", exc_info=True)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def collaborators(settings: Settings) -> Services:
    """Return what the doors need from the house. Opens no connection; raises ValueError when CLOCK or the model cannot be read."""
    found = find_encoder(settings.matching_model, settings.matching_model_sha256)
    model = found.encoder.model if found.encoder else None
    return Services(
        settings=settings,
        database=Database(settings.database_url),
        clock=clock_from(settings.clock),
        tokens=Tokens(settings.secret_key, settings.secret_key_before),
        encoder=found.encoder,
        encoder_detail=found.detail,
        corpus=Corpus(model),
        matters=Matters(model),
        library=Library(model),
        budgets=Budgets(settings.key_calls_a_minute),
        provider=provider_of(settings),
    )


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider at which the team may sign in, if there is one. It is asked nothing before somebody does."""
    if not settings.has_provider:
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        secret=settings.oidc_client_secret,
        redirect_uri=settings.public_url + account.BACK,
        email_claim=settings.oidc_email_claim,
        verified_claim=settings.oidc_verified_claim,
        strengths=settings.oidc_acr,
    )
    return Provider(client)


def build(settings: Settings) -> FastAPI:
    """Return the application. Opens no connection; raises ValueError when CLOCK or the model cannot be read."""
    services = collaborators(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        services.drain.listen(settings.drain_seconds)
        Thread(target=_warm, args=(services,), name="reads what is searched", daemon=True).start()
        yield
        services.database.dispose()
        services.drain.end()

    app = FastAPI(
        title=settings.service_name,
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.services = services
    problems.install(app, pages.problem_page)
    hot_poll.install(app)
    middleware.install(app, settings, pages.problem_page)
    # Pages are not compressed, but for those of figures: one that repeats what a visitor sent beside its form's token would let the token be guessed.
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC, check_dir=False)), name="static")
    for router in (*api.ROUTERS, *pages.ROUTERS):
        app.include_router(router)
    openapi.install(app)
    return app
