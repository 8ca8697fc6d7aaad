"""`migrate`: the schema to head, and what the service stands on written in. Safe to repeat."""

from argparse import Namespace

from service.commands.opening import migrate
from service.records import migration
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:  # noqa: ARG001 - every command has one signature
    """Migrate, and say where the schema is."""
    migrate(settings).dispose()
    print(f"The schema is at {migration.head_revision()}.")
    return 0
