"""`retention`: the schedule, what has had its time and what soon will, and, unless it is a dry run, its destruction."""

from argparse import Namespace
from datetime import timedelta

from service.actions.retention import coming, forget_enquiry, periods_of
from service.commands.opening import context_of, ready_database
from service.context import Context
from service.records import drafts, outbox
from service.records.database import Database
from service.records.retention import Kept
from service.settings import Settings
from service.workflows.retention import ENQUIRIES, SCHEDULE, Periods


def run(settings: Settings, arguments: Namespace) -> int:
    """Say what goes, when, and what is held; destroy what is due unless it is a dry run. Drafts and letters go with the scheduler's tick."""
    ctx, periods = context_of(settings), periods_of(settings)
    database = ready_database(settings)
    try:
        for rule in SCHEDULE:
            print(f"{rule.period(periods):>8} from {rule.since}: {rule.what}. Goes: {rule.goes}. Stays: {rule.stays}.")
        old = database.read(lambda unit: drafts.old(unit, ctx.now))
        letters = database.read(lambda unit: outbox.count_old(unit, ctx.now - timedelta(days=periods.letters_days)))
        listed = database.read(lambda unit: coming(unit, ctx, periods))
        print()
        for each in listed:
            print(_line(each, periods))
        due = [each for each in listed if each.is_due]
        held = sum(each.held_because is not None for each in listed)
        print(f"{len(due)} enquiries and {len(old)} drafts have had their time; {held} held.")
        print(f"{letters} letters about no enquiry have had theirs.")
        if arguments.dry_run:
            print("A dry run: nothing was changed.")
        else:
            gone = sum(_forget(database, ctx, each, periods) for each in due)
            print(f"The content of {gone} enquiries is destroyed.")
    finally:
        database.dispose()
    return 0


def _forget(database: Database, ctx: Context, each: Kept, periods: Periods) -> bool:
    return database.transact(lambda unit: forget_enquiry(unit, ctx, each.id, periods))


def _line(each: Kept, periods: Periods) -> str:
    rule = ENQUIRIES[each.category]
    until = f"{each.until:%Y-%m-%d}"
    if each.held_because is not None:
        fate = f"kept: legal hold ({each.held_because}); its time ends {until}"
    elif each.waits_for_target:
        fate = f"kept: the enquiry it was merged into is still there; its own time ends {until}"
    else:
        fate = "goes now" if each.is_due else f"goes on {until}"
    return f"{each.reference}  closed {each.closed_at:%Y-%m-%d}  {each.category} ({rule.period(periods)}): {fate}"
