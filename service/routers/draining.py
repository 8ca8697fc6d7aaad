"""Leaving without dropping anybody: told to stop, a process first says that it is not ready any more."""

import asyncio
import logging
import os
import signal
import threading
from dataclasses import dataclass
from types import FrameType

logger = logging.getLogger(__name__)

_LAST_SECONDS = 5.0


@dataclass
class Drain:
    """Whether this process has been told to stop. `/readyz` tells it to whoever shares out the requests."""

    begun: bool = False

    def listen(self, seconds: float) -> None:
        """Put `seconds` of being not ready, and answering all the same, before the server's own way of stopping.

        Only a process that was started to serve has such a way; elsewhere nothing is changed.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        stop = signal.getsignal(signal.SIGTERM)
        if not callable(stop):
            return
        loop = asyncio.get_running_loop()

        def begin(number: int, frame: FrameType | None) -> None:
            if self.begun:
                return
            self.begun = True
            if seconds:
                logger.info("told to stop: not ready from now on, and stopping in %g seconds", seconds)
            loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

        signal.signal(signal.SIGTERM, begin)

    def end(self) -> None:
        """See that the process ends soon, whatever a thread of it still waits for; what it had not committed is undone."""
        if self.begun:
            timer = threading.Timer(_LAST_SECONDS, os._exit, (0,))
            timer.daemon = True
            timer.start()
