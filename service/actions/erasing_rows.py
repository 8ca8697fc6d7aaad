"""What becomes of each row that is somebody's own when their data is erased: one rule for each table."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.actions.entries import KEPT_FILES
from service.context import Context
from service.principals import STAFF
from service.records import conversation, drafts, erasing, forgetting, purposes, subjects
from service.records.database import Unit
from service.records.subjects import Sighting, Subject
from service.records.tables import (
    ApiKey,
    Attachment,
    BriefVersion,
    Digest,
    Enquiry,
    Entry,
    Interest,
    OutboxMessage,
    OutcomeRecord,
    Participation,
    Preference,
    Publication,
    QuestionVersion,
    Report,
    ResearcherMerge,
    Satisfaction,
    ShortlistDecision,
    SignInLink,
    SourceRun,
    WebSession,
)
from service.states import EnquiryState
from service.vocabulary import REDACTED

WHY = "A person's data was erased"
Told = dict[tuple[str, str, str | None, str], set[Sighting]]
"""What became of which rows: by fate, what they are, the enquiry's reference, and why."""
PROJECT_RECORD = frozenset({
    "Agreement", "CostLine", "Deliverable", "FundingLine", "Interest", "Offer", "OutcomeRecord", "Project", "Report", "Signature",
})  # fmt: skip
"""The tables that are the record of a project: they stay as they are while that has to be kept."""


class Fate(StrEnum):
    """What becomes of something."""

    DESTROYED = "destroyed"
    STRUCK = "name taken out"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Protection:
    """Why something of an enquiry stays."""

    why: str
    whole: bool
    """All of it stays (a legal hold); otherwise the record of its project only."""


@dataclass(slots=True)
class Erasing:
    """One erasure on its way."""

    unit: Unit
    ctx: Context
    subject: Subject
    enquiries: dict[UUID, Enquiry]
    """Every enquiry that is concerned, locked."""
    tied: Collection[UUID]
    """Those that they have to do with: there their name means them."""
    protections: Mapping[UUID, Protection]
    told: Told = field(default_factory=dict)
    changed: Counter[UUID] = field(default_factory=Counter)
    forget: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """Texts that are destroyed, by enquiry: their copies go as well."""
    delete: dict[UUID, list[dict[str, object]]] = field(default_factory=dict)
    """What universities are told to delete, by enquiry."""

    def note(self, fate: Fate, what: str, row: Any, why: str = "") -> None:
        """Say what becomes of a row, once."""
        enquiry_id = subjects.enquiry_of(self.unit, row)
        enquiry = self.enquiries.get(enquiry_id) if enquiry_id else None
        self.told.setdefault((fate, what, enquiry.reference if enquiry else None, why), set()).add(
            subjects.seen_at(row)
        )
        if enquiry_id is not None and fate != Fate.KEPT:
            self.changed[enquiry_id] += 1

    def protection(self, row: Any) -> Protection | None:
        """Return why a row stays as it is, or None."""
        enquiry_id = subjects.enquiry_of(self.unit, row)
        found = self.protections.get(enquiry_id) if enquiry_id else None
        return found if found and (found.whole or type(row).__name__ in PROJECT_RECORD) else None

    def copies(self, row: Any, *texts: str | None) -> None:
        """Remember texts that are destroyed, so that their copies go too."""
        enquiry_id = subjects.enquiry_of(self.unit, row)
        if enquiry_id is not None:
            self.forget.setdefault(enquiry_id, {}).update(
                {each: REDACTED for each in texts if each and each != REDACTED}
            )

    def tell(self, enquiry_id: UUID, payload: dict[str, object]) -> None:
        """Have universities that were sent this told to delete it."""
        known = self.delete.setdefault(enquiry_id, [])
        if payload not in known:
            known.append(payload)

    def empty(self, row: Any, *names: str) -> bool:
        """Empty these columns of a row, and tell whether anything stood there."""
        found = [place for place in purposes.places_of(type(row)) if not names or place.name in names]
        before = [getattr(row, place.name) for place in found]
        self.copies(row, *(value for value in before if isinstance(value, str)))
        for place in found:
            forgetting.empty(row, place)
        self.unit.add(row)
        return before != [getattr(row, place.name) for place in found]


def erase_unattributed(work: Erasing) -> None:
    """Take what a manager wrote down of the enquirer's side, without saying whose words they were, as the enquirer's.

    Where several people were on that side it stays, and is said: somebody has to read it.
    """
    for entry, alone in erasing.unattributed(work.unit, work.subject.people, STAFF):
        if entry.enquiry_id not in work.enquiries:
            continue  # It came in just now: the next look finds it.
        protection, what = work.protection(entry), subjects.WORDS_FOR["Entry"]
        if protection is not None:
            work.note(Fate.KEPT, what, entry, protection.why)
        elif alone:
            _entry(work, entry, ("enquirer_id",))
        else:
            work.note(Fate.KEPT, what, entry, "It is not recorded who of the enquirer's side said this: read it.")


def erase_own(work: Erasing, row: Any, by: tuple[str, ...]) -> None:
    """Do to a row of theirs what its table's rule says; `by` are the columns that name them."""
    rule = _RULES.get(type(row).__name__)
    if rule is None:
        return
    protection = work.protection(row)
    if protection is None:
        rule(work, row, by)
    else:
        work.note(Fate.KEPT, subjects.WORDS_FOR[type(row).__name__], row, protection.why)


def _entry(work: Erasing, row: Entry, by: tuple[str, ...]) -> None:
    is_said = row.said_by_id in work.subject.people or "enquirer_id" in by
    is_theirs = is_said or (row.said_by_id is None and row.author_role not in STAFF)
    what = subjects.WORDS_FOR["Entry"]
    if not is_theirs:
        if row.author_name and row.author_name != REDACTED:
            row.author_name = REDACTED
            work.note(Fate.STRUCK, what, row, "What was written for the service is its record.")
        work.unit.add(row)
        return
    if row.redacted_at is not None and row.redaction_reason == WHY:
        return
    work.copies(row, row.body)
    if row.visibility == "universities":
        work.tell(row.enquiry_id, {"entry": str(row.id)})
    if row.author_role not in STAFF:
        row.author_name = row.author_name and REDACTED
    row.body, row.attendees, row.mail_key = REDACTED, [], None
    row.said_by_name = row.said_by_name and REDACTED
    row.redacted_at, row.redaction_reason = work.ctx.now, WHY
    work.unit.add(row)
    work.note(Fate.DESTROYED, what, row)


def _file(work: Erasing, row: Attachment, by: tuple[str, ...]) -> None:
    if row.redacted_at is not None:
        return
    name = row.filename
    for entry in conversation.entries(work.unit, row.enquiry_id):
        text, noted, names = entry.body.rpartition(KEPT_FILES)
        if noted and name in names:
            entry.body = text + noted + names.replace(name, REDACTED)
            work.unit.add(entry)
    row.filename, row.content = REDACTED, b""
    forgetting.stub(row, work.ctx.now, WHY)
    work.unit.add(row)
    work.note(Fate.DESTROYED, subjects.WORDS_FOR["Attachment"], row)


def _enquiry(work: Erasing, row: Enquiry, by: tuple[str, ...]) -> None:
    if row.state == EnquiryState.DRAFT:
        work.note(Fate.DESTROYED, "A question not sent yet, with its files and letters", row)
        drafts.forget(work.unit, row)
    elif "enquirer_id" in by and row.organisation_id is None and row.organisation_name is None and work.empty(row):
        work.note(Fate.DESTROYED, "What they asked as a private person", row)


def _wording(work: Erasing, row: QuestionVersion, by: tuple[str, ...]) -> None:
    enquiry = work.enquiries[row.enquiry_id]
    is_private = enquiry.organisation_id is None and not enquiry.organisation_name
    if enquiry.enquirer_id in work.subject.people and is_private and work.empty(row):
        row.redacted_at = row.redacted_at or work.ctx.now
        work.note(Fate.DESTROYED, subjects.WORDS_FOR["QuestionVersion"], row)


def _interest(work: Erasing, row: Interest, by: tuple[str, ...]) -> None:
    if (
        not {"lead_person_id", "lead_researcher_id"} & set(by)
        and row.lead_email.lower() not in work.subject.known_by.emails
    ):
        return
    if work.empty(row, "lead_name", "lead_email", "statement", "conflicts"):
        row.version += 1
        work.note(Fate.DESTROYED, subjects.WORDS_FOR["Interest"], row)


def _comment(*names: str, only_by: str = "") -> Callable[[Erasing, Any, tuple[str, ...]], None]:
    """Return the rule for a row that keeps what figures count and loses these words."""

    def rule(work: Erasing, row: Any, by: tuple[str, ...]) -> None:
        if (not only_by or only_by in by) and work.empty(row, *names):
            work.note(Fate.DESTROYED, subjects.WORDS_FOR[type(row).__name__], row)

    return rule


def _participation(work: Erasing, row: Participation, by: tuple[str, ...]) -> None:
    if "person_id" in by and row.left_at is None:
        row.left_at = work.ctx.now
        work.unit.add(row)
        work.note(Fate.DESTROYED, subjects.WORDS_FOR["Participation"], row)


def _gone(work: Erasing, row: Any, by: tuple[str, ...]) -> None:
    work.note(Fate.DESTROYED, subjects.WORDS_FOR[type(row).__name__], row)
    work.unit.delete(row)


def _letter(work: Erasing, row: OutboxMessage, by: tuple[str, ...]) -> None:
    work.note(Fate.DESTROYED, subjects.WORDS_FOR["OutboxMessage"], row)
    erasing.delete_letter(work.unit, row)


def _key(work: Erasing, row: ApiKey, by: tuple[str, ...]) -> None:
    if row.revoked_at is None or row.name != REDACTED:
        row.revoked_at, row.name = row.revoked_at or work.ctx.now, REDACTED
        work.unit.add(row)
        work.note(Fate.DESTROYED, subjects.WORDS_FOR["ApiKey"], row)


_RULES: Mapping[str, Callable[[Erasing, Any, tuple[str, ...]], None]] = {
    Entry.__name__: _entry,
    Attachment.__name__: _file,
    Enquiry.__name__: _enquiry,
    QuestionVersion.__name__: _wording,
    BriefVersion.__name__: _comment("change_comment"),
    Interest.__name__: _interest,
    Preference.__name__: _comment("comment"),
    Satisfaction.__name__: _comment("comment"),
    OutcomeRecord.__name__: _comment("used_for", "what_changed"),
    ShortlistDecision.__name__: _comment("words", only_by="researcher_id"),
    Report.__name__: _comment("body"),
    ResearcherMerge.__name__: _comment("before", "after"),
    Participation.__name__: _participation,
    Publication.__name__: _gone,
    SourceRun.__name__: _gone,
    SignInLink.__name__: _gone,
    WebSession.__name__: _gone,
    Digest.__name__: _gone,
    OutboxMessage.__name__: _letter,
    ApiKey.__name__: _key,
}
"""Rows of other tables name them by an id alone, which leads nowhere once they are forgotten."""
