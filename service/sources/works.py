"""What both public records have in common: works as they list them, made plain, and a page of them at a time."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from service.records.publications import FoundEmployment, FoundWork, doi_key

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_EARLIEST, _LATEST = 1800, 2199
_TITLE, _ABSTRACT = 500, 20_000


@dataclass(frozen=True, slots=True)
class WorksPage:
    """Works, and the cursor of the page after them: None after the last."""

    works: Sequence[FoundWork]
    cursor: str | None
    employments: Sequence[FoundEmployment] | None = None
    """All of where somebody works or worked, on the page that tells it; None on every other."""


class Reader(Protocol):
    """Reads a researcher's works in one public record, page by page."""

    @property
    def name(self) -> str:
        """The source's code, as publications and runs bear it."""

    def read(self, orcid: str, cursor: str | None) -> WorksPage:
        """Return the page that begins at `cursor`, the first without one. Raises SourceTrouble or SourceRefusal."""


def work(
    title: object,
    *,
    abstract: object = None,
    year: object = None,
    doi: object = None,
    organisations: Sequence[str] = (),
) -> FoundWork | None:
    """Return a work made plain: without mark-up, cut to what is kept, what is no year or DOI left out; None untitled."""
    plain = plain_text(title, _TITLE)
    if not plain:
        return None
    number = int(year) if isinstance(year, int | str) and str(year).isascii() and str(year).isdigit() else 0
    return FoundWork(
        title=plain,
        abstract=plain_text(abstract, _ABSTRACT) or None,
        year=number if _EARLIEST <= number <= _LATEST else None,
        doi=doi_key(plain_text(doi, 300)),
        organisations=tuple(organisations),
    )


def plain_text(value: object, longest: int) -> str:
    """Return a text as one line without mark-up, control characters and halves of characters; empty for no text."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(_TAG.sub("", value))
    text = "".join(" " if character.isspace() else character for character in text if _is_kept(character))
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def at(value: object, *path: str | int) -> Any:
    """Return what stands at a path of members and places, or None where there is no such thing."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        else:
            value = value[step] if isinstance(value, list) and step < len(value) else None
    return value


def listed(value: object) -> list[Any]:
    """Return a list as it is, and nothing for anything else."""
    return value if isinstance(value, list) else []


def _is_kept(character: str) -> bool:
    return character.isspace() or not ("\ud800" <= character <= "\udfff" or character < " " or character == "\x7f")
