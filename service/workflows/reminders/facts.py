"""What the reminder rules are told about one enquiry: what happened, what is outstanding, and who keeps which hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from service.states import (
    OPEN_STATES,
    BriefState,
    DeliverableStatus,
    EnquiryState,
    Outcome,
    ProjectState,
    WaitingOn,
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One recorded event."""

    id: UUID
    event: str
    at: datetime
    machine: str = "enquiry"


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of the conversation: a real one, never an automatic answer."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CallStanding:
    """The newest call."""

    reply_by: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class RecipientStanding:
    """One university's part in the newest call."""

    id: UUID
    organisation_id: UUID
    university: str = ""
    was_fetched: bool = False
    has_answered: bool = False
    is_interested: bool = False
    is_settled: bool = False
    """Accepted, or stood down."""


@dataclass(frozen=True, slots=True)
class OfferStanding:
    """The open offer."""

    id: UUID
    organisation_id: UUID
    respond_by: date
    university: str = ""
    lead_person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeliverableStanding:
    id: UUID
    title: str
    due_on: date
    status: DeliverableStatus
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """What one side recorded about the use of the findings; staff record for either side."""

    at: datetime
    by_role: str
    used: str


@dataclass(frozen=True, slots=True)
class ProjectStanding:
    id: UUID
    state: ProjectState
    organisation_id: UUID
    lead_person_id: UUID | None = None
    costs_are_submitted: bool = False
    signed_parties: frozenset[str] = frozenset()
    start_on: date | None = None
    end_on: date | None = None
    deliverables: tuple[DeliverableStanding, ...] = ()
    reported_until: tuple[date, ...] = ()
    """For each report the day it reaches to: its period's end, or the day it came in."""
    uses: tuple[Use, ...] = ()
    outcomes_stopped_for: frozenset[str] = frozenset()
    """The sides, `enquirer` and `lead`, that asked not to be asked about the use of the findings."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A reminder that went out."""

    rule: str
    subject_id: UUID
    addressee: str
    step: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Postponed:
    """An enquirer's *ask me later* about a reminder: the rule's clock stands still until then, and it is sent again."""

    follow_up_id: UUID
    rule: str
    subject_id: UUID
    addressee: str
    step: int
    root_id: UUID
    """The event the postponed reminder was anchored to."""
    asked_at: datetime
    until: date


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """One enquiry as the reminder rules see it. Nations are codes of `working_time.Nation`."""

    id: UUID
    state: EnquiryState
    waiting_on: WaitingOn
    today: date
    enquiry_nation: str
    staff_nation: str
    nations: Mapping[UUID, str] = field(default_factory=dict)
    """Of universities, by organisation."""
    state_since: datetime | None = None
    events: tuple[Happened, ...] = ()
    """In the order they were recorded."""
    draft_saved_at: datetime | None = None
    """When a draft that knows where to write to was last saved."""
    draft_kept_until: date | None = None
    on_hold: bool = False
    hold_until: date | None = None
    outcome: Outcome | None = None
    was_answered: bool = False
    """A person of the team has been in touch."""
    last_word: Word | None = None
    """The newest real word from the enquirer."""
    last_conversation: Word | None = None
    """The newest call or meeting, held or arranged."""
    brief_state: BriefState | None = None
    call: CallStanding | None = None
    recipients: tuple[RecipientStanding, ...] = ()
    alternates: frozenset[UUID] = frozenset()
    """Universities kept as alternates of the accepted offer."""
    offer: OfferStanding | None = None
    project: ProjectStanding | None = None
    satisfaction_given: bool = False
    asked: tuple[Asked, ...] = ()
    """Reminders sent, oldest first."""
    postponed: tuple[Postponed, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def latest(self, *events: str, machine: str = "enquiry") -> Happened | None:
        """Return the newest event with one of these codes, or None."""
        return next(
            (one for one in reversed(self.events) if one.machine == machine and one.event in events),
            None,
        )

    @property
    def pauses(self) -> tuple[tuple[datetime, datetime | None], ...]:
        """When the clocks stood still; a last one without an end still does."""
        found: list[tuple[datetime, datetime | None]] = []
        since: datetime | None = None
        for one in self.events:
            if one.machine != "enquiry":
                continue
            if one.event == "hold":
                since = since or one.at
            elif one.event in {"resume", "close", "complete"} and since is not None:
                found.append((since, one.at))
                since = None
        if since is not None and self.on_hold:
            found.append((since, None))
        return tuple(found)
