"""What a request carries, bounded in size and in time."""

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope

_SLOWEST = 20_000
"""Bytes a second: whoever sends at least this much of a large file is given the time it takes."""


class TooLarge(Exception):
    """The body went over its limit while it was being read."""


class TooSlow(Exception):
    """The body took longer than it may."""


class Body:
    """A request's body as it comes in: how much came, and an end to waiting for the rest.

    Nothing is awaited once the whole of it is there: what comes after is whether the client is still listening.
    """

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self.limit = limit
        self._begun: float | None = None
        self._is_whole = False
        self.received = 0

    async def __call__(self) -> Message:
        """Return the next part. Raises TooLarge or TooSlow."""
        if self._is_whole:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        self._begun = now if self._begun is None else self._begun
        left = self._begun + self._seconds + self.received / _SLOWEST - now
        try:
            async with asyncio.timeout(max(0, left)):
                message = await self._receive()
        except TimeoutError as problem:
            raise TooSlow from problem
        self.received += len(message.get("body", b""))
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self.received > self.limit:
            raise TooLarge
        return message

    async def discard(self, most: int) -> None:
        """Let go by what still comes, until it is whole, was `most` bytes in all, or takes too long."""
        self.limit = most
        with suppress(TooLarge, TooSlow):
            while not self._is_whole:
                await self()


def declared(scope: Scope) -> int:
    """Return how many bytes a request says it carries; 0 where it does not say."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0
