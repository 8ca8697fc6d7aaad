"""Since when each reminder rule writes, and whether it was stopped."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import ReminderSetting
from service.workflows.reminders import CODES


def settings(unit: Unit, now: datetime) -> dict[str, ReminderSetting]:
    """Return the setting of every rule. A rule met for the first time takes effect now: it writes about nothing older."""
    found = {row.rule: row for row in unit.exec(select(ReminderSetting).order_by(col(ReminderSetting.rule)))}
    if missing := [code for code in CODES if code not in found]:
        insert = postgresql.insert if unit.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = [{"rule": code, "effective_from": now, "stopped": False} for code in missing]
        unit.exec(insert(ReminderSetting).values(values).on_conflict_do_nothing(index_elements=["rule"]))
        return settings(unit, now)
    return found
