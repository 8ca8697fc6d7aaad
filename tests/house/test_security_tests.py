"""What docs/security-tests.md says is tried is tried, and exports are written in the one place that makes them safe."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "security-tests.md"


def test_every_test_that_is_cited_is_there() -> None:
    cited = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", LIST.read_text(encoding="utf-8"))
    assert len(cited) > 50
    absent = [
        f"{file}::{name}"
        for file, name in cited
        if f"\ndef {name}(" not in ((ROOT / file).read_text(encoding="utf-8") if (ROOT / file).is_file() else "")
    ]
    assert absent == []


def test_every_export_is_written_in_one_place() -> None:
    writers = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "service").rglob("*.py"))
        if re.search(r"csv\.(writer|DictWriter)|text/csv.*Response", file.read_text(encoding="utf-8"))
    ]
    assert writers == ["service/routers/csv_answers.py"]
