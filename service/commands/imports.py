"""`import organisations|researchers FILE`: a file of reference data, JSON or CSV, all of it or nothing, with a report by row."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from service.actions.importing import ImportReport, Origin, import_organisations, import_researchers
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.records.database import Unit
from service.settings import Settings
from service.sources.files import Unreadable, read_rows
from service.sources.researcher_rows import read_researchers


def run(settings: Settings, arguments: Namespace) -> int:
    """Bring the file in, or with `--dry-run` say what would happen; return 1 when a row is refused."""
    path, origins = Path(arguments.file), list[Origin]()
    try:
        if arguments.what == "researchers" and path.suffix.lower() != ".json":
            rows, origins = _researchers(path)
        else:
            rows = read_rows(path, arguments.what)
    except Unreadable as problem:
        raise Refused(str(problem)) from problem
    ctx = context_of(settings)
    takers: Mapping[str, Callable[[Unit], ImportReport]] = {
        "organisations": lambda unit: import_organisations(unit, ctx, rows, dry_run=arguments.dry_run),
        "researchers": lambda unit: import_researchers(unit, ctx, rows, origins=origins, dry_run=arguments.dry_run),
    }
    database = ready_database(settings)
    try:
        report = database.transact(takers[arguments.what])
    finally:
        database.dispose()
    _tell(report)
    return 0 if report.is_accepted else 1


def _researchers(path: Path) -> tuple[list[dict[str, object]], list[Origin]]:
    try:
        rows, origins = read_researchers(path.read_bytes())
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read: {problem.strerror}") from problem
    except Unreadable as problem:
        raise Unreadable(f"{path} cannot come in: {problem}.") from problem
    return rows, [*origins]


def _tell(report: ImportReport) -> None:
    for row in report.rows:
        for error in row.errors:
            place = f"line {error['line']}" if "line" in error else f"row {row.row}"
            print(f"{place}: {error['field']}: {error['message']}".replace(": : ", ": "), file=sys.stderr)
    done = ", ".join(f"{report.count(action)} {action}" for action in ("created", "updated", "unchanged", "refused"))
    print(f"{len(report.rows)} rows: {done}." + (" A dry run: nothing was changed." if report.dry_run else ""))
