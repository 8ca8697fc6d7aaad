"""`keys create`: a key for a machine, shown once, on one line of JSON."""

import json
import sys
from argparse import Namespace

from pydantic import ValidationError

from service.actions.keys import KeyEntry, create_key
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.principals import Staff
from service.records import keys
from service.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    """Make the key; the organisation and the person are added where they are unknown."""
    ctx = context_of(settings)
    try:
        entry = KeyEntry(
            name=arguments.name, role=arguments.role, organisation=arguments.organisation, email=arguments.email
        )
    except ValidationError as problem:
        raise Refused("\n".join(f"--{error['loc'][0]}: {error['msg']}" for error in problem.errors())) from problem
    database = ready_database(settings)
    try:
        made = database.transact(lambda unit: create_key(unit, ctx, entry))
        row = database.read(lambda unit: keys.find(unit, made.row.id))
    finally:
        database.dispose()
    if row is None or not keys.opens(row, ctx.now, Staff.named_in(settings)):
        print(
            "STAFF_EMAILS and LEAD_EMAILS named them once and do not here: the key opens nothing until they do again.",
            file=sys.stderr,
        )
    print(json.dumps({"id": str(made.row.id), "key": made.secret}))
    return 0
