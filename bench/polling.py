"""The universities' poll, unchanged and with a page of entries, beside a bare framework's answer in the same run.

The bare answers come from a FastAPI app with one synchronous route that returns what was made beforehand: a 304, and a body of
the same size as the page. Both are served by the same uvicorn and asked over eight kept connections, in turn. The ratio is
that of the server's processor time for an answer, so 1 is as cheap as a route that does nothing; SECONDS (2) and ROUNDS (5).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from bench.support import load
from bench.support.load import Rate, started
from service.context import Context
from service.records import feed
from service.records.database import Unit
from service.records.tables import Enquiry
from tests.support.clock import HandClock
from tests.support.doors import House
from tests.support.engines import ENGINE_NAMES, Engines
from tests.support.journey import SECTIONS, UNIVERSITIES, Journey
from tests.support.serving import ROOT, Service, free_port

SECONDS, ROUNDS = float(os.environ.get("SECONDS", "2")), int(os.environ.get("ROUNDS", "5"))
ENTRIES, PAGE = 1000, 20
FEED = f"/api/v1/briefs/feed?limit={PAGE}"


def measure() -> list[str]:
    """Return a table: an engine and a number of web processes a row."""
    table = [
        f"A feed of {ENTRIES:,} entries, pages of {PAGE}. Median of {ROUNDS} rounds of {SECONDS:g} s, in turn.",
        "",
        "| Engine, processes | Asked | Bare, µs | Ours, µs | Ratio of processor | Bare, 1/s | Ours, 1/s | Ratio of answers |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    engines = Engines()
    try:
        for name in ENGINE_NAMES:
            url = engines[name].migrated()
            key = _fill(url)
            for processes in (1, 2):
                table += _compared(f"{name}, {processes}", url, key, processes)
    finally:
        engines.close()
    return table


def _compared(name: str, url: str, key: str, processes: int) -> Iterator[str]:
    environment = {
        "DATABASE_URL": url,
        "SCHEDULER": "off",
        "KEY_CALLS_A_MINUTE": "0",
        "SECRET_KEY": "a secret for benchmarks, long enough to sign",
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with started(environment, folder, processes) as service:
            shown = {"Authorization": f"Bearer {key}"}
            page = httpx.get(service.url + FEED, headers=shown)
            assert len(page.json()["items"]) == PAGE
            end = f"{FEED}&cursor={_end(service, shown)}"
            tag = httpx.get(service.url + end, headers=shown).headers["etag"]
            port = httpx.URL(service.url).port or 0
            (folder / "body").write_bytes(page.content)
            with _bare(folder / "body") as (bare_port, bare):
                ours = service.process.pid
                found = load.alternating(
                    ROUNDS,
                    {
                        "bare 304": lambda: _ask(bare_port, load.request("/unchanged"), 304, bare),
                        "our 304": lambda: _ask(port, load.request(end, {**shown, "If-None-Match": tag}), 304, ours),
                        "bare page": lambda: _ask(bare_port, load.request("/page"), 200, bare),
                        "our page": lambda: _ask(port, load.request(FEED, shown), 200, ours),
                    },
                )
            yield _row(name, "unchanged", found["bare 304"], found["our 304"])
            yield _row(name, f"{PAGE} entries, {len(page.content):,} bytes", found["bare page"], found["our page"])


def _ask(port: int, wanted: bytes, status: int, process: int) -> Rate:
    return load.ask(port, wanted, status, process, seconds=SECONDS)


def _row(name: str, asked: str, bare: list[Rate], ours: list[Rate]) -> str:
    cost, our_cost = (median(rate.microseconds for rate in rates) for rates in (bare, ours))
    rate, our_rate = (median(rate.per_second for rate in rates) for rates in (bare, ours))
    return (
        f"| {name} | {asked} | {cost:.0f} | {our_cost:.0f} | {cost / our_cost:.2f} "
        f"| {rate:,.0f} | {our_rate:,.0f} | {our_rate / rate:.2f} |"
    )


def _end(service: Service, shown: dict[str, str]) -> str:
    cursor, more = "", True
    while more:
        page = httpx.get(
            f"{service.url}/api/v1/briefs/feed", params={"limit": 200, "cursor": cursor}, headers=shown
        ).json()
        cursor, more = page["next_cursor"], page["has_more"]
    return str(cursor)


@contextmanager
def _bare(body: Path) -> Iterator[tuple[int, int]]:
    port = free_port()
    command = [sys.executable, "-m", "bench.support.bare", str(port), str(body)]
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own module
        try:
            transport = httpx.HTTPTransport(retries=8)
            with httpx.Client(transport=transport) as client:
                client.get(f"http://127.0.0.1:{port}/unchanged")
            yield port, process.pid
        finally:
            process.terminate()


def _fill(url: str) -> str:
    """Publish a brief and fill the feed of its first university; return that university's key."""
    house = House(url, HandClock())
    journey = Journey(house.database, house.clock).published()
    university = journey.universities[0]
    payload = {
        "title": "Do warmer homes mean fewer visits to A&E?",
        "reply_by": "2026-12-07",
        "sections": SECTIONS,
        "questions": [],
    }

    def entry(unit: Unit) -> None:
        enquiry = unit.get_one(Enquiry, journey.enquiry_id)
        ctx = Context(now=house.clock.now())
        for _ in range(ENTRIES):
            feed.stage(unit, ctx, enquiry, university, "revised", 1, json.loads(json.dumps(payload)))

    house.database.transact(entry)
    key = house.key("university", organisation=UNIVERSITIES[0])
    house.close()
    return key
