"""The stage: the service's own actions, at a moment of the invented year, by an actor."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from service.context import Context
from service.principals import SYSTEM, Principal, Role
from service.records.corpus import Corpus
from service.records.database import Database, Unit

T = TypeVar("T")


@dataclass(slots=True)
class Stage:
    """One database, one moment, and the people who act in it."""

    database: Database
    nation: str
    now: datetime
    chance: random.Random
    managers: list[Principal] = field(default_factory=list)
    universities: list[UUID] = field(default_factory=list)
    corpus: Corpus = field(default_factory=Corpus)

    def act(self, actor: Principal, work: Callable[[Unit, Context], T]) -> T:
        """Run one piece of work as `actor`, now, in its own transaction."""
        ctx = Context(now=self.now, actor=actor, request_id="demo", nation=self.nation)
        return self.database.transact(lambda unit: work(unit, ctx))

    def system(self, work: Callable[[Unit, Context], T]) -> T:
        """Run one piece of work as the service itself."""
        return self.act(SYSTEM, work)

    def university(self, organisation_id: UUID) -> Principal:
        """Return a university's principal."""
        return Principal(role=Role.UNIVERSITY, organisation_id=organisation_id, name="a university")

    def enquirer(self, person_id: UUID) -> Principal:
        """Return an enquirer's principal."""
        return Principal(role=Role.ENQUIRER, person_id=person_id)
