"""The real service, started as its own process, and stopped by its own process group.

Processes are forked from one that has imported the service; `afresh` ones are started the way a person starts them.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from service.settings import Settings
from tests.support import recall
from tests.support.warm import Forked, Running

ROOT = Path(__file__).resolve().parents[2]

_PATIENCE = 60.0  # seconds; a loaded two-core machine starts the service in about two
_SETTINGS = {name.upper() for name in Settings.model_fields}


class NotServing(Exception):
    """The service did not start; the message holds what it printed."""


@dataclass
class Service:
    """A running service."""

    url: str
    process: Running
    log: Path

    def output(self) -> str:
        """Return everything it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, patience: float = 20) -> int:
        """Ask it to stop, as a terminal or a container does, and return its exit status."""
        self._signal(signal.SIGTERM)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """End it and its children at once, in the middle of whatever they are doing."""
        self._signal(signal.SIGKILL)
        return self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def start(
    environment: Mapping[str, str],
    *,
    folder: Path,
    port: int | None = None,
    arguments: tuple[str, ...] = (),
    afresh: bool = False,
) -> Service:
    """Start `serve` in `folder` (its `var/` lands there) and return once `/healthz` answers.

    `environment` holds the settings; none of the machine's own are inherited. Raises NotServing with the output.
    """
    recall.arrive()
    port = port or free_port()
    log = folder / f"serve-{port}.log"
    asked = ("serve", "--port", str(port), *arguments)
    settings = settings_of({"BASE_URL": f"http://127.0.0.1:{port}", **environment})
    process = (_started if afresh else Forked)(asked, environment=settings, folder=folder, output=log)
    service = Service(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait(service)
    except BaseException:
        service.kill()
        raise
    return service


@contextmanager
def serving(
    environment: Mapping[str, str], *, folder: Path, port: int | None = None, arguments: tuple[str, ...] = ()
) -> Iterator[Service]:
    """Serve for the length of a `with` block."""
    service = start(environment, folder=folder, port=port, arguments=arguments)
    try:
        yield service
    finally:
        service.stop()


def command(*arguments: str, environment: Mapping[str, str], folder: Path, patience: float = 300) -> str:
    """Run a command of the service to its end and return what it printed. Raises subprocess.CalledProcessError with it."""
    recall.arrive()
    with TemporaryDirectory() as scratch:
        output = Path(scratch) / "output"
        output.touch()
        process = Forked(arguments, environment=settings_of(environment), folder=folder, output=output)
        status = process.wait(patience)
        printed = output.read_text(encoding="utf-8", errors="replace")
    if status:
        raise subprocess.CalledProcessError(status, arguments, printed)
    return printed


def _started(
    arguments: tuple[str, ...], *, environment: Mapping[str, str], folder: Path, output: Path
) -> "subprocess.Popen[bytes]":
    with output.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "service", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings_of(settings: Mapping[str, str]) -> dict[str, str]:
    # PYTHONDONTWRITEBYTECODE would have each of hundreds of processes compile the whole service again.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.upper() not in _SETTINGS and name != "PYTHONDONTWRITEBYTECODE"
    }
    # what a model makes of texts is tried by itself; elsewhere it would only take time
    ours = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "MATCHING_MODEL": "off"}
    return {**inherited, **ours, **settings}


def _wait(service: Service) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        status = service.process.poll()
        if status is not None:
            raise NotServing(f"the service ended with {status}:\n{service.output()}")
        with suppress(httpx.TransportError):
            if httpx.get(f"{service.url}/healthz", timeout=2).is_success:
                return
        time.sleep(0.05)
    raise NotServing(f"the service did not answer within {_PATIENCE:.0f} seconds:\n{service.output()}")
