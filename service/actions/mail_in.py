"""Mail in: a mail that reached somebody's own mailbox is filed in the conversation it belongs to."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from service.actions.attach import attach
from service.actions.converse import Words, converse
from service.actions.entries import KEPT_FILES
from service.context import Context
from service.errors import Problem, conflict, invalid
from service.records import conversation, enquiries, people
from service.records.database import Unit
from service.records.tables import Enquiry, Entry, Organisation, Person
from service.working_time.wording import listed

LONGEST = 20_000
"""Characters of a mail's own text."""
AUDIENCES = ("enquirer", "back_stage")


class Correspondent(Protocol):
    """Somebody as a mail names them."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str | None: ...

    @property
    def shown(self) -> str: ...


class Attached(Protocol):
    """A file that came with a mail."""

    @property
    def filename(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class Mail(Protocol):
    """A mail as it was read: `text` is its writer's own, `quoted` what stands below it."""

    @property
    def sender(self) -> Correspondent | None: ...

    @property
    def recipients(self) -> Sequence[Correspondent]: ...

    @property
    def sent_at(self) -> datetime | None: ...

    @property
    def subject(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def quoted(self) -> str: ...

    @property
    def message_id(self) -> str | None: ...

    @property
    def is_automatic(self) -> bool: ...

    @property
    def attached(self) -> Sequence[Attached]: ...

    @property
    def left_out(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Filing:
    """How a mail is filed: `team` holds the team's own addresses, `limit` the bytes of a file.

    `audience` is `enquirer` or `back_stage`; the addresses say which when it is None.
    """

    team: Collection[str]
    limit: int
    audience: str | None = None
    keep_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """The entry that a mail is filed as; `is_new` unless it was filed before."""

    entry: Entry
    is_new: bool


def file_mail(unit: Unit, ctx: Context, enquiry_id: UUID, mail: Mail, filing: Filing) -> Filed:
    """Put a mail in an enquiry's conversation as one entry, with its files, and return it; one filed before is left alone.

    A mail of the team's is outward, any other inward. One that came from the enquirer's side, or went there, is for the
    enquirer to see and counts as `converse` says: a real answer gives the ball back, our first word stops the response
    clock. Every other is back stage, and says nothing of the enquirer. Nobody is written to: it has been sent. The
    addresses decide where it stands and nothing else; who files it answers for it.
    Raises Problem 422 for a mail without a sender or a word, 409 for an enquiry that was merged.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.duplicate_of_id is not None:
        raise conflict("This enquiry goes on under another reference. File the mail there.")
    if mail.sender is None:
        raise invalid(
            "sender",
            "Its first lines do not say who wrote it. Take away what stands above “From:”, or say who wrote it.",
        )
    text = _text(mail, keep_quoted=filing.keep_quoted)
    sent_at = min(mail.sent_at or ctx.now, ctx.now)
    key = _key(mail, sent_at, text)
    before = _filed_before(unit, enquiry, key, mail, text)
    if before is not None:
        return Filed(before, is_new=False)
    side = _Sides(unit, enquiry, filing.team)
    words = _words(side, mail, mail.sender, filing.audience)
    kept, refused = _attach(unit, ctx, enquiry, mail, words.visibility, filing.limit)
    body = _body(mail, mail.sender, text, kept, [*mail.left_out, *refused], keep_quoted=filing.keep_quoted)
    entry = converse(
        unit,
        ctx,
        enquiry_id,
        Words(
            kind=words.kind,
            visibility=words.visibility,
            direction=words.direction,
            body=body,
            occurred_at=sent_at,
            automatic=mail.is_automatic,
            organisation_id=words.organisation_id,
            said_by_id=words.said_by_id,
            was_sent=True,
        ),
    )
    entry.mail_key = key
    unit.add(entry)
    unit.flush()
    return Filed(entry, is_new=True)


@dataclass(frozen=True, slots=True)
class _Standing:
    kind: str
    visibility: str
    direction: str
    organisation_id: UUID | None = None
    said_by_id: UUID | None = None


class _Sides:
    """On whose side the people of a mail are."""

    def __init__(self, unit: Unit, enquiry: Enquiry, team: Collection[str]) -> None:
        self._unit = unit
        self._enquirers = [person for _, person in enquiries.participants(unit, enquiry.id)]
        self._staff = people.staff(unit)
        self._team = {address.strip().lower() for address in team}

    def is_team(self, somebody: Correspondent) -> bool:
        return somebody.address in self._team or _among(somebody, self._staff) is not None

    def enquirer(self, somebody: Correspondent) -> Person | None:
        """Return who of the enquirer's side it is, or None."""
        return _among(somebody, self._enquirers)

    def is_enquirer(self, somebody: Correspondent) -> bool:
        return self.enquirer(somebody) is not None

    def university_of(self, somebody: Correspondent) -> UUID | None:
        """Return the partner university of somebody we know by their address."""
        person = people.by_email(self._unit, somebody.address) if somebody.address else None
        body = self._unit.get(Organisation, person.organisation_id) if person and person.organisation_id else None
        return body.id if body is not None and body.partner else None


def _among(somebody: Correspondent, known: Sequence[Person]) -> Person | None:
    """A name alone will do where a mail was copied without addresses: whoever files it knows whose it is."""
    if somebody.address is not None:
        return next((person for person in known if person.email == somebody.address), None)
    return next((person for person in known if _name_key(person.name) == _name_key(somebody.name)), None)


def _name_key(name: str) -> tuple[str, ...]:
    return tuple(sorted(name.replace(",", " ").casefold().split()))


def _words(side: _Sides, mail: Mail, sender: Correspondent, audience: str | None) -> _Standing:
    outward = side.is_team(sender) and not side.is_enquirer(sender)
    theirs = any(side.is_enquirer(each) for each in mail.recipients) if outward else side.is_enquirer(sender)
    visibility = audience or ("enquirer" if theirs else "back_stage")
    direction = "out" if outward else "in"
    if visibility == "enquirer" or outward or theirs:
        writer = None if outward else side.enquirer(sender)
        return _Standing("message", visibility, direction, said_by_id=writer.id if writer else None)
    university = side.university_of(sender)
    return _Standing("message" if university else "note", visibility, direction, university)


def _text(mail: Mail, *, keep_quoted: bool) -> str:
    parts = [mail.text.strip(), mail.quoted.strip() if keep_quoted else ""]
    text = "\n\n".join(part for part in parts if part) or mail.quoted.strip()
    if not text and not mail.attached:
        raise invalid("body", "There is no text in this mail. Paste it with its text.")
    if len(text) > LONGEST:
        raise invalid(
            "body",
            f"The mail's own text must be {LONGEST:,} characters or fewer. It has {len(text):,}: paste the part that "
            "matters, or add it as a file.",
        )
    return text


def _key(mail: Mail, sent_at: datetime, text: str) -> str:
    if mail.message_id:
        told = f"id:{mail.message_id}"
    else:
        sender = mail.sender.address or mail.sender.name if mail.sender else ""
        told = f"said:{sender}:{sent_at.isoformat() if mail.sent_at else ''}:{' '.join(text.split())}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _filed_before(unit: Unit, enquiry: Enquiry, key: str, mail: Mail, text: str) -> Entry | None:
    """Return the entry of the same mail: known by its own name, or by who said the same words at the same time."""
    said, begins = " ".join(text.split()), f"Email from {mail.sender.shown if mail.sender else ''}\n"
    for entry in conversation.filed_mail(unit, enquiry.id):
        at_the_time = mail.sent_at is not None and abs(entry.occurred_at - mail.sent_at) < timedelta(minutes=1)
        same = at_the_time and entry.body.startswith(begins) and said in " ".join(entry.body.split())
        if entry.mail_key == key or (said and same):
            return entry
    return None


def _attach(
    unit: Unit, ctx: Context, enquiry: Enquiry, mail: Mail, visibility: str, limit: int
) -> tuple[list[str], list[str]]:
    """Return the names of the files that were kept, and of those that may not be."""
    kept: list[str] = []
    refused: list[str] = []
    for file in mail.attached:
        try:
            added = attach(
                unit, ctx, enquiry.id, filename=file.filename, content=file.content, limit=limit, visibility=visibility
            )
        except Problem as problem:
            if problem.status != 422:
                raise
            refused.append(file.filename)
        else:
            kept.append(added.filename)
    return kept, refused


def _body(
    mail: Mail, sender: Correspondent, text: str, kept: Sequence[str], left_out: Sequence[str], *, keep_quoted: bool
) -> str:
    head = [f"Email from {sender.shown}", *([f"Subject: {mail.subject}"] if mail.subject else [])]
    notes = []
    if kept:
        notes.append(f"{KEPT_FILES}{listed(kept)}.")
    if left_out:
        notes.append(f"Not kept: {listed(left_out)}.")
    if mail.quoted and not keep_quoted and mail.text.strip():
        notes.append("What it quotes is left out.")
    if mail.sent_at is None:
        notes.append("It gives no date: this is when it was filed.")
    parts = ["\n".join(head), text, f"[{' '.join(notes)}]" if notes else ""]
    return "\n\n".join(part for part in parts if part)
