"""`backup`: everything in one file, taken while the service runs; `--verify` reads one and says whether it is whole."""

from argparse import Namespace
from pathlib import Path

from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.records.archive import writing
from service.records.archive.layout import ArchiveProblem
from service.records.archive.reading import Summary, verify
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """Write the backup and check it, or check one; return 1 for a file that cannot be restored from."""
    path = Path(arguments.file)
    try:
        if arguments.verify:
            print(_told(verify(path), f"{path} is whole"))
        else:
            print(_told(_written(settings, path), f"Backed up to {path}"))
    except ArchiveProblem as problem:
        print(problem)
        return 1
    except OSError as problem:
        raise Refused(f"{problem.filename or path}: {problem.strerror}") from problem
    return 0


def _written(settings: Settings, path: Path) -> Summary:
    now = context_of(settings).now
    database = ready_database(settings, exactly=True)
    try:
        return writing.write(database, path, now)
    finally:
        database.dispose()


def _told(summary: Summary, what: str) -> str:
    described = summary.description
    return (
        f"{what}: {summary.rows:,} rows of {len(summary.counts)} tables, {summary.counts.get('enquiry', 0):,} enquiries, "
        f"schema {described.revision}, taken at {described.taken_at:%Y-%m-%dT%H:%M:%SZ}.\nSHA-256 {summary.sha256}"
    )
