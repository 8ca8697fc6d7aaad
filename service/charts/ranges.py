"""How long something took: the middle, three quarters and nine tenths of a share on a line of days."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.charts.chart import NOT_REACHED, WITHHELD, Chart, number
from service.charts.drawing import LINE, SMALL, Drawing, lines_of, round_up

_END = 92.0
"""Per cent of the width at which the scale ends; what lies beyond it is drawn to the edge."""
_SHARES = ("Half", "Three quarters", "Nine in ten")


@dataclass(frozen=True, slots=True)
class Range:
    """When half, three quarters and nine tenths had got there; None is not reached. `is_withheld` where nothing is told."""

    label: str
    median: float | None = None
    p75: float | None = None
    p90: float | None = None
    beside: tuple[str, ...] = ()
    """What more the table says of it, as many cells as `beside` of the chart."""
    note: str = ""
    """What is said under the line where not even half had got there."""
    is_withheld: bool = False

    @property
    def quantiles(self) -> tuple[float | None, ...]:
        return self.median, self.p75, self.p90


def ranges(
    name: str,
    title: str,
    told: Sequence[Range],
    *,
    what: str,
    unit: str,
    got: str = "had got there",
    beside: Sequence[str] = (),
    description: str = "",
) -> Chart:
    """Return a chart of lines from the middle to nine tenths, in `unit`; `got` says what they had done by then.

    What was not reached by the as_of is a dotted line to the edge and the words "not reached": it may come yet, or
    never. `beside` heads further columns of the table.
    """
    drawing = Drawing()
    _draw_key(drawing, got)
    known = [value for each in told for value in each.quantiles if value is not None]
    furthest = round_up(max(known, default=0) or 1)
    top = drawing.height
    for each in told:
        for line in lines_of(each.label):
            top += LINE
            drawing.words(line, 0, top - 5, bold=True)
        _draw(drawing, each, top + 9, _END / furthest)
        drawing.words(_short(each), 0, top + 34, size=SMALL)
        top += 52
    if known:
        _draw_scale(drawing, top + 4, furthest, unit)
        top += 30
    drawing.height = top
    return Chart(
        id=name,
        title=title,
        description=" ".join(filter(None, (description, *(f"{each.label}: {_long(each)}." for each in told)))),
        header=(what, *(f"{share} ({unit})" for share in _SHARES), *beside),
        rows=tuple((each.label, *map(_said, each.quantiles), *each.beside) if not each.is_withheld
                   else (each.label, *[WITHHELD] * (3 + len(beside))) for each in told),
        drawing=drawing,
        is_withheld=any(each.is_withheld for each in told),
    )  # fmt: skip


def _said(value: float | None) -> str:
    return NOT_REACHED if value is None else number(value)


def _short(each: Range) -> str:
    if each.is_withheld:
        return WITHHELD
    if set(each.quantiles) == {None}:
        return " · ".join(filter(None, (f"half: {NOT_REACHED}", each.note)))
    return " · ".join(
        f"{share} {_said(value)}" for share, value in zip(("half", "¾", "90%"), each.quantiles, strict=True)
    )


def _long(each: Range) -> str:
    if each.is_withheld:
        return WITHHELD
    return ", ".join(f"{share.lower()} {_said(value)}" for share, value in zip(_SHARES, each.quantiles, strict=True))


def _draw(drawing: Drawing, each: Range, middle: float, scale: float) -> None:
    known = [value * scale for value in each.quantiles if value is not None]
    begins = known[-1] if known else 0.0
    drawing.line(0, begins if None in each.quantiles and not each.is_withheld else _END, middle, middle, "axis")
    if each.is_withheld:
        drawing.rect(0, middle - 7, 2, 14, "withheld")
        return
    if None in each.quantiles:
        drawing.line(begins, 100, middle, middle, "beyond")
    if known:
        drawing.line(known[0], known[-1], middle, middle, "line")
    if each.p90 is not None:
        drawing.dot(each.p90 * scale, middle, 6, "open")
    if each.p75 is not None:
        drawing.line(each.p75 * scale, each.p75 * scale, middle - 8, middle + 8, "line")
    if each.median is not None:
        drawing.dot(each.median * scale, middle, 7, "full")


def _draw_key(drawing: Drawing, got: str) -> None:
    top = drawing.height
    for look, text in (
        ("median", f"half {got} (median)"),
        ("p75", "three quarters had (¾)"),
        ("p90", "nine in ten had (90%)"),
        ("beyond", "not reached by the day of these figures"),
    ):
        middle = top + 9
        if look == "median":
            drawing.dot(2.5, middle, 7, "full")
        elif look == "p75":
            drawing.line(2.5, 2.5, middle - 8, middle + 8, "line")
        elif look == "p90":
            drawing.dot(2.5, middle, 6, "open")
        else:
            drawing.line(0, 5, middle, middle, "beyond")
        drawing.words(text, 6, top + 14, size=SMALL, shift=4)
        top += LINE
    drawing.height = top + 6


def _draw_scale(drawing: Drawing, top: float, furthest: float, unit: str) -> None:
    drawing.line(0, _END, top, top, "axis")
    for value, anchor in ((0.0, "start"), (furthest / 2, "middle"), (furthest, "end")):
        left = value * _END / furthest
        drawing.line(left, left, top, top + 6, "axis")
        text = f"{number(value)} {unit}" if value == furthest else number(value)
        drawing.words(text, left, top + 21, size=SMALL, anchor=anchor)
