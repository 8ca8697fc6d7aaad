"""What commands begin with: a database whose schema this version knows, and the moment they act in."""

from service.actions import people, remind
from service.clock import clock_from
from service.commands import Refused
from service.context import Context
from service.errors import Problem
from service.principals import Principal, Role
from service.records import feed, migration, vitals
from service.records import people as known_people
from service.records.database import Database, Unit
from service.records.migration import Schema
from service.settings import Settings
from service.sources.encoders import ModelProblem, find_encoder


def ready_database(settings: Settings, *, exactly: bool = False) -> Database:
    """Return the database, its schema one that this version runs with: its own (`exactly`) or a newer one that fits.

    Raises Refused, naming what brings both together.
    """
    database = Database(settings.database_url)
    try:
        schema = vitals.schema(database)
    except Problem as problem:
        database.dispose()
        shown = database.engine.url.render_as_string(hide_password=True)
        raise Refused(
            f"The database {shown} does not answer, or was never made.\nTo make it: python -m service migrate"
        ) from problem
    if schema.is_current or (schema.is_usable and not exactly):
        return database
    database.dispose()
    raise Refused(_unfit(schema))


def _unfit(schema: Schema) -> str:
    if schema.is_ahead:
        return (
            f"The database's schema is at {schema.current}, newer than this version, which knows {schema.expected}.\n"
            "Run the newer version, or restore a backup that this one made."
        )
    return (
        f"The database's schema is at {schema.current or 'nothing'}, and this version needs {schema.expected}.\n"
        "To bring it there: python -m service migrate"
    )


def context_of(settings: Settings) -> Context:
    """Return the moment in which a command acts, as the service itself. Raises Refused when CLOCK cannot be read."""
    try:
        now = clock_from(settings.clock).now()
    except ValueError as problem:
        raise Refused(f"CLOCK: {problem}") from problem
    return Context(now=now, nation=settings.service_nation)


def acting_for(unit: Unit, ctx: Context, email: str | None) -> Context:
    """Return the same moment with the member of the team acting whom `--by` names; the service itself without one.

    Raises Refused for an address that is nobody's of the team.
    """
    if not email:
        return ctx
    person = known_people.by_email(unit, email)
    if person is None or person.staff_role is None:
        raise Refused(f"--by: {email} is nobody of this service's team.")
    return ctx.acting_as(Principal(role=Role(person.staff_role), person_id=person.id, name=person.name))


def require_model(settings: Settings) -> None:
    """Raise Refused when the model that is configured cannot be used."""
    try:
        find_encoder(settings.matching_model, settings.matching_model_sha256)
    except ModelProblem as problem:
        raise Refused(str(problem)) from problem


def migrate(settings: Settings) -> Database:
    """Bring the schema to head, write in what the service stands on, and return the database.

    A newer schema is left as it is where this version runs with it. Raises Refused where it does not, and while
    somebody keeps the tables busy.
    """
    context_of(settings)
    database = Database(settings.database_url)
    migration.make_folder(database)
    schema = vitals.schema(database)
    if schema.is_ahead and not schema.is_usable:
        database.dispose()
        raise Refused(_unfit(schema))
    if not schema.is_ahead:
        try:
            migration.upgrade(database)
        except migration.Busy as problem:
            database.dispose()
            raise Refused(str(problem)) from problem
    furnish(database, settings)
    return database


def furnish(database: Database, settings: Settings) -> None:
    """Write in bank holidays, reminder rules, the feed's epoch and the staff whom the settings name; safe to repeat."""
    ctx = context_of(settings)

    def work(unit: Unit) -> None:
        remind.prepare(unit, ctx)
        feed.ensure_epoch(unit)
        people.ensure_staff(unit, ctx, settings.staff_emails, settings.lead_emails)

    database.transact(work)
