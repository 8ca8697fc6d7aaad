"""Charts: the picture tells what the table tells, to those who look and to those who listen; nothing withheld looks like none."""

import re
from xml.etree.ElementTree import Element, fromstring

import pytest

from service.charts.bars import bars
from service.charts.chart import Chart, Row, percent
from service.charts.columns import Column, columns
from service.charts.ranges import Range, ranges

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> & \"quotes' ]]> \x00\x1b\ud800 ="


def read(svg: str) -> Element:
    return fromstring(svg.encode("utf-8"))  # noqa: S314 - a text of our own making


def drawn(chart: Chart) -> Element:
    """Return the picture, which is well-formed and holds nothing a strict page forbids: no script, no style, no address."""
    root = read(chart.svg)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "pattern", "rect", "line", "circle", "text"}
        assert not {"style", "href", "onload"} & set(element.attrib)
        for name in ("x", "x1", "x2", "cx"):
            assert -0.01 <= float(element.get(name, "0").rstrip("%")) <= 100.01, "something is drawn outside"
        for name in ("width", "height", "r"):
            assert float(element.get(name, "0").rstrip("%")) >= 0
    return root


def words(chart: Chart) -> list[str]:
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def lengths(chart: Chart, look: str, side: str = "width") -> list[float]:
    """Return how long the shapes of a look are, those of a key apart."""
    shapes = drawn(chart).iter(f"{SVG}rect")
    return [
        float(shape.get(side, "0").rstrip("%"))
        for shape in shapes
        if shape.get("class") == f"app-chart__{look}" and "transform" not in shape.attrib
    ]


def month(number: int, *values: float | None) -> Column:
    return Column(f"Month {number}", f"M{number % 12}", str(2016 + number // 12), values)


def test_bars_are_as_long_as_what_they_stand_for_and_say_it() -> None:
    chart = bars("exits", "How it ended", [Row("Answered", (40,)), Row("Withdrawn", (10,)), Row("Lapsed", (0,))], ["Enquiries"], what="Outcome")  # fmt: skip
    full = lengths(chart, "full")
    assert len(full) == 2, "none has no length"
    assert full[0] == pytest.approx(4 * full[1], abs=0.05)
    assert words(chart) == ["Answered", "40", "Withdrawn", "10", "Lapsed", "0"]
    assert chart.header == ("Outcome", "Enquiries")
    assert chart.rows == (("Answered", "40"), ("Withdrawn", "10"), ("Lapsed", "0"))
    assert not chart.is_withheld


def test_a_picture_is_named_and_described_for_those_who_listen() -> None:
    chart = bars("exits", "How it ended", [Row("Answered", (40,)), Row("Lapsed", (None,))], ["Enquiries"], what="Outcome")  # fmt: skip
    root = drawn(chart)
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.get("id")}
    told = [named[str(root.get(name))] for name in ("aria-labelledby", "aria-describedby")]
    assert told[0] == "How it ended"
    assert told[1] == "2 bars; the largest is Answered: 40. 1 of 2 withheld in whole or in part. The table has every number."  # fmt: skip


def test_what_is_withheld_is_said_and_never_drawn_as_none() -> None:
    rows = [Row("Homes", (12, 2)), Row("Food", (None, None)), Row("Schools", (7, None))]
    lying = bars("topics", "Topics", rows, ["Asked", "Unmet"], what="Topic")
    assert words(lying)[-6:] == ["Homes", "12 · 2", "Food", "withheld", "Schools", "7 · withheld"]
    assert lying.rows[1] == ("Food", "withheld", "withheld")
    assert len(lengths(lying, "withheld")) == 1
    assert lying.is_withheld
    standing = columns("months", "Months", [month(0, 5), month(1, None), month(2, 0)], ["Submitted"], what="Month")
    assert [row[1] for row in standing.rows] == ["5", "withheld", "0"]
    assert "withheld: any number" in words(standing)
    assert {"5", "0"} <= set(words(standing))
    assert len(lengths(standing, "withheld", "height")) == 1
    times = ranges("times", "Times", [Range("Answer", is_withheld=True)], what="Milestone", unit="working days", beside=["Reached"])  # fmt: skip
    assert times.rows == (("Answer", "withheld", "withheld", "withheld", "withheld"),)
    assert "withheld" in words(times)


def test_parts_are_told_apart_without_colour() -> None:
    chart = columns("months", "Months", [month(0, 6, 3), month(1, 4, 0)], ["Decided", "Not finished"], what="Month")
    assert {"Decided", "Not finished"} <= set(words(chart)), "the key names them"
    full, open_ = lengths(chart, "full", "height"), lengths(chart, "hatched", "height")
    assert full[0] == pytest.approx(2 * open_[0], abs=0.05)
    assert len(open_) == 1
    hatched = next(e for e in drawn(chart).iter(f"{SVG}rect") if e.get("class") == "app-chart__hatched")
    assert hatched.get("fill") == "url(#months-hatching)"
    assert chart.rows == (("Month 0", "6", "3"), ("Month 1", "4", "0"))


def test_not_reached_is_a_line_to_the_edge_and_words() -> None:
    told = [Range("First response", 1, 2, 3.5, ("30",)), Range("Agreed", 20, 40, None, ("9",)), Range("Commissioned", beside=("2",))]  # fmt: skip
    chart = ranges("times", "Times", told, what="Milestone", unit="working days", beside=["Reached"])
    assert chart.header == ("Milestone", "Half (working days)", "Three quarters (working days)", "Nine in ten (working days)", "Reached")  # fmt: skip
    assert chart.rows == (
        ("First response", "1", "2", "3.5", "30"),
        ("Agreed", "20", "40", "not reached", "9"),
        ("Commissioned", "not reached", "not reached", "not reached", "2"),
    )
    beyond = [e for e in drawn(chart).iter(f"{SVG}line") if e.get("class") == "app-chart__beyond"]
    assert [(e.get("x1"), e.get("x2")) for e in beyond[1:]] == [("92%", "100%"), ("0%", "100%")]
    assert "half 20 · ¾ 40 · 90% not reached" in words(chart)
    assert "half: not reached" in words(chart)
    assert "Commissioned: half not reached, three quarters not reached" in chart.description


def test_hostile_words_stay_words() -> None:
    charts = [
        bars("a", HOSTILE, [Row(HOSTILE * 9, (1,))], [HOSTILE], what=HOSTILE),
        columns("b", HOSTILE, [Column(HOSTILE, HOSTILE, HOSTILE, (1, None))], [HOSTILE, "more"], what=HOSTILE),
        ranges("c", HOSTILE, [Range(HOSTILE, 1, None, None)], what=HOSTILE, unit="days"),
    ]
    for chart in charts:
        assert any("<script>" in text for text in words(chart)), "told as it is, and escaped"
        assert "<script>" not in chart.svg + chart.printed(400)
        read(chart.printed(400))


@pytest.mark.parametrize("months", [0, 1, 12, 13, 120])
@pytest.mark.parametrize("largest", [0, 1, 7, 123_456_789_012])
def test_any_length_and_any_size_fits(months: int, largest: int) -> None:
    chart = columns("m", "Months", [month(n, largest * (n + 1) // max(months, 1)) for n in range(months)], ["Submitted"], what="Month")  # fmt: skip
    assert len(chart.rows) == months
    heights = lengths(chart, "full", "height")
    assert max(heights, default=0) <= 180.01
    assert len(words(chart)) < 60, "names that would run into each other are left out"
    lying = bars("b", "Bars", [Row("A", (largest,)), Row("B", (1,))], ["Enquiries"], what="What")
    assert f"{largest:,}" in words(lying)
    assert max(lengths(lying, "full")) <= 90


def test_words_fit_a_narrow_page() -> None:
    label = (
        "A very long name of a sector that somebody chose, and goes on beyond anything that fits a line, and on and on"
    )
    lines = words(bars("a", "T", [Row(label, (1,))], ["n"], what="Sector"))[:-1]
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert max(map(len, lines)) <= 31


def test_paper_has_a_width_of_its_own() -> None:
    root = read(bars("a", "T", [Row("A", (1,))], ["n"], what="x").printed(480))
    assert root.get("width") == "480"
    assert re.fullmatch(r"0 0 480 \d+", str(root.get("viewBox")))


def test_a_little_is_not_none() -> None:
    assert [percent(share) for share in (0, 0.004, 0.384, 0.996, 1)] == ["0%", "less than 1%", "38%", "more than 99%", "100%"]  # fmt: skip
