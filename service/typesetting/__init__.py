"""Setting documents for print: data in, tagged PDF out, in a process of its own that may be ended and knows no secret."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from service.errors import Problem

_PROCESS = str(Path(__file__).with_name("__main__.py"))
SECONDS = 30
"""How long one document may take."""
_AT_ONCE = BoundedSemaphore(2)
"""How many documents one process sets at a time."""
_PATIENCE = 15
"""Seconds that somebody waits for their turn."""


def typeset(document: Mapping[str, Any]) -> bytes:
    """Return a document as PDF: the same bytes for the same document.

    Raises Problem 503 where others are in the way, or where it takes too long or too much memory.
    """
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise _busy("Other reports are being made. Try again shortly.")
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, at our own file
            [sys.executable, "-I", _PROCESS],
            input=json.dumps(document).encode(),
            capture_output=True,
            env={},
            timeout=SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as problem:
        raise _busy("The report could not be made just now. Try again shortly.") from problem
    finally:
        _AT_ONCE.release()
    return done.stdout


def _busy(detail: str) -> Problem:
    return Problem("service-unavailable", 503, detail, headers={"Retry-After": "30"})
