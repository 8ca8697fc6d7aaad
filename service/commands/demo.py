"""`demo`: a believable year of invented enquiries, in a database of its own."""

from argparse import Namespace

from service.clock import clock_from
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.demo import command
from service.demo.fill import NotEmpty
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:  # noqa: ARG001 - every command has one signature
    """Fill an empty database; one that was filled before is left as it is."""
    context_of(settings)
    ready_database(settings).dispose()
    try:
        filled = command.run(settings, clock_from(settings.clock))
    except NotEmpty as problem:
        raise Refused(str(problem)) from problem
    print("An invented year was filled in." if filled else "The invented year is there already.")
    return 0
