"""Meetings as iCalendar requests (RFC 5545, RFC 5546)."""

from datetime import UTC, date, datetime
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

from service.delivery import phrases
from service.delivery.letterhead import Letterhead
from service.records.tables import OutboxMessage
from service.working_time import LONDON


def invitation(message: OutboxMessage, summary: str, letterhead: Letterhead) -> bytes:
    """Return the meeting of a `meeting_invitation` as a METHOD:REQUEST document in London time, with its zone.

    The UID is the conversation entry's id, so a repeat updates the same appointment. Only the addressee stands as an
    attendee: others are named in words, because an address is theirs to give. KeyError and ValueError when `params`
    lack `entry_id` or `starts_at`, or one is not what it should be.
    """
    params = message.params
    event = Event()
    event.add("uid", f"{UUID(str(params['entry_id']))}@{letterhead.host}")
    event.add("dtstamp", message.queued_at.astimezone(UTC))
    starts = _london(params["starts_at"])
    ends = _london(params["ends_at"]) if params.get("ends_at") else starts
    event.add("dtstart", starts)
    if ends != starts:
        event.add("dtend", ends)
    event.add("summary", phrases.one_line(f"{letterhead.service_name}: {params.get('title') or summary}"))
    how = phrases.plain(str(params.get("place_or_how") or "")).strip()
    event.add("description", f"{how}\n\n{letterhead.page(str(params.get('path') or '/'))}".strip())
    if how and phrases.one_line(how) == how:
        event.add("location", how)
    event.add("status", "CONFIRMED")
    event.add("sequence", 0)
    event.add("organizer", _person(params.get("owner_email") or letterhead.mail_from, params.get("owner_name")))
    attendee = _person(message.to_address, message.to_name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("TRUE")
    event.add("attendee", attendee)

    calendar = Calendar()
    calendar.add("prodid", f"-//{phrases.one_line(letterhead.service_name)}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    # The zone's changes of the years about it are all that a reader needs; by default there would be seventy years of them.
    calendar.add_missing_timezones(date(max(starts.year - 1, 1), 1, 1), date(min(ends.year + 2, 9999), 1, 1))
    document: bytes = calendar.to_ical()
    return document


def _london(value: object) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} carries no time zone")
    return instant.astimezone(LONDON)


def _person(address: object, name: object) -> vCalAddress:
    found = vCalAddress(f"mailto:{phrases.one_line(str(address))}")
    if name:
        # A parameter's value is quoted, and RFC 5545 lets no quotation mark stand in it.
        found.params["CN"] = vText(phrases.one_line(str(name)).replace('"', "'"))
    return found
