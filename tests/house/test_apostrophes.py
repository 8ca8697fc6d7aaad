"""Pages write an apostrophe one way, so that a word looks the same wherever it stands and is found by a search."""

import re
from pathlib import Path

SERVICE = Path(__file__).resolve().parents[2] / "service"
CURLY = re.compile(r"[A-Za-z]+’\w*")


def test_every_apostrophe_of_ours_is_straight() -> None:
    files = [each for kind in ("*.html", "*.py") for each in SERVICE.rglob(kind)]
    assert len(files) > 100
    found = {
        str(file.relative_to(SERVICE)): words
        for file in files
        if (words := CURLY.findall(file.read_text(encoding="utf-8")))
    }
    assert found == {}
