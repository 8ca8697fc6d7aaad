"""Load from one process over kept connections: as many requests as a server answers, and what they cost it.

A benchmark's client must cost less than what it measures, so this one writes bytes that were made beforehand and reads no
more of an answer than where it ends. The server's processor time counts, which a busy machine changes less than the clock.
"""

import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Rate:
    """What a server did while it was asked."""

    answers: int
    seconds: float
    processor_seconds: float
    """Of the server with all its processes."""

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds

    @property
    def microseconds(self) -> float:
        """The server's processor time for one answer."""
        return self.processor_seconds / self.answers * 1e6


def request(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a GET as it goes over the wire."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def ask(port: int, wanted: bytes, expected: int, process: int, *, seconds: float, connections: int = 8) -> Rate:
    """Send `wanted` again and again on each of `connections`. Raises AssertionError when a status is not `expected`."""
    with _connected(port, connections) as sockets, selectors.DefaultSelector() as selector:
        for each in sockets:
            selector.register(each, selectors.EVENT_READ, bytearray())
            each.sendall(wanted)
        answers, begun, spent = 0, time.perf_counter(), processor_seconds(process)
        status = f"HTTP/1.1 {expected} ".encode("ascii")
        while (now := time.perf_counter()) - begun < seconds:
            for key, _ in selector.select(1):
                got: bytearray = key.data
                sock: socket.socket = key.fileobj  # type: ignore[assignment]
                got += sock.recv(1 << 18)
                if not _is_whole(got):
                    continue
                assert got.startswith(status), bytes(got[:500])
                got.clear()
                answers += 1
                sock.sendall(wanted)
        return Rate(answers, now - begun, processor_seconds(process) - spent)


def once(port: int, wanted: bytes) -> bytes:
    """Return one whole answer."""
    with _connected(port, 1) as [sock]:
        sock.sendall(wanted)
        got = bytearray()
        while not _is_whole(got):
            got += sock.recv(1 << 18)
        return bytes(got)


def processor_seconds(process: int) -> float:
    """Return the processor time a process and all that came from it have taken. Linux only."""
    return sum(_own(each) for each in _family(process))


def _own(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            yield from _family(int(child))


def memory_megabytes(process: int) -> float:
    """Return what a process and all that came from it hold, each page counted in full in its process. Linux only."""
    pages = sum(int(Path(f"/proc/{each}/statm").read_text(encoding="utf-8").split()[1]) for each in _family(process))
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def alternating(rounds: int, measures: Mapping[str, Callable[[], Rate]]) -> dict[str, list[Rate]]:
    """Measure each in turn, `rounds` times, so that what else the machine does falls on all of them alike."""
    found: dict[str, list[Rate]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure())
    return found


def _is_whole(got: bytearray) -> bool:
    end = got.find(_END)
    if end < 0:
        return False
    head = bytes(got[:end]).lower()
    _, found, rest = head.partition(b"content-length:")
    length = int(rest.partition(b"\r\n")[0]) if found else 0
    return len(got) >= end + len(_END) + length


@contextmanager
def _connected(port: int, connections: int) -> Iterator[list[socket.socket]]:
    sockets = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(connections)]
    try:
        for each in sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield sockets
    finally:
        for each in sockets:
            each.close()
