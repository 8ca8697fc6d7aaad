"""The README shows the machines as they are: the diagram there is the one drawn from the tables."""

import difflib
from pathlib import Path

from service.workflows.diagram import as_markdown

README = Path(__file__).resolve().parents[2] / "README.md"
START, END = "<!-- workflow:start -->\n", "<!-- workflow:end -->"


def test_the_readme_holds_the_diagram_of_the_machines() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(START) == text.count(END) == 1
    shown = text.partition(START)[2].partition(END)[0]

    drift = list(difflib.unified_diff(shown.splitlines(), as_markdown().splitlines(), "README.md", "the machines", n=0))

    assert not drift, "\n".join(["Put the diagram below between the markers of README.md:", as_markdown(), *drift])
