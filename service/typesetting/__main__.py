"""The process that sets one document: JSON comes in, PDF goes out. It reads its own template, no other file and no network."""

import resource
import sys
from pathlib import Path

import typst

MEMORY = 2_000_000_000
"""Bytes of addresses; what is really used is a small part of it."""
CPU_SECONDS = 30
_TEMPLATE = Path(__file__).with_name("report.typ")


def main() -> None:
    """Set what comes in. Fonts are those that the library brings, and no moment is written in: the same bytes everywhere."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    pdf = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"report": sys.stdin.buffer.read().decode()},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    assert isinstance(pdf, bytes)  # noqa: S101 - one document, one file
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
