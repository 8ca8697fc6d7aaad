"""Backup, check and restore on the other engine, at many enquiries beside few: seconds, size and memory.

From the environment: ENQUIRIES (100,000), BESIDE (1,000), FILES (30: attachments of ten megabytes each in either), ENGINE
(sqlite: where the backup is taken; it is restored on the other). Each command is a process of its own, whose greatest
memory is read when it has ended.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import func, select

from bench.support.multiply import Size
from bench.support.stock import stocked
from service.ids import new_id
from service.records.database import Database
from service.records.tables import Attachment, Enquiry
from tests.support.engines import EngineName, Engines

ENQUIRIES, BESIDE, FILES = (
    int(os.environ.get(name, usual)) for name, usual in {"ENQUIRIES": "100000", "BESIDE": "1000", "FILES": "30"}.items()
)
ROOT = Path(__file__).parents[1]


def measure() -> Iterator[str]:
    """Return the figures, a row for each size and command."""
    source: EngineName = "postgresql" if os.environ.get("ENGINE") == "postgresql" else "sqlite"
    target: EngineName = "sqlite" if source == "postgresql" else "postgresql"
    yield f"Backed up from {source}, restored on {target}, with {FILES} files of 10 MB; memory is the greatest of the process."
    yield from (
        "",
        "| Enquiries | Rows | Command | Seconds | MB of memory | MB of archive |",
        "|---:|---:|---|---:|---:|---:|",
    )
    engines = Engines()
    try:
        for size in (BESIDE, ENQUIRIES):
            with stocked(engines, source, Size(size)) as url:
                _attach(url)
                empty = engines[target].empty()
                yield from _rows(size, url, empty)
                engines[target].drop(empty)
    finally:
        engines.close()


def _rows(size: int, url: str, empty: str) -> Iterator[str]:
    with TemporaryDirectory(dir=ROOT / ".cache") as folder:
        file = Path(folder) / "backup.eea"
        for what, at in (
            (("backup", str(file)), url),
            (("backup", str(file), "--verify"), url),
            (("restore", str(file)), empty),
        ):
            seconds, memory, said = _ran(what, at)
            rows = next(word for word in said.split() if word.replace(",", "").isdigit())
            yield f"| {size:,} | {rows} | `{' '.join((what[0], *what[2:]))}` | {seconds:.1f} | {memory:.0f} | {file.stat().st_size / 1e6:.0f} |"
        seconds, memory, said = _ran(("check",), empty)
        assert said.strip() == "Everything holds.", said
        yield f"| {size:,} | | `check` | {seconds:.1f} | {memory:.0f} | |"


def _ran(arguments: tuple[str, ...], url: str) -> tuple[float, float, str]:
    code = (
        "import resource, sys; from service.__main__ import main; status = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(status)"
    )
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "MATCHING_MODEL": "off"},
        capture_output=True,
        text=True,
        check=True,
    )
    said, _, memory = done.stdout.strip().rpartition("\n")
    return time.monotonic() - began, int(memory) / 1024, said


def _attach(url: str) -> None:
    database = Database(url, durable=False)
    with database.engine.connect().execution_options(writing=True) as connection:
        enquiry = connection.execute(select(func.min(Enquiry.id))).scalar_one()
        now = connection.execute(select(func.max(Enquiry.created_at))).scalar_one()
        for number in range(FILES):
            connection.execute(
                Attachment.__table__.insert(),  # type: ignore[attr-defined]
                {
                    "id": new_id(),
                    "enquiry_id": enquiry,
                    "filename": f"{number}.pdf",
                    "media_type": "application/pdf",
                    "size": 10_000_000,
                    "sha256": "0" * 64,
                    "visibility": "manager",
                    "content": os.urandom(10_000_000),
                    "uploaded_at": now,
                },
            )
        connection.commit()
    database.dispose()
