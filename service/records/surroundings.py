"""What a command's guards need beside the enquiry's own facts: the things it points at, and the calendar's answers."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from uuid import UUID

from service.context import Context
from service.principals import Role
from service.records import enquiries, people
from service.records.database import Unit
from service.records.snapshots import working_days_to
from service.records.tables import Enquiry, Entry
from service.states import EnquiryState
from service.workflows.commands import Close, Command
from service.workflows.facts import Around, QuotedEntry, Target
from service.working_time import CalendarRanOut, local_date


def surroundings(unit: Unit, ctx: Context, enquiry: Enquiry, command: Command | None = None) -> Around:
    """Return what `command` points at as it is recorded now; only the day when there is no command."""
    today = local_date(ctx.now)
    if command is None:
        return Around(today=today)
    nation = enquiries.nation_of(unit, enquiry, ctx.nation)
    dates = [day for name in ("reply_by", "respond_by") if isinstance(day := getattr(command, name, None), date)]
    recipients: tuple[UUID, ...] = getattr(command, "recipients", ())
    owner = getattr(command, "owner", None)
    return Around(
        today=today,
        working_days_to=_counted(unit, nation, today, dates),
        quoted=_quoted(unit, enquiry, getattr(command, "entry", None)),
        partners=frozenset(o.id for o in people.partner_universities(unit)) & frozenset(recipients),
        staff=frozenset(person.id for person in people.staff(unit)) if owner else frozenset(),
        target=_target(unit, enquiry, command.target) if isinstance(command, Close) and command.target else None,
    )


def _counted(unit: Unit, nation: str, today: date, dates: Iterable[date]) -> dict[date, int]:
    """Count to each date ahead. One that the calendar does not reach is not counted: it is far enough for any rule."""
    counted = {}
    for day in dates:
        with suppress(CalendarRanOut):
            if day > today:
                counted[day] = working_days_to(unit, nation, today, day)
    return counted


def _quoted(unit: Unit, enquiry: Enquiry, entry_id: UUID | None) -> QuotedEntry | None:
    entry = unit.get(Entry, entry_id) if entry_id else None
    return None if entry is None or entry.enquiry_id != enquiry.id else quoted(entry)


def quoted(entry: Entry) -> QuotedEntry:
    """Return what the rules are told about an entry that somebody quotes."""
    return QuotedEntry(
        id=entry.id,
        direction=entry.direction,
        automatic=entry.automatic,
        redacted=entry.redacted_at is not None,
        occurred_at=entry.occurred_at,
        visibility=entry.visibility,
        author_role=Role(entry.author_role),
    )


def _target(unit: Unit, enquiry: Enquiry, reference: str) -> Target | None:
    target = enquiries.by_reference(unit, reference)
    if target is None:
        return None
    return Target(
        reference=target.reference or "",
        state=EnquiryState(target.state),
        leads_back=enquiries.final_target(unit, target).id == enquiry.id,
    )
