"""How long what is kept: the schedule as data, and the instant at which an enquiry's content has had its time.

Counted from the last closing. What is open, reopened, asked to be reopened or held is never due.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.states import EnquiryState, Outcome


class Category(StrEnum):
    """Which rule of the schedule a closed enquiry falls under."""

    SPAM = "spam"
    UNFUNDED = "unfunded"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Periods:
    """How long this installation keeps what may be configured."""

    spam_days: int = 30
    unfunded_years: int = 2
    project_years: int = 6
    letters_days: int = 28


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule, in words for whoever has to answer for it."""

    what: str
    goes: str
    stays: str
    since: str
    period: Callable[[Periods], str]
    setting: str | None = None
    """The variable that changes it; None for what the service promises everywhere."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the schedule looks at in one enquiry."""

    state: EnquiryState
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    has_project_record: bool = False
    """A project of it was begun, or an agreement about one was signed."""
    is_held: bool = False
    """It is under a legal hold."""
    reopening_asked: bool = False
    target_kept: bool = False
    """It was merged into another enquiry whose content is still there."""
    is_forgotten: bool = False


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


_LOG = "the event log without words or people, and the facts that figures count"

ENQUIRIES: Mapping[Category, Rule] = {
    Category.SPAM: Rule(
        "Enquiries closed as spam", "everything that was written, files, letters and who wrote", _LOG,
        "the last closing", lambda kept: _count(kept.spam_days, "day"), "RETAIN_SPAM_DAYS",
    ),
    Category.UNFUNDED: Rule(
        "People and their words on enquiries that led to no project",
        "names, addresses, questions, conversation, notes, briefs, replies, files and letters",
        f"{_LOG}; a published answer", "the last closing",
        lambda kept: _count(kept.unfunded_years, "year"), "RETAIN_PEOPLE_UNFUNDED_YEARS",
    ),
    Category.PROJECT: Rule(
        "Records of projects that were begun or signed for",
        "the same, and agreements, signatures, costs, funding, reports and what was answered about use",
        f"{_LOG}; the plain summary, the output and where it is published; a published answer", "the last closing",
        lambda kept: _count(kept.project_years, "year"), "RETAIN_PROJECT_RECORDS_YEARS",
    ),
}  # fmt: skip
SCHEDULE: tuple[Rule, ...] = (
    Rule("Questions begun and not sent", "the draft with its files and letters", "nothing", "the last save", lambda _: "28 days"),
    *ENQUIRIES.values(),
    Rule("Links that let somebody in", "the link", "nothing", "the end of their hour", lambda _: "28 days"),
    Rule(
        "Letters about no enquiry: to sign in, to tell of a listing, digests", "the letter and the tries at sending it", "nothing",
        "their leaving, or their being written where they were given up", lambda kept: _count(kept.letters_days, "day"), "RETAIN_LETTERS_DAYS",
    ),
    Rule("Sessions in browsers", "the session", "nothing", "their end", lambda _: "1 day"),
    Rule("Answers kept for repeated requests", "the answer", "nothing", "the answer", lambda _: "7 days"),
    Rule("Counts of requests by address", "the count", "nothing", "the count", lambda _: "1 day"),
)  # fmt: skip
"""The whole schedule, in the order in which it is read."""


def category(case: Standing) -> Category:
    """Return the rule that an enquiry falls under, or would if it were closed now."""
    if case.has_project_record:
        return Category.PROJECT
    return Category.SPAM if case.outcome == Outcome.SPAM else Category.UNFUNDED


def kept_until(case: Standing, periods: Periods) -> datetime | None:
    """Return when an enquiry's content has had its time, holds apart; None while it counts as active, and once it is gone."""
    if case.state != EnquiryState.CLOSED or case.closed_at is None or case.reopening_asked or case.is_forgotten:
        return None
    match category(case):
        case Category.SPAM:
            return case.closed_at + timedelta(days=periods.spam_days)
        case Category.UNFUNDED:
            return years_after(case.closed_at, periods.unfunded_years)
        case Category.PROJECT:
            return years_after(case.closed_at, periods.project_years)


def is_due(case: Standing, periods: Periods, now: datetime) -> bool:
    """Tell whether an enquiry's content goes now: a hold, or the enquiry it was merged into, may keep it longer."""
    until = kept_until(case, periods)
    return until is not None and until <= now and not case.is_held and not case.target_kept


def years_after(instant: datetime, years: int) -> datetime:
    """Return the same moment so many years on; 29 February becomes 1 March where there is none."""
    try:
        return instant.replace(year=instant.year + years)
    except ValueError:
        return instant.replace(year=instant.year + years, month=3, day=1)
