"""What became of an enquiry for those who asked: needed by when, used, paid for. Read from the log like everything else."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from service.states import FundingStatus, ProjectState
from service.throughput.log import History, LoggedEvent, is_project
from service.vocabulary import MONEY_KINDS, USES

IN_TIME = ("in_time", "late", "nothing_usable", "not_yet", "no_date")
"""What may be said of an enquiry and its needed-by date; together they make up submitted."""
USE = ("asked", "answered", *(use for use in USES if use != "yes"), "used")
SOURCES = ("service", "others")
"""Whose money: the service's own, or anybody else's."""
MONEY = tuple(f"money:{kind}:{source}" for kind in MONEY_KINDS for source in SOURCES)
PENCE = 100


def was_delivered(rows: History) -> bool:
    """Tell whether findings were delivered, about whose use people are asked."""
    return any(is_project(row, ProjectState.DELIVERED) for row in rows)


def use_of(rows: History) -> str | None:
    """Return the answer that counts: the latest, unless it is that one cannot say and another could."""
    answers = [str(row.data["used"]) for row in rows if row.event == "outcome_recorded" and "used" in row.data]
    telling = [answer for answer in answers if answer != "cannot_say"]
    return next(reversed([*answers, *telling]), None)


def money_of(rows: History) -> Mapping[str, int]:
    """Return the pence confirmed for projects that began, by kind and whose money it is."""
    lines = {str(row.data["funding_line"]): row.data for row in rows if _is_priced(row)}
    pence = dict.fromkeys(MONEY, 0)
    if not lines:
        return pence
    begun = {str(row.project_id) for row in rows if is_project(row, ProjectState.ACTIVE)}
    for line in lines.values():
        if line["status"] == FundingStatus.CONFIRMED and line.get("project") in begun:
            source = "service" if line["own_funds"] else "others"
            pence[f"money:{line['kind']}:{source}"] += int(Decimal(str(line["amount"])) * PENCE)
    return pence


def needed_by(counted: History) -> date | None:
    """Return the last day by which something usable was needed, as recorded before the first closing."""
    told = [row.data["needed_by"] for row in counted if "needed_by" in row.data]
    return date.fromisoformat(str(told[-1])) if told and told[-1] else None


def _is_priced(row: LoggedEvent) -> bool:
    return row.event in {"funding_line_added", "funding_line_changed"} and "amount" in row.data
