"""The form that publishes a brief, or opens its call again: read into a command, and filled for a manager who opens it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from service import vocabulary
from service.matching import Ranking
from service.records import briefs
from service.records.circumstances import circumstances
from service.records.database import Unit
from service.records.enquiries import one
from service.records.recipient_choice import Partner, Sounding, partners, soundings
from service.records.usual_days import if_known, usual_reply_by
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, date_parts
from service.routers.manage import orders
from service.routers.manage.call.matches import USUAL_LIMIT, ranking
from service.routers.manage.desk import AtCase
from service.workflows import commands as c
from service.workflows.facts import EnquiryFacts
from service.workflows.readiness import Advice, advise
from service.working_time import Reckoning

FIELDS = {
    "recipients_are_partners": "recipient",
    "reply_by_ahead": "reply_by",
    "route_explained": "reason",
}
"""Where on the form a guard's sentence belongs."""
TICKS = {"all": "everybody who would be told", "matches": "those with matches", "none": "nobody"}
"""What may be ticked at once."""
_FROM_THE_LIST = "Choose universities from the list."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner university, and how many of the best matches are there."""

    partner: Partner
    matches: int


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a manager looks at before publishing."""

    candidates: Sequence[Candidate]
    ranked: int
    """How many of the best matches were counted."""
    usual: Reckoning | None
    """None where the calendar does not reach that far."""
    advice: Sequence[Advice]
    soundings: Sequence[Sounding]
    version: int | None
    """The brief's newest version."""


def preparation(unit: Unit, case: AtCase, facts: EnquiryFacts) -> Preparation:
    """Return whom a call could go to and what to look at first."""
    enquiry, newest = one(unit, case.enquiry_id), briefs.newest(unit, case.enquiry_id)
    found = ranking(unit, case, USUAL_LIMIT)
    there = _by_university(found)
    return Preparation(
        candidates=[Candidate(each, there[each.id]) for each in partners(unit, case.ctx, case.enquiry_id)],
        ranked=sum(there.values()),
        usual=if_known(lambda: usual_reply_by(unit, case.ctx, enquiry, is_rapid=facts.rapid_product)),
        advice=advise(newest.sections if newest else {}, circumstances(unit, case.ctx, enquiry)),
        soundings=soundings(unit, case.enquiry_id),
        version=newest.number if newest else None,
    )


def filled(prepared: Preparation, preset: Sequence[str], *, again: bool, tick: str = "") -> Filled:
    """Return the form as it opens: the usual reply-by, and the universities that the address names or `tick` means.

    Without either, those of the earlier calls are ticked for a call opened again, and every partner that would learn
    of it for a new one.
    """
    known = {str(each.partner.id) for each in prepared.candidates}
    chosen = [text for text in preset if text in known]
    if tick in TICKS or not chosen:
        is_ticked = _TICKED.get(tick) or (_had_it_before if again else _is_reached)
        chosen = [str(each.partner.id) for each in prepared.candidates if is_ticked(each)]
    day = date_parts("reply_by", prepared.usual.due if prepared.usual else None)
    return Filled({"recipient": chosen, "route": "open", **day})


def read(posted: Posted, mistakes: Mistakes, *, again: bool) -> c.Publish | c.Relaunch | None:
    """Return the command that a form asks for, or None when it notes mistakes."""
    recipients = orders.ids(posted, "recipient", mistakes, _FROM_THE_LIST)
    if not recipients:
        mistakes.add("recipient", "Choose at least one university to send it to.")
    reply_by = mistakes.date("reply_by", posted, "The reply-by date")
    reason = mistakes.fits("reason", posted.prose("reason"), PROSE_LENGTH, "The reason")
    if again:
        if reply_by is None:
            mistakes.add("reply_by", "Enter the day by which universities should reply")
        mistakes.required("reason", reason or "", "Say why the call is opened again: universities read it")
        return orders.made(c.Relaunch, mistakes, reply_by=reply_by, recipients=tuple(recipients), reason=reason)
    route = posted.line("route")
    if route not in vocabulary.CALL_ROUTES:
        mistakes.add("route", "Choose how the brief goes out")
    given = orders.waivers(posted, mistakes)
    return orders.made(
        c.Publish,
        mistakes,
        reply_by=reply_by,
        recipients=tuple(recipients),
        route=route,
        reason=reason,
        waivers=given,
    )


def _is_reached(candidate: Candidate) -> bool:
    return candidate.partner.is_reached


def _had_it_before(candidate: Candidate) -> bool:
    return candidate.partner.was_sent


_TICKED: dict[str, Callable[[Candidate], bool]] = {
    "all": _is_reached,
    "matches": lambda candidate: candidate.matches > 0,
    "none": lambda _candidate: False,
}


def _by_university(found: Ranking) -> Counter[UUID]:
    return Counter(UUID(item.researcher.university_id) for item in found.items if not item.excluded)
