"""What is kept no longer than it is of use: each of these deletes what has had its time, and returns how many rows."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import SQLModel, col, delete

from service.records import idempotency, outbox, webhooks
from service.records.database import Unit
from service.records.tables import IdempotencyRecord, RateCount, SignInLink, SpentFlow, WebSession

LINKS_KEPT = timedelta(days=28)
"""An old link still leads to a page that mails a fresh one."""
SESSIONS_KEPT = timedelta(days=1)
RATES_KEPT = timedelta(days=1)
FLOWS_KEPT = timedelta(days=1)


def old_links(unit: Unit, now: datetime) -> int:
    """Sign-in links that ended four weeks ago."""
    return _delete(unit, SignInLink, col(SignInLink.expires_at) <= now - LINKS_KEPT)


def old_sessions(unit: Unit, now: datetime) -> int:
    """Sessions that ended, or that somebody ended, a day ago."""
    before = now - SESSIONS_KEPT
    return _delete(unit, WebSession, or_(col(WebSession.expires_at) <= before, col(WebSession.ended_at) <= before))


def old_answers(unit: Unit, now: datetime) -> int:
    """Answers kept for repeated requests, after their seven days."""
    return _delete(unit, IdempotencyRecord, col(IdempotencyRecord.created_at) <= now - idempotency.KEPT)


def old_rates(unit: Unit, machine_now: datetime) -> int:
    """Counts of knocks at public doors, of which only the newest window is read."""
    return _delete(unit, RateCount, col(RateCount.window_start) <= machine_now - RATES_KEPT)


def old_pokes(unit: Unit, now: datetime) -> int:
    """What is told in a webhook's log of deliveries, after four weeks."""
    return webhooks.forget_old(unit, now)


def old_letters(unit: Unit, now: datetime, kept_for: timedelta) -> int:
    """Letters about no enquiry that left or were given up: links, listings, digests."""
    return outbox.forget_old(unit, now - kept_for)


def old_flows(unit: Unit, machine_now: datetime) -> int:
    """Sign-ins at the provider that came back, once their cookies are too old to be shown again."""
    return _delete(unit, SpentFlow, col(SpentFlow.spent_at) <= machine_now - FLOWS_KEPT)


def _delete(unit: Unit, table: type[SQLModel], condition: ColumnElement[bool]) -> int:
    return unit.exec(delete(table).where(condition)).rowcount
