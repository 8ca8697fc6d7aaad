"""Asking public records politely: who we are in every request, one at a time, and their word on when to come back."""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from service.clock import machine_now

LONGEST_WAIT = timedelta(days=1)
"""However long a server asks to be left alone, it is asked again after this."""
_BYTES = 50_000_000
_SECONDS = 60.0
_CALLED_OFF = frozenset({429, 503})


class SourceTrouble(Exception):
    """A source did not answer as it should; asked again later, it may."""


class LeaveAlone(SourceTrouble):
    """The source asks to be left alone for a while."""

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


class SourceRefusal(Exception):
    """The source will not answer this, however often it is asked."""


@dataclass(frozen=True, slots=True)
class Polite:
    """One public record behind one address, which an operator chose. Redirects are not followed."""

    base_url: str
    contact: str
    """A mail address at which whoever runs the record can reach us."""
    service: str = "evidence-enquiry-service"
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request: a key, where there is one. Never logged."""
    timeout: float = 20.0
    machine_now: Callable[[], datetime] = machine_now

    def get(self, path: str, **parameters: str) -> Any:
        """Return the JSON at a path below the base address.

        Raises LeaveAlone where the source says when to come back, SourceTrouble for faults that may pass (its own, the
        network's, an answer cut short) and SourceRefusal for those that will not.
        """
        try:
            status, headers, body = self._fetch(path, parameters)
        except httpx.HTTPError as problem:
            # The message of some errors holds the address, and with it a key.
            raise SourceTrouble(f"no answer ({type(problem).__name__})") from problem
        if status in _CALLED_OFF:
            raise LeaveAlone(f"asked to wait (status {status})", self._wait(headers.get("retry-after", "")))
        if status >= 500 or status == 408:
            raise SourceTrouble(f"status {status}")
        if status != 200:
            raise SourceRefusal("it knows no such record" if status == 404 else f"status {status}")
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as problem:
            raise SourceTrouble("the answer was cut short or is no JSON") from problem

    def _fetch(self, path: str, parameters: Mapping[str, str]) -> tuple[int, httpx.Headers, bytes]:
        headers = {
            "Accept": "application/json",
            "User-Agent": f"{self.service} (mailto:{self.contact})".encode("ascii", "ignore").decode(),
            **self.headers,
        }
        started, body = time.monotonic(), bytearray()
        with (
            httpx.Client(timeout=self.timeout, follow_redirects=False, headers=headers) as client,
            client.stream("GET", self.base_url + path, params={**parameters, **self.parameters}) as answer,
        ):
            for part in answer.iter_bytes():
                body += part
                if len(body) > _BYTES or time.monotonic() - started > _SECONDS:
                    raise SourceTrouble("the answer is too long or too slow")
            return answer.status_code, answer.headers, bytes(body)

    def _wait(self, said: str) -> timedelta:
        """Return how long a Retry-After asks to wait, in seconds or as a date; a minute where it says nothing usable."""
        if said.isascii() and said.strip().isdigit():
            wait = timedelta(seconds=min(int(said), int(LONGEST_WAIT.total_seconds())))
        else:
            try:
                until = parsedate_to_datetime(said)
                wait = until.replace(tzinfo=until.tzinfo or UTC) - self.machine_now()
            except (ValueError, TypeError):
                wait = timedelta(seconds=random.uniform(60, 90))  # noqa: S311 - jitter, not a secret
        return min(max(wait, timedelta(0)), LONGEST_WAIT)
