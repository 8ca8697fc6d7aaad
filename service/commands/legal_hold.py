"""`legal-hold REF on|off`: nothing of an enquiry is destroyed while it is on."""

from argparse import Namespace

from service.actions import legal_hold
from service.commands import Refused
from service.commands.opening import acting_for, context_of, ready_database
from service.errors import not_found
from service.records import enquiries
from service.records.database import Unit
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """Put the hold on or end it, and say how it stands then."""
    is_on = arguments.switch == "on"
    if is_on and not (arguments.reason or "").strip():
        raise Refused('Say why: --reason "A complaint is before the ombudsman".')
    ctx = context_of(settings)
    database = ready_database(settings)

    def work(unit: Unit) -> str:
        actor = acting_for(unit, ctx, arguments.by)
        found = enquiries.by_reference(unit, arguments.reference)
        if found is None:
            raise not_found("enquiry")
        if is_on:
            held = legal_hold.hold(unit, actor, found.id, arguments.reason)
            return f"{held.reference} is held: neither retention nor erasure destroys anything of it."
        return f"{legal_hold.release(unit, actor, found.id, arguments.reason or '').reference} is not held."

    try:
        print(database.transact(work))
    finally:
        database.dispose()
    return 0
