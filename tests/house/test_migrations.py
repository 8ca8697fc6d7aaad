"""The schema's history: it reaches what the tables say, and every step of it can be taken back."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import SQLModel

import service.records.tables  # noqa: F401 - importing it registers every table on the metadata
from service.records import migration
from service.records.database import Database

ROOT = Path(__file__).resolve().parents[2]


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
