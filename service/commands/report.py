"""`report YEAR --output FILE`: the yearly report as everybody may read it, written to a file."""

from argparse import Namespace
from contextlib import suppress
from datetime import date
from pathlib import Path

from service.clock import clock_from
from service.commands import Refused
from service.commands.opening import context_of, ready_database
from service.errors import Problem
from service.routers.figures.asking import call_without_request
from service.routers.figures.report import report_on
from service.routers.figures.years import year_called
from service.routers.services import Services
from service.settings import Settings
from service.tokens import Tokens


def run(settings: Settings, arguments: Namespace) -> int:
    """Write the report on a year that is over: the bytes that /figures/YEAR.pdf gives. Raises Refused where there is none."""
    year = year_called(arguments.year)
    if year is None:
        raise Refused(f"{arguments.year} is no year: write 2026, or 2026-27 for April 2026 to March 2027.")
    ctx = context_of(settings)
    database = ready_database(settings)
    tokens = Tokens(settings.secret_key, settings.secret_key_before)
    services = Services(settings=settings, database=database, clock=clock_from(settings.clock), tokens=tokens)
    try:
        pdf = report_on(call_without_request(services, ctx), year, _day(arguments.as_of))
    except Problem as problem:
        raise Refused(problem.detail) from problem
    finally:
        database.dispose()
    path = Path(arguments.output)
    try:
        path.write_bytes(pdf)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}.") from problem
    print(f"The report on {year.label} is in {path}.")
    return 0


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise Refused(f"{text} is not a date: write it as 2027-03-31.")
