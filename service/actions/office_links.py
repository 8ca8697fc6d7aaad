"""What an office document would fetch from elsewhere when somebody opens it (ECMA-376 part 2: relationships).

A template that lies elsewhere brings its macros along, and asking a file server for it tells that server who asks. Links
that people follow, and links that the program asks about before it follows them, are left alone.
"""

import re
import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import IO
from urllib.parse import unquote
from xml.parsers import expat

FETCHED = frozenset({"attachedtemplate", "frame", "subdocument"})
"""The kinds of relationship that Word follows by itself: what a document's look comes from, and parts of its text."""
_OBJECT = "oleobject"
"""A linked object. Ordinary where it is a workbook on a file server: then people are asked first."""
_LINKED, _CONNECTIONS = "externallink", "connections"
"""What Excel keeps of another workbook, or of a program that it would call (DDE); and of sources of data."""
_HERE = re.compile(r"(?:file:/{0,3})?[a-z]:/|(?!//)(?![a-z][a-z0-9+.-]*:)")
"""A drive of the reader's own computer, or a path beside the document; backslashes turned, in small letters."""
_FILES = re.compile(r"file:|//")
_MOST = 20_000_000
"""Bytes of relationships that are read: tens of thousands of links."""
_PIECE = 65_536


class Unreadable(ValueError):
    """A part that has to be read is no XML of the kind that office programs write."""


def fetches_on_opening(archive: zipfile.ZipFile) -> bool:
    """Tell whether a document would fetch something from elsewhere, or call another program, when it is opened.

    Raises Unreadable, and what `zipfile` raises.
    """
    parts: dict[str, list[zipfile.ZipInfo]] = {}
    for part in archive.infolist():  # one name may be there twice, and which of them counts differs between programs
        parts.setdefault(part.filename.replace("\\", "/").lower(), []).append(part)
    relationships = [(name, part) for name, found in parts.items() if name.endswith(".rels") for part in found]
    if sum(part.file_size for _, part in relationships) > _MOST:
        raise Unreadable("it has too many relationships")
    for name, part in relationships:
        with archive.open(part) as file:
            for element, told in _elements(file):
                if element != "relationship":
                    continue
                if _leads_elsewhere(told):
                    return True
                if any(_calls(archive, each, told) for each in parts.get(_place(name, told), ())):
                    return True
    return False


def _kind(told: dict[str, str]) -> str:
    return told.get("type", "").rstrip("/").rpartition("/")[2].lower()


def _target(told: dict[str, str]) -> str:
    return unquote(told.get("target", "")).replace("\\", "/").strip().lower()


def _leads_elsewhere(told: dict[str, str]) -> bool:
    if told.get("targetmode", "").lower() != "external" or _HERE.match(_target(told)):
        return False
    return _kind(told) in FETCHED or (_kind(told) == _OBJECT and _FILES.match(_target(told)) is None)


def _place(relationships: str, told: dict[str, str]) -> str:
    """Return the name of the part that a relationship leads to, in small letters."""
    return normpath(join("/", dirname(dirname(relationships)), _target(told))).lstrip("/")


def _calls(archive: zipfile.ZipFile, part: zipfile.ZipInfo, told: dict[str, str]) -> bool:
    """Tell whether a part of a workbook calls a program, or refreshes its data, by itself."""
    kind = _kind(told)
    if kind not in {_LINKED, _CONNECTIONS}:
        return False
    with archive.open(part) as file:
        for number, (element, said) in enumerate(_elements(file)):
            if element == "ddelink" or said.get("refreshonload") in {"1", "true", "on"}:
                return True
            if kind == _LINKED and number:
                break  # what is linked stands first; behind it, what its cells last held
    return False


def _elements(file: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the names of elements and their attributes as they come, in small letters and without namespaces."""
    found: list[tuple[str, dict[str, str]]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        local = {each.rpartition(":")[2].lower(): value for each, value in attributes.items()}
        found.append((name.rpartition(":")[2].lower(), local))

    def refuse(*_: object) -> None:
        raise Unreadable("it has a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    read = 0
    try:
        while piece := file.read(_PIECE):
            read += len(piece)
            if read > _MOST:
                raise Unreadable("it is too large")
            parser.Parse(piece)
            yield from found
            found.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - it takes no names
    except expat.ExpatError as problem:
        raise Unreadable("it is no XML") from problem
