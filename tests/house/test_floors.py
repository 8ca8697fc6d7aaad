"""The floors hold, and the contracts that say so would notice if they did not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = "Imports point downwards only"
BREACHES = {
    "upwards": ("service/clock.py", "from service import context", FLOORS),
    "between siblings": ("service/matching/__init__.py", "import service.throughput", FLOORS),
    "a room without a floor": ("service/attic.py", "", FLOORS),
    "sql outside records": ("service/actions/__init__.py", "import sqlalchemy", "SQL stays"),
    "the web framework outside routers": ("service/jobs/__init__.py", "import fastapi", "The web framework stays"),
    "outgoing http outside delivery": ("service/actions/__init__.py", "import httpx", "Outgoing HTTP stays"),
    "a scheduler outside worker": (
        "service/jobs/__init__.py",
        "import apscheduler.schedulers.background",
        "The scheduler stays",
    ),
    "a model outside sources": ("service/matching/__init__.py", "import onnxruntime", "Models run in sources"),
    "a typesetter outside typesetting": ("service/routers/__init__.py", "import typst", "Documents are set for print"),
    "the environment outside settings": (
        "service/routers/__init__.py",
        "import pydantic_settings",
        "The environment is read",
    ),
    "a pure room with a clock": ("service/workflows/__init__.py", "import service.clock", "Pure rooms have no clock"),
    "a router that sees a table": (
        "service/routers/__init__.py",
        "import service.records.tables",
        "Routers read through",
    ),
}


def test_imports_point_downwards_and_each_library_has_one_doorway() -> None:
    verdict = lint(ROOT)

    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_noticed(breach: str, tmp_path: Path) -> None:
    room, line, contract = BREACHES[breach]
    shutil.copytree(
        ROOT / "service", tmp_path / "service", ignore=shutil.ignore_patterns("static", "templates", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / room).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    verdict = lint(tmp_path)

    broken = [told for told in verdict.stdout.splitlines() if "BROKEN" in told]
    assert verdict.returncode == 1, verdict.stderr
    assert any(told.startswith(contract) for told in broken), verdict.stdout


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Let import-linter judge the house in `folder`, in a process of its own: it silences the loggers of the one it runs in."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
