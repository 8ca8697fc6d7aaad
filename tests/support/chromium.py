"""Which Chromium the browser tests drive. `python -m tests.support.chromium` says how to get one where there is none."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# Quiet and offline: a test's browser asks nobody but the service for anything.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

MISSING = """\
The browser tests need a Chromium, and none was found. One of these installs one:

    apt-get install chromium                       (Debian; on Ubuntu use the next line)
    .venv/bin/playwright install --with-deps chromium

or name one you have: CHROMIUM=/path/to/chromium make test"""


def chromium() -> Path | None:
    """Return the Chromium to drive: the one CHROMIUM names, one of the system's, or Playwright's own; None without any."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    for command in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(command)
        if found:
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.is_file() else None


if __name__ == "__main__":
    if chromium() is None:
        print(MISSING, file=sys.stderr)  # noqa: T201 - make runs this to tell a person
        raise SystemExit(1)
