"""The parts a reminder rule is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from service.states import WaitingOn
from service.workflows.reminders.facts import ReminderFacts


class Audience(StrEnum):
    """To whom a reminder goes; who that is, is found again on the day it is due."""

    ENQUIRER = "enquirer"
    OWNER = "owner"
    """The owner, or every manager while nobody owns the enquiry."""
    SERVICE_LEADS = "lead_service"
    CONTACTS = "contacts"
    """The people of the anchor's university who receive calls."""
    LEAD = "lead"
    """The lead researcher, or the university's contacts while none is known."""


STAFF_AUDIENCES = frozenset({Audience.OWNER, Audience.SERVICE_LEADS})


@dataclass(frozen=True, slots=True)
class Anchor:
    """One thing a rule reminds of, and the event its days are counted from."""

    id: UUID
    """The event, or what stands for one where nothing was recorded (a date that was set)."""
    at: datetime
    on: date
    """The day that is day 0; a date that was given counts as itself."""
    subject_id: UUID
    ends_on: date | None = None
    """The day that negative steps count back from, where it is not `on`."""
    organisation_id: UUID | None = None
    lead_person_id: UUID | None = None
    project_id: UUID | None = None
    deadline: date | None = None
    """The date that was given by a person, where the rule's own promise is not counted from the anchor."""
    told: tuple[tuple[str, str], ...] = ()
    """What the message says besides: `university`, `deliverable`."""


Only = Callable[[ReminderFacts, Anchor, date], bool]
"""Whether one step is still wanted, given the day it is due."""


@dataclass(frozen=True, slots=True)
class Step:
    """So many working days after the anchor (before it, when negative), to whom, in which words."""

    days: int
    to: Audience
    kind: str
    only: Only | None = None
    spends: bool = False
    """Once it is sent the enquirer has been chased to the end, and counts as dormant."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reminder rule of DOMAIN.md section 5.

    `anchors` finds what there is to remind of, `wanted` is the stop rule. A rule that `freezes` counts working days
    that a hold does not use up; one that does not stands on a date that people outside were given, which a hold does
    not move. `promised` is the step (in working days from the anchor) by which `holder` was to act: 0 is the anchor's
    own date, and `given` says whose date that is. With `every`, the last step comes again after so many working days for as long as it is wanted.
    Only a rule that `outlasts` the work is wanted of what is closed.
    """

    code: str
    anchors: Callable[[ReminderFacts], Iterable[Anchor]]
    wanted: Callable[[ReminderFacts, Anchor], bool]
    steps: tuple[Step, ...]
    freezes: bool = True
    pauses_with_project: bool = False
    promised: int | None = None
    holder: WaitingOn | None = None
    given: str = ""
    every: int | None = None
    outlasts: bool = False


def steps(days: Iterable[int], to: Audience, kind: str, only: Only | None = None) -> tuple[Step, ...]:
    """Return the same reminder on several days."""
    return tuple(Step(day, to, kind, only) for day in days)
