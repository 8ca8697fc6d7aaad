"""Answers kept for a moment: a page tells several, and many people may look at it at once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from service.clock import machine_now

T = TypeVar("T")

LASTS = timedelta(minutes=1)
MOST = 300


@dataclass(slots=True)
class Kept:
    """What was worked out within the last minute of machine time, the least used going first."""

    lasts: timedelta = LASTS
    _found: "OrderedDict[Hashable, tuple[datetime, Any]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, or else what `make` returns; two at once may both make it."""
        now = machine_now()
        with self._lock:
            found = self._found.get(key)
            if found is not None and now - found[0] < self.lasts:
                self._found.move_to_end(key)
                kept: T = found[1]
                return kept
        made = make()
        with self._lock:
            self._found[key] = now, made
            self._found.move_to_end(key)
            while len(self._found) > MOST:
                self._found.popitem(last=False)
        return made
