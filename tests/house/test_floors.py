"""The floors hold, and the contracts that say so would notice if they did not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli

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
    assert cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_noticed(breach: str, tmp_path: Path) -> None:
    room, line, contract = BREACHES[breach]
    shutil.copytree(
        ROOT / "service", tmp_path / "service", ignore=shutil.ignore_patterns("static", "templates", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / room).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    verdict = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    broken = [told for told in verdict.stdout.splitlines() if "BROKEN" in told]
    assert verdict.returncode == 1, verdict.stderr
    assert any(told.startswith(contract) for told in broken), verdict.stdout
