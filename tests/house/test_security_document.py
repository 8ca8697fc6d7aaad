"""`docs/security.md` and `docs/governance`: every requirement is answered once, and whatever they name is really there."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECURITY = ROOT / "docs" / "security.md"
GOVERNANCE = sorted((ROOT / "docs" / "governance").glob("*.md"))
STATUSES = {"met", "operator", "part", "not met", "no"}
IS_OPEN = {"part", "not met"}
SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
NO_SETTINGS = {"PATCH", "POST", "GET", "HMAC", "TRACE"}
AWAITED = {"RETAIN_SPAM_DAYS", "RETAIN_PEOPLE_UNFUNDED_YEARS", "RETAIN_PROJECT_RECORDS_YEARS", "RETAIN_LETTERS_DAYS"}
"""Settings that the retention schedule brings with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as the document answers it."""

    id: str
    level: str
    asks: str
    status: str
    where: str
    shown_by: str
    operator: str


def rows() -> list[Row]:
    found = []
    for line in SECURITY.read_text("utf-8").splitlines():
        if re.match(r"\| V\d", line):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            number = re.fullmatch(r"(V[\d.]+) \(([12])\)", cells[0])
            assert number, line
            assert len(cells) == 6, line
            found.append(Row(number[1], number[2], *cells[1:]))
    return found


def open_points() -> dict[str, set[str]]:
    """Return the numbers of the open points, each with the requirements it names."""
    section = SECURITY.read_text("utf-8").partition("## Open points")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (\d+) \|[^|]+\| ([^|]+) \|", section, re.MULTILINE)
    return {number: set(named.strip().split(", ")) for number, named in lines}


def quoted(document: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", document.read_text("utf-8"))


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_requirement_of_the_first_two_levels_is_answered_once() -> None:
    listed = [tuple(line.split()) for line in (ROOT / "tests/house/asvs.txt").read_text("utf-8").splitlines()]
    assert len(listed) == 253
    assert Counter((row.id, row.level) for row in rows()) == Counter(listed)


def test_every_answer_says_what_it_has_to() -> None:
    for row in rows():
        assert row.asks, row
        assert row.status in STATUSES, row
        assert row.where not in {"", "–"} or row.status == "operator", row
        assert row.operator not in {"", "–"} or row.status != "operator", row


def test_open_points_and_the_table_agree() -> None:
    points, unmet = open_points(), {row.id: row for row in rows() if row.status in IS_OPEN}
    assert list(points) == [str(number) for number in range(1, len(points) + 1)]
    assert set().union(*points.values()) == set(unmet)
    for number, named in points.items():
        for identity in named:
            told = f"{unmet[identity].where} "
            assert re.search(rf"[Oo]pen point {number}\b|As V[\d.]+ ", told), f"{identity} leads to open point {number}"


def test_the_statement_and_the_page_about_accessibility_say_the_same() -> None:
    statement = (ROOT / "docs/governance/accessibility-statement.md").read_text("utf-8")
    page = (ROOT / "service/templates/about/accessibility.html").read_text("utf-8")
    promised = re.findall(r"^- (.+)$", statement, re.MULTILINE)
    assert promised == re.findall(r"<li>(.+)</li>", page)
    for both in (
        "partially compliant",
        "Not checked yet",
        "Not accessible",
        "WCAG 1.1.1, 1.3.1, 4.1.2",
        "320 pixels wide",
    ):
        assert both in statement, both
        assert both in page, both


@pytest.mark.parametrize("document", [SECURITY, *GOVERNANCE], ids=lambda path: path.name)
def test_whatever_is_named_is_there(document: Path) -> None:
    for name in quoted(document):
        path, _, function = name.partition("::")
        if path.startswith("tests/") and function:
            assert function in functions_of(path), f"{document.name} names {name}"
        elif re.match(
            r"(service|tests|docs|alembic|frontend|bench|deploy)/|[\w.-]+\.(toml|txt|yaml)$|(Dockerfile|Makefile)$",
            name,
        ):
            assert (ROOT / name).exists(), f"{document.name} names {name}"
        elif SETTING.fullmatch(name) and name not in NO_SETTINGS:
            assert name.lower() in Settings.model_fields, f"{document.name} names the setting {name}"
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"
