"""The whole app in this process, over one database and a clock moved by hand, with clients that hold keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.datastructures import State

from service.actions import keys, people
from service.actions.keys import KeyRole
from service.context import Context
from service.main import build, collaborators
from service.records.database import Database
from service.records.pollers import Pollers
from service.routers.services import Services
from service.settings import Settings
from tests.support.clock import HandClock
from tests.support.engines import database_at
from tests.support.recall import arrive, recalled

SECRET = "a secret for tests, long enough to sign with"
HOOKS = "hooks.university.example"
"""A host that need not be looked up to be registered."""
MANAGER, LEAD = "mo@service.example", "sal@service.example"

# An app learns its routes at its first request, in a tenth of a second and some megabytes; installations that differ only
# in their database may follow one another in the same app.
_idle: dict[str, list[FastAPI]] = {}


class House:
    """One installation. `client(role)` opens its doors with a fresh key of that role."""

    def __init__(self, url: str, clock: HandClock | None = None, **settings: object) -> None:
        self.settings = Settings.model_validate(
            {
                "database_url": url,
                "secret_key": SECRET,
                "base_url": "http://testserver",
                "scheduler": "off",
                "webhook_allow_hosts": HOOKS,
                **settings,
            }
        )
        self.clock = clock or HandClock()
        self.kind = self.settings.model_dump_json(exclude={"database_url"})
        self._alike = _idle.setdefault(self.kind, [])
        self.app = self._alike.pop() if self._alike else build(self.settings)
        services: Services = replace(
            collaborators(self.settings),
            clock=self.clock,
            database=database_at(url),
            # Tests change what a poll may keep for a second of machine time, and look at once.
            pollers=Pollers(timedelta(0)),
        )
        self.app.state = State({"services": services})
        self.database: Database = services.database

    def close(self) -> None:
        """Let go of the database, as it is, and leave the app to the next installation with these settings."""
        arrive()
        self.database.dispose()
        self._alike.append(self.app)

    def ctx(self) -> Context:
        """Return the moment as the service itself acts in it."""
        return Context(now=self.clock.now(), nation=self.settings.service_nation)

    def key(self, role: KeyRole, *, organisation: str | None = None, email: str | None = None) -> str:
        """Return a new key's secret; staff keys are for one person each, unless told whose."""
        email = email or {"manager": MANAGER, "service_lead": LEAD}.get(role)
        entry = keys.KeyEntry(name=f"{role} for a test", role=role, organisation=organisation, email=email)
        made = ("key", repr(entry), repr(self.ctx()), self.kind)
        return recalled(
            self.database,
            made,
            lambda: self.database.transact(lambda unit: keys.create_key(unit, self.ctx(), entry)).secret,
        )

    def client(self, role: KeyRole, *, organisation: str | None = None, email: str | None = None) -> TestClient:
        """Return a client that shows a new key."""
        if role == "university" and organisation is None:
            organisation = "Durham University"
        return self.visitor(self.key(role, organisation=organisation, email=email))

    def visitor(self, key: str | None = None) -> TestClient:
        """Return a client that shows this key, or none."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False, follow_redirects=False)

    def person(self, name: str, email: str, **fields: object) -> str:
        """Return the id of a person added by the service itself."""
        entry = people.PersonEntry.model_validate({"name": name, "email": email, **fields})
        return str(self.database.transact(lambda unit: people.add_person(unit, self.ctx(), entry)).id)


@contextmanager
def house(url: str, clock: HandClock | None = None, **settings: object) -> Iterator[House]:
    """Open an installation for the length of a `with` block."""
    opened = House(url, clock, **settings)
    try:
        yield opened
    finally:
        opened.close()


def ok(answer: Response, status: int = 200) -> Any:
    """Return the JSON of an answer, which must have this status."""
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer: Response, status: int, slug: str) -> Any:
    """Return the problem document of an answer, which must be of this status and type."""
    told = ok(answer, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == f"/problems/{slug}", told
    return told
