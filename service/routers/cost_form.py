"""A project's costs as a university's form holds them: line by line, a line taken out by clearing it."""

import re
from dataclasses import dataclass
from datetime import date

from service.actions import costs
from service.routers.form_values import as_typed, read_day, read_pounds
from service.routers.forms import LINE_LENGTH, Mistakes, Posted, date_parts
from service.routers.schemas.money import CostsShown
from service.vocabulary import MONEY_KINDS

MOST_LINES = 80
"""As many as one form can carry; a machine may send more."""

_FEWEST, _MORE = 4, 4
_FIELD = re.compile(r"(?:label|amount|kind)-([1-9]\d?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a form says the work costs, and when it would run."""

    lines: list[costs.Line]
    start: date | None
    end: date | None

    def stand_in(self, shown: CostsShown) -> bool:
        """Tell whether this is what is recorded already."""
        recorded = [costs.Line(line.label, line.amount, line.kind) for line in shown.lines]
        return shown.version > 0 and (recorded, shown.start, shown.end) == (self.lines, self.start, self.end)


def read_costs(posted: Posted, mistakes: Mistakes) -> Costs:
    """Return what the form says, noting what is wrong with it."""
    found = [line for number in _numbers(posted) if (line := _line(posted, mistakes, number)) is not None]
    return Costs(found, read_day(posted, mistakes, "start", "The start"), read_day(posted, mistakes, "end", "The end"))


def rows_for(lines: int) -> range:
    """Return the numbers of the lines that a form shows for so many: always some empty ones."""
    return range(1, min(max(lines + 1, _FEWEST), MOST_LINES) + 1)


def rows_sent(posted: Posted, *, more: bool = False) -> range:
    """Return the numbers of the lines that a form showed, and some `more`."""
    shown = max(_numbers(posted), default=0)
    return range(1, min(max(shown + (_MORE if more else 0), _FEWEST), MOST_LINES) + 1)


def filled_with(shown: CostsShown) -> dict[str, str | list[str]]:
    """Return what stands in the fields of costs that were saved."""
    values: dict[str, str | list[str]] = {}
    for number, line in enumerate(shown.lines, start=1):
        values |= {
            f"label-{number}": line.label,
            f"amount-{number}": as_typed(line.amount),
            f"kind-{number}": line.kind,
        }
    return values | date_parts("start", shown.start) | date_parts("end", shown.end)


def _line(posted: Posted, mistakes: Mistakes, number: int) -> costs.Line | None:
    label, amount, kind = (f"{name}-{number}" for name in ("label", "amount", "kind"))
    if not posted.line(label) and not posted.line(amount):
        return None
    text = mistakes.required(label, posted.line(label), f"Say what line {number} is for, or clear the line")
    mistakes.fits(label, text, LINE_LENGTH, f"What line {number} is for")
    pounds = read_pounds(posted, mistakes, amount, f"the amount of line {number}")
    paid = mistakes.choice(kind, posted.line(kind), MONEY_KINDS, f"Choose cash or in kind for line {number}")
    if paid is None:
        mistakes.add(kind, f"Choose cash or in kind for line {number}")
    return costs.Line(text, pounds, paid or "")


def _numbers(posted: Posted) -> list[int]:
    found = {int(match[1]) for name in posted.values if (match := _FIELD.fullmatch(name))}
    return sorted(number for number in found if number <= MOST_LINES)
