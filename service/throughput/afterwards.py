"""What became of an enquiry for those who asked: in time, used, paid for. Read from the log like everything else."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from service.states import FundingStatus, Outcome, ProjectState
from service.throughput.cases import Case
from service.throughput.log import LoggedEvent
from service.vocabulary import MONEY_KINDS, USES
from service.working_time import local_date

IN_TIME = ("in_time", "late", "nothing_usable", "not_yet", "no_date")
"""What may be said of an enquiry and its needed-by date; together they make up submitted."""
USE = ("asked", "answered", *(use for use in USES if use != "yes"), "used")
SOURCES = ("service", "others")
"""Whose money: the service's own, or anybody else's."""
MONEY = tuple(f"money:{kind}:{source}" for kind in MONEY_KINDS for source in SOURCES)
PENCE = 100
_USABLE = frozenset({Outcome.ANSWERED, Outcome.SIGNPOSTED, Outcome.COMPLETED})


def timeliness_of(case: Case) -> str:
    """Return which of IN_TIME holds: something usable by the end of the needed-by day, or what there was instead."""
    needed = _needed_by(case)
    usable = _usable_at(case)
    if needed is None:
        return "no_date"
    if usable is not None:
        return "in_time" if local_date(usable) <= needed else "late"
    if case.is_closed:
        return "nothing_usable"
    return "not_yet" if local_date(case.closes) <= needed else "late"


def use_of(case: Case) -> Iterator[str]:
    """Yield which of USE hold. The latest answer counts, unless it is that one cannot say and another could."""
    if not any(_is_project(row, ProjectState.DELIVERED) for row in case.rows):
        return
    yield "asked"
    answers = [str(row.data["used"]) for row in case.rows if row.event == "outcome_recorded" and "used" in row.data]
    if answers:
        yield "answered"
        telling = [answer for answer in answers if answer != "cannot_say"]
        last = [*answers, *telling][-1]
        yield "used" if last == "yes" else last


def money_of(case: Case) -> Mapping[str, int]:
    """Return the pence confirmed for projects that began, by kind and whose money it is."""
    begun = {str(row.project_id) for row in case.rows if _is_project(row, ProjectState.ACTIVE)}
    lines = {str(row.data["funding_line"]): row.data for row in case.rows if _is_priced(row)}
    pence = dict.fromkeys(MONEY, 0)
    for line in lines.values():
        if line["status"] == FundingStatus.CONFIRMED and line.get("project") in begun:
            source = "service" if line["own_funds"] else "others"
            pence[f"money:{line['kind']}:{source}"] += int(Decimal(str(line["amount"])) * PENCE)
    return pence


def _is_priced(row: LoggedEvent) -> bool:
    return row.event in {"funding_line_added", "funding_line_changed"} and "amount" in row.data


def _is_project(row: LoggedEvent, state: ProjectState) -> bool:
    return row.machine == "project" and row.to_state == state


def _needed_by(case: Case) -> date | None:
    told = [row.data["needed_by"] for row in case.counted if "needed_by" in row.data]
    return date.fromisoformat(str(told[-1])) if told and told[-1] else None


def _usable_at(case: Case) -> datetime | None:
    delivered = next((row.recorded_at for row in case.rows if _is_project(row, ProjectState.DELIVERED)), None)
    closed = case.counted[-1].recorded_at if case.outcome in _USABLE else None
    return min((instant for instant in (delivered, closed) if instant is not None), default=None)
