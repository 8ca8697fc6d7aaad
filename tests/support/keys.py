"""API keys made the way an administrator makes them: on the command line."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.support.serving import command


def make_key(
    folder: Path,
    environment: Mapping[str, str],
    *,
    role: str,
    email: str | None = None,
    organisation: str | None = None,
) -> str:
    """Return a new key's secret."""
    arguments = ["keys", "create", "--role", role, "--name", f"{role} for a test"]
    if email:
        arguments += ["--email", email]
    if organisation:
        arguments += ["--organisation", organisation]
    printed = command(*arguments, environment=environment, folder=folder)
    secret: str = json.loads(printed)["key"]
    return secret
