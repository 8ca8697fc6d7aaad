"""`import organisations|researchers|history FILE`: a file, JSON or CSV, all of it or nothing, with a report by row."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from service.actions.history import import_history
from service.actions.importing import ImportReport, Origin, import_organisations, import_researchers
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.records.database import Unit
from service.settings import Settings
from service.sources.files import Unreadable, read_rows
from service.sources.history_rows import read_history, read_words
from service.sources.researcher_rows import read_researchers


def run(settings: Settings, arguments: Namespace) -> int:
    """Bring the file in, or with `--dry-run` say what would happen; return 1 when a row is refused."""
    if arguments.what == "history":
        return _history(settings, arguments)
    if arguments.words or arguments.replace:
        raise Refused("--map and --replace are for history.")
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


def _history(settings: Settings, arguments: Namespace) -> int:
    ctx = context_of(settings)
    try:
        words = read_words(Path(arguments.words)) if arguments.words else None
        file = read_history(Path(arguments.file), ctx.now, words)
    except Unreadable as problem:
        raise Refused(str(problem)) from problem
    database = ready_database(settings)
    try:
        report = database.transact(
            lambda unit: import_history(
                unit, ctx, file.rows, file.faults,
                spoilt=frozenset(file.spoilt), lines=file.lines, replace=arguments.replace, dry_run=arguments.dry_run,
            )
        )  # fmt: skip
    finally:
        database.dispose()
    _tell_errors(report)
    if not report.is_accepted and not report.dry_run:
        told = f"{report.count('refused')} of {len(report.rows)} rows cannot be taken, so none was."
        print(f"{told} Mend them and run this again.", file=sys.stderr)
        return 1
    _tell_counts(report)
    if file.left_out:
        print(f"Left out, as drafts or because the map says so: {file.left_out} rows.")
    print(f"Cases: {report.closed} closed, {report.open} open.")
    if report.counts_from and report.is_accepted:
        told = f"They count in figures with an as_of of {report.counts_from} or later"
        print(f"{told}: earlier ones were told before, and stay as they were told.")
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
    _tell_errors(report)
    _tell_counts(report)


def _tell_errors(report: ImportReport) -> None:
    for row in report.rows:
        for error in row.errors:
            place = f"line {error['line']}" if "line" in error else f"row {row.row}"
            print(f"{place}: {error['field']}: {error['message']}".replace(": : ", ": "), file=sys.stderr)


def _tell_counts(report: ImportReport) -> None:
    done = ", ".join(f"{report.count(action)} {action}" for action in ("created", "updated", "unchanged", "refused"))
    print(f"{len(report.rows)} rows: {done}." + (" A dry run: nothing was changed." if report.dry_run else ""))
