"""Erasing a person: what is theirs is destroyed, what has to stay is said line by line, and the event log stays, about nobody."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from service.actions.audit import audit
from service.actions.erasing_rows import WHY, Erasing, Fate, Protection, Told, erase_own, erase_unattributed
from service.actions.feeding import feed_all
from service.context import Context
from service.errors import conflict
from service.ids import new_id
from service.principals import STAFF
from service.records import (
    calls,
    enquiries,
    erasing,
    events,
    feed,
    forgetting,
    published,
    redactions,
    retention,
    subjects,
)
from service.records.database import Database, Unit
from service.records.erasing import Look
from service.records.subjects import Mention, Sighting, Subject
from service.records.tables import (
    Attachment,
    BriefVersion,
    Enquiry,
    Entry,
    FeedEntry,
    IdempotencyRecord,
    Organisation,
    Person,
    RateCount,
    Researcher,
)
from service.states import EnquiryState
from service.vocabulary import REDACTED
from service.workflows.retention import ENQUIRIES, Category, Periods, category, kept_until
from service.working_time import local_date
from service.working_time.wording import short_date

_ROUNDS = 5
"""How often what came in meanwhile is looked for before whoever erases is told what is left."""


class _Rehearsed(Exception):
    """The end of a rehearsal: everything was worked out, and is rolled back."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self.told = told


class _Outdated(Exception):
    """What a look found is not so any more: it has to be taken again."""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of how many things, where, and why they stay where they do."""

    fate: str
    what: str
    reference: str | None
    count: int
    why: str

    def __str__(self) -> str:
        where = f"{self.reference}: " if self.reference else ""
        return f"{self.fate}: {where}{self.what} ({self.count}){f'. {self.why}' if self.why else ''}"


def erase_subject(
    database: Database, ctx: Context, email: str, periods: Periods, *, rehearse: bool = False
) -> list[Line]:
    """Erase whoever has this address, and return what became of what; done twice, the second finds nothing new.

    Everything is looked through beforehand, while others write. What was found is erased in one transaction; then everything is
    looked through again, and what came in meanwhile is erased as well. `rehearse` takes all of it back: nothing is changed.
    Raises Problem 409 for somebody who works for the service.
    """
    told: Told = {}
    seen: set[Sighting] = set()
    look = database.read(lambda unit: erasing.look(unit, email, STAFF))
    for _ in range(_ROUNDS):
        if not look.finds_anything():
            return _lines(told)
        try:
            done = database.transact(partial(_erase, ctx=ctx, look=look, periods=periods, rehearse=rehearse))
        except _Rehearsed as rehearsed:
            return _lines(rehearsed.told)
        except _Outdated:
            look = database.read(partial(erasing.look, email=email, staff=STAFF, before=look.subject if told else None))
            continue
        for line, rows in done.items():
            told.setdefault(line, set()).update(rows)
        seen |= look.theirs
        kept = {each for (fate, *_), rows in told.items() if fate == Fate.KEPT for each in rows}
        again = database.read(partial(erasing.look, email=email, staff=STAFF, before=look.subject))
        left = again.beyond(look.subject, seen, kept)
        if left is None:
            return _lines(told)
        look = left
    raise conflict("So much about them comes in at this moment that some of it is left. Do it again.")


def _erase(unit: Unit, ctx: Context, look: Look, periods: Periods, *, rehearse: bool) -> Told:
    """Erase what a look found. Raises _Outdated when they are not who they were any more."""
    subject = look.subject
    locked = _lock(unit, look)
    _require_no_staff(unit, subject)
    protections = {key: found for key, each in locked.items() if (found := _protection(unit, each, periods, ctx.now))}
    work = Erasing(unit, ctx, subject, locked, look.tied_to, protections)
    tied = list(subjects.tied_at(unit, subject, look.tied))
    keeps_person = _is_held_for(work)
    if subject.researchers and not keeps_person:
        erasing.forget_meanings(unit, subject.researchers)
    for row, by in tied:
        erase_own(work, row, by)
    erase_unattributed(work)
    _reasons(work, look)
    _searches(work, look)
    unit.flush()
    _copies(work)
    _people(work, keep=keeps_person)
    unit.flush()
    for mention in list(subjects.mentions(unit, subject.known_by, look.spoken)):
        _strike(work, mention)
    unit.flush()
    _tell(work)
    unit.flush()
    _say_what_is_left(work, look)
    counts = Counter({fate: sum(len(rows) for (told, *_), rows in work.told.items() if told == fate) for fate in Fate})
    if counts[Fate.DESTROYED] or counts[Fate.STRUCK]:
        someone = next(iter(sorted(subject.people | subject.researchers)), None) or new_id()
        audit(
            unit, ctx, "erase", f"subject:{someone}",
            destroyed=counts[Fate.DESTROYED], struck=counts[Fate.STRUCK], kept=counts[Fate.KEPT],
        )  # fmt: skip
    if rehearse:
        raise _Rehearsed(work.told)
    return work.told


def _require_no_staff(unit: Unit, subject: Subject) -> None:
    if any(unit.get_one(Person, each).staff_role for each in subject.people):
        raise conflict(
            "They work for this service. Take their role away first (Directory, People), and take them out of STAFF_EMAILS and LEAD_EMAILS."
        )


def _lock(unit: Unit, look: Look) -> dict[UUID, Enquiry]:
    """Return every enquiry that is concerned, locked."""
    try:
        locked = {each: enquiries.lock(unit, each) for each in sorted(look.concerned)}
    except LookupError as gone:
        raise _Outdated from gone
    if erasing.who(unit, look.subject) != look.who:
        raise _Outdated
    return locked


def _protection(unit: Unit, enquiry: Enquiry, periods: Periods, now: datetime) -> Protection | None:
    if enquiry.legal_hold_at is not None:
        return Protection(
            f"Legal hold since {short_date(local_date(enquiry.legal_hold_at))}: {enquiry.legal_hold_reason}", whole=True
        )
    case = retention.standing(unit, enquiry)
    if enquiry.forgotten_at is not None or category(case) != Category.PROJECT:
        return None
    until, period = kept_until(case, periods), ENQUIRIES[Category.PROJECT].period(periods)
    if until is not None and until <= now:
        return None
    when = f"until {short_date(local_date(until))}, " if until else ""
    return Protection(f"The record of a project is kept {when}{period} from its last closing.", whole=False)


def _is_held_for(work: Erasing) -> bool:
    """Tell whether an enquiry under a legal hold names them: who they are is part of what must be kept."""
    return any(found.whole and key in work.tied for key, found in work.protections.items())


def _reasons(work: Erasing, look: Look) -> None:
    for event in subjects.rows_at(work.unit, look.reasons):
        if event.reason not in (None, REDACTED) and work.protection(event) is None:
            event.reason = REDACTED
            work.unit.add(event)
            work.note(Fate.DESTROYED, subjects.WORDS_FOR["Event"], event)
    erasing.cancel_reminders(work.unit, work.subject.people, work.ctx.now)


def _searches(work: Erasing, look: Look) -> None:
    """Take out of the audit trail the words of searches that may have been for them: how much was found stays."""
    for entry in subjects.rows_at(work.unit, look.searches):
        entry.detail = {name: said for name, said in entry.detail.items() if name != "query"}
        work.unit.add(entry)
        work.note(Fate.DESTROYED, "What was looked for in a request for information", entry)


def _copies(work: Erasing) -> None:
    """Destroy what is copied elsewhere of texts that are gone: in others' letters, the feed, and published answers."""
    for enquiry_id, forget in work.forget.items():
        if not forget or enquiry_id not in work.changed:
            continue
        redactions.forget_texts(work.unit, work.enquiries[enquiry_id], forget)
        feed.redact_items(work.unit, enquiry_id, forget)
        answer = published.row_of(work.unit, enquiry_id)
        if answer is not None:
            texts = redactions.without(answer.title, forget), redactions.without(answer.body, forget)
            if texts != (answer.title, answer.body):
                answer.title, answer.body = texts
                answer.withdrawn_at, answer.version = answer.withdrawn_at or work.ctx.now, answer.version + 1
                work.unit.add(answer)
                work.note(
                    Fate.STRUCK,
                    subjects.WORDS_FOR["PublishedAnswer"],
                    answer,
                    "It is taken away until it is read again.",
                )


def _people(work: Erasing, *, keep: bool) -> None:
    unit, now = work.unit, work.ctx.now
    if keep:
        return
    for person_id in sorted(work.subject.people):
        person = unit.get_one(Person, person_id)
        if person.name == REDACTED and person.email is None:
            continue
        forgetting.forget_person(unit, person, now)
        work.note(Fate.DESTROYED, subjects.WORDS_FOR["Person"], person)
    for researcher_id in sorted(work.subject.researchers):
        researcher = unit.get_one(Researcher, researcher_id)
        if erasing.forget_researcher(unit, researcher, now):
            work.note(
                Fate.DESTROYED, subjects.WORDS_FOR["Researcher"], researcher,
                "Ask their university to take them out of its own list: it would send them again.",
            )  # fmt: skip


def _strike(work: Erasing, mention: Mention) -> None:
    """Take them out of a text that speaks of them, unless it has to stay as it is."""
    row = mention.row
    if work.protection(row) is not None or _is_own_kept(work, row):
        return
    what = subjects.WORDS_FOR[type(row).__name__]
    if isinstance(row, IdempotencyRecord | RateCount):
        work.unit.delete(row)
        work.note(Fate.DESTROYED, what, row)
        return
    known_by = work.subject.known_by
    if subjects.enquiry_of(work.unit, row) not in work.tied:
        known_by = known_by.without(work.subject.shared)
    struck = False
    for place in mention.places:
        if place.is_file:
            continue
        before = getattr(row, place.name)
        after = known_by.strike(before, REDACTED)
        if after != before:
            setattr(row, place.name, after)
            struck = True
            _tell_of(work, row, before, after)
    if struck:
        erasing.settle(work.unit, row, work.ctx.now)
        work.unit.add(row)
        work.note(Fate.STRUCK, what, row)


def _is_own_kept(work: Erasing, row: Any) -> bool:
    return isinstance(row, Person | Researcher) and row.id in (work.subject.people | work.subject.researchers)


def _tell_of(work: Erasing, row: Any, before: Any, after: Any) -> None:
    """Have universities delete what they were sent of a text that was struck."""
    if isinstance(row, Entry) and row.visibility == "universities":
        work.tell(row.enquiry_id, {"entry": str(row.id)})
    elif isinstance(row, BriefVersion) and row.published_at is not None and isinstance(before, dict):
        for section in before:
            if before[section] != after.get(section):
                work.tell(row.enquiry_id, {"section": section})
    elif isinstance(row, FeedEntry) and not work.delete.get(row.enquiry_id):
        work.tell(row.enquiry_id, {"everything": True})


def _tell(work: Erasing) -> None:
    """Record one event for each enquiry that lost something: what follows the log forgets as well, and so do universities."""
    for enquiry_id, enquiry in work.enquiries.items():
        if not work.changed[enquiry_id] or enquiry.state == EnquiryState.DRAFT:
            continue
        everyone = calls.ever_recipients(work.unit, enquiry_id)
        for payload in work.delete.get(enquiry_id, ()):
            feed_all(work.unit, work.ctx, enquiry, everyone, "redacted", payload)
        enquiry.version += 1
        enquiry.updated_at = work.ctx.now
        work.unit.add(enquiry)
        events.note(work.unit, work.ctx, enquiry, "erase", reason=WHY)


def _say_what_is_left(work: Erasing, look: Look) -> None:
    """Look once more at every row that spoke of them, and say which still do and why."""
    for mention in subjects.mentions(work.unit, work.subject.known_by, look.spoken, list(erasing.every_place())):
        row = mention.row
        work.note(
            Fate.KEPT, subjects.WORDS_FOR.get(type(row).__name__, type(row).__name__), row, _why_left(work, mention)
        )


def _why_left(work: Erasing, mention: Mention) -> str:
    protection = work.protection(mention.row)
    if protection is not None:
        return protection.why
    if isinstance(mention.row, Attachment):
        return "Somebody else's file says their name: read it, and redact it if it has to go."
    if isinstance(mention.row, Organisation):
        return "It is the name of a body."
    if isinstance(mention.row, Person | Researcher) and mention.row.id in (
        work.subject.people | work.subject.researchers
    ):
        return "An enquiry under a legal hold names them."
    if work.subject.shared:
        return "Somebody else bears this name: read whom it means, and redact it if it is them."
    return "Read it, and redact it if it has to go."


def _lines(told: Told) -> list[Line]:
    order = {Fate.DESTROYED: 0, Fate.STRUCK: 1, Fate.KEPT: 2}
    found = [Line(fate, what, reference, len(rows), why) for (fate, what, reference, why), rows in told.items()]
    return sorted(found, key=lambda line: (order[Fate(line.fate)], line.reference or "", line.what, line.why))
