"""Erasing a person: what is theirs is destroyed, what has to stay is said line by line, and the event log stays, about nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.actions.audit import audit
from service.actions.erasing_rows import WHY, Erasing, Fate, Protection, erase_own, erase_unattributed
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
from service.records.database import Unit
from service.records.subjects import Mention, Subject
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


def erase_subject(unit: Unit, ctx: Context, email: str, periods: Periods) -> list[Line]:
    """Erase whoever has this address, and return what became of what; done twice, the second finds nothing new.

    Everything is one transaction. Raises Problem 409 for somebody who works for the service.
    """
    subject, locked, tied = _lock(unit, email)
    _require_no_staff(unit, subject)
    protections = {key: found for key, each in locked.items() if (found := _protection(unit, each, periods, ctx.now))}
    work = Erasing(unit, ctx, subject, locked, tied, protections)
    keeps_person = _is_held_for(work)
    if subject.researchers and not keeps_person:
        erasing.forget_meanings(unit, subject.researchers)
    for _, row, by in list(subjects.tied_rows(unit, subject)):
        erase_own(work, row, by)
    erase_unattributed(work)
    _reasons(work)
    _searches(work)
    unit.flush()
    _copies(work)
    _people(work, keep=keeps_person)
    unit.flush()
    for mention in list(subjects.mentions(unit, subject.known_by)):
        _strike(work, mention)
    unit.flush()
    _tell(work)
    unit.flush()
    _say_what_is_left(work)
    lines = _lines(work)
    changes = [line for line in lines if line.fate != Fate.KEPT]
    if changes:
        someone = next(iter(sorted(subject.people | subject.researchers)), None) or new_id()
        audit(
            unit, ctx, "erase", f"subject:{someone}",
            destroyed=sum(line.count for line in lines if line.fate == Fate.DESTROYED),
            struck=sum(line.count for line in lines if line.fate == Fate.STRUCK),
            kept=sum(line.count for line in lines if line.fate == Fate.KEPT),
        )  # fmt: skip
    return lines


def _require_no_staff(unit: Unit, subject: Subject) -> None:
    if any(unit.get_one(Person, each).staff_role for each in subject.people):
        raise conflict(
            "They work for this service. Take their role away first (Directory, People), and take them out of STAFF_EMAILS and LEAD_EMAILS."
        )


def _lock(unit: Unit, email: str) -> tuple[Subject, dict[UUID, Enquiry], set[UUID]]:
    """Return who is meant, every enquiry that is concerned, locked, and the ids of those that they have to do with.

    What was read before the locks may be old, so it is read again until nothing else is concerned; but where nobody else writes
    meanwhile it cannot be, and reading everything once less shortens how long they wait.
    """
    locked: dict[UUID, Enquiry] = {}
    while True:
        subject = subjects.find(unit, email)
        tied = _enquiries_of(unit, (row for _, row, _ in subjects.tied_rows(unit, subject)))
        spoken = _enquiries_of(unit, (mention.row for mention in subjects.mentions(unit, subject.known_by)))
        missing = (tied | spoken | subject.drafts) - locked.keys()
        if not missing:
            return subject, locked, tied
        unit.expire_all()
        locked |= {each: enquiries.lock(unit, each) for each in sorted(missing)}
        if erasing.is_alone(unit):
            return subject, locked, tied


def _enquiries_of(unit: Unit, rows: Iterable[Any]) -> set[UUID]:
    return {found for row in rows if (found := subjects.enquiry_of(unit, row))}


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
    held = {key for key, found in work.protections.items() if found.whole}
    return any(subjects.enquiry_of(work.unit, row) in held for _, row, _ in subjects.tied_rows(work.unit, work.subject))


def _reasons(work: Erasing) -> None:
    for event in erasing.reasons_of(work.unit, work.subject.people, STAFF):
        if work.protection(event) is None:
            event.reason = REDACTED
            work.unit.add(event)
            work.note(Fate.DESTROYED, subjects.WORDS_FOR["Event"], event)
    erasing.cancel_reminders(work.unit, work.subject.people, work.ctx.now)


def _searches(work: Erasing) -> None:
    """Take out of the audit trail the words of searches that may have been for them: how much was found stays."""
    for entry in erasing.searches(work.unit):
        if work.subject.known_by.is_sought(str(entry.detail["query"])):
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


def _say_what_is_left(work: Erasing) -> None:
    """Look once more through every text of the database, and say what still speaks of them and why."""
    for mention in subjects.mentions(work.unit, work.subject.known_by, list(erasing.every_place())):
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


def _lines(work: Erasing) -> list[Line]:
    order = {Fate.DESTROYED: 0, Fate.STRUCK: 1, Fate.KEPT: 2}
    found = [Line(fate, what, reference, len(rows), why) for (fate, what, reference, why), rows in work.told.items()]
    return sorted(found, key=lambda line: (order[Fate(line.fate)], line.reference or "", line.what, line.why))
