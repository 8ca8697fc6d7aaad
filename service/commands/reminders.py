"""`reminders`: since when each rule writes, and whom one would write to; from when on it does, or whether it is stopped."""

from argparse import Namespace
from datetime import UTC, datetime

from service.actions import remind
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.context import Context
from service.records import reminder_settings
from service.records.database import Database, Unit
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """List the rules; with a rule, rehearse it, let it take effect from an instant, or stop it."""
    ctx = context_of(settings)
    since = _instant(arguments.since) if arguments.since else None
    database = ready_database(settings)
    try:
        if arguments.rule is None:
            _list(database, ctx)
        elif arguments.dry_run:
            _rehearse(database, ctx, arguments.rule)
        else:
            _change(database, ctx, arguments.rule, since, stop=arguments.stop)
    finally:
        database.dispose()
    return 0


def _list(database: Database, ctx: Context) -> None:
    known = database.transact(lambda unit: list(reminder_settings.settings(unit, ctx.now).values()))
    for row in known:
        print(f"{row.rule:20} {row.effective_from:%Y-%m-%dT%H:%M:%SZ}{'  stopped' if row.stopped else ''}")


def _rehearse(database: Database, ctx: Context, rule: str) -> None:
    found = database.read(lambda unit: remind.dry_run(unit, ctx, rule))
    for one in found:
        print(f"{one.due_on}  {one.reference or 'a draft':9} {one.addressee}")
    print(f"{len(found)} to write, if the rule counted everything that ever happened. Nothing was written.")


def _change(database: Database, ctx: Context, rule: str, since: datetime | None, *, stop: bool) -> None:
    if since is None and not stop:
        raise Refused("Say what to do with the rule: --dry-run, --from INSTANT or --stop.")

    def work_out(unit: Unit) -> str:
        setting = reminder_settings.settings(unit, ctx.now).get(rule)
        at = since or (setting.effective_from if setting else ctx.now)
        changed = remind.take_effect_from(unit, ctx, rule, at, stopped=stop)
        return (
            f"{changed.rule} {'is stopped' if stop else f'writes about what happens from {at:%Y-%m-%dT%H:%M:%SZ} on'}."
        )

    print(database.transact(work_out))


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise Refused("--from is an instant such as 2026-11-22T09:30:00Z.") from problem
    if instant.tzinfo is None:
        raise Refused("--from needs its offset: write 2026-11-22T09:30:00Z.")
    return instant.astimezone(UTC)
