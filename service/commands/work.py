"""`work`: the scheduler alone, until told to stop; `--once` ticks until nothing is due."""

import logging.config
from argparse import Namespace

from service.commands.logs import configuration
from service.commands.opening import context_of, ready_database, require_model
from service.settings import Settings
from service.worker import work


def run(settings: Settings, arguments: Namespace) -> int:
    """Tick; return 1 when a job failed under `--once`."""
    logging.config.dictConfig(configuration(settings))
    context_of(settings)
    require_model(settings)
    ready_database(settings).dispose()
    return work(settings, once=arguments.once, parent=arguments.parent)
