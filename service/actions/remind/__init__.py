"""Remind: keep the rows of what is to be followed up in step with the facts, and send each when it is due and still wanted."""

from service.actions.remind.choices import ask_me_later, cancel, finish, set_staff_date
from service.actions.remind.digest import is_digest_due, tasks_that_stand, write_digests
from service.actions.remind.installing import ending_calendars, prepare, warn_of
from service.actions.remind.planning import (
    draft_saved,
    entry_recorded,
    recompute,
    recompute_calendar,
    refresh,
    schedule,
)
from service.actions.remind.rehearsing import Rehearsed, dry_run, take_effect_from
from service.actions.remind.sending import send_due

__all__ = [
    "Rehearsed",
    "ask_me_later",
    "cancel",
    "draft_saved",
    "dry_run",
    "ending_calendars",
    "entry_recorded",
    "finish",
    "is_digest_due",
    "prepare",
    "recompute",
    "recompute_calendar",
    "refresh",
    "schedule",
    "send_due",
    "set_staff_date",
    "take_effect_from",
    "tasks_that_stand",
    "warn_of",
    "write_digests",
]
