"""`python -m service demo`: the invented year, with the ticks that would have run in it."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from service.actions.remind import take_effect_from
from service.clock import Clock
from service.context import Context
from service.delivery.letterhead import Letterhead
from service.delivery.transports import FileTransport, Transport, mail_folder
from service.demo.fill import fill
from service.jobs import deliver, refresh, remind
from service.records.database import Database
from service.settings import Settings
from service.workflows.reminders import CODES


class _StageClock:
    """Tells the invented year's moment."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def now(self) -> datetime:
        if self.moment is None:
            raise LookupError("the year has not begun")
        return self.moment


class _Nowhere:
    """Takes the letters of a year that never was, where a real mail server is configured."""

    def send(self, outbox_id: UUID, letter: EmailMessage) -> None:
        """Let it go."""


def run(settings: Settings, clock: Clock) -> bool:
    """Fill the database with a year that ends now; return False when it was filled before.

    The year's mail, all of it to example domains, is kept where MAIL names a folder and goes nowhere otherwise.
    Raises NotEmpty for a database in use.
    """
    # What is interrupted is played again, so nothing waits for the disk.
    database = Database(settings.database_url, durable=False)
    try:
        return fill(database, settings.service_nation, clock.now(), *_ticks(settings, database))
    finally:
        database.dispose()


def _ticks(settings: Settings, database: Database) -> tuple[Callable[[datetime], None], Callable[[datetime], None]]:
    """Return what makes the service ready at the year's beginning, and what its scheduler does on a morning."""
    stage_clock = _StageClock()
    letterhead = Letterhead.of(settings)
    folder = mail_folder(settings.mail)
    transport: Transport = FileTransport(folder, durable=False) if folder else _Nowhere()

    def prepare(moment: datetime) -> None:
        stage_clock.moment = moment
        refresh.run(database, stage_clock, settings)
        # `migrate` let the rules take effect today; in the invented year they did from its beginning.
        ctx = Context(now=moment, nation=settings.service_nation)
        for rule in CODES:
            database.transact(lambda unit, rule=rule: take_effect_from(unit, ctx, rule, moment))  # type: ignore[misc]  # mypy cannot type a default in a lambda

    def tick(moment: datetime) -> None:
        stage_clock.moment = moment
        while remind.run(database, stage_clock, settings.service_nation):
            pass
        while deliver.run(database, stage_clock, letterhead, transport):
            pass

    return prepare, tick
