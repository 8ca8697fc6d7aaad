"""A university's system on this machine: it keeps the pokes it is sent, and can be told to misbehave."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ssl import SSLContext
from typing import Literal

from tests.support.answering import answering

Mood = int | Literal["dripping", "cut", "noise"]
"""A status; a header byte now and then, without end; a connection that ends without an answer; an answer that is no HTTP."""


@dataclass
class Poked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hooks:
    """What was received, and the moods the next answers are in; 204 when there are none left."""

    port: int = 0
    received: list[Poked] = field(default_factory=list)
    moods: deque[Mood] = field(default_factory=deque)
    location: str = ""
    """Where redirects lead."""
    ends: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def hooks(tls: SSLContext | None = None) -> Iterator[Hooks]:
    """Receive pokes on a free port until the end of the block."""
    kept = Hooks()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append(Poked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            mood = kept.moods.popleft() if kept.moods else 204
            self.close_connection = True
            if mood == "dripping":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not kept.ends.wait(0.05):
                    try:
                        self.wfile.write(b"x")
                    except OSError:
                        return
            elif mood == "noise":
                self.wfile.write(b"220 mail.example ESMTP\r\n")
            elif isinstance(mood, int):
                self.send_response(mood)
                if kept.location:
                    self.send_header("Location", kept.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def do_GET(self) -> None:
            kept.received.append(Poked(self.path, {}, b""))
            self.send_error(405)

    with answering(Handler, tls) as kept.port:
        try:
            yield kept
        finally:
            kept.ends.set()
