"""Reminders as rules: what is wanted, when and why, worked out afresh from the facts each time it is asked.

Nothing here remembers or sends. What was planned before is compared with what is wanted now by whoever keeps the rows.
"""

from service.workflows.reminders.plan import Planned, Promise, plan, promise
from service.workflows.reminders.rule import Audience
from service.workflows.reminders.rules import (
    CALENDAR_RUNS_OUT,
    CALENDAR_WARNING_DAYS,
    CODES,
    ENQUIRER_KINDS,
    RULES,
    SPENDING,
    STAFF_DATE,
)

__all__ = [
    "CALENDAR_RUNS_OUT",
    "CALENDAR_WARNING_DAYS",
    "CODES",
    "ENQUIRER_KINDS",
    "RULES",
    "SPENDING",
    "STAFF_DATE",
    "Audience",
    "Planned",
    "Promise",
    "plan",
    "promise",
]
