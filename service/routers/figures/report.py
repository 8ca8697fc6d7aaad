"""The yearly report: the figures of a year that is over, as PDF, with the charts and the definitions."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from service.charts.chart import Chart
from service.errors import Problem, invalid
from service.routers.calls import Call
from service.routers.figure_answers import Question
from service.routers.figures import sections, years
from service.routers.figures.asking import Answers, answers_to
from service.routers.figures.section import UNFINISHED, WITHHELD, Section
from service.routers.figures.years import Year
from service.routers.rendering import figure_name
from service.throughput.definitions import DEFINITION_IDS, DEFINITIONS
from service.throughput.periods import settled_as_of
from service.typesetting import typeset
from service.working_time.wording import short_date

INVENTED = "These figures are invented, to show how they would look. Nobody asked any of this."
_BESIDE = 4
"""Up to so many columns a table stands beside its picture."""
_DRAWN, _SHOWN = 420, 262
"""The width that a picture is drawn for, and the points it takes on paper beside its table."""
_DRAWN_ALONE, _SHOWN_ALONE = 770, 480
_TALLEST = 600
"""Points that a picture may be high."""


def report_on(call: Call, year: Year, as_of: date | None) -> bytes:
    """Return the report on a year as of its end, or of a later month's end: the same question gets the same bytes.

    Raises Problem 404 for a year that is not over, 422 for an as_of before its end or that is no month's end.
    """
    latest = settled_as_of(None, call.ctx.now)
    if year.last_day > latest:
        raise Problem("not-found", 404, f"The report on {year.label} can be made when the year is over, from {short_date(year.end)} on.")  # fmt: skip
    day = settled_as_of(as_of or year.last_day, call.ctx.now)
    if day < year.last_day:
        raise invalid("as_of", f"{day} is before the end of {year.label}, which is {year.last_day}.")
    document = document_of(
        answers_to(call, Question(year.start, year.end, day)), year, call.services.settings.service_name
    )
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return call.services.figures.get(("report", digest), lambda: typeset(document))


def document_of(answers: Answers, year: Year, service_name: str) -> Mapping[str, Any]:
    """Return what the report says, as plain data."""
    told = answers.throughput
    parts = sections.told(answers, sections.PUBLIC)
    stood = short_date(told.as_of)
    sentences = [UNFINISHED]
    if told.total.suppressed or sections.has_withheld(parts):
        sentences.append(WITHHELD.format(threshold=told.definition.suppression_threshold))
    return {
        "title": f"What became of the questions: {year.label}",
        "service": service_name,
        "about": f"{service_name}. Enquiries submitted from {years.period_in_words(told.period.start, told.period.end)}, as things stood at the end of {stood}.",
        "footer": f"{service_name}: {year.label}, as of {stood}" + (". Invented figures" if told.invented else ""),
        "invented": INVENTED if told.invented else "",
        "key": _key_figures(answers),
        "sentences": sentences if told.total.submitted != 0 else ["Nobody asked anything in this year."],
        "sections": [_section(part) for part in parts] if told.total.submitted != 0 else [],
        "definitions": [
            {"name": f"{figure_name(each.figure).capitalize()} ({each.id}), in {each.unit}", "text": each.text, "rules": list(each.rules)}
            for each in DEFINITIONS
            if DEFINITION_IDS[each.figure] == each.id
        ],
    }  # fmt: skip


def _key_figures(answers: Answers) -> list[dict[str, str]]:
    total = answers.throughput.total
    counts = {
        "submitted": total.submitted,
        "decided": total.decided,
        "not finished": total.open,
        "became a project": total.commissioned,
    }
    return [{"label": label, "value": "withheld" if count is None else f"{count:,}"} for label, count in counts.items()]


def _section(part: Section) -> dict[str, Any]:
    return {
        "heading": part.heading,
        "sentences": list(part.sentences),
        "charts": [paper(chart) for chart in part.charts],
        "after": list(part.after),
    }


def paper(chart: Chart) -> dict[str, Any]:
    """Return a chart as the report takes it: a small table beside its picture, a wide one below."""
    is_beside = len(chart.header) <= _BESIDE
    drawn, shown = (_DRAWN, _SHOWN) if is_beside else (_DRAWN_ALONE, _SHOWN_ALONE)
    return {
        "title": chart.title,
        "description": chart.description,
        "svg": chart.printed(drawn),
        "width": min(shown, round(_TALLEST * drawn / max(chart.drawing.height, 1))),
        "beside": is_beside,
        "header": list(chart.header),
        "rows": [list(row) for row in chart.rows],
    }
