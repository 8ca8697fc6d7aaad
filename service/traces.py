"""The id under which everything that is logged for one request or tick can be found together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """Return the id of the request or tick that is being worked on; empty between them."""
    return _current.get()


@contextmanager
def tracing(trace_id: str) -> Iterator[None]:
    """Let what is logged in this block carry `trace_id`."""
    token = _current.set(trace_id)
    try:
        yield
    finally:
        _current.reset(token)
