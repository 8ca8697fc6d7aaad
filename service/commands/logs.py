"""What processes say on stderr: a line a record; JSON in production, plain text where a person reads along."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from service.settings import Settings


class JsonLine(logging.Formatter):
    """Writes one JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's time, level, logger and message, with the traceback of a fault."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configuration(settings: Settings) -> dict[str, Any]:
    """Return logging's configuration for every process of this installation."""
    plain = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": {"()": JsonLine} if settings.environment == "production" else plain},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "default"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Every tick of every job, and every revision looked at, is not news.
            "apscheduler": {"level": "WARNING"},
            "alembic": {"level": "WARNING"},
            # Every request it makes, with the whole address: a key may stand in it.
            "httpx": {"level": "WARNING"},
        },
    }
