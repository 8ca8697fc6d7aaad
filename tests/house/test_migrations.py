"""The schema's history: it reaches what the tables say, and every step of it can be taken back."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import service.records.tables  # noqa: F401 - importing it registers every table on the metadata
from service.records import migration
from service.records.database import Database
from tests.support.engines import Engines

ROOT = Path(__file__).resolve().parents[2]

Shape = dict[str, tuple[str, bool]]
"""By name: the type, and whether whoever writes a row may leave it out."""


@pytest.fixture
def empty(empty_url: str) -> Database:
    return Database(empty_url)


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_exactly_the_tables_of_the_code(empty: Database) -> None:
    migration.upgrade(empty)

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": SQLModel.metadata}
        )
        drift = compare_metadata(context, SQLModel.metadata)
    assert drift == []
    assert tables(empty) == set(SQLModel.metadata.tables)
    assert migration.is_current(empty)
    empty.dispose()


def test_every_migration_can_be_taken_back_and_made_again(empty: Database) -> None:
    revisions = [
        revision.revision for revision in ScriptDirectory.from_config(migration.configuration()).walk_revisions()
    ]
    assert revisions

    migration.upgrade(empty)
    for older in [*revisions[1:], "base"]:
        migration.downgrade(empty, older)
        assert migration.current_revision(empty) == (None if older == "base" else older)
    assert tables(empty) == set()
    migration.upgrade(empty)

    assert tables(empty) == set(SQLModel.metadata.tables)
    empty.dispose()


def shape(database: Database) -> Shape:
    """Return what older code relies on: each table's columns, whether they may be left out, and what must be unique."""
    inspector = inspect(database.engine)
    found: Shape = {}
    for table in inspector.get_table_names():
        for column in inspector.get_columns(table):
            may_be_left_out = bool(column["nullable"]) or column.get("default") is not None
            found[f"{table}.{column['name']}"] = (str(column["type"]), may_be_left_out)
        for unique in inspector.get_unique_constraints(table):
            found[f"{table} unique {sorted(unique['column_names'])}"] = ("", False)
    return found


def taken_away(before: Shape, after: Shape) -> set[str]:
    """Return what code that knows only `before` could no longer do with `after`."""
    tables = {name.partition(".")[0].partition(" ")[0] for name in before}
    gone = {f"{name} is gone" for name in before if name not in after and " unique " not in name}
    stricter = {
        f"{name} must be given"
        for name, (_, may_be_left_out) in after.items()
        if not may_be_left_out
        and name.partition(".")[0].partition(" ")[0] in tables
        and (name not in before or before[name][1])
    }
    another = {f"{name} is another type" for name in before.keys() & after.keys() if before[name][0] != after[name][0]}
    return gone | stricter | another


def test_what_is_taken_away_is_seen() -> None:
    before: Shape = {"a.id": ("UUID", False), "a.note": ("VARCHAR", True)}
    assert taken_away(before, before | {"a.more": ("VARCHAR", True), "b.id": ("UUID", False)}) == set()
    assert taken_away(before, {"a.id": ("UUID", False)}) == {"a.note is gone"}
    assert taken_away(before, before | {"a.more": ("VARCHAR", False)}) == {"a.more must be given"}
    assert taken_away(before, before | {"a.note": ("VARCHAR", False)}) == {"a.note must be given"}
    assert taken_away(before, before | {"a.note": ("INTEGER", True)}) == {"a.note is another type"}
    assert taken_away(before, before | {"a unique ['note']": ("", False)}) == {"a unique ['note'] must be given"}


def test_a_revision_that_takes_something_away_from_older_code_says_so(tmp_path: Path) -> None:
    """Expand, then contract: `contracting = True` stands in a revision that the code before it cannot run with."""
    database = Database(f"sqlite:///{tmp_path}/service.db")
    scripts = ScriptDirectory.from_config(migration.configuration())
    before: Shape = {}
    for revision in migration.revisions():
        migration.upgrade(database, revision)
        after = shape(database)
        lost = taken_away(before, after)
        said = getattr(scripts.get_revision(revision).module, "contracting", False)
        assert not lost or said, f"{revision} needs `contracting = True`: {sorted(lost)}"
        assert not said or lost, f"{revision} takes nothing away"
        before = after
    database.dispose()


def test_a_migration_waits_for_a_reader_without_holding_up_the_others(engines: Engines) -> None:
    url = engines["postgresql"].migrated()
    database = Database(url)
    newest, before = migration.revisions()[-1], migration.revisions()[-2]
    migration.downgrade(database, before)
    hurried = migration.Patience(lock_seconds=0.05, tries=3, pause_seconds=0.01)
    with database.engine.connect() as reader:
        reader.execute(text("LOCK TABLE alembic_version IN SHARE MODE"))
        with pytest.raises(migration.Busy, match="in use all the while"):
            migration.upgrade(database, newest, hurried)
    assert migration.current_revision(database) == before
    migration.upgrade(database, newest, hurried)
    assert migration.is_current(database)
    database.dispose()
    engines["postgresql"].drop(url)


def test_there_is_one_history() -> None:
    assert len(ScriptDirectory.from_config(migration.configuration()).get_heads()) == 1


def test_two_migrations_at_once_take_turns(empty: Database, empty_url: str) -> None:
    upgrade = (
        "import sys; from service.records import migration; from service.records.database import Database; "
        "migration.upgrade(Database(sys.argv[1]))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", upgrade, empty_url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        _, complaint = one.communicate(timeout=120)
        assert one.returncode == 0, complaint

    assert tables(empty) == set(SQLModel.metadata.tables)
    empty.dispose()
