"""`check`: what must hold of every enquiry, looked at now."""

from argparse import Namespace

from service.commands.opening import ready_database
from service.records import invariants
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:  # noqa: ARG001 - every command has one signature
    """Print a line for each thing that cannot be; return 1 when there is one."""
    database = ready_database(settings)
    try:
        found = database.read(invariants.find_broken)
    finally:
        database.dispose()
    for complaint in found:
        print(complaint)
    print(f"{len(found)} broken." if found else "Everything holds.")
    return 1 if found else 0
