"""Processes of the service forked from one that has imported it, for tests that start hundreds.

They are processes like any other, with their own group, memory, files and connections, that can be killed at any moment;
only the seconds in which an interpreter imports the service are spent once. What a person starts is tried in
tests/worker/test_command_line.py.
"""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache, partial
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Protocol

PRELOADED = (
    "service.main",
    "service.commands.serve",
    "service.commands.work",
    "service.commands.migrate",
    "service.commands.keys",
    "service.commands.check",
    "service.commands.imports",
    "service.commands.backup",
    "service.commands.restore",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.lifespan.on",
    "holidays.countries",
    "tests.support.warm",
    "tests.support.kept_warm",
)


class Running(Protocol):
    """A process, whoever started it."""

    @property
    def pid(self) -> int: ...

    def send_signal(self, number: int, /) -> None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class Forked:
    """A forked process, with the words of `subprocess.Popen`."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        *,
        environment: Mapping[str, str],
        folder: Path,
        output: Path,
        errors: Path | None = None,
    ) -> None:
        written = (output, errors or output)
        self._process = _context().Process(target=_run, args=(arguments, dict(environment), folder, written))
        self._process.start()
        if self._process.pid is None:
            raise RuntimeError("a process that was started has no number")
        self.pid: int = self._process.pid

    def send_signal(self, number: int) -> None:
        """Send it a signal, and only it."""
        os.kill(self.pid, number)

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("service", timeout or 0)
        return self._process.exitcode


@cache
def _context() -> ForkServerContext:
    """Start the process that the others are forked from; coverage is not to follow it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    measured = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    try:
        forkserver.ensure_running()
    finally:
        os.environ.update(measured)
    return context


def _run(arguments: tuple[str, ...], environment: dict[str, str], folder: Path, written: tuple[Path, Path]) -> None:
    from service.__main__ import main  # noqa: PLC0415 - whoever asks for a process need not import the service

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(written, start=1):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    if arguments[0] == "serve" and environment.get("SCHEDULER", "internal") == "internal":
        _prepare_scheduler()
    sys.exit(main(arguments))


class _Prepared(subprocess.Popen[bytes]):
    """A process that was forked beforehand, with the very words of those that are started."""

    def __init__(self, pid: int) -> None:
        self.args, self.pid = "a scheduler", pid
        self.stdin = self.stdout = self.stderr = None
        vars(self).update(
            returncode=None,
            _child_created=True,
            _communication_started=False,
            _input=None,
            _waitpid_lock=threading.Lock(),
        )


def _prepare_scheduler() -> None:
    """Fork the first scheduler of a server before the server opens anything, and let it wait until it is asked for.

    One that is started again, because the first has died, is started the way a person's is.
    """
    from service.__main__ import main  # noqa: PLC0415 - see above
    from service.commands import companion  # noqa: PLC0415 - see above

    server, (asked, asking) = os.getpid(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(asking)
        # Nobody asks when the server has gone before.
        os._exit(main(("work", "--parent", str(server))) if os.read(asked, 1) else 0)
    os.close(asked)
    companion._spawn = partial(_let_go, [_Prepared(pid)], asking, companion._spawn)


def _let_go(
    prepared: "list[subprocess.Popen[bytes]]", asking: int, afresh: "Callable[[], subprocess.Popen[bytes]]"
) -> "subprocess.Popen[bytes]":
    if not prepared:
        return afresh()
    os.write(asking, b"!")
    os.close(asking)
    return prepared.pop()
