"""`erase subject EMAIL`: what is theirs is destroyed, and what has to stay is said line by line."""

from argparse import Namespace

from service.actions.erasing import Line, erase_subject
from service.actions.retention import periods_of
from service.commands.opening import acting_for, context_of, ready_database
from service.records.database import Unit
from service.settings import Settings


class _Rehearsed(Exception):
    """The end of a dry run: everything was worked out, and is rolled back."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__()
        self.lines = lines


def run(settings: Settings, arguments: Namespace) -> int:
    """Erase, or with `--dry-run` say what would become of what: the same lines, worked out in the same way."""
    ctx, periods = context_of(settings), periods_of(settings)
    database = ready_database(settings)

    def work(unit: Unit) -> list[Line]:
        lines = erase_subject(unit, acting_for(unit, ctx, arguments.by), arguments.email, periods)
        if arguments.dry_run:
            raise _Rehearsed(lines)
        return lines

    try:
        lines = database.transact(work)
    except _Rehearsed as rehearsed:
        lines = rehearsed.lines
    finally:
        database.dispose()
    for line in lines:
        print(line)
    if not lines:
        print("Nothing is held about that address.")
    if arguments.dry_run:
        print("A dry run: nothing was changed.")
    return 0
