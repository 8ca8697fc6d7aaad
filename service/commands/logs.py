"""What processes say on stderr: a line a record; JSON in production, plain text where a person reads along."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from service import traces
from service.settings import Settings


class JsonLine(logging.Formatter):
    """Writes one JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's time, level, logger, message and named facts, with where a fault arose.

        What an exception says stays out: databases and validators quote the values they refuse, and those are people's.
        """
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if trace := traces.current():
            line["request_id"] = trace
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1]:
            line["fault"] = list(_faults(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False, default=str)


def _faults(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Give out an exception and those it came from, the last first: type, SQL state and where, never what it says."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        told: dict[str, Any] = {
            "type": f"{type(error).__module__}.{type(error).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if state := getattr(error, "sqlstate", None):
            told["sqlstate"] = state
        yield told
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def configuration(settings: Settings) -> dict[str, Any]:
    """Return logging's configuration for every process of this installation."""
    plain = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": {"()": JsonLine} if settings.logs_json else plain},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "default"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Every request, for machines that read logs; a person who reads along is not interested.
            "service.requests": {"level": "INFO" if settings.logs_json else "WARNING"},
            # Every tick of every job, and every revision looked at, is not news.
            "apscheduler": {"level": "WARNING"},
            "alembic": {"level": "WARNING"},
            # Every request it makes, with the whole address: a key may stand in it.
            "httpx": {"level": "WARNING"},
        },
    }
