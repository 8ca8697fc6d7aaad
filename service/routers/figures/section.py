"""A part of a page or a report: sentences, and charts with their tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.charts.bars import bars
from service.charts.chart import Chart, Row

UNFINISHED = (
    "Unfinished enquiries are counted as open and kept in every figure for as long as they were watched: none is left "
    "out, and nothing is guessed about how it will end."
)
"""How unfinished work is counted, in one sentence."""
WITHHELD = (
    "Withheld: the number is not told, be it large, small or none. Otherwise a number of fewer than {threshold} enquiries of a "
    "group, or of a short period, could be worked out by adding and subtracting figures."
)
ENQUIRIES = ("Enquiries",)


@dataclass(frozen=True, slots=True)
class Section:
    """One part: a heading, sentences, charts, what is said after them, and where its figures are defined and kept."""

    id: str
    heading: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    after: tuple[str, ...] = ()
    defined: tuple[str, ...] = ()
    """The figures whose definitions explain it."""
    file: str = "throughput"
    """The CSV file with its numbers."""
    group_by: str = ""
    """What that file is to be grouped by."""
    for_the_team: bool = False
    """Nothing small is withheld in it, so it stays in the team."""


def counted(
    name: str, title: str, counts: Mapping[str, int], labels: Mapping[str, str], what: str, part: str = "Enquiries"
) -> Chart:
    """Return a chart of counts by code, called as `labels` says and in that order."""
    rows = [Row(label, (counts[code],)) for code, label in labels.items() if code in counts]
    return bars(name, title, rows, (part,), what=what)
