"""Drawing in SVG: shapes placed in shares of the width, words in sizes of the page they stand on.

Positions across are per cent and heights are pixels. So a picture has no scale of its own: on a telephone, at 200 %
or on paper bars grow or shrink with their place, and words keep the size of the words around them.
"""

import re
import textwrap
from xml.etree.ElementTree import Element, SubElement, tostring

LINE = 20
"""Pixels from one line of words to the next."""
SMALL = 14
NORMAL = 16
NARROWEST = 280
"""Pixels of the narrowest place that words are made to fit: a page of 320 pixels, less its margins."""
_LETTER = 0.56
"""How wide a letter is on average, in shares of its size; a little more than it is, to be safe."""
_BRAND = "#0b5d5e"
_TEXT = "#0b0c0c"
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_LOOKS = {
    "full": {"fill": _BRAND, "stroke": _BRAND, "stroke-width": "1"},
    "hatched": {"stroke": _BRAND, "stroke-width": "1"},
    "open": {"fill": "#ffffff", "stroke": _BRAND, "stroke-width": "1"},
    "withheld": {"fill": "none", "stroke": _TEXT, "stroke-width": "1.5", "stroke-dasharray": "3 3"},
    "axis": {"stroke": "#505a5f", "stroke-width": "1"},
    "line": {"stroke": _BRAND, "stroke-width": "3"},
    "beyond": {"stroke": _BRAND, "stroke-width": "3", "stroke-dasharray": "2 5"},
}
LOOKS = ("full", "hatched", "open")
"""How the parts of a bar are told apart, in their order: by filling and outline, and not by colour."""


class Drawing:
    """A picture being drawn, from the top down."""

    def __init__(self) -> None:
        self._drawn: list[Element] = []
        self.height = 0.0

    def rect(self, left: float, top: float, width: float, height: float, look: str) -> None:
        """Draw a rectangle; `left` and `width` are per cent of the picture, `top` and `height` pixels."""
        place = {"x": _share(left), "y": _pixels(top), "width": _share(width), "height": _pixels(height)}
        self._add("rect", place, look)

    def line(self, left: float, right: float, top: float, bottom: float, look: str) -> None:
        """Draw a line."""
        ends = {"x1": _share(left), "x2": _share(right), "y1": _pixels(top), "y2": _pixels(bottom)}
        self._add("line", ends, look)

    def dot(self, left: float, middle: float, radius: float, look: str) -> None:
        """Draw a dot around a point."""
        self._add("circle", {"cx": _share(left), "cy": _pixels(middle), "r": _pixels(radius)}, look)

    def swatch(self, left: float, shift: float, top: float, look: str) -> None:
        """Draw a small square `shift` pixels to the right of `left`."""
        place = {
            "x": _share(left),
            "y": _pixels(top),
            "width": "14",
            "height": "14",
            "transform": f"translate({_pixels(shift)} 0)",
        }
        self._add("rect", place, look)

    def words(
        self,
        text: str,
        left: float,
        baseline: float,
        *,
        size: int = NORMAL,
        anchor: str = "start",
        shift: float = 0,
        bold: bool = False,
    ) -> None:
        """Write a line of words; `shift` moves it by pixels to the right."""
        attributes = {"x": _share(left), "y": _pixels(baseline), "font-size": str(size), "fill": _TEXT}
        attributes |= {"text-anchor": anchor} if anchor != "start" else {}
        attributes |= {"dx": _pixels(shift)} if shift else {}
        attributes |= {"font-weight": "700"} if bold else {}
        element = Element("text", {"class": "app-chart__text", **attributes})
        element.text = cleaned(text)
        self._drawn.append(element)

    def written(self, name: str, title: str, description: str, width: int | None = None) -> str:
        """Return the picture; its parts are named after `name`. Without a width it is as wide as its place."""
        across = (
            {"width": "100%"}
            if width is None
            else {"width": str(width), "viewBox": f"0 0 {width} {_pixels(self.height)}"}
        )
        svg = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "app-chart__picture",
                "role": "img",
                "aria-labelledby": f"{name}-title",
                "aria-describedby": f"{name}-description",
                **across,
                "height": _pixels(self.height),
                "font-family": "arial, Helvetica, sans-serif",
            },
        )
        SubElement(svg, "title", {"id": f"{name}-title"}).text = cleaned(title)
        SubElement(svg, "desc", {"id": f"{name}-description"}).text = cleaned(description)
        svg.append(_hatching(name))
        for element in self._drawn:
            if "app-chart__hatched" in element.get("class", ""):
                element.set("fill", f"url(#{name}-hatching)")
        svg.extend(self._drawn)
        return tostring(svg, encoding="unicode")

    def _add(self, shape: str, place: dict[str, str], look: str) -> None:
        self._drawn.append(Element(shape, {"class": f"app-chart__{look}", **place, **_LOOKS[look]}))


def cleaned(text: str) -> str:
    """Return a text without what no XML may hold, on one line."""
    return " ".join(_NOT_IN_XML.sub("\ufffd", text).split())


def lines_of(text: str, size: int = NORMAL, most: int = 3) -> list[str]:
    """Return a text in lines that fit the narrowest place; what is longer than `most` lines ends with an ellipsis."""
    wide = int(NARROWEST / (size * _LETTER))
    return textwrap.wrap(cleaned(text), wide, max_lines=most, placeholder=" …") or [""]


def width_of(text: str, size: int = NORMAL) -> float:
    """Return about how many pixels a line of words needs."""
    return len(text) * size * _LETTER


def room_beside(texts: list[str], size: int = NORMAL) -> float:
    """Return how many per cent of the width are left of words that stand to the right, in the narrowest place."""
    widest = max((width_of(text, size) for text in texts), default=0) + 12
    return max(25.0, min(90.0, 100 * (1 - widest / NARROWEST)))


def round_up(value: float) -> float:
    """Return the next round number for the end of a scale: 1, 2, 5 or 10 times a power of ten, or half way between."""
    step = 1.0
    while step * 10 < value:
        step *= 10
    return next((step * part for part in (1, 2, 3, 4, 5, 6, 8, 10) if step * part >= value), step * 10)


def _hatching(name: str) -> Element:
    pattern = Element(
        "pattern",
        {
            "id": f"{name}-hatching",
            "width": "6",
            "height": "6",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )
    SubElement(pattern, "rect", {"class": "app-chart__paper", "width": "6", "height": "6", "fill": "#ffffff"})
    SubElement(pattern, "rect", {"class": "app-chart__stroke", "width": "2.5", "height": "6", "fill": _BRAND})
    return pattern


def _share(value: float) -> str:
    return f"{_pixels(value)}%"


def _pixels(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
