"""Run every benchmark, or those named: `python -m bench [NAME …]`. Each one's figures are kept in bench/results/NAME.md.

A benchmark is a module in this folder with a function `measure()` that returns Markdown lines. It compares two ways of
doing the same thing in one run, on one machine, and tells the ratio: seconds differ from machine to machine.
"""

import importlib
import os
import platform
import sqlite3
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Run them, print and keep what they found. Returns the exit status."""
    there = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    unknown = set(wanted) - set(there)
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(there)}.", file=sys.stderr)
        return 2
    for name in wanted or there:
        benchmark = importlib.import_module(f"bench.{name}")
        report = "\n".join([f"# {benchmark.__doc__.splitlines()[0]}", "", _where(), "", *benchmark.measure(), ""])
        print(report)
        (HERE / "results" / f"{name}.md").write_text(report, encoding="utf-8")
    return 0


def _where() -> str:
    load = os.getloadavg()[0]
    return (
        f"Measured on {time.strftime('%d %B %Y')}: {platform.machine()}, {os.cpu_count()} processors (load {load:.1f} before), "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )


sys.exit(main(sys.argv[1:]))
