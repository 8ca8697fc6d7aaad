"""`serve`: the web, with one scheduler process beside it unless SCHEDULER says otherwise."""

import logging.config
import os
import signal
import socket
import sys
from argparse import Namespace
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NoReturn

import uvicorn
from uvicorn.supervisors import Multiprocess

from service import meters
from service.commands.companion import Scheduler
from service.commands.heads import BoundedHeads
from service.commands.logs import configuration
from service.commands.opening import furnish, ready_database, require_model
from service.lasting import lasting
from service.settings import Settings

STARTUP_FAILURE = 3
_KEPT_SECONDS = 75
"""An idle connection is kept longer than programs and proxies keep theirs, so that it is they who close it: a request sent
over one that is being closed is lost."""


def run(settings: Settings, arguments: Namespace) -> int:
    """Serve until told to stop. Raises Refused for a schema that this version does not know.

    The port is taken first, then the scheduler ticks once, and only then is anybody listened to.
    """
    port = arguments.port or settings.port
    os.environ["PORT"] = str(port)  # for the processes started from here, which read their own settings
    logging.config.dictConfig(configuration(settings))
    signal.signal(signal.SIGTERM, _leave)
    require_model(settings)
    database = ready_database(settings)
    furnish(database, settings)
    config = uvicorn.Config(
        "service.main:app_from_environment",
        factory=True,
        host=arguments.host,
        port=port,
        workers=arguments.workers,
        log_config=configuration(settings),
        http=BoundedHeads,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=_KEPT_SECONDS,
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    listener = listening(config)
    scheduler = Scheduler(database) if settings.scheduler == "internal" else None
    try:
        if scheduler:
            scheduler.start()
        if arguments.workers == 1:
            with lasting():
                config.load()
        if scheduler:
            scheduler.wait_for_first_tick()
        database.dispose()
        if arguments.workers > 1:
            with TemporaryDirectory(prefix="meters-") as shared:
                os.environ[meters.SHARED] = shared  # for the processes started from here, which share their counts
                Multiprocess(config, [listener]).run()
            return 0
        server = uvicorn.Server(config)
        server.run([listener])
    except KeyboardInterrupt:
        return 0
    else:
        return 0 if server.started else STARTUP_FAILURE
    finally:
        if scheduler:
            scheduler.stop()


def listening(config: uvicorn.Config) -> socket.socket:
    """Return the socket that the web listens on, whose connections send what is written at once."""
    listener = config.bind_socket()
    # asyncio does this only for sockets that name their protocol, which the server's own do not. Without it the kernel
    # keeps an answer's body until its head was acknowledged, which may take 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _leave(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - as signal handlers are called
    # The server raises the signal again once it has shut down; this end lets the scheduler be stopped as well.
    sys.exit(0)
