"""`restore`: a backup into an empty database, all of it or nothing."""

from argparse import Namespace
from pathlib import Path

from service.actions import restoring
from service.commands import Refused
from service.commands.opening import context_of
from service.records.archive.layout import ArchiveProblem
from service.records.archive.loading import restore
from service.records.database import Database, Unit
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """Restore; return 1, with the reason, when nothing could be."""
    ctx = context_of(settings)
    path = Path(arguments.file)
    database = Database(settings.database_url)
    aside = 0

    def afterwards(unit: Unit) -> None:
        nonlocal aside
        aside = restoring.begin_again(unit, ctx, send_queued=arguments.queued == "send")

    try:
        summary = restore(database, path, afterwards)
    except ArchiveProblem as problem:
        print(f"{problem}\nNothing was changed.")
        return 1
    except OSError as problem:
        raise Refused(f"{problem.filename or path}: {problem.strerror}") from problem
    finally:
        database.dispose()
    print(f"Restored {summary.rows:,} rows of {len(summary.counts)} tables from {path}.")
    print("Universities' cursors begin again: the next poll with an old one answers 410 and says how.")
    if aside:
        print(
            f"{aside:,} messages that were still to be sent are set aside as failed: send again those that did not leave."
        )
    print("Next: python -m service check")
    return 0
