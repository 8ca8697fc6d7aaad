"""The call board: every call of an enquiry, whom it went to, what each of them has done since, and what they asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from service.context import Context
from service.records import calls, conversation
from service.records.database import Unit
from service.records.tables import Call, CallRecipient, Entry, FollowUp, Interest, Organisation, Person
from service.states import RecipientStatus
from service.workflows.reminders.rule import Audience
from service.working_time import local_date


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """One university's part in one call; an instant is None until that has happened."""

    organisation_id: UUID
    university: str
    contacts: tuple[str, ...]
    status: RecipientStatus
    told_at: datetime
    fetched_at: datetime | None
    acknowledged_at: datetime | None
    interested_at: datetime | None
    declined_at: datetime | None
    decline_reason: str | None
    decline_comment: str | None
    leads: tuple[str, ...]
    """Who would lead the teams it offered to this call."""
    reminded: tuple[datetime, ...]
    """When its contacts were reminded."""
    next_reminder: date | None

    @property
    def has_replied(self) -> bool:
        """Tell whether it said yes or no."""
        return self.interested_at is not None or self.declined_at is not None


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call, open or over."""

    number: int
    brief_version: int
    route: str
    reason: str | None
    reply_by: date
    opened_at: datetime
    closed_at: datetime | None
    pulled_at: datetime | None
    recipients: tuple[RecipientLine, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether universities may still answer in time."""
        return self.closed_at is None and self.pulled_at is None

    def count(self, *statuses: str) -> int:
        """Return how many recipients fetched, acknowledged, were interested, declined, or have not replied."""
        return sum(_has(line, status) for line in self.recipients for status in statuses)


@dataclass(frozen=True, slots=True)
class Question:
    """A university's question about the brief, and its answer where there is one."""

    id: UUID
    university: str
    asked_at: datetime
    body: str
    is_redacted: bool
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """The calls, the newest first, and the questions, the oldest first; `told` is what was said to all unasked."""

    calls: tuple[CallShown, ...]
    questions: tuple[Question, ...]
    told: tuple[Question, ...]

    @property
    def current(self) -> CallShown | None:
        """The newest call, or None before the first."""
        return self.calls[0] if self.calls else None


def board(unit: Unit, ctx: Context, enquiry_id: UUID) -> Board:
    """Return the board of an enquiry as it stands now."""
    sent = unit.exec(select(Call).where(Call.enquiry_id == enquiry_id).order_by(col(Call.number).desc())).all()
    rows = unit.exec(
        select(CallRecipient, Organisation)
        .join(Organisation, col(Organisation.id) == col(CallRecipient.organisation_id))
        .where(CallRecipient.enquiry_id == enquiry_id)
        .order_by(col(Organisation.name), col(CallRecipient.id))
    ).all()
    seen = _Seen(unit, enquiry_id, {university.id for _, university in rows})
    today = local_date(ctx.now)
    shown = tuple(
        CallShown(
            number=each.number,
            brief_version=each.brief_version,
            route=each.route,
            reason=each.reason,
            reply_by=each.reply_by,
            opened_at=each.opened_at,
            closed_at=each.closed_at,
            pulled_at=each.pulled_at,
            recipients=tuple(
                seen.line(part, university, each, today) for part, university in rows if part.call_id == each.id
            ),
        )
        for each in sent
    )
    names = {university.id: university.name for _, university in rows}
    return Board(shown, *_said(conversation.entries(unit, enquiry_id, ["universities"]), names))


class _Seen:
    """What hangs on recipients, read once for all of them."""

    def __init__(self, unit: Unit, enquiry_id: UUID, universities: Iterable[UUID]) -> None:
        self._interests = unit.exec(
            select(Interest).where(Interest.enquiry_id == enquiry_id).order_by(col(Interest.id))
        ).all()
        self._reminders = unit.exec(
            select(FollowUp)
            .where(
                FollowUp.enquiry_id == enquiry_id,
                col(FollowUp.organisation_id).is_not(None),
                FollowUp.addressee == Audience.CONTACTS,
                col(FollowUp.status).in_(("sent", "due")),
            )
            .order_by(col(FollowUp.due_at))
        ).all()
        self._contacts = unit.exec(
            select(Person)
            .where(col(Person.organisation_id).in_(set(universities)), col(Person.is_contact).is_(True))
            .order_by(col(Person.name))
        ).all()

    def line(self, part: CallRecipient, university: Organisation, sent: Call, today: date) -> RecipientLine:
        """Return one recipient's line."""
        ours = [each for each in self._reminders if each.subject_id == part.id]
        return RecipientLine(
            organisation_id=university.id,
            university=university.name,
            contacts=tuple(each.name for each in self._contacts if each.organisation_id == university.id),
            status=calls.status_of(part, sent.reply_by, today),
            told_at=part.told_at,
            fetched_at=part.fetched_at,
            acknowledged_at=part.acknowledged_at,
            interested_at=part.interested_at,
            declined_at=part.declined_at,
            decline_reason=part.decline_reason,
            decline_comment=part.decline_comment,
            leads=tuple(
                each.lead_name
                for each in self._interests
                if each.call_id == sent.id and each.organisation_id == university.id
            ),
            reminded=tuple(each.settled_at for each in ours if each.status == "sent" and each.settled_at),
            next_reminder=next((each.due_on for each in ours if each.status == "due"), None),
        )


def _has(line: RecipientLine, status: str) -> bool:
    if status == "no_reply":
        return not line.has_replied
    return getattr(line, f"{status}_at") is not None


def _said(entries: Iterable[Entry], names: dict[UUID, str]) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Return what universities asked with its answers, and what was told to them without being asked."""
    said = list(entries)
    answers = {entry.answers_id: entry for entry in said if entry.answers_id is not None}
    asked = tuple(
        _question(entry, names, answers.get(entry.id))
        for entry in said
        if entry.direction == "in" and entry.organisation_id is not None
    )
    told = tuple(_question(entry, names, None) for entry in said if entry.direction == "out" and not entry.answers_id)
    return asked, told


def _question(entry: Entry, names: dict[UUID, str], answer: Entry | None) -> Question:
    university = names.get(entry.organisation_id, "A university") if entry.organisation_id else entry.author_name
    return Question(
        id=entry.id,
        university=university,
        asked_at=entry.occurred_at,
        body=entry.body,
        is_redacted=entry.redacted_at is not None,
        answer=answer.body if answer else None,
        answered_at=answer.occurred_at if answer else None,
        answered_by=answer.author_name if answer else None,
    )
