"""Bars that stand: months side by side, what is not finished on top of what is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from service.charts.bars import draw_key
from service.charts.chart import WITHHELD, Chart, Row, Say, Value, number, said, summary
from service.charts.drawing import LOOKS, NARROWEST, SMALL, Drawing, round_up, width_of

_TALL = 180
_FEW = 12
"""Up to so many columns each says its number and its name."""
_FEWEST = 4
"""One column alone is as wide as if there were so many."""
_SIDE = 14.0
"""Per cent of the width that a scale takes up at the side."""
_SMALLEST = 12
"""The size of the words under and over columns."""
_NARROW = 22
"""Pixels that one of a few columns has on the narrowest page."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its full name, the short one that stands under it, what several in a row share (a year), its values."""

    label: str
    short: str
    group: str
    values: tuple[Value, ...]

    @property
    def row(self) -> Row:
        return Row(self.label, self.values)


def columns(
    name: str,
    title: str,
    told: Sequence[Column],
    parts: Sequence[str],
    *,
    what: str,
    say: Say = number,
    description: str = "",
) -> Chart:
    """Return a chart of columns in the order given; of several parts the later stands on the earlier.

    A column of which nothing is told is an empty, dashed box on the ground that says so in the key.
    """
    drawing, rows = Drawing(), [each.row for each in told]
    is_withheld = any(None in row.values for row in rows)
    keys = [*zip(parts, LOOKS, strict=False)] if len(parts) > 1 else []
    keys += [(f"{WITHHELD}: any number", "withheld")] if is_withheld else []
    if keys:
        draw_key(drawing, [part for part, _ in keys], [look for _, look in keys])
    texts = [said(row.total, say) for row in rows]
    says_numbers = len(rows) <= _FEW and all(width_of(text, _SMALLEST) <= _NARROW for text in texts)
    highest = max((row.total for row in rows), default=0) or 1
    ground = drawing.height + 18 + _TALL
    left = 0.0
    if not says_numbers:
        highest, left = max(round_up(highest), 2), _SIDE
        _draw_scale(drawing, ground, highest, say)
    step = (100 - left) / max(len(rows), _FEWEST)
    for place, row in enumerate(rows):
        _draw(drawing, row, left + place * step, step, ground, _TALL / highest)
        if says_numbers and not row.is_withheld:
            middle = left + (place + 0.5) * step
            over = ground - row.total * _TALL / highest - 5
            drawing.words(texts[place], middle, over, size=_SMALLEST, anchor="middle", bold=True)
    drawing.line(left, 100, ground, ground, "axis")
    _name(drawing, told, left, step, ground)
    drawing.height = ground + 40
    return Chart(
        id=name,
        title=title,
        description=" ".join(filter(None, (description, summary(rows, parts, say)))),
        header=(what, *parts),
        rows=tuple((row.label, *(said(value, say) for value in row.values)) for row in rows),
        drawing=drawing,
        is_withheld=is_withheld,
    )


def _draw(drawing: Drawing, row: Row, left: float, step: float, ground: float, scale: float) -> None:
    inset, wide = step * 0.12, step * 0.76
    if row.is_withheld:
        drawing.rect(left + inset, ground - 14, wide, 14, "withheld")
        return
    top = ground
    for value, look in zip(row.values, LOOKS, strict=False):
        if value:
            top -= value * scale
            drawing.rect(left + inset, top, wide, value * scale, look)


def _draw_scale(drawing: Drawing, ground: float, highest: float, say: Say) -> None:
    for part in (0.0, 0.5, 1.0):
        level = ground - part * _TALL
        drawing.line(_SIDE, 100, level, level, "axis")
        drawing.words(say(part * highest), _SIDE, level + 4, size=_SMALLEST, anchor="end", shift=-6)


def _name(drawing: Drawing, told: Sequence[Column], left: float, step: float, ground: float) -> None:
    """Write the names under few columns, and what they share under the first of each of these, as far as there is room."""
    if len(told) <= _FEW:
        for place, each in enumerate(told):
            middle = left + (place + 0.5) * step
            drawing.words(each.short, middle, ground + 15, size=_SMALLEST, anchor="middle")
    counts = [(group, len(list(same))) for group, same in groupby(told, key=lambda each: each.group)]
    place, free = 0, 0.0
    for (group, count), (_, after) in pairwise([*counts, ("", 0)]):
        at, needed = left + place * step, 100 * (width_of(group, SMALL) + 8) / NARROWEST
        # A few months at the beginning leave the room to the whole year after them.
        if at >= free and (count * step >= needed or count >= after):
            drawing.line(at, at, ground, ground + 34, "axis")
            drawing.words(group, at, ground + 32, size=SMALL, shift=4)
            free = at + needed
        place += count
