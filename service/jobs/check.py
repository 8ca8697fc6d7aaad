"""Check: hunt for states that cannot be, every hour. What is found is logged loudly and counted; nothing is mended quietly."""

import logging

from service.records import invariants
from service.records.database import Database

logger = logging.getLogger(__name__)


def run(database: Database) -> list[str]:
    """Return a sentence for each thing that is recorded and cannot be, having logged it as an error."""
    found = database.read(invariants.find_broken)
    for complaint in found:
        logger.error("impossible: %s", complaint)
    return found
