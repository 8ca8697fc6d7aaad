"""`migrate`: the schema to head, and what the service stands on written in. Safe to repeat."""

from argparse import Namespace

from service.commands.opening import migrate
from service.records import vitals
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:  # noqa: ARG001 - every command has one signature
    """Migrate, and say where the schema is."""
    database = migrate(settings)
    schema = vitals.schema(database)
    database.dispose()
    newer = ", newer than this version, which runs with it" if schema.is_ahead else ""
    print(f"The schema is at {schema.current}{newer}.")
    return 0
