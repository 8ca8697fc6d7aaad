"""What was ever asked, and the studies that came of it, as one process remembers them.

Only what the enquirer asked and what universities were sent is read: nothing of the conversation, and no note.
"""

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from service.matching.related import FEWEST_WORDS, WORTH_SHOWING, Found, Similar
from service.matching.vectors import Vector
from service.records.database import Unit
from service.records.shelf import Shelf, Text
from service.records.tables import BriefVersion, Enquiry, Event, Project
from service.states import BriefState, EnquiryState, Outcome, ProjectState
from service.vocabulary import REDACTED

STUDIES = (ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.DELIVERED, ProjectState.COMPLETED)
LIVE_STUDIES = (ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.DELIVERED)
_AGREED = (BriefState.AGREED, BriefState.PUBLISHED, BriefState.CLOSED)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Matter:
    """One enquiry that was sent: its texts (none for what is to be found no more), and where it goes on if merged."""

    texts: tuple[Text, ...]
    merged_into: UUID | None


@dataclass(frozen=True, slots=True)
class Step:
    """What happened since one last looked: to which enquiries (None: everything is to be read anew), and up to where."""

    changed: set[UUID] | None
    seq: int
    id: UUID | None


@dataclass(slots=True)
class Log:
    """How far one reader has followed the event log: every change of what is read here appends to it."""

    _seq: int = 0
    _id: UUID | None = None

    def step(self, unit: Unit) -> Step | None:
        """Return what is new as this transaction sees it, or None for nothing.

        What was seen before may be newer than what it sees; a log that is not the one followed is read from its start.
        """
        head = unit.exec(select(Event.seq, Event.id).order_by(col(Event.seq).desc()).limit(1)).first()
        if head is None or head[0] < self._seq or head == (self._seq, self._id):
            return None
        at = unit.exec(select(Event.id).where(Event.seq == self._seq)).first()
        if self._id is None or at != self._id:
            return Step(None, *head)
        since = unit.exec(
            select(Event.enquiry_id).where(col(Event.seq) > self._seq, col(Event.seq) <= head[0]).distinct()
        )
        return Step(set(since), *head)

    def followed(self, step: Step) -> None:
        """Note that what happened was taken in."""
        self._seq, self._id = step.seq, step.id


def read(unit: Unit, ids: Collection[UUID] | None = None) -> Iterator[tuple[UUID, Matter]]:
    """Yield these enquiries, or all, by id; drafts are nobody's business yet."""
    if ids is None:
        ids = unit.exec(select(Enquiry.id).where(col(Enquiry.state) != EnquiryState.DRAFT)).all()
    every = sorted(ids)
    for start in range(0, len(every), _AT_ONCE):
        yield from _read(unit, every[start : start + _AT_ONCE])


def _read(unit: Unit, ids: Collection[UUID]) -> Iterator[tuple[UUID, Matter]]:
    briefs = _agreed_questions(unit, ids)
    rows = unit.exec(
        select(  # type: ignore[call-overload]  # five columns, which it does not know
            Enquiry.id, Enquiry.outcome, Enquiry.duplicate_of_id, Enquiry.question, Enquiry.original_question
        ).where(col(Enquiry.id).in_(ids), col(Enquiry.state) != EnquiryState.DRAFT)
    )
    for enquiry_id, outcome, merged_into, question, original in rows:
        said = () if outcome == Outcome.SPAM else (question, original, briefs.get(enquiry_id, ""))
        texts = tuple(dict.fromkeys(Text("", text) for text in said if text.strip() and text != REDACTED))
        yield enquiry_id, Matter(texts, merged_into)


def _agreed_questions(unit: Unit, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what the studies that came of these enquiries look into, as the enquirer agreed it."""
    rows = unit.exec(
        select(BriefVersion.enquiry_id, BriefVersion.sections)
        .join(Project, col(Project.enquiry_id) == col(BriefVersion.enquiry_id))
        .where(
            col(BriefVersion.enquiry_id).in_(ids),
            col(BriefVersion.state).in_(_AGREED),
            col(Project.state).in_(STUDIES),
        )
        .order_by(col(BriefVersion.enquiry_id), col(BriefVersion.number))
    )
    return {enquiry_id: sections.get("questions", "") for enquiry_id, sections in rows}


class Matters:
    """Follows every change and answers as one read afresh would: in every process, in whatever order things came.

    `model` names whose vectors are used; None for words alone.
    """

    def __init__(self, model: str | None = None) -> None:
        self._lock = threading.RLock()
        self._shelf = Shelf(model)
        self._log = Log()
        self._merged: dict[UUID, UUID] = {}

    def follow(self, unit: Unit) -> None:
        """Take in what happened, as this transaction sees it."""
        with self._lock:
            step = self._log.step(unit)
            if step is not None:
                self._take_in(unit, step)
            self._shelf.learn(unit, at_once=step is not None)

    def _take_in(self, unit: Unit, step: Step) -> None:
        if step.changed is None:
            self._shelf.clear()
            self._merged = {}
        for key, matter in read(unit, step.changed):
            self._shelf.put(key, matter.texts)
            if matter.merged_into is None:
                self._merged.pop(key, None)
            else:
                self._merged[key] = matter.merged_into
        self._log.followed(step)

    def search(
        self, unit: Unit, asked: str, vector: Vector | None
    ) -> tuple[Found, dict[UUID, Similar], dict[UUID, UUID]]:
        """Return how it went, what is found by its best text, and where each of those that were merged goes on."""
        with self._lock:
            self.follow(unit)
            found, best = self._shelf.search(asked, vector, fewest=FEWEST_WORDS, least=WORTH_SHOWING)
            return found, dict(best), {key: self.end_of(key) for key in best if key in self._merged}

    def end_of(self, key: UUID) -> UUID:
        """Return where an enquiry goes on: itself when it was never merged."""
        seen = {key}
        while (following := self._merged.get(key)) is not None and following not in seen:
            seen.add(following)
            key = following
        return key

    @property
    def model(self) -> str | None:
        return self._shelf.model

    @property
    def reads_meaning(self) -> bool:
        """Whether a vector of what is asked would be of use."""
        return self._shelf.reads_meaning

    @property
    def waiting(self) -> int:
        """How many texts are read by their words alone, their vectors not being known yet."""
        return self._shelf.waiting
