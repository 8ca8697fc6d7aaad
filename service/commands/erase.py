"""`erase subject EMAIL`: what is theirs is destroyed, and what has to stay is said line by line."""

from argparse import Namespace

from service.actions.erasing import erase_subject
from service.actions.retention import periods_of
from service.commands.opening import acting_for, context_of, ready_database
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """Erase, or with `--dry-run` say what would become of what: the same lines, worked out in the same way."""
    ctx, periods = context_of(settings), periods_of(settings)
    database = ready_database(settings)

    try:
        acting = database.read(lambda unit: acting_for(unit, ctx, arguments.by))
        lines = erase_subject(database, acting, arguments.email, periods, rehearse=arguments.dry_run)
    finally:
        database.dispose()
    for line in lines:
        print(line)
    if not lines:
        print("Nothing is held about that address.")
    if arguments.dry_run:
        print("A dry run: nothing was changed.")
    return 0
