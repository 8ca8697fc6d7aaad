"""The managers' queue: enquiries by what stands out, in a stretch at a time that costs the same however many there are.

An order is a list of segments, each one condition walked along one index, so that "overdue first" needs no sorting of
everything. A place in it names the segment, the last key and id, and the day the order was reckoned on: a list that
changes under a reader neither repeats nor skips what stood still.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, String, and_, cast, exists, false, func, null, or_, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from service.ids import parse_reference
from service.records import directory, needs
from service.records.database import Unit
from service.records.flags import held_by, is_open, raised
from service.records.tables import Enquiry, Organisation, Person
from service.records.walks import along_no_index
from service.states import OPEN_STATES, EnquiryState, WaitingOn

Sort = Literal["priority", "submitted_at", "decision_date", "age"]
Key = datetime | date | None
_LONG_AGO, _NEVER = date.min, date.max


@dataclass(frozen=True, slots=True)
class Standing:
    """An enquiry with those it concerns and what stands out about it today."""

    enquiry: Enquiry
    owner: Person | None
    enquirer: Person | None
    organisation: Organisation | None
    flags: tuple[str, ...]

    @property
    def holder(self) -> WaitingOn:
        """Return who has to act next, as `flags.held_by` finds them."""
        recorded = WaitingOn(self.enquiry.waiting_on)
        ran_out = recorded == WaitingOn.UNIVERSITIES and "reply_by_passed" in self.flags
        return WaitingOn.TEAM if ran_out else recorded


@dataclass(frozen=True, slots=True)
class Place:
    """Where an enquiry stands in one order, reckoned on one day."""

    segment: int
    key: Key
    id: UUID
    today: date


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue and its place."""

    standing: Standing
    place: Place


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; everything left out is no condition. `owner` None with `unowned` is nobody."""

    states: Collection[str] = ()
    outcomes: Collection[str] = ()
    owner: UUID | None = None
    unowned: bool = False
    waiting_on: Collection[str] = ()
    """Who holds the ball on record."""
    holders: Collection[str] = ()
    """Who has to act next (`flags.held_by`)."""
    flags: Mapping[str, bool] = field(default_factory=dict)
    sectors: Collection[str] = ()
    topics: Collection[str] = ()
    organisation: str | None = None
    q: str | None = None
    asks: str | None = None
    """Words of the question itself, or its reference."""
    decision_before: date | None = None
    soon: date | None = None
    """The last day that counts as near; a week ahead where none is given."""
    references: Collection[str] = ()
    """These and no others, as we write them."""
    dated_by: UUID | None = None
    """A date that this person set has come."""


@dataclass(frozen=True, slots=True)
class _Segment:
    condition: ColumnElement[bool]
    key: SQLColumnExpression[datetime | None] | SQLColumnExpression[date | None] | None
    kind: type[datetime | date | None]
    newest_first: bool = False


def page(
    unit: Unit, filters: Filters, *, sort: Sort = "priority", today: date, after: Place | None = None, limit: int
) -> list[Row]:
    """Return the enquiries that pass `filters`, at most `limit`: those after a place, where given. Drafts never.

    `priority`: overdue first, then the others that are open, each the soonest latest safe day first and those that no
    date presses after them, the oldest first; then the closed ones, the last asked first.
    `submitted_at` and `age`: the oldest first. `decision_date`: the soonest first, those without one last.
    """
    day = after.today if after else today
    conditions = _conditions(unit, filters, today)
    places: list[Place] = []
    for number, segment in enumerate(_segments(sort, day, of_open=_is_of_open(filters))):
        if len(places) < limit and (after is None or number >= after.segment):
            start = after if after is not None and number == after.segment else None
            query = _walked(segment, start).where(*conditions).limit(limit - len(places))
            places += [Place(number, key, enquiry_id, day) for enquiry_id, key in unit.exec(query)]
    standings = {standing.enquiry.id: standing for standing in _standings(unit, [place.id for place in places], today)}
    return [Row(standings[place.id], place) for place in places]


def counts(unit: Unit, several: Sequence[Filters], today: date) -> list[int]:
    """Return how many enquiries pass each of `several` filters, in order, with one query: what `page` would show."""
    sent = col(Enquiry.state) != EnquiryState.DRAFT
    asked = [
        sql_select(func.count()).select_from(Enquiry).where(sent, *_conditions(unit, filters, today)).scalar_subquery()
        for filters in several
    ]
    return list(unit.connection().execute(sql_select(*asked)).one()) if asked else []


def narrowed(unit: Unit, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """Return what `filters` ask, as conditions on the enquiry of another query."""
    return _conditions(unit, filters, today)


def is_place(place: Place, sort: Sort) -> bool:
    """Tell whether a place could be one of this order: its segment is there and its key of the right kind."""
    segments = _segments(sort, place.today, of_open=False)
    if not 0 <= place.segment < len(segments):
        return False
    return type(place.key) is segments[place.segment].kind


def one(unit: Unit, enquiry_id: UUID, today: date) -> Standing:
    """Return one enquiry as it stands. Raises LookupError when there is none."""
    found = _standings(unit, [enquiry_id], today)
    if not found:
        raise LookupError(f"no enquiry {enquiry_id}")
    return found[0]


def _standings(unit: Unit, enquiry_ids: Collection[UUID], today: date) -> list[Standing]:
    """Return these enquiries, in no order, with two queries however many they are."""
    owner, enquirer = aliased(Person, name="owner"), aliased(Person, name="enquirer")
    query = (
        select(Enquiry, owner, enquirer, Organisation)
        .join(owner, col(owner.id) == col(Enquiry.owner_id), isouter=True)
        .join(enquirer, col(enquirer.id) == col(Enquiry.enquirer_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Enquiry.organisation_id), isouter=True)
        .where(col(Enquiry.id).in_(enquiry_ids))
    )
    flags = _flags(unit, enquiry_ids, today)
    return [Standing(*row, flags[row[0].id]) for row in unit.exec(query)]


def _flags(unit: Unit, enquiry_ids: Collection[UUID], today: date) -> dict[UUID, tuple[str, ...]]:
    unit.flush()
    conditions = raised(today)
    columns = [condition.label(code) for code, condition in conditions.items()]
    found = unit.connection().execute(sql_select(col(Enquiry.id), *columns).where(col(Enquiry.id).in_(enquiry_ids)))
    return {
        enquiry_id: tuple(code for code, is_raised in zip(conditions, answers, strict=True) if is_raised)
        for enquiry_id, *answers in found
    }


def _is_of_open(filters: Filters) -> bool:
    """Tell whether nothing closed can pass: then the few that are open are looked at, and nothing else is walked."""
    states = bool(filters.states) and OPEN_STATES.issuperset(filters.states)
    return states or any(is_wanted and code in needs.OF_OPEN for code, is_wanted in filters.flags.items())


def _segments(sort: Sort, today: date, *, of_open: bool) -> list[_Segment]:
    by_age = along_no_index(col(Enquiry.submitted_at)) if of_open else col(Enquiry.submitted_at)
    if sort == "priority":
        safe_until = col(Enquiry.latest_start_on)
        is_late = and_(col(Enquiry.due_on) < today, col(Enquiry.on_hold).is_(False))
        in_time = or_(col(Enquiry.due_on).is_(None), col(Enquiry.due_on) >= today, col(Enquiry.on_hold).is_(True))
        closed = col(Enquiry.state) == EnquiryState.CLOSED
        # Only what is open can have a latest safe day, so nothing else need be asked of the dated ones: they are walked
        # along its index. The others must not be, for every closed one is among them.
        undated = func.coalesce(safe_until, _NEVER) == _NEVER
        # The open ones are few, and the newest: found by their state and sorted, not met at the end of a walk by age.
        age_of_few: ColumnElement[datetime | None] = along_no_index(col(Enquiry.submitted_at))
        found = []
        for part in (is_late, in_time):
            found.append(_Segment(and_(safe_until > _LONG_AGO, part), safe_until, date))
            found.append(_Segment(and_(is_open(), part, undated), age_of_few, datetime))
        return found if of_open else [*found, _Segment(closed, by_age, datetime, newest_first=True)]
    sent = col(Enquiry.state) != EnquiryState.DRAFT
    if sort == "decision_date":
        date_of = along_no_index(col(Enquiry.decision_date)) if of_open else col(Enquiry.decision_date)
        dated, undated = and_(sent, date_of.is_not(None)), and_(sent, date_of.is_(None))
        return [_Segment(dated, date_of, date), _Segment(undated, None, type(None))]
    return [_Segment(sent, by_age, datetime)]


def _walked(segment: _Segment, after: Place | None) -> "Select[UUID, Key]":
    key = null() if segment.key is None else segment.key
    query = select(col(Enquiry.id), key).where(segment.condition)
    if segment.key is None:
        if after is not None:
            query = query.where(Enquiry.id > after.id)
        return query.order_by(col(Enquiry.id))
    stands = tuple_(segment.key, col(Enquiry.id))
    if segment.newest_first:
        query = query if after is None else query.where(stands < tuple_(after.key, after.id))
        return query.order_by(segment.key.desc(), col(Enquiry.id).desc())
    query = query if after is None else query.where(stands > tuple_(after.key, after.id))
    return query.order_by(segment.key, col(Enquiry.id))


def _conditions(unit: Unit, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, wanted in (
        (Enquiry.state, filters.states),
        (Enquiry.outcome, filters.outcomes),
        (Enquiry.waiting_on, filters.waiting_on),
        (Enquiry.sector, filters.sectors),
        (Enquiry.reference, filters.references),
    ):
        if wanted:
            found.append(col(column).in_(wanted))
    if filters.holders:
        found.append(or_(*(held_by(holder, today) for holder in filters.holders)))
    if filters.owner is not None:
        found.append(col(Enquiry.owner_id) == filters.owner)
    if filters.unowned:
        found.append(col(Enquiry.owner_id).is_(None))
    if filters.dated_by is not None:
        found.append(needs.dated_by(filters.dated_by, today))
    conditions = needs.conditions(today, filters.soon or today + timedelta(days=7)) if filters.flags else {}
    for code, is_wanted in filters.flags.items():
        found.append(conditions[code] if is_wanted else ~func.coalesce(conditions[code], false()))
    if filters.topics:
        written = cast(col(Enquiry.topics), String)
        found.append(or_(*(written.contains(f'"{topic}"', autoescape=True) for topic in filters.topics)))
    if filters.decision_before is not None:
        found.append(col(Enquiry.decision_date) < filters.decision_before)
    return found + _worded(unit, filters)


def _worded(unit: Unit, filters: Filters) -> list[ColumnElement[bool]]:
    found = []
    if filters.organisation is not None:
        found.append(_of_organisation(unit, filters.organisation))
    if filters.q is not None:
        found.append(_says(filters.q))
    if filters.asks is not None:
        found.append(or_(*_asks(filters.asks)))
    return found


def _of_organisation(unit: Unit, meant: str) -> ColumnElement[bool]:
    """An organisation by id or name; a name also finds what was written of bodies we do not know."""
    known = directory.organisation_meant(unit, meant)
    written = col(Enquiry.organisation_name).icontains(meant, autoescape=True)
    return or_(col(Enquiry.organisation_id) == known.id if known else false(), written)


def _says(words: str) -> ColumnElement[bool]:
    """The words stand in the question, its original, the organisation or the enquirer's name; or it is the reference."""
    enquirer = aliased(Person)
    # Asked of each enquiry by itself, so that a narrowed queue does not read everybody there is.
    named = exists().where(
        col(enquirer.id) == col(Enquiry.enquirer_id),
        or_(
            col(enquirer.name).icontains(words, autoescape=True), col(enquirer.email).icontains(words, autoescape=True)
        ),
    )
    written = col(Enquiry.organisation_name).icontains(words, autoescape=True)
    return or_(*_asks(words), written, named)


def _asks(words: str) -> list[ColumnElement[bool]]:
    """The words stand in the question or its original; or it is the reference."""
    places = [
        col(Enquiry.question).icontains(words, autoescape=True),
        col(Enquiry.original_question).icontains(words, autoescape=True),
    ]
    reference = parse_reference(words)
    if reference is not None:
        places.append(col(Enquiry.reference) == reference)
    return places
