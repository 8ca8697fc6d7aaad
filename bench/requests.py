"""What managers wait for, at 100,000 enquiries beside 1,000: recording a question, taking it on, and the queue's first page.

Real processes over both databases at once (`bench/support/multiply.py`), asked in turn over one kept connection, through the
API with a manager's key. Milliseconds on the clock are the median of all; processor time is the server's, for one request.
Start-up is the time from the command to the first answer, memory what all processes hold after the round.
From the environment: ENQUIRIES (100,000), BESIDE (1,000), OPEN (200), ROUNDS (10) of 10 requests each, and ENGINE (both).
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from bench.support import load
from bench.support.multiply import Size
from bench.support.stock import stocked
from tests.support.clock import HandClock
from tests.support.doors import MANAGER, SECRET, House
from tests.support.engines import ENGINE_NAMES, EngineName, Engines

ENQUIRIES, BESIDE, OPEN, ROUNDS = (
    int(os.environ.get(name, usual))
    for name, usual in {"ENQUIRIES": "100000", "BESIDE": "1000", "OPEN": "200", "ROUNDS": "10"}.items()
)
ASKED = tuple(name for name in ENGINE_NAMES if name == os.environ.get("ENGINE", name))
EACH = 10
DOOR = "/api/v1/enquiries"


def measure() -> list[str]:
    """Return two tables: what is asked, and what a process takes."""
    asked = [
        f"{OPEN} enquiries open of each. Milliseconds on the clock and of processor, {ROUNDS} rounds of {EACH} requests.",
        "",
        "| Engine, processes | Asked | At 1,000, ms | At 100,000, ms | Ratio | Processor, ms | Processor, ms | Ratio |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    asked[2] = asked[2].replace("1,000,", f"{BESIDE:,},", 1).replace("100,000,", f"{ENQUIRIES:,},", 1)
    taken = ["", "| Engine, processes | Enquiries | Start-up, s | Memory, MB |", "|---|---:|---:|---:|"]
    engines = Engines()
    try:
        for engine in ASKED:
            for name, rows in _compared(engines, engine):
                (asked if name == "asked" else taken).append(rows)
    finally:
        engines.close()
    return asked + taken


@dataclass
class Taken:
    """What one kind of request took: seconds on the clock, and the server's processor time of all together."""

    seconds: list[float] = field(default_factory=list)
    processor: float = 0

    @property
    def clock_ms(self) -> float:
        return median(self.seconds) * 1000

    @property
    def processor_ms(self) -> float:
        return self.processor / len(self.seconds) * 1000


class Desk:
    """A manager's program at one service."""

    def __init__(self, client: httpx.Client, process: int) -> None:
        self.client, self.process = client, process
        self.taken: dict[str, Taken] = {}
        self.made: list[httpx.Response] = []
        self.count = 0

    def round(self) -> None:
        """Ask for each thing ten times."""
        self._timed("record a question", self._record)
        self._timed("take it on", self._accept)
        self._timed("the queue, 50", self._queue)

    def _timed(self, name: str, ask: Callable[[], httpx.Response]) -> None:
        taken = self.taken.setdefault(name, Taken())
        spent = load.processor_seconds(self.process)
        for _ in range(EACH):
            begun = time.perf_counter()
            answer = ask()
            taken.seconds.append(time.perf_counter() - begun)
            assert answer.is_success, answer.text
        taken.processor += load.processor_seconds(self.process) - spent

    def _record(self) -> httpx.Response:
        self.count += 1
        enquirer = {"name": "Ann Asker", "email": f"ann{self.count}@bench.example"}
        self.made.append(self.client.post(DOOR, json={"question": "Do warmer homes help?", "enquirer": enquirer}))
        return self.made[-1]

    def _accept(self) -> httpx.Response:
        made = self.made.pop()
        path = f"{DOOR}/{made.json()['reference']}/events"
        return self.client.post(path, json={"event": "accept"}, headers={"If-Match": made.headers["etag"]})

    def _queue(self) -> httpx.Response:
        return self.client.get(DOOR, params={"limit": 50, "state": ["triage", "scoping", "drafting", "open_call"]})


def _compared(engines: Engines, engine: EngineName) -> Iterator[tuple[str, str]]:
    sizes = [Size(BESIDE, OPEN), Size(ENQUIRIES, OPEN)]
    with ExitStack() as stack:
        urls = [stack.enter_context(stocked(engines, engine, size)) for size in sizes]
        keys = [_key(url) for url in urls]
        for processes in (1, 2):
            with ExitStack() as running:
                desks = []
                for url, key, size in zip(urls, keys, sizes, strict=True):
                    folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
                    begun = time.perf_counter()
                    environment = {
                        "DATABASE_URL": url,
                        "SCHEDULER": "off",
                        "SECRET_KEY": SECRET,
                        "KEY_CALLS_A_MINUTE": "0",
                    }
                    service = running.enter_context(load.started(environment, folder, processes))
                    ready = time.perf_counter() - begun
                    headers = {"Authorization": f"Bearer {key}"}
                    client = running.enter_context(httpx.Client(base_url=service.url, headers=headers, timeout=120))
                    desks.append((Desk(client, service.process.pid), size, ready))
                for number in range(ROUNDS + 1):
                    for desk, _, _ in desks:
                        desk.round()
                        if number == 0:
                            desk.taken.clear()  # that one warmed up
                yield from _rows(f"{engine}, {processes}", desks)


def _rows(name: str, desks: list[tuple[Desk, Size, float]]) -> Iterator[tuple[str, str]]:
    small, large = (desk.taken for desk, _, _ in desks)
    for asked, few in small.items():
        many = large[asked]
        clock = f"{few.clock_ms:.1f} | {many.clock_ms:.1f} | {many.clock_ms / few.clock_ms:.2f}"
        processor = f"{few.processor_ms:.1f} | {many.processor_ms:.1f} | {many.processor_ms / few.processor_ms:.2f}"
        yield "asked", f"| {name} | {asked} | {clock} | {processor} |"
    for desk, size, ready in desks:
        yield "taken", f"| {name} | {size.enquiries:,} | {ready:.1f} | {load.memory_megabytes(desk.process):.0f} |"


def _key(url: str) -> str:
    house = House(url, HandClock())
    key = house.key("manager", email=MANAGER)
    house.close()
    return key
