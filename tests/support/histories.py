"""One enquiry in memory, moved only by Decisions: what the actions do to the database, done to plain values."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from service.principals import Principal, Role
from service.states import BriefState, EnquiryState, OfferState, Outcome, ProjectState, WaitingOn
from service.workflows import commands as c
from service.workflows.decide import decide_project
from service.workflows.facts import (
    Around,
    BriefFacts,
    CallFacts,
    EnquiryFacts,
    InterestFacts,
    OfferFacts,
    ProjectFacts,
    QuotedEntry,
)
from service.workflows.invariants import CallRecord, CaseFacts, Step, VersionFacts
from service.workflows.verdicts import Decision
from service.working_time import LONDON

MANAGERS = (UUID(int=1), UUID(int=2))
UNIVERSITIES = (UUID(int=10), UUID(int=11), UUID(int=12))
ENQUIRER = UUID(int=3)
SYSTEM = Principal(role=Role.SYSTEM)
_WITH_PROJECT = frozenset(
    {EnquiryState.COSTING, EnquiryState.FUNDING, EnquiryState.CONTRACTING, EnquiryState.COMMISSIONED}
)
_BEGUN = frozenset({ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.DELIVERED})
_SETTLED = frozenset({BriefState.SENT, BriefState.AGREED, BriefState.PUBLISHED})


@dataclass
class Version:
    number: int
    text: str
    state: BriefState = BriefState.DRAFT
    sent_at: datetime | None = None
    agreed_text: str | None = None
    fed: set[str] = field(default_factory=set)

    def facts(self) -> BriefFacts:
        sections = {"purpose": self.text, "questions": self.text}
        return BriefFacts(self.number, self.state, f"#{self.text}", sections, self.sent_at)

    def as_stored(self) -> VersionFacts:
        agreed = None if self.agreed_text is None else f"#{self.agreed_text}"
        fed = frozenset(f"#{text}" for text in self.fed)
        return VersionFacts(self.number, self.state, f"#{self.text}", f"#{self.text}", agreed, fed)


@dataclass
class Call:
    version: int
    opened_at: datetime
    reply_by: date
    recipients: int
    is_open: bool = True
    pulled: bool = False

    def facts(self) -> CallFacts:
        return CallFacts(self.reply_by, self.version, self.opened_at, self.is_open, self.recipients)


@dataclass
class Offer:
    id: UUID
    interest: InterestFacts
    offered_at: datetime
    respond_by: date
    state: OfferState = OfferState.OPEN

    def facts(self) -> OfferFacts:
        organisation = self.interest.organisation_id
        return OfferFacts(self.id, self.interest.id, organisation, self.state, self.offered_at, self.respond_by)


@dataclass
class History:
    """The enquiry, and everything that hangs on it. `today` moves; what is recorded is recorded at noon."""

    today: date = date(2026, 1, 5)
    state: EnquiryState = EnquiryState.DRAFT
    waiting_on: WaitingOn = WaitingOn.ENQUIRER
    question: str = ""
    phone: str | None = None
    owner: UUID | None = None
    organisation_shown: str | None = None
    hold_until: date | None = None
    outcome: Outcome | None = None
    closed_from: EnquiryState | None = None
    closed_on: date | None = None
    call_pulled: bool = False
    versions: list[Version] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    interests: list[InterestFacts] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    preferred: tuple[UUID, ...] = ()
    met: bool = False
    chased: bool = False
    projects: list[ProjectFacts] = field(default_factory=list)
    costs_agreed: int | None = None
    steps: list[Step] = field(default_factory=list)
    project_steps: list[Step] = field(default_factory=list)
    said: tuple[datetime, Role] | None = None
    """When somebody outside last said something, and who wrote it down."""

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), LONDON)

    @property
    def brief(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    @property
    def call(self) -> Call | None:
        return self.calls[-1] if self.calls else None

    @property
    def open_offer(self) -> Offer | None:
        return next((offer for offer in self.offers if offer.state == OfferState.OPEN), None)

    @property
    def project(self) -> ProjectFacts | None:
        return self.projects[-1] if self.projects else None

    def change_project(self, **changes: object) -> None:
        self.projects[-1] = replace(self.projects[-1], **changes)  # type: ignore[arg-type]

    # --------------------------------------------------------------------------------------------------- what is known
    def facts(self) -> EnquiryFacts:
        brief, call, offer = self.brief, self.call, self.open_offer
        return EnquiryFacts(
            state=self.state,
            waiting_on=self.waiting_on,
            question=self.question,
            enquirer_name="Sam Okafor",
            enquirer_phone=self.phone,
            enquirer_id=ENQUIRER,
            owner_id=self.owner,
            on_hold=self.hold_until is not None,
            hold_until=self.hold_until,
            outcome=self.outcome,
            closed_on=self.closed_on,
            closed_from=self.closed_from,
            call_pulled=self.call_pulled,
            reopen_until=self.closed_on + timedelta(days=84) if self.closed_on else None,
            organisation_shown=self.organisation_shown,
            brief=brief.facts() if brief else None,
            published_version=next((v.number for v in self.versions if v.state == BriefState.PUBLISHED), None),
            call=call.facts() if call else None,
            interests=tuple(self.interests),
            offer=offer.facts() if offer else None,
            preference_recorded=bool(self.preferred),
            preferred=self.preferred,
            joint_meeting_logged=self.met,
            chasers_spent=self.chased,
            project=self.project,
        )

    def around(self) -> Around:
        quoted = self.said and QuotedEntry(
            id=UUID(int=40),
            direction="in",
            automatic=False,
            redacted=False,
            occurred_at=self.said[0],
            visibility="enquirer",
            author_role=self.said[1],
        )
        return Around(
            today=self.today,
            working_days_to={self.today + timedelta(days=ahead): ahead * 5 // 7 for ahead in range(60)},
            quoted=quoted,
            partners=frozenset(UNIVERSITIES),
            staff=frozenset(MANAGERS),
        )

    def case(self) -> CaseFacts:
        return CaseFacts(
            reference="4J7KQ2-M",
            state=self.state,
            waiting_on=self.waiting_on,
            submitted=bool(self.steps),
            outcome=self.outcome,
            closed_from=self.closed_from,
            on_hold=self.hold_until is not None,
            hold_until=self.hold_until,
            owner_id=self.owner,
            call_pulled=self.call_pulled,
            versions=tuple(version.as_stored() for version in self.versions),
            calls=tuple(CallRecord(call.version, call.is_open, call.recipients, call.pulled) for call in self.calls),
            offers=tuple(offer.state for offer in self.offers),
            projects=tuple(project.state for project in self.projects),
            project=self.project.state if self.project else None,
            costs_version=self.project.costs_version if self.project else None,
            costs_agreed_version=self.costs_agreed,
            steps=tuple(self.steps),
            project_steps=tuple(self.project_steps),
        )

    # ------------------------------------------------------------------------------------------------ what is recorded
    def record(self, decision: Decision, command: c.Command) -> None:
        """Apply a Decision about the enquiry."""
        assert decision.source == self.state
        assert isinstance(decision.target, EnquiryState)
        self.state, self.waiting_on = decision.target, decision.waiting_on
        self.steps.append(Step(decision.event, decision.source, decision.target, decision.waiting_on))
        effect = getattr(self, f"_{decision.event}", None)
        if effect is not None:
            effect(command)

    def record_of_project(self, decision: Decision) -> None:
        """Apply a Decision about the project."""
        assert isinstance(decision.target, ProjectState)
        self.change_project(state=decision.target)
        self.project_steps.append(Step(decision.event, decision.source, decision.target))
        if decision.event == "deliver":
            self.change_project(delivered_at=self.now)

    def fire(self, command: c.Command) -> None:
        """Do to the project what an event of the enquiry brings with it."""
        decision = decide_project(self.facts(), command, SYSTEM, self.around())
        assert isinstance(decision, Decision), decision
        self.record_of_project(decision)

    def save_brief(self, text: str) -> None:
        if self.brief is None or self.brief.state != BriefState.DRAFT:
            for version in self.versions:
                if version.state in {BriefState.SENT, BriefState.AGREED}:
                    version.state = BriefState.SUPERSEDED
            self.versions.append(Version(len(self.versions) + 1, text))
        else:
            self.brief.text = text

    def _accept(self, command: c.Accept) -> None:
        self.owner = command.owner or self.owner or MANAGERS[0]

    def _send_for_agreement(self, command: c.SendForAgreement) -> None:
        assert self.brief
        self.brief.state, self.brief.sent_at = BriefState.SENT, self.now

    def _request_changes(self, command: c.RequestChanges) -> None:
        assert self.brief
        self.save_brief(self.brief.text)

    def _agree(self, command: c.Agree) -> None:
        assert self.brief
        self.brief.state, self.brief.agreed_text = BriefState.AGREED, command.hash.removeprefix("#")

    def _feed(self) -> None:
        assert self.brief
        for version in self.versions:
            if version.state == BriefState.PUBLISHED:
                version.state = BriefState.SUPERSEDED
        self.brief.state = BriefState.PUBLISHED
        self.brief.fed.add(self.brief.text)

    def _open_call(self, reply_by: date, recipients: int) -> None:
        version = next(v.number for v in reversed(self.versions) if v.state == BriefState.PUBLISHED)
        self.calls.append(Call(version, self.now, reply_by, recipients))

    def _publish(self, command: c.Publish) -> None:
        self._feed()
        self._open_call(command.reply_by or self.today + timedelta(days=14), len(command.recipients))

    def _relaunch(self, command: c.Relaunch) -> None:
        self._open_call(command.reply_by, len(command.recipients))

    def _extend(self, command: c.Extend) -> None:
        assert self.call
        self.call.reply_by = command.reply_by

    def _revise(self, command: c.Revise) -> None:
        self._feed()

    def _end_call(self, *, pulled: bool) -> None:
        for call in self.calls:
            if call.is_open:
                call.is_open, call.pulled = False, pulled
                self.call_pulled = self.call_pulled or pulled

    def _pull(self, command: c.Pull) -> None:
        self._end_call(pulled=True)
        for version in self.versions:
            if version.state in _SETTLED:
                version.state = BriefState.WITHDRAWN

    def _close_call(self, command: c.CloseCall) -> None:
        self._end_call(pulled=False)
        if self.brief and self.brief.state != BriefState.PUBLISHED:
            self.brief.state = BriefState.WITHDRAWN

    def _offer(self, command: c.MakeOffer) -> None:
        chosen = next(interest for interest in self.interests if interest.id == command.interest)
        respond_by = command.respond_by or self.today + timedelta(days=14)
        self.offers.append(Offer(uuid5(chosen.id, str(len(self.offers))), chosen, self.now, respond_by))

    def _answer_offer(self, answer: OfferState) -> Offer:
        offer = self.open_offer
        assert offer
        offer.state = answer
        return offer

    def _gone(self, interest: UUID) -> None:
        self.interests = [replace(i, declined_offer=True) if i.id == interest else i for i in self.interests]

    def _accept_offer(self, command: c.AcceptOffer) -> None:
        offer = self._answer_offer(OfferState.ACCEPTED)
        self.projects.append(
            ProjectFacts(uuid5(offer.id, "project"), ProjectState.PLANNED, offer.interest.organisation_id)
        )
        self.costs_agreed, self.project_steps = None, []

    def _decline_offer(self, command: c.DeclineOffer) -> None:
        self._gone(self._answer_offer(OfferState.DECLINED).interest.id)

    def _lead_withdraws(self, command: c.LeadWithdraws) -> None:
        self.fire(c.TerminateProject())
        accepted = next(offer for offer in reversed(self.offers) if offer.state == OfferState.ACCEPTED)
        accepted.state = OfferState.DECLINED
        self._gone(accepted.interest.id)

    def _submit_costing(self, command: c.SubmitCosting) -> None:
        assert self.project
        self.change_project(costs_submitted_version=self.project.costs_version, costs_submitted_at=self.now)

    def _agree_costs(self, command: c.AgreeCosts) -> None:
        self.costs_agreed = command.version

    def _descope(self, command: c.Descope) -> None:
        self.change_project(costs_submitted_version=None, costs_submitted_at=None)
        self.costs_agreed = None

    def _commission(self, command: c.Commission) -> None:
        self.fire(c.StartProject())

    def _end(self, outcome: Outcome) -> None:
        self.outcome, self.closed_on = outcome, self.today
        self.closed_from = EnquiryState(self.steps[-1].from_state)
        self.hold_until = None
        self._end_call(pulled=True)
        for offer in self.offers:
            if offer.state == OfferState.OPEN:
                offer.state = OfferState.STOOD_DOWN
        # A planned project is kept: reopening finds it again.
        if self.project and self.project.state in _BEGUN:
            self.fire(c.TerminateProject())

    def _complete(self, command: c.Complete) -> None:
        self._end(Outcome.COMPLETED)

    def _close(self, command: c.Close) -> None:
        self._end(command.outcome)

    def _reopen(self, command: c.Reopen) -> None:
        self.outcome, self.closed_on, self.closed_from = None, None, None
        # Back before the choice, a project that was only planned is of no use.
        if self.state not in _WITH_PROJECT and self.project and self.project.state == ProjectState.PLANNED:
            self.fire(c.TerminateProject())

    def _hold(self, command: c.Hold) -> None:
        self.hold_until = command.until

    def _resume(self, command: c.Resume) -> None:
        self.hold_until = None

    def _reframe(self, command: c.Reframe) -> None:
        self.question = command.question

    def _reassign(self, command: c.Reassign) -> None:
        self.owner = command.owner

    # -------------------------------------------------------------------------------------------- facts of other kinds
    def receive_interest(self, organisation: UUID, *, conflicts: str | None, shown: bool) -> None:
        number = len(self.interests)
        self.interests.append(
            InterestFacts(
                uuid5(organisation, str(number)),
                organisation,
                conflicts=conflicts,
                show_enquirer=shown,
                capacity_days=number,
            )
        )

    def change_costs(self, total: Decimal) -> None:
        assert self.project
        self.change_project(
            costs_version=self.project.costs_version + 1,
            cost_lines=1,
            cost_total=total,
            cost_cash=total,
            start_on=self.today,
            end_on=self.today + timedelta(days=90),
        )
