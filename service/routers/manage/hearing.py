"""What somebody said outside their own pages, written down on the form of the step that quotes it."""

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from service.actions.converse import Words, converse
from service.context import Context
from service.records import calls
from service.records.database import Unit
from service.routers.forms import PROSE_LENGTH, Mistakes, Posted
from service.routers.manage.telling import CONTACTS
from service.working_time import LONDON, local_date

NEW = "new"
"""Stands for the entry to quote, where it is written down with the step."""
ANCHORS = {"heard_on": "heard_on-day"}


def read_heard(posted: Posted, mistakes: Mistakes, now: datetime, whose: str = "the enquirer") -> Words:
    """Return what a form's `heard` fields write down: an inward entry, theirs, of when they are said to have said it.

    The enquirer may read their own words; what researchers told us, only the team.
    """
    kind = mistakes.choice("heard_kind", posted.line("heard_kind"), CONTACTS, "Choose from the list")
    mistakes.required("heard_kind", kind or "", "Say how they told us")
    body = mistakes.required("heard", posted.prose("heard"), "Write down what they said")
    mistakes.fits("heard", body, PROSE_LENGTH, "What they said")
    at = read_instant(posted, mistakes, now, "heard")
    if at is not None and at > now:
        mistakes.add("heard_on", "This has not happened yet")
    visibility = "enquirer" if whose == "the enquirer" else "back_stage"
    return Words(kind=kind or "call", visibility=visibility, direction="in", body=body, occurred_at=at)


def write_down(unit: Unit, ctx: Context, enquiry_id: UUID, words: Words) -> UUID:
    """Record what was heard, and return the entry's id, to be quoted in the same transaction.

    What only the team reads is the word of the researchers who have an offer: it says nothing of the enquirer.
    """
    if words.visibility == "back_stage":
        offer = calls.open_offer(unit, enquiry_id)
        words = replace(words, organisation_id=offer.organisation_id if offer else None)
    return converse(unit, ctx, enquiry_id, words).id


def read_instant(posted: Posted, mistakes: Mistakes, now: datetime, name: str) -> datetime | None:
    """Return the instant that the fields `…_on` and `…_at` give, as London tells the time.

    None is now: no date is given, or only today's.
    """
    on, at = f"{name}_on", f"{name}_at"
    day = mistakes.date(on, posted, "The date")
    written = posted.line(at)
    if day is None:
        if written and on not in mistakes.found:
            mistakes.add(on, "Give the date too")
        return None
    if not date(1900, 1, 1) <= day <= date(2199, 12, 31):
        mistakes.add(on, "The date must be a real date")
        return None
    if not written:
        return None if day == local_date(now) else datetime.combine(day, time(12), LONDON)
    for pattern in ("%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"):
        try:
            return datetime.combine(day, datetime.strptime(written.replace(" ", ""), pattern).time(), LONDON)  # noqa: DTZ007 - only its time of day is used
        except ValueError:
            continue
    mistakes.add(at, "Enter a time, like 14:30 or 2:30pm")
    return None
