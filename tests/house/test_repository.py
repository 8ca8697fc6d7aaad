"""What is committed: no address that things are downloaded from, no test that is left out, one pinned set of packages."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Written in halves, so that this file passes its own test.
DOWNLOAD_HOSTS = tuple(
    ".".join(halves)
    for halves in (
        ("pypi", "org"),
        ("files.pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("registry.yarnpkg", "com"),
        ("deb.debian", "org"),
        ("proxy.golang", "org"),
        ("cdn.playwright", "dev"),
        ("unpkg", "com"),
        ("cdn.jsdelivr", "net"),
        ("cdnjs.cloudflare", "com"),
        ("fonts.googleapis", "com"),
        ("huggingface", "co"),
    )
)
LEAVING_OUT = {"skip", "skipif", "xfail", "importorskip"}


def committed(*patterns: str) -> list[Path]:
    """Return the files git knows, or would know once added, that match."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [path for path in map(ROOT.joinpath, listed) if path.is_file()]


def test_no_file_names_a_place_to_download_from() -> None:
    named = {
        f"{path.relative_to(ROOT)}: {host}"
        for path in committed()
        for host in DOWNLOAD_HOSTS
        if host in path.read_text(encoding="utf-8", errors="ignore").lower()
    }
    assert named == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-assets.txt"])
def test_every_requirement_is_pinned_and_hashed_without_an_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    for requirement in re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)):
        assert re.match(r"[\w.\[\]-]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_tests_run_with_the_packages_the_service_is_served_with() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.\[\]-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {
        re.split(r"[\[=]", line)[0].lower()
        for line in (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    declared = {
        re.split(r"[\[<>=;]", each)[0].strip()
        for each in [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    }
    assert declared <= pinned


def test_the_locked_frontend_packages_carry_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_what_is_built_is_not_committed() -> None:
    assert [path for path in committed("service/static", "frontend/node_modules", "var") if path.exists()] == []


def test_no_test_is_left_out() -> None:
    left_out = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in committed("tests/*.py", "tests/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in LEAVING_OUT
        and ast.unparse(node.value) in {"pytest", "pytest.mark"}
    ]
    assert left_out == []


def test_every_link_of_the_documents_leads_somewhere() -> None:
    lost = []
    for document in committed("*.md"):
        for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", document.read_text(encoding="utf-8")):
            path, _, anchor = link.partition("#")
            target = document.parent / path if path else document
            if not target.exists() or (anchor and anchor not in anchors(target)):
                lost.append(f"{document.relative_to(ROOT)}: {link}")
    assert lost == []


def anchors(document: Path) -> set[str]:
    """Return what a link may name in a document: its headings, as readers of Markdown spell them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
