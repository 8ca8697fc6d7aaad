"""One invented enquiry with the people around it, in short words for the plots."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from service.actions.brief import save_brief
from service.actions.converse import Words, converse
from service.actions.progress import progress
from service.actions.submit import OnBehalf, submit_on_behalf
from service.context import Context
from service.demo.questions import Question
from service.demo.stage import Stage
from service.principals import Principal, Role
from service.records import briefs, projects
from service.records.database import Unit
from service.records.tables import BriefVersion, Enquiry, Entry, Project
from service.vocabulary import METHODS, POPULATIONS
from service.workflows import commands as c
from service.workflows.products import wanted_product
from service.workflows.stages import STAGES
from service.working_time import local_date

T = TypeVar("T")

_USUAL_WAY = sum(stage.working_days for stage in STAGES)
"""Working days from the question to the start of the work."""
_USUAL_WORK = 30
_HASTE = (1.1, 1.3, 0.75, 1.2, 1.5)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for whom, and from where."""

    name: str
    email: str
    organisation: str
    sector: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One enquiry's course. `ending` is an outcome, or the state in which the year leaves it."""

    number: int
    question: Question
    asker: Asker
    ending: str
    channel: str


class Case:
    """An enquiry on the stage: what its owner, its enquirer and the universities do to it."""

    def __init__(self, stage: Stage, plot: Plot) -> None:
        self.stage, self.plot = stage, plot
        self.owner = stage.managers[plot.number % len(stage.managers)]
        self.id, self.enquirer = stage.act(self.owner, self._submit)

    def _submit(self, unit: Unit, ctx: Context) -> tuple[UUID, Principal]:
        question, asker = self.plot.question, self.plot.asker
        enquiry = submit_on_behalf(
            unit,
            ctx,
            OnBehalf(
                question=self.text,
                name=asker.name,
                email=asker.email,
                organisation=asker.organisation,
                channel=self.plot.channel,
                details={
                    "purpose": question.purpose,
                    "topics": list(question.topics),
                    "sector": asker.sector,
                    "enquiry_type": question.enquiry_type,
                    "population": list(question.population),
                    "methods": list(question.methods),
                    "place": asker.organisation,
                    "organisation_shown": "named",
                    "needed_by": local_date(ctx.now) + timedelta(days=days_until_wanted(self.plot.number, question)),
                },
            ),
        )
        return enquiry.id, Principal(role=Role.ENQUIRER, person_id=enquiry.enquirer_id, name=asker.name)

    @property
    def text(self) -> str:
        """The question as it is asked here."""
        return self.plot.question.text.replace("{place}", self.plot.asker.organisation)

    def does(self, command: c.Command, actor: Principal | None = None) -> Enquiry:
        """Put an event to the enquiry, as its owner unless somebody else is named."""
        known = self.stage.corpus
        return self.stage.act(
            actor or self.owner, lambda unit, ctx: progress(unit, ctx, self.id, command, corpus=known).enquiry
        )

    def asks(self, work: Callable[[Unit, Context], T], actor: Principal | None = None) -> T:
        """Run another of the service's actions."""
        return self.stage.act(actor or self.owner, work)

    def says(
        self, kind: str, body: str, *, direction: str = "out", visibility: str = "enquirer", minutes: int | None = None
    ) -> Entry:
        """Put something in the conversation."""
        words = Words(kind=kind, visibility=visibility, direction=direction, body=body, minutes=minutes)
        return self.asks(lambda unit, ctx: converse(unit, ctx, self.id, words))

    def writes_brief(self) -> None:
        """Save a brief whose sections follow from the question."""
        question = self.plot.question
        sections = {
            "purpose": question.purpose,
            "questions": f"{self.text}\nFor whom does it work, under what circumstances, and at what cost?",
            "population_setting_place": f"{', '.join(POPULATIONS[code] for code in question.population)}; "
            f"{self.plot.asker.organisation}.",
            "scope": "Published research from 2010 on, and local data where they exist. No new clinical trials.",
            "known": "We have a local needs assessment and two years of service data.",
            "methods": ", ".join(METHODS[code] for code in question.methods) or "Open to advice.",
            "outputs_audiences": "A four page summary for members, and a full report for officers.",
            "timescale": "Findings are needed before the decision; an interim note would help.",
            "budget_procurement": "Up to £20,000, as research and development.",
            "data_access_time": "Anonymised service data; one officer for half a day a month.",
            "users": "The commissioning team and the portfolio holder.",
        }
        self.asks(lambda unit, ctx: save_brief(unit, ctx, self.id, sections))

    def brief(self) -> BriefVersion:
        """Return the newest version of the brief."""
        found = self.stage.database.read(lambda unit: briefs.newest(unit, self.id))
        if found is None:
            raise LookupError("no brief yet")
        return found

    def project(self) -> Project:
        """Return the enquiry's project."""

        def current(unit: Unit) -> Project | None:
            enquiry = unit.get(Enquiry, self.id)
            return projects.fresh(unit, enquiry.project_id) if enquiry and enquiry.project_id else None

        found = self.stage.database.read(current)
        if found is None:
            raise LookupError("no project yet")
        return found


def days_until_wanted(number: int, question: Question) -> int:
    """Return in how many days an answer is wanted: mostly time enough for the usual way to it, and one in five too soon."""
    product = wanted_product(None, question.methods, question.enquiry_type)
    working_days = _USUAL_WAY + (product.typical if product else _USUAL_WORK)
    return round(working_days * 7 / 5 * _HASTE[number % len(_HASTE)]) + number * 37 % 30
