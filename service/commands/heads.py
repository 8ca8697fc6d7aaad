"""The server's way with the heads of requests: bounded in size and in time, as bodies are further in.

A proxy in front does the same; without one, a head that never ends would be kept until the memory is full.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST = 65_536
"""Bytes of a head, counted in the pieces they come in: the address and every header."""
SECONDS = 30.0
"""How long a head may take, from the connection's beginning or from its own."""


class BoundedHeads(HttpToolsProtocol):
    """Hangs up on heads that are too long or too slow."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Take what the server gives to each connection."""
        super().__init__(*given, **named)
        self._begun = 0
        self._is_in_head = True
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the class it extends
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless what came before was too much for a head and none has ended yet."""
        if self._begun > MOST:
            self._wait_no_longer()
            self.send_400_response("The head of the request is too long.")
            return
        super().data_received(data)
        if not self._is_in_head:
            self._begun = 0
            return
        self._begun += len(data)
        if self._patience is None and not self.transport.is_closing():
            self._wait()

    def on_message_begin(self) -> None:
        """Note that a head began."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that it ended."""
        self._is_in_head = False
        self._wait_no_longer()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._patience = self.loop.call_later(SECONDS, self._hang_up)

    def _wait_no_longer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _hang_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.close()
