"""A strict reader of XES, written from IEEE 1849: it refuses what a process-mining library would only guess at."""

from datetime import datetime
from xml.etree import ElementTree as ET

NAMESPACE = "{http://www.xes-standard.org/}"
_EXTENSIONS = {
    prefix: f"http://www.xes-standard.org/{prefix}.xesext" for prefix in ("concept", "time", "lifecycle", "org")
}
_ORDER = ("extension", "global", "classifier", "attribute", "trace", "event")
_TRANSITIONS = {
    "schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort", "ate_abort", "complete", "autoskip",
    "manualskip", "unknown",
}  # fmt: skip

Attributes = dict[str, str | bool | datetime]
Trace = tuple[Attributes, list[Attributes]]


def read_xes(text: str) -> tuple[Attributes, list[Trace]]:
    """Return a log's own attributes and its traces. Raises AssertionError for anything the standard does not allow."""
    log = ET.fromstring(text)  # noqa: S314 - a text of our own making
    assert log.tag == f"{NAMESPACE}log"
    assert set(log.attrib) == {"xes.version", "xes.features"}
    assert log.get("xes.version") == "1849-2016"
    declared = {each.get("prefix"): each.get("uri") for each in log.iterfind(f"{NAMESPACE}extension")}
    assert declared == _EXTENSIONS
    places = [_ORDER.index(_kind(child)) for child in log]
    assert places == sorted(places)
    always = {each.get("scope"): set(_attributes(each)) for each in log.iterfind(f"{NAMESPACE}global")}
    for classifier in log.iterfind(f"{NAMESPACE}classifier"):
        assert set((classifier.get("keys") or "").split()) <= always["event"]
    traces = []
    for trace in log.iterfind(f"{NAMESPACE}trace"):
        events = [_attributes(event) for event in trace.iterfind(f"{NAMESPACE}event")]
        own = _attributes(trace)
        assert always["trace"] <= set(own)
        assert events
        for event in events:
            assert always["event"] <= set(event)
            assert event["lifecycle:transition"] in _TRANSITIONS
        traces.append((own, events))
    return _attributes(log), traces


def _kind(element: ET.Element) -> str:
    name = element.tag.removeprefix(NAMESPACE)
    return name if name in _ORDER else "attribute"


def _attributes(parent: ET.Element) -> Attributes:
    found: Attributes = {}
    for child in parent:
        if _kind(child) != "attribute":
            continue
        key, value = child.attrib["key"], child.attrib["value"]
        assert set(child.attrib) == {"key", "value"}
        assert key not in found, f"{key} stands twice"
        prefix, colon, _ = key.partition(":")
        assert not colon or prefix in _EXTENSIONS, f"{prefix} was not declared"
        match child.tag.removeprefix(NAMESPACE):
            case "string":
                found[key] = value
            case "boolean":
                found[key] = {"true": True, "false": False}[value]
            case "date":
                found[key] = datetime.fromisoformat(value)
                assert found[key].tzinfo is not None  # type: ignore[union-attr]  # it was made on the line above
            case other:
                raise AssertionError(f"{other} is no attribute")
    return found
