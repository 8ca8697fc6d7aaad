"""How Alembic reaches our database: through a connection handed to it, or else through DATABASE_URL.

The migrate command and the tests hand a connection through `config.attributes["connection"]`; the bare `alembic`
command line (`alembic revision --autogenerate -m "..."`) builds one from the settings.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import Connection, inspect, text
from sqlmodel import AutoString, SQLModel

import service.records.tables  # noqa: F401 - importing it registers every table on the metadata
from service import settings
from service.records import migration
from service.records.database import Database

if TYPE_CHECKING:
    from collections.abc import Collection

    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.migration import MigrationContext

logger = logging.getLogger("service.migrations")

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
    """Run the revisions asked for within the connection's transaction; what fails leaves nothing behind."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
        on_version_apply=note_floor,
    )
    with context.begin_transaction():
        if not sqlite:
            take_turn(connection)
        context.run_migrations()
        if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
            raise RuntimeError(f"the migration would leave references to nothing: {broken[:5]}")


def take_turn(connection: Connection) -> None:
    """Wait until no other migration runs; then ask for tables with a limit, as others queue behind whoever waits."""
    if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}).scalar():
        logger.warning("another migration is running; waiting for it to end")
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    seconds = float(context.config.attributes.get("lock_seconds", 3))
    connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": f"{int(seconds * 1000)}ms"})


def note_floor(
    ctx: MigrationContext,
    step: object,  # noqa: ARG001 - as Alembic calls it
    heads: Collection[Any],
    run_args: object,  # noqa: ARG001 - as Alembic calls it
) -> None:
    """Write down which revision was the last to take something away: older code reads there whether it may run."""
    connection = ctx.connection
    if connection is None or not heads or not inspect(connection).has_table("service_state"):
        return
    state = {"key": migration.FLOOR, "value": migration.floor_at(next(iter(heads)))}
    connection.execute(text("DELETE FROM service_state WHERE key = :key"), state)
    connection.execute(text("INSERT INTO service_state (key, value) VALUES (:key, :value)"), state)


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
elif context.is_offline_mode():
    raise SystemExit("Migrations are not written out as SQL here: run `python -m service migrate`.")
else:
    database = Database(settings.load().database_url)
    with migration.altering(database) as own:
        migrate(own)
    database.dispose()
