"""`accounts forget`: the next work account that comes with a person's address is theirs."""

from argparse import Namespace

from service.actions import accounts
from service.commands.opening import context_of, ready_database
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """Forget the account and end the person's sessions."""
    ctx = context_of(settings)
    database = ready_database(settings)
    try:
        database.transact(lambda unit: accounts.forget(unit, ctx, arguments.email))
    finally:
        database.dispose()
    print(f"The next account that signs in as {arguments.email} is theirs.")
    return 0
