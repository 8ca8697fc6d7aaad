"""Today: what waits for somebody of the team, counted. Each line is an address of the queue and what it is narrowed to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from service.context import Context
from service.records import outbox, queue
from service.records.database import Unit
from service.records.needs import soon_from
from service.records.queue import Filters
from service.states import OPEN_STATES, EnquiryState, WaitingOn
from service.vocabulary import NEEDS
from service.working_time import local_date

Whose = Literal["me", "none", "team"]
"""Whose enquiries: a person's own, nobody's, everybody's."""

QUEUE, LETTERS = "/manage/queue", "/manage/settings/letters?status=failed"

_NOW = (
    "replied", "to_publish", "overdue", "due_today", "reply_by_passed", "question_waiting", "offer_unanswered", "no_interest",
    "hold_ended", "reopen_requested", "dormant", "unconfirmed", "mail_failed",
)  # fmt: skip
_SOON = ("due_soon", "late_interest")
_RISKS = ("at_risk", "tight")
_OPEN_ONLY = frozenset({"unconfirmed"})
"""What would count closed enquiries too, where it no longer matters."""
_HOLDERS: dict[WaitingOn, str] = {
    WaitingOn.TEAM: "the team",
    WaitingOn.ENQUIRER: "the enquirer",
    WaitingOn.UNIVERSITIES: "the universities",
    WaitingOn.LEAD: "the lead researcher",
    WaitingOn.FUNDER: "the funder",
    WaitingOn.SIGNATORIES: "those who sign",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at: its words, what the queue is narrowed to, and the address that does it."""

    code: str
    words: str
    filters: Filters
    path: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """What is to be done now and soon, what may come too late, and what waits on whom; lines with nothing left in."""

    now: list[Line]
    soon: list[Line]
    risks: list[Line]
    waiting: list[Line]
    unowned: Line
    """Open enquiries that nobody owns, whosever the rest is."""


def today(unit: Unit, ctx: Context, person_id: UUID, whose: Whose) -> Today:
    """Count what waits, with two queries and the calendar's. Letters are the one thing that no address of the queue shows."""
    scope = _Scope(person_id, whose, Filters(soon=soon_from(unit, ctx)))
    groups = [list(group) for group in (_now(scope), _flagged(scope, _SOON), _flagged(scope, _RISKS), _waiting(scope))]
    unowned = _line("unowned", "Nobody owns it yet", replace(scope, whose="none"), [("state", "open")], OPEN)
    asked = [line.filters for group in groups for line in group] + [unowned.filters]
    found = iter(queue.counts(unit, asked, local_date(ctx.now)))
    now, soon, risks, waiting = ([replace(line, count=next(found)) for line in group] for group in groups)
    if whose == "team":
        # Some are about no enquiry, so the team's are counted letter by letter.
        now = [line for line in now if line.code != "mail_failed"]
        now.append(Line("dead_letters", "Letters that could not be delivered", Filters(), LETTERS, outbox.failed(unit)))
    return Today(now, soon, risks, waiting, replace(unowned, count=next(found)))


def scope_of(person_id: UUID, whose: Whose) -> Filters:
    """Return what the queue is narrowed to for a person who looks at their own, nobody's or everybody's."""
    return _Scope(person_id, whose, Filters()).narrowed(OPEN)


@dataclass(frozen=True, slots=True)
class _Scope:
    person_id: UUID
    whose: Whose
    base: Filters

    def narrowed(self, filters: Filters) -> Filters:
        filters = replace(filters, soon=self.base.soon)
        if self.whose == "me":
            return replace(filters, owner=self.person_id)
        return replace(filters, unowned=True) if self.whose == "none" else filters

    @property
    def address(self) -> list[tuple[str, str]]:
        return [] if self.whose == "team" else [("owner", self.whose)]


OPEN = Filters(states=OPEN_STATES)


def _now(scope: _Scope) -> Iterator[Line]:
    new = Filters(states=(EnquiryState.TRIAGE,))
    yield _line("new", "New, and not taken on yet", scope, [("state", "triage")], new)
    if scope.whose == "me":
        # A date is its setter's, whoever owns the enquiry.
        dated = replace(scope.base, dated_by=scope.person_id)
        yield Line("staff_date_due", "A date you set has come", dated, f"{QUEUE}?dated_by=me")
    else:
        yield from _flagged(scope, ["staff_date_due"])
    yield from _flagged(scope, _NOW)


def _flagged(scope: _Scope, codes: Sequence[str]) -> Iterator[Line]:
    for code in codes:
        flags = Filters(flags={code: True}, states=OPEN_STATES if code in _OPEN_ONLY else ())
        parts = [("flag", code), *([("state", "open")] if code in _OPEN_ONLY else [])]
        yield _line(code, NEEDS[code], scope, parts, flags)


def _waiting(scope: _Scope) -> Iterator[Line]:
    for holder, words in _HOLDERS.items():
        filters = Filters(states=OPEN_STATES, holders=(holder,))
        yield _line(str(holder), words, scope, [("state", "open"), ("waiting_on", str(holder))], filters)


def _line(code: str, words: str, scope: _Scope, parts: list[tuple[str, str]], filters: Filters) -> Line:
    return Line(code, words, scope.narrowed(filters), f"{QUEUE}?{urlencode(scope.address + parts)}")
