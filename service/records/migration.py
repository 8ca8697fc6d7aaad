"""The schema's own history: bring a database to head, and tell whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.records import feed
from service.records.database import Database

_ROOT = Path(__file__).resolve().parents[2]


def configuration() -> Config:
    """Return Alembic's configuration for the scripts that ship beside the package."""
    config = Config()
    config.set_main_option("script_location", str(_ROOT / "alembic"))
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to `revision`, creating a SQLite file's folder where it is missing.

    A database at head has its feed epoch: nobody can poll before it does, so no cursor was ever given out under none.
    """
    _make_folder(database)
    config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    if revision == "head":
        database.transact(feed.ensure_epoch)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision` (`base` for none)."""
    config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def current_revision(database: Database) -> str | None:
    """Return the revision the database is at, or None before the first."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the revision this code expects."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def is_current(database: Database) -> bool:
    """Tell whether the database is at the revision this code expects."""
    return current_revision(database) == head_revision()


def _make_folder(database: Database) -> None:
    path = database.engine.url.database
    if not database.is_postgresql and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
