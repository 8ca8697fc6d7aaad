"""A chart is a picture and a table of the same numbers; whoever shows the one shows the other (docs/decisions/0073)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.charts.drawing import Drawing

Value = float | None
"""A number, or None where it is withheld."""
Say = Callable[[float], str]

WITHHELD = "withheld"
NOT_REACHED = "not reached"


def number(value: float) -> str:
    """Return a number as people read it, with at most one decimal: "1,234", "7.5"."""
    return f"{value:,.1f}".removesuffix(".0")


def percent(share: float) -> str:
    """Return a share from 0 to 1 as "38%"; a little is told as a little and never as none or all."""
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{share:.0%}"


def said(value: Value, say: Say = number) -> str:
    """Return a value in words; what is withheld is told as such, and never as zero."""
    return WITHHELD if value is None else say(value)


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: what it stands for, and a value for each part of it."""

    label: str
    values: tuple[Value, ...]
    beside: tuple[Value, ...] = ()
    """What more the table says of it, and the picture does not."""

    @property
    def total(self) -> float:
        """Everything that is told of it; 0 where nothing is."""
        return sum(value for value in self.values if value is not None)

    @property
    def is_withheld(self) -> bool:
        """Tell whether nothing is told of it."""
        return all(value is None for value in self.values)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its table. `id` is unique on a page; `rows` are the table's, the first cell naming the row."""

    id: str
    title: str
    description: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: Drawing
    is_withheld: bool = False
    """Whether anything in it is withheld, so that the page explains the word."""

    @property
    def svg(self) -> str:
        """The picture for a page: as wide as its place, its words as large as the page's own."""
        return self.drawing.written(self.id, self.title, self.description)

    def printed(self, width: int) -> str:
        """Return the picture for paper, `width` wide."""
        return self.drawing.written(self.id, self.title, self.description, width=width)


def summary(rows: Sequence[Row], parts: Sequence[str], say: Say = number) -> str:
    """Return what the picture shows in a sentence or two, for those who listen."""
    told = [row for row in rows if not row.is_withheld]
    sentences = []
    if told:
        largest = max(told, key=lambda row: row.total)
        said_parts = ", ".join(
            f"{part} {said(value, say)}" if len(parts) > 1 else said(value, say)
            for part, value in zip(parts, largest.values, strict=True)
        )
        sentences.append(
            f"{len(rows)} {'bar' if len(rows) == 1 else 'bars'}; the largest is {largest.label}: {said_parts}."
        )
    if hidden := sum(None in row.values for row in rows):
        sentences.append(f"{hidden} of {len(rows)} withheld in whole or in part.")
    return " ".join([*sentences, "The table has every number."])
