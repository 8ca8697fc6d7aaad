"""The 27 activities of a public log of permit receipts, as the states they are taken for here, and a reader of that log.

What each is taken for is made up, so that every rule is met: reopening, other exits, projects, first responses.
"""

import csv
import gzip
import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

WORDS: dict[str, tuple[str, str, str]] = {
    "Confirmation of receipt": ("triage", "", ""),
    "T02 Check confirmation of receipt": ("drafting", "", ""),
    "T03 Adjust confirmation of receipt": ("drafting", "enquirer", ""),
    "T04 Determine confirmation of receipt": ("sign_off", "", ""),
    "T05 Print and send confirmation of receipt": ("first_response", "", ""),
    "T06 Determine necessity of stop advice": ("open_call", "", ""),
    "T07-1 Draft intern advice aspect 1": ("selecting", "", ""),
    "T07-2 Draft intern advice aspect 2": ("selecting", "lead", ""),
    "T07-3 Draft intern advice hold for aspect 3": ("selecting", "", ""),
    "T07-4 Draft internal advice to hold for type 4": ("selecting", "", ""),
    "T07-5 Draft intern advice aspect 5": ("selecting", "enquirer", ""),
    "T08 Draft and send request for advice": ("costing", "", ""),
    "T09-1 Process or receive external advice from party 1": ("costing", "lead", ""),
    "T09-2 Process or receive external advice from party 2": ("costing", "enquirer", ""),
    "T09-3 Process or receive external advice from party 3": ("costing", "", ""),
    "T09-4 Process or receive external advice from party 4": ("costing", "", ""),
    "T10 Determine necessity to stop indication": ("closed", "", "answered"),
    "T11 Create document X request unlicensed": ("funding", "", ""),
    "T12 Check document X request unlicensed": ("funding", "team", ""),
    "T13 Adjust document X request unlicensed": ("funding", "", ""),
    "T14 Determine document X request unlicensed": ("contracting", "", ""),
    "T15 Print document X request unlicensed": ("commissioned", "", ""),
    "T16 Report reasons to hold request": ("contracting", "lead", ""),
    "T17 Check report Y to stop indication": ("drafting", "", ""),
    "T18 Adjust report Y to stop indicition": ("drafting", "enquirer", ""),
    "T19 Determine report Y to stop indication": ("contracting", "", ""),
    "T20 Print report Y to stop indication": ("closed", "", "declined"),
}


class Raw(NamedTuple):
    case: str
    activity: str
    time: str


def read_raw(path: Path) -> Iterator[Raw]:
    """Yield the log's events as they are written there."""
    with gzip.open(path) as opened:
        for _, element in ET.iterparse(opened):  # noqa: S314 - a published data set
            if not element.tag.endswith("trace"):
                continue
            own = {child.get("key"): child.get("value", "") for child in element}
            for event in element:
                if event.tag.endswith("event"):
                    told = {child.get("key"): child.get("value", "") for child in event}
                    yield Raw(own["concept:name"], told["concept:name"], told["time:timestamp"])
            element.clear()


def made_up(cases: int) -> list[Raw]:
    """Return a log of the same activities, drawn by lot and always the same."""
    lot = random.Random(8)  # noqa: S311 - a log to count with, no secret
    rows = []
    for case in range(cases):
        now = datetime.fromisoformat("2011-01-03T08:00:00+01:00") + timedelta(minutes=lot.randrange(400_000))
        activity = "Confirmation of receipt"
        for _ in range(lot.randrange(1, 12)):
            rows.append(Raw(f"case-{case}", activity, now.isoformat()))
            if WORDS[activity][0] == "commissioned":
                break
            was_closed = WORDS[activity][0] == "closed"
            ahead = [
                word for word, said in WORDS.items() if said[0] != "triage" and not (was_closed and said[0] == "closed")
            ]
            activity = lot.choice([word for word in ahead if not (was_closed and WORDS[word][0] == "first_response")])
            now += timedelta(minutes=lot.choice((0, 1, 7, 90, 1_500, 9_000, 30_000)))
    return rows


def as_sheet(rows: list[Raw]) -> str:
    """Return the log as a spreadsheet of ours has it, in its own words."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(("reference", "state", "entered_at"))
    written.writerows((row.case, row.activity, row.time) for row in rows)
    return text.getvalue()


def as_map() -> str:
    """Return the words as a file for `--map`."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(("activity", "state", "waiting_on", "outcome"))
    written.writerows((activity, *said) for activity, said in WORDS.items())
    return text.getvalue()
