"""`workflow`: the machines as a diagram or as data, from the tables that decide."""

import json
from argparse import Namespace

from service.settings import Settings
from service.workflows.diagram import as_data, as_mermaid


def run(settings: Settings, arguments: Namespace) -> int:  # noqa: ARG001 - every command has one signature
    """Print the machines."""
    if arguments.format == "mermaid":
        print(as_mermaid(), end="")
    else:
        print(json.dumps(as_data(), indent=2, ensure_ascii=False))
    return 0
