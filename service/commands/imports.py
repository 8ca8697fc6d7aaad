"""`import organisations|researchers FILE`: a file of reference data, all of it or nothing, with a report by row."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from service.actions.importing import ImportReport, import_organisations, import_researchers
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.records.database import Unit
from service.settings import Settings
from service.sources.files import Unreadable, read_rows


def run(settings: Settings, arguments: Namespace) -> int:
    """Bring the file in, or with `--dry-run` say what would happen; return 1 when a row is refused."""
    if arguments.what == "researchers" and arguments.file.lower().endswith(".csv"):
        raise Refused("Researchers come as JSON: a list, each row with its university under “organisation”.")
    try:
        rows = read_rows(Path(arguments.file), arguments.what)
    except Unreadable as problem:
        raise Refused(str(problem)) from problem
    ctx = context_of(settings)
    takers: Mapping[str, Callable[[Unit], ImportReport]] = {
        "organisations": lambda unit: import_organisations(unit, ctx, rows, dry_run=arguments.dry_run),
        "researchers": lambda unit: import_researchers(unit, ctx, rows, dry_run=arguments.dry_run),
    }
    database = ready_database(settings)
    try:
        report = database.transact(takers[arguments.what])
    finally:
        database.dispose()
    _tell(report)
    return 0 if report.is_accepted else 1


def _tell(report: ImportReport) -> None:
    for row in report.rows:
        for error in row.errors:
            print(f"row {row.row}: {error['field']}: {error['message']}".replace(": : ", ": "), file=sys.stderr)
    done = ", ".join(f"{report.count(action)} {action}" for action in ("created", "updated", "unchanged", "refused"))
    print(f"{len(report.rows)} rows: {done}." + (" A dry run: nothing was changed." if report.dry_run else ""))
