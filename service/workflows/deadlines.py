"""By when something usable has to be there: the day that was named, or the decision less what a council needs before it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from service.working_time import Calendar, add_working_days
from service.working_time.wording import full_date

AGENDA_CLEAR_DAYS, CLEARANCE_WORKING_DAYS = 5, 20
"""What a council is taken to need when nothing else is recorded of it (DOMAIN.md section 4)."""
KEY_DECISION_CLEAR_DAYS = 28
"""Days of public notice before a key decision: clear days, neither the notice's own nor the decision's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the date: when it is needed, when it is decided, and what the council needs before that."""

    needed_by: date | None = None
    decision_date: date | None = None
    is_key_decision: bool = False
    agenda_clear_days: int = AGENDA_CLEAR_DAYS
    clearance_working_days: int = CLEARANCE_WORKING_DAYS

    @property
    def notice_by(self) -> date | None:
        """The last day on which a key decision's public notice can appear, where one is due."""
        if self.decision_date is None or not self.is_key_decision:
            return None
        return self.decision_date - timedelta(days=KEY_DECISION_CLEAR_DAYS + 1)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One day on the way to the deadline, and how it came about."""

    label: str
    on: date
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last working day on which something usable helps, with the days that led to it, the latest first."""

    on: date
    basis: Literal["needed_by", "decision_date"]
    steps: tuple[Reckoned, ...]


def deadline(asked: Asked, calendar: Calendar) -> Deadline | None:
    """Return by when it has to be there, or None when nothing says. Raises CalendarRanOut beyond the calendar."""
    if asked.needed_by is not None:
        return _needed(asked.needed_by, calendar)
    if asked.decision_date is not None:
        return _decided(asked.decision_date, asked, calendar)
    return None


def _needed(day: date, calendar: Calendar) -> Deadline:
    worked = calendar.last_working_day(day)
    said = "That is the day it is needed by."
    if worked != day:
        said = f"It is needed by {full_date(day)}, which is not a working day: the last one before it counts."
    return Deadline(worked, "needed_by", (Reckoned("Something usable is there", worked, said),))


def _decided(day: date, asked: Asked, calendar: Calendar) -> Deadline:
    clear, clearance = asked.agenda_clear_days, asked.clearance_working_days
    # A clear day is neither the day of the agenda nor that of the meeting, so one more is counted.
    agenda = add_working_days(day, -(clear + 1) if clear else 0, calendar)
    agenda_on = agenda.due if clear else calendar.last_working_day(day)
    paper = add_working_days(agenda_on, -clearance, calendar)
    agenda_said = (
        f"{clear} clear {'day lies' if clear == 1 else 'days lie'} between the agenda and the meeting. {agenda.sentence()}"
        if clear
        else "No clear days are kept before the meeting."
    )
    return Deadline(
        paper.due,
        "decision_date",
        (
            Reckoned("The decision is taken", day, "That is the decision date."),
            Reckoned("The agenda goes out", agenda_on, agenda_said),
            Reckoned(
                "Something usable is there, and its paper goes to be cleared",
                paper.due,
                f"Clearing a paper takes {clearance} working {'day' if clearance == 1 else 'days'}. {paper.sentence()}",
            ),
        ),
    )
