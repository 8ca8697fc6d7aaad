"""The scheduler process that runs beside the server: started, started again when it dies, and stopped with it."""

import logging
import os
import subprocess
import sys
import threading
import time

from service.clock import machine_now
from service.errors import Problem
from service.records import vitals
from service.records.database import Database

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 1.0


class Scheduler:
    """One `work` process. It is told whose child it is, and ends by itself when that process is gone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="scheduler's watcher", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = machine_now()

    def start(self) -> None:
        """Start the process, and watch over it."""
        self._started_at = machine_now()
        self._process = _spawn()
        self._watcher.start()

    def wait_for_first_tick(self) -> None:
        """Return once it has ticked. One that does not for half a minute is logged, and holds nobody up."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self._has_ticked():
                return
            time.sleep(0.05)
        logger.error("the scheduler has not ticked within %d seconds", _PATIENCE_SECONDS)

    def stop(self) -> None:
        """Ask it to end, let it finish what it is doing, and return when it is gone."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            logger.warning("the scheduler would not end and is killed")
            process.kill()
            process.wait()

    def _has_ticked(self) -> bool:
        try:
            beats = self._database.read(vitals.heartbeats)
        except Problem:
            return False
        return any(beat >= self._started_at for beat in beats.values())

    def _watch(self) -> None:
        while self._process is not None:
            status = self._process.wait()
            # A signal to the whole group reaches the scheduler first: give the server time to say that it stops too.
            if self._stopping.wait(_PAUSE_SECONDS):
                return
            logger.error("the scheduler ended with %d and is started again", status)
            self._process = _spawn()


def _spawn() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "service", "work", "--parent", str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
