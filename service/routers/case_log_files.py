"""The log of cases as files: CSV for a spreadsheet, XES (IEEE 1849) for process mining. Both leave while they are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, groupby
from operator import attrgetter
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi.responses import Response, StreamingResponse

from service.actions.audit import audit
from service.context import Context
from service.records import installation
from service.records.case_log import CaseEvent, case_events
from service.records.database import Database, Unit
from service.routers.csv_answers import Cell, csv_lines
from service.routers.schemas.common import shown_instant
from service.working_time import local_date

Form = Literal["csv", "xes"]

COLUMNS = (*CaseEvent._fields, "invented")
MEDIA_TYPES: Mapping[Form, str] = {"csv": "text/csv", "xes": "application/xml"}

_AT_ONCE = 500
_EXTENSIONS = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle", "Organizational": "org"}
_UNKNOWN = "unknown"
_XES_BEGINS = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
_XES_ENDS = "</log>\n"


def export_log(database: Database, ctx: Context, form: Form) -> Response:
    """Return the whole log as a download, noting first who took it. What is held of it does not grow with its length."""
    database.transact(lambda unit: audit(unit, ctx, "export", f"case_log:{form}", name=f"events.{form}"))
    chunks = written(database, form)
    # A database that does not answer is still told as a problem: nothing has left yet.
    begun = chain([next(chunks)], chunks)
    name = f"events-{local_date(ctx.now)}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(begun, headers=headers, media_type=MEDIA_TYPES[form])


def written(database: Database, form: Form) -> Iterator[str]:
    """Yield the file piece by piece, from one snapshot of the database."""
    write: Callable[[Iterable[CaseEvent], bool], Iterator[str]] = _csv if form == "csv" else _xes

    def work(unit: Unit) -> Iterator[str]:
        return write(case_events(unit), installation.is_invented(unit))

    return database.stream(work)


def _csv(rows: Iterable[CaseEvent], invented: bool) -> Iterator[str]:
    begun: list[Iterable[Cell]] = [COLUMNS]
    for row in rows:
        begun.append([*row[:-2], "; ".join(row.topics), row.source, invented])
        if len(begun) == _AT_ONCE:
            yield csv_lines(begun)
            begun = []
    yield csv_lines(begun)


def _xes(rows: Iterable[CaseEvent], invented: bool) -> Iterator[str]:
    yield _XES_BEGINS + "".join(map(_as_text, _heading(invented=invented)))
    for _, events in groupby(rows, key=attrgetter("source", "case")):
        yield _as_text(_trace(list(events)))
    yield _XES_ENDS


def _heading(*, invented: bool) -> Iterator[Element]:
    for name, prefix in _EXTENSIONS.items():
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield Element("extension", name=name, prefix=prefix, uri=uri)
    always = Element("global", scope="trace")
    _string(always, "concept:name", _UNKNOWN)
    yield always
    always = Element("global", scope="event")
    _string(always, "concept:name", _UNKNOWN)
    _string(always, "lifecycle:transition", "complete")
    SubElement(always, "date", key="time:timestamp", value="1970-01-01T00:00:00Z")
    for name in ("state", "waiting_on"):
        _string(always, name, _UNKNOWN)
    yield always
    yield Element("classifier", name="Event", keys="concept:name")
    yield Element("classifier", name="State", keys="state")
    yield Element("string", key="lifecycle:model", value="standard")
    yield Element("boolean", key="invented", value="true" if invented else "false")


def _trace(events: list[CaseEvent]) -> Element:
    trace = Element("trace")
    _string(trace, "concept:name", events[0].case)
    _string(trace, "source", events[0].source)
    for row in events:
        event = SubElement(trace, "event")
        _string(event, "concept:name", _activity(row))
        _string(event, "lifecycle:transition", "complete")
        SubElement(event, "date", key="time:timestamp", value=shown_instant(row.time))
        _string(event, "org:role", row.actor_role)
        _string(event, "state", row.state)
        _string(event, "waiting_on", row.waiting_on)
        for name in ("outcome", "sector", "area", "enquiry_type"):
            _string(event, name, getattr(row, name))
        _string(event, "topics", "; ".join(row.topics))
        SubElement(event, "boolean", key="on_hold", value="true" if row.on_hold else "false")
    return trace


def _activity(row: CaseEvent) -> str:
    """Return what a mining tool draws as a step: an earlier service's log names the state alone, so that is the step."""
    if row.machine != "enquiry":
        return f"{row.machine}:{row.event}"
    return f"{row.event}:{row.state}" if row.event in {"enter", "update"} else row.event


def _string(parent: Element, key: str, value: str | None) -> None:
    if value:
        SubElement(parent, "string", key=key, value=value)


def _as_text(element: Element) -> str:
    return tostring(element, encoding="unicode") + "\n"
