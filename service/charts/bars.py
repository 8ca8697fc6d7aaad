"""Bars that lie: one below the other, each under its own words."""

from collections.abc import Sequence

from service.charts.chart import WITHHELD, Chart, Row, Say, number, said, summary
from service.charts.drawing import LINE, LOOKS, SMALL, Drawing, lines_of, room_beside

_THICK = 18
_GAP = 12
_MARK = 3.0
"""Per cent of the width of the mark for what is withheld: it says nothing of how much it is."""


def bars(
    name: str,
    title: str,
    rows: Sequence[Row],
    parts: Sequence[str],
    *,
    what: str,
    say: Say = number,
    beside: Sequence[str] = (),
    description: str = "",
) -> Chart:
    """Return a chart of bars from left to right.

    `what` heads the first column of the table, `parts` the next, `beside` those that only the table has; a bar of several parts is drawn in their order. A
    value of None is withheld: it has no length, and says so.
    """
    drawing = Drawing()
    if len(parts) > 1:
        draw_key(drawing, parts)
    texts = [" · ".join(said(value, say) for value in row.values) if not row.is_withheld else WITHHELD for row in rows]
    room = room_beside(texts)
    longest = max((row.total for row in rows), default=0) or 1
    top = drawing.height
    for row, text in zip(rows, texts, strict=True):
        for line in lines_of(row.label):
            top += LINE
            drawing.words(line, 0, top - 5)
        _draw(drawing, row, top, room / longest)
        ends = _MARK if row.is_withheld else room * row.total / longest
        drawing.words(text, ends, top + 14, shift=8, bold=True)
        top += _THICK + _GAP
    drawing.height = top
    return Chart(
        id=name,
        title=title,
        description=" ".join(filter(None, (description, summary(rows, parts, say)))),
        header=(what, *parts, *beside),
        rows=tuple((row.label, *(said(value, say) for value in (*row.values, *row.beside))) for row in rows),
        drawing=drawing,
        is_withheld=any(None in (*row.values, *row.beside) for row in rows),
    )


def draw_key(drawing: Drawing, parts: Sequence[str], looks: Sequence[str] = LOOKS) -> None:
    """Draw what the parts of a bar are called, one below the other, and leave room after it."""
    top = drawing.height
    for part, look in zip(parts, looks, strict=False):
        drawing.swatch(0, 1, top + 2, look)
        drawing.words(part, 0, top + 14, size=SMALL, shift=22)
        top += LINE
    drawing.height = top + 8


def _draw(drawing: Drawing, row: Row, top: float, scale: float) -> None:
    left = 0.0
    for value, look in zip(row.values, LOOKS, strict=False):
        if value:
            drawing.rect(left, top, value * scale, _THICK, look)
            left += value * scale
    drawing.line(0, 0, top - 2, top + _THICK + 2, "axis")
    if row.is_withheld:
        drawing.rect(0, top, _MARK, _THICK, "withheld")
