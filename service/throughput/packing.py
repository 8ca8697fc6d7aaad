"""A case as bytes that are read a hundred thousand at once: one layout, little-endian, written and read here alone.

Instants are microseconds since 1970, days are ordinals, words are their places in the lists of their kind. RULES names
the layout, what `case_of` makes of a history, and every list: what was packed by other rules is packed anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from struct import Struct
from typing import Any, Literal, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from service.states import EnquiryState, Outcome, WaitingOn
from service.throughput.afterwards import MONEY
from service.throughput.calendars import nation_of
from service.throughput.called import Sent
from service.throughput.cases import MILESTONES, Case
from service.throughput.groups import KEYS, GroupBy
from service.throughput.periods import month_number
from service.vocabulary import DECLINE_REASONS, USES
from service.working_time import Nation, local_date, ticks_of

EDITION = 1
"""Raise it when a case is made of a history in another way, or when the layout changes: a test holds it to that."""

NEVER = 2**63 - 1
"""An instant that did not come."""
NO_DAY = 2**31 - 1
"""A day that nobody named."""
NO_WORD = 255

STATES, HOLDERS, OUTCOMES, NATIONS = tuple(EnquiryState), tuple(WaitingOn), tuple(Outcome), tuple(Nation)
REASONS, SAID, TOPICS = tuple(DECLINE_REASONS), tuple(USES), KEYS[GroupBy.TOPIC]
_REASON = {reason: place for place, reason in enumerate(REASONS)}
ONE_OF = (GroupBy.SECTOR, GroupBy.AREA, GroupBy.ENQUIRY_TYPE)
"""The groupings in which a case is in exactly one group."""
ANSWERS = ("interest", "late", "offer", "accept_offer", "decline_offer", *(f"recipient_declined:{r}" for r in REASONS))

Beside = Literal["spans", "universities", "moves"]
"""What is read of cases beside their heads where a figure looks at it."""

_BETWEEN, _WITHIN = "\n", "\t"
_Take = Callable[[Case], object]


class Packed(NamedTuple):
    """One case: what has a fixed size, its spans, the universities that offered a team, the way it went, its calls."""

    head: bytes
    spans: bytes
    universities: bytes
    moves: bytes
    calls: bytes


def _ticks(instant: datetime | None) -> int:
    return NEVER if instant is None else ticks_of(instant)


def _ordinal(day: date | None) -> int:
    return NO_DAY if day is None else day.toordinal()


def _instant(take: Callable[[Case], datetime | None]) -> _Take:
    return lambda case: _ticks(take(case))


def _day(take: Callable[[Case], date | None]) -> _Take:
    return lambda case: _ordinal(take(case))


def _word(words: Iterable[str], take: Callable[[Case], str | None]) -> _Take:
    places = {str(word): place for place, word in enumerate(words)}
    return lambda case: places.get(take(case) or "", NO_WORD)


def _body(case: Case) -> UUID:
    return case.organisation or UUID(int=0)


def _topics(case: Case) -> int:
    return sum(1 << TOPICS.index(topic) for topic in case.groups[GroupBy.TOPIC])


def _nation(case: Case) -> int:
    nation = nation_of(case.area)
    return len(NATIONS) if nation is None else NATIONS.index(nation)


def _furthest(case: Case) -> int:
    return max(STATES.index(EnquiryState(span.state)) for span in case.spans)


_HEAD: tuple[tuple[str, str, _Take], ...] = (
    ("submitted_at", "q", _instant(lambda case: case.submitted_at)),
    *((name, "q", _instant(lambda case, name=name: case.milestones.get(name))) for name in MILESTONES),  # type: ignore[misc]
    *((name, "q", lambda case, name=name: case.money[name]) for name in MONEY),
    ("body_high", "Q", lambda case: _body(case).int >> 64),
    ("body_low", "Q", lambda case: _body(case).int & (1 << 64) - 1),
    ("topics", "Q", _topics),
    ("month", "i", lambda case: month_number(local_date(case.submitted_at))),
    ("needed_by", "i", _day(lambda case: case.needed_by)),
    ("usable_on", "i", _day(lambda case: case.usable_on)),
    ("spans", "I", lambda case: len(case.spans)),
    *((name, "I", lambda case, name=name: case.answers.get(name, 0)) for name in ANSWERS),
    *((by.value, "B", _word(KEYS[by], lambda case, by=by: next(iter(case.groups[by])))) for by in ONE_OF),  # type: ignore[misc]
    ("nation", "B", _nation),
    ("furthest", "B", _furthest),
    ("state", "B", lambda case: STATES.index(EnquiryState(case.spans[-1].state))),
    ("outcome", "B", _word(OUTCOMES, lambda case: case.outcome)),
    ("use", "B", _word(SAID, lambda case: case.use)),
    ("said", "?", lambda case: case.use is not None),
    ("delivered", "?", lambda case: case.delivered),
    ("by_split", "?", lambda case: case.by_split),
    ("reopened", "?", lambda case: case.reopened),
    ("on_hold", "?", lambda case: case.on_hold),
    ("has_body", "?", lambda case: case.organisation is not None),
)
"""Each member of a head: its name, its kind as `struct` writes it, and how it comes out of a case."""
_CALL: tuple[tuple[str, str, Callable[[Sent], object]], ...] = (
    ("university", "16s", lambda sent: UUID(sent.university).bytes),
    ("sent_at", "q", lambda sent: _ticks(sent.sent_at)),
    ("ended_at", "q", lambda sent: _ticks(sent.ended_at)),
    ("answered_at", "q", lambda sent: _ticks(sent.answered_at)),
    ("month", "i", lambda sent: sent.month),
    ("end_on", "i", lambda sent: _ordinal(sent.end_on)),
    ("delivered_on", "i", lambda sent: _ordinal(sent.delivered_on)),
    ("interests", "I", lambda sent: sent.interests),
    ("late", "I", lambda sent: sent.late),
    ("offers", "I", lambda sent: sent.offers),
    ("accepted", "I", lambda sent: sent.accepted),
    ("turned_down", "I", lambda sent: sent.turned_down),
    ("commissioned", "I", lambda sent: sent.commissioned),
    ("declined", "B", lambda sent: NO_WORD if sent.declined is None else _REASON.get(sent.declined, len(REASONS))),
)
"""The same of a call: the reason of a decline that is no longer in the list has the place past its end."""
_KINDS = {"16s": "V16", "q": "<i8", "Q": "<u8", "i": "<i4", "I": "<u4", "B": "u1", "?": "?"}
_HEAD_BYTES = Struct("<" + "".join(kind for _, kind, _ in _HEAD))
_SPAN_BYTES = Struct("<qBB?")
_CALL_BYTES = Struct("<" + "".join(kind for _, kind, _ in _CALL))
HEAD = np.dtype([(name, _KINDS[kind]) for name, kind, _ in _HEAD])
CALL = np.dtype([(name, _KINDS[kind]) for name, kind, _ in _CALL])
SPAN = np.dtype([("start", "<i8"), ("state", "u1"), ("holder", "u1"), ("on_hold", "?")])

_LISTS = (
    HEAD.descr,
    SPAN.descr,
    CALL.descr,
    STATES,
    HOLDERS,
    OUTCOMES,
    NATIONS,
    SAID,
    sorted((by, KEYS[by]) for by in KEYS),
)
RULES = f"{EDITION}-{sha256(repr(_LISTS).encode()).hexdigest()[:12]}"


def pack(case: Case) -> Packed:
    """Return a case as bytes."""
    return Packed(
        _HEAD_BYTES.pack(*(take(case) for _, _, take in _HEAD)),
        b"".join(
            _SPAN_BYTES.pack(
                ticks_of(span.start),
                STATES.index(EnquiryState(span.state)),
                HOLDERS.index(WaitingOn(span.waiting_on)),
                span.on_hold,
            )
            for span in case.spans
        ),
        _BETWEEN.join(sorted(case.groups[GroupBy.UNIVERSITY])).encode(),
        _BETWEEN.join(_WITHIN.join(move) for move in case.moves).encode(),
        pack_calls(case.calls),
    )


def pack_calls(calls: Iterable[Sent]) -> bytes:
    """Return calls as bytes."""
    return b"".join(_CALL_BYTES.pack(*(take(sent) for _, _, take in _CALL)) for sent in calls)


def read_calls(packed: Iterable[bytes]) -> NDArray[Any]:
    """Return the calls of many cases in one array."""
    return np.frombuffer(b"".join(packed), CALL)


def words_of(packed: bytes) -> list[str]:
    """Return the universities of a case."""
    return packed.decode().split(_BETWEEN) if packed else []


def moves_of(packed: bytes) -> list[tuple[str, str, str]]:
    """Return the moves of a case: event, state before, state after."""
    return [(event, source, target) for event, source, target in (one.split(_WITHIN) for one in words_of(packed))]


def differs(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell of each value whether it is another than the one before it; the first is."""
    found = np.ones(len(values), np.bool_)
    found[1:] = values[1:] != values[:-1]
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """Some cases, in arrays: `heads` one a case, `spans` one after the other. What is not given beside heads is empty."""

    heads: NDArray[Any]
    spans: NDArray[Any]
    universities: NDArray[np.object_]
    moves: NDArray[np.object_]

    @classmethod
    def of(
        cls,
        heads: Iterable[bytes],
        spans: Iterable[bytes] = (),
        universities: Sequence[bytes] = (),
        moves: Sequence[bytes] = (),
    ) -> "Counted":
        """Return packed cases as arrays; what is given beside their heads is given of every case."""
        return cls(
            np.frombuffer(b"".join(heads), HEAD),
            np.frombuffer(b"".join(spans), SPAN),
            np.array(universities, object),
            np.array(moves, object),
        )

    def __len__(self) -> int:
        return len(self.heads)

    def case_of_span(self) -> NDArray[np.intp]:
        """Return the place of the case that each span belongs to. Raises ValueError where spans were not asked for."""
        cases = np.repeat(np.arange(len(self)), self.heads["spans"])
        if len(cases) != len(self.spans):
            raise ValueError("the spans of these cases were not read")
        return cases

    def take(self, which: NDArray[np.bool_]) -> "Counted":
        """Return those cases for which `which` holds."""
        if which.all():
            return self
        spans = self.spans[np.repeat(which, self.heads["spans"])] if len(self.spans) else self.spans
        return Counted(self.heads[which], spans, *self._beside(which))

    def _beside(self, which: Any) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        universities = self.universities[which] if len(self.universities) else self.universities
        return universities, self.moves[which] if len(self.moves) else self.moves


Cases = Iterable[Counted]
"""Every case, some at a time; they are gone through once."""
