"""One enquiry driven through the service's own actions to wherever a test begins.

`Journey(database, clock).published()` walks from the question to the open call; every step first takes those before it
that have not been taken yet, so a test names only the place it wants. Steps return the journey.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from service.actions import agreement, costs, deliverables, funding, respond
from service.actions.brief import save_brief
from service.actions.converse import Words, converse
from service.actions.progress import progress, progress_project
from service.actions.submit import OnBehalf, submit_on_behalf
from service.clock import Clock
from service.context import Context
from service.principals import Principal, Role
from service.records import briefs, calls, people, projects
from service.records.database import Database, Unit
from service.records.tables import BriefVersion, Enquiry, Interest, Offer, Organisation, Person, Project
from service.workflows import commands as c
from service.working_time import local_date
from tests.support.clock import HandClock
from tests.support.recall import recalled

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

COUNCIL = "Gateshead Council"
UNIVERSITIES = ("Northumbria University", "Newcastle University", "Durham University")
SECTIONS = {
    "purpose": "Cabinet decides in the spring whether to go on with the scheme.",
    "questions": "Do warmer homes mean fewer visits to A&E?\nFor whom, and at what cost?",
    "population_setting_place": "Tenants aged over 65 in social housing.",
    "methods": "Linked routine data and interviews.",
    "timescale": "Something usable by the end of March.",
}
TERMS = {
    "roles": "The university leads; the council gives access.",
    "time_expected": "Two days a month of an officer's time.",
    "ground_rules": "No surprises.",
    "decision_rights": "A steering group meets monthly.",
    "ip_background": "Each keeps its own.",
    "ip_foreground": "Free for both to use.",
    "publication_terms": "In full, after 30 days' notice.",
    "ethics_route": "The university's committee.",
    "data_protection_route": "An agreement on sharing anonymous data.",
}


class Cast:
    """The people and bodies of a database's journeys, found by name or address before they are made."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self.database = database
        self.clock = clock or HandClock()

    def organisation(
        self, name: str, kind: str = "council", *, partner: bool = False, nation: str = "england_and_wales"
    ) -> UUID:
        """Return the id of the organisation with this name."""

        def work(unit: Unit) -> UUID:
            found = people.organisation_named(unit, name)
            if found is None:
                found = Organisation(
                    name=name, name_key=people.name_key(name), kind=kind, partner=partner, nation=nation,
                    area="north_east", created_at=self.clock.now(),
                )  # fmt: skip
                unit.add(found)
                unit.flush()
            return found.id

        made = ("organisation", name, kind, partner, nation, self.clock.now())
        return recalled(self.database, made, lambda: self.database.transact(work))

    def university(self, name: str, contact: str | None = None) -> UUID:
        """Return the id of a partner university; `contact` is the address of somebody who receives its calls."""
        organisation_id = self.organisation(name, "university", partner=True)
        if contact is not None:
            self.person(contact, name=f"Contact at {name}", organisation_id=organisation_id, is_contact=True)
        return organisation_id

    def person(
        self,
        email: str,
        *,
        name: str,
        staff_role: str | None = None,
        organisation_id: UUID | None = None,
        is_contact: bool = False,
    ) -> UUID:
        """Return the id of the person with this address."""

        def work(unit: Unit) -> UUID:
            found = people.by_email(unit, email)
            if found is None:
                found = Person(
                    name=name, email=email, staff_role=staff_role, organisation_id=organisation_id,
                    is_contact=is_contact, confirmed_at=self.clock.now(), created_at=self.clock.now(),
                )  # fmt: skip
                unit.add(found)
                unit.flush()
            return found.id

        made = ("person", email, name, staff_role, organisation_id, is_contact, self.clock.now())
        return recalled(self.database, made, lambda: self.database.transact(work))

    def manager(self, email: str = "mo@service.example", name: str = "Mo Manager") -> Principal:
        """Return a research manager."""
        return Principal(role=Role.MANAGER, person_id=self.person(email, name=name, staff_role="manager"), name=name)

    def service_lead(self, email: str = "sal@service.example", name: str = "Sal Lead") -> Principal:
        """Return a service lead."""
        person_id = self.person(email, name=name, staff_role="service_lead")
        return Principal(role=Role.SERVICE_LEAD, person_id=person_id, name=name)


def _step(method: F) -> F:
    """Let a step that was taken before, from where this one begins, be recalled."""

    @wraps(method)
    def taken(self: "Journey", *args: object, **named: object) -> "Journey":
        name = method.__name__
        if name in self._taken and name != "interested" and not (args or named):
            return self

        def play() -> dict[str, Any]:
            method(self, *args, **named)
            return self.standing()

        doing = (name, repr(args), repr(named), self.clock.now(), self._named())
        vars(self).update(recalled(self.database, doing, play, is_step=True))
        return self

    return cast("F", taken)


class Journey(Cast):
    """One enquiry, its people, and the ids a test asks for as they come into being."""

    enquiry_id: UUID
    brief_id: UUID
    enquirer: Principal
    interest_id: UUID
    offer_id: UUID
    project_id: UUID
    council_id: UUID
    owner: Principal
    universities: list[UUID]

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        *,
        question: str = "Do warmer homes mean fewer visits to A&E?",
        organisation: str = COUNCIL,
        organisation_shown: str | None = "named",
        organisation_description: str | None = None,
        enquirer_email: str = "ann@council.example",
        universities: Sequence[str] = UNIVERSITIES,
    ) -> None:
        super().__init__(database, clock)
        self._taken: set[str] = set()
        self.question = question
        self.asking = organisation
        self.discretion = {
            "organisation_shown": organisation_shown,
            "organisation_description": organisation_description,
        }
        self.enquirer_email = enquirer_email
        self.interests: list[UUID] = []
        begun = ("begun", repr(universities), self.clock.now(), self._named())
        vars(self).update(recalled(self.database, begun, lambda: self._begin(universities)))

    def _begin(self, universities: Sequence[str]) -> dict[str, Any]:
        self.council_id = self.organisation(self.asking)
        self.owner = self.manager()
        self.universities = [self.university(name, f"calls@{name.split()[0].lower()}.example") for name in universities]
        return self.standing()

    def standing(self) -> dict[str, Any]:
        """Return what the journey knows of itself."""
        return {name: value for name, value in vars(self).items() if name not in {"database", "clock"}}

    def _named(self) -> str:
        return repr(sorted((self.standing() | {"_taken": sorted(self._taken)}).items()))

    # -------------------------------------------------------------------------------------------------- acting and looking
    def ctx(self, actor: Principal | None = None) -> Context:
        """Return the moment as the clock tells it, with the owner acting unless another is named."""
        return Context(now=self.clock.now(), actor=actor or self.owner, request_id="journey")

    def university_principal(self, university: UUID) -> Principal:
        """Return a university's system."""
        return Principal(role=Role.UNIVERSITY, organisation_id=university, name="a university's system")

    def act(self, command: c.Command, actor: Principal | None = None) -> Enquiry:
        """Put an event to the enquiry."""
        return self.database.transact(lambda unit: progress(unit, self.ctx(actor), self.enquiry_id, command).enquiry)

    def act_on_project(self, command: c.Command, actor: Principal | None = None) -> Project:
        """Put an event to the enquiry's project."""
        return self.database.transact(lambda unit: progress_project(unit, self.ctx(actor), self.enquiry_id, command)[0])

    def look(self, work: Callable[[Unit], T]) -> T:
        """Read something from one snapshot."""
        return self.database.read(work)

    def enquiry(self) -> Enquiry:
        """Return the enquiry as it stands."""

        def found(unit: Unit) -> Enquiry:
            enquiry = unit.get(Enquiry, self.enquiry_id)
            assert enquiry is not None
            return enquiry

        return self.look(found)

    @property
    def reference(self) -> str:
        """Return the enquiry's reference."""
        return self.enquiry().reference or ""

    def newest_brief(self) -> BriefVersion:
        """Return the brief's newest version."""
        version = self.look(lambda unit: briefs.newest(unit, self.enquiry_id))
        assert version is not None
        return version

    def project(self) -> Project:
        """Return the newest project."""
        return self.look(lambda unit: projects.fresh(unit, self.project_id))

    def say(self, body: str, **words: object) -> UUID:
        """Log something said with the enquirer (a message from them, unless told otherwise) and return its entry."""
        told: dict[str, object] = {"kind": "message", "visibility": "enquirer", "direction": "in", **words}
        ctx, enquiry_id = self.ctx(), self.enquiry_id

        def work(unit: Unit) -> UUID:
            return converse(unit, ctx, enquiry_id, Words(body=body, **told)).id  # type: ignore[arg-type]

        said = ("said", body, repr(told), repr(ctx), enquiry_id)
        return recalled(self.database, said, lambda: self.database.transact(work), is_step=True)

    def today(self) -> date:
        """Return the London day."""
        return local_date(self.clock.now())

    # ------------------------------------------------------------------------------------------------ up to the open call
    @_step
    def submitted(self, **details: object) -> Self:
        """Ask the question: triage."""
        if self._is_taken("submitted"):
            return self
        fields = OnBehalf(
            question=self.question,
            name="Ann Asker",
            email=self.enquirer_email,
            organisation=self.asking,
            details={name: value for name, value in {**self.discretion, **details}.items() if value is not None},
        )
        enquiry = self.database.transact(lambda unit: submit_on_behalf(unit, self.ctx(), fields))
        self.enquiry_id, self.brief_id = enquiry.id, enquiry.brief_id
        self.enquirer = Principal(role=Role.ENQUIRER, person_id=enquiry.enquirer_id, name="Ann Asker")
        return self

    @_step
    def accepted(self) -> Self:
        """Take it on: scoping."""
        self.submitted()
        return self if self._is_taken("accepted") else self._event(c.Accept())

    @_step
    def briefed(self, sections: Mapping[str, str] | None = None) -> Self:
        """Write the brief: drafting."""
        self.accepted()
        if not self._is_taken("briefed") or sections is not None:
            self.database.transact(lambda unit: save_brief(unit, self.ctx(), self.enquiry_id, sections or SECTIONS))
        return self

    @_step
    def sent(self) -> Self:
        """Send the brief for agreement: sign_off."""
        self.briefed()
        return self if self._is_taken("sent") else self._event(c.SendForAgreement())

    @_step
    def agreed(self) -> Self:
        """Let the enquirer agree the newest version."""
        self.sent()
        if self._is_taken("agreed"):
            return self
        version = self.newest_brief()
        return self._event(c.Agree(version=version.number, hash=version.hash), self.enquirer)

    @_step
    def published(self, recipients: Sequence[UUID] | None = None, reply_by: date | None = None) -> Self:
        """Publish to these universities, or to all: open_call."""
        self.agreed()
        if self._is_taken("published"):
            return self
        chosen = tuple(self.universities if recipients is None else recipients)
        return self._event(c.Publish(recipients=chosen, reply_by=reply_by))

    # -------------------------------------------------------------------------------------------------------- the choice
    @_step
    def interested(self, university: UUID | None = None, **facts: object) -> Self:
        """Let a university (the first, unless named) offer a team; each call adds one. The newest is `interest_id`."""
        self.published()
        self._is_taken("interested")
        chosen = self.universities[0] if university is None else university
        team: dict[str, object] = {
            "lead_name": "Dr Lee Lead",
            "lead_email": f"lee.{chosen.hex[-6:]}@university.example",
            "statement": "We have done this before.",
            "capacity_days": 40,
            "earliest_start": self.today() + timedelta(days=30),
            "cost_band": "20k_to_50k",
            **facts,
        }
        interest = self.database.transact(
            lambda unit: respond.offer_interest(
                unit,
                self.ctx(self.university_principal(chosen)),
                self.enquiry_id,
                chosen,
                respond.Team(**team),  # type: ignore[arg-type]
            )
        )
        self.interest_id = interest.id
        self.interests.append(interest.id)
        return self

    @_step
    def selecting(self) -> Self:
        """Close the call: selecting. One university is interested, unless some were already."""
        if "interested" not in self._taken:
            self.interested()
        return self if self._is_taken("selecting") else self._event(c.CloseCall())

    @_step
    def met(self) -> Self:
        """Log a meeting of the enquirer with researchers."""
        self.selecting()
        if not self._is_taken("met"):
            self.say("We met the team.", kind="meeting", direction="out", visibility="enquirer")
        return self

    @_step
    def offered(
        self, interest: UUID | None = None, alternates: Sequence[UUID] = (), respond_by: date | None = None
    ) -> Self:
        """Offer the work to one interest (the newest, unless named)."""
        self.met()
        if self._is_taken("offered"):
            return self
        chosen = self.interest_id if interest is None else interest
        waivers = tuple(
            c.Waiver(guard=guard, reason="They know each other well.")
            for guard in ("preference_recorded", "choice_explained", "conflicts_cleared")
        )
        self._event(c.MakeOffer(interest=chosen, alternates=tuple(alternates), respond_by=respond_by, waivers=waivers))
        self.interest_id = chosen
        self.offer_id = self._open_offer().id
        return self

    @_step
    def costing(self) -> Self:
        """Let the university accept the offer: costing, with a planned project."""
        self.offered()
        if self._is_taken("costing"):
            return self
        self._event(c.AcceptOffer(offer=self.offer_id), self.university_principal(self.chosen_university()))
        project_id = self.enquiry().project_id
        assert project_id is not None
        self.project_id = project_id
        return self

    @_step
    def offered_again(self, interest: UUID) -> Self:
        """After the lead withdrew, offer the work to another team, which accepts: costing, with another project."""
        waivers = tuple(
            c.Waiver(guard=guard, reason="Agreed by phone.") for guard in ("preference_recorded", "choice_explained")
        )
        self.act(c.MakeOffer(interest=interest, waivers=waivers))
        offer = self._open_offer()
        self.act(c.AcceptOffer(offer=offer.id), self.university_principal(offer.organisation_id))
        return self

    def chosen_university(self) -> UUID:
        """Return the university whose interest was chosen last."""

        def found(unit: Unit) -> UUID:
            interest = unit.get(Interest, self.interest_id)
            assert interest is not None
            return interest.organisation_id

        return self.look(found)

    # ------------------------------------------------------------------------------------------------ money and contract
    @_step
    def costed(self, amount: Decimal = Decimal("12000.00")) -> Self:
        """Let the university enter its costs and dates."""
        self.costing()
        if not self._is_taken("costed"):
            start = self.today() + timedelta(days=30)
            self.database.transact(
                lambda unit: costs.save_costs(
                    unit,
                    self.ctx(self.university_principal(self.chosen_university())),
                    self.project_id,
                    [costs.Line("Research time", amount, "cash")],
                    start,
                    start + timedelta(days=180),
                )
            )
        return self

    @_step
    def costs_submitted(self) -> Self:
        """Put the costs before the enquirer."""
        self.costed()
        if self._is_taken("costs_submitted"):
            return self
        return self._event(c.SubmitCosting(), self.university_principal(self.chosen_university()))

    @_step
    def funding(self) -> Self:
        """Let the enquirer agree the costs: funding."""
        self.costs_submitted()
        if self._is_taken("funding"):
            return self
        return self._event(c.AgreeCosts(version=self.project().costs_version), self.enquirer)

    @_step
    def contracting(self) -> Self:
        """Find the money and confirm it: contracting."""
        self.funding()
        if self._is_taken("contracting"):
            return self
        total = self.look(
            lambda unit: sum((line.amount for line in projects.cost_lines(unit, self.project())), Decimal(0))
        )
        source = funding.Source("Public health grant", total, "cash", "confirmed", evidence="Cabinet minute 14")
        self.database.transact(lambda unit: funding.add_funding_line(unit, self.ctx(), self.project_id, source))
        return self._event(c.ConfirmFunding(route="funded"))

    @_step
    def signed(self) -> Self:
        """Write the agreement, record both signatures, and plan a deliverable."""
        self.contracting()
        if self._is_taken("signed"):
            return self

        def work(unit: Unit) -> None:
            agreement.save_agreement(unit, self.ctx(), self.project_id, [self.asking, UNIVERSITIES[0]], TERMS)
            for party in ("commissioner", "university"):
                signature = agreement.Signed(party, f"The {party}", f"The {party}", self.today())
                agreement.sign(unit, self.ctx(), self.project_id, signature)
            due_on = self.today() + timedelta(days=120)
            deliverables.add_deliverable(unit, self.ctx(), self.project_id, "Final report", due_on)

        self.database.transact(work)
        return self

    # ------------------------------------------------------------------------------------------------------ the project
    @_step
    def commissioned(self) -> Self:
        """Commission: the project is active."""
        self.signed()
        return self if self._is_taken("commissioned") else self._event(c.Commission())

    @_step
    def delivered(self) -> Self:
        """Hand everything over."""
        self.commissioned()
        if not self._is_taken("delivered"):
            self.act_on_project(c.Deliver())
        return self

    @_step
    def delivery_accepted(self) -> Self:
        """Let the enquirer accept the delivery: the project is completed."""
        self.delivered()
        if not self._is_taken("delivery_accepted"):
            self.act_on_project(c.AcceptDelivery(), self.enquirer)
        return self

    @_step
    def completed(self) -> Self:
        """Complete: closed."""
        self.delivery_accepted()
        if self._is_taken("completed"):
            return self
        return self._event(
            c.Complete(plain_summary="It works for most.", output="A report.", publication="Published in full.")
        )

    # ----------------------------------------------------------------------------------------------------------- inside
    def _is_taken(self, step: str) -> bool:
        """Tell whether a step was taken before, and note that it is now."""
        taken = step in self._taken
        self._taken.add(step)
        return taken

    def _event(self, command: c.Command, actor: Principal | None = None) -> Self:
        self.act(command, actor)
        return self

    def _open_offer(self) -> Offer:
        offer = self.look(lambda unit: calls.open_offer(unit, self.enquiry_id))
        assert offer is not None
        return offer
