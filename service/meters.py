"""What processes count of themselves, for an operator's dashboard: requests, how long they took, and what was repeated.

Several server processes share their counts through files in the folder that PROMETHEUS_MULTIPROC_DIR names, which `serve`
sets for those it starts; a process alone keeps them in memory.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"

_registry = CollectorRegistry()
_requests = Counter("http_requests", "Requests answered.", ("method", "route", "status"), registry=_registry)
_durations = Histogram(
    "http_request_duration_seconds",
    "Seconds from the request's first line to the answer's last byte.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_registry,
)
_repeated = Counter(
    "transactions_repeated", "Transactions run again after a conflict or a lost connection.", registry=_registry
)
_children: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}
"""The library looks its children up under a lock, by their labels; there are as many as routes and answers."""


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; `route` is the template of its path, never the path, which may hold a secret."""
    key = (method, route, f"{status // 100}xx")
    found = _children.get(key)
    if found is None:
        found = _children[key] = (_requests.labels(*key), _durations.labels(method, route))
    found[0].inc()
    found[1].observe(seconds)


def count_repeat() -> None:
    """Count a transaction that is run again."""
    _repeated.inc()


def registry() -> CollectorRegistry:
    """Return a registry of everything counted by this process and those that share their counts with it."""
    asked = CollectorRegistry()
    if os.environ.get(SHARED):
        MultiProcessCollector(asked)  # type: ignore[no-untyped-call]  # the library left this one out
    else:
        asked.register(_registry)
        ProcessCollector(registry=asked)
    return asked
