"""How Alembic reaches our database: through a connection handed to it, or else through DATABASE_URL.

The migrate command and the tests hand a connection through `config.attributes["connection"]`; the bare `alembic`
command line (`alembic revision --autogenerate -m "..."`) builds one from the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import AutoString, SQLModel

import service.records.tables  # noqa: F401 - importing it registers every table on the metadata
from service import settings
from service.records.database import Database

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

# Any number does, as long as nothing else of ours locks it: two migrations at once take turns.
MIGRATION_LOCK = 4_126_300_417


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Return how a column type is written in a migration, or False to leave it to Alembic."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if type(item).__module__ == "service.records.types":
        autogen.imports.add("from service.records import types")
        return f"types.{type(item).__name__}()"
    return False


def migrate(connection: Connection) -> None:
    """Run the revisions asked for in one transaction; what fails leaves nothing behind."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and not connection.in_transaction():
        connection.execution_options(writing=True)
        # SQLite alters a table by copying and dropping it, which its references would forbid; the pragma only works
        # outside a transaction, and the references are checked below instead.
        _pragma(connection, "foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    try:
        with context.begin_transaction():
            if not sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            context.run_migrations()
            if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                raise RuntimeError(f"the migration would leave references to nothing: {broken[:5]}")
    finally:
        if sqlite and not connection.in_transaction():
            _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, pragma: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
elif context.is_offline_mode():
    raise SystemExit("Migrations are not written out as SQL here: run `python -m service migrate`.")
else:
    database = Database(settings.load().database_url)
    with database.engine.connect() as own:
        migrate(own)
        own.commit()
    database.dispose()
