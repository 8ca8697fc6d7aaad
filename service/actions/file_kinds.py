"""What a file really is: its name says one thing, its content has to say the same."""

import zipfile
import zlib
from io import BytesIO
from pathlib import PurePath

import puremagic

from service.actions.office_links import fetches_on_opening
from service.errors import Problem, invalid

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".odt": _OPEN + "text",
    ".ods": _OPEN + "spreadsheet",
    ".odp": _OPEN + "presentation",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
"""What may be uploaded: the ending of the name, and the type it is served as."""
ACCEPTED = "PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text, PNG or JPEG"

_OLD = frozenset({".doc", ".xls", ".ppt"})
_OFFICE_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
_MACROS = "vbaproject.bin"
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
"""The name of the stream that holds macros in Word's and Excel's older files. PowerPoint's pack it away: not seen here."""
_OPEN_MACROS = ("Basic/", "Scripts/")
_PROGRAMS = frozenset({
    ".app", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi", ".ps1", ".scr",
    ".sh", ".vbe", ".vbs", ".wsf", ".xll",
})  # fmt: skip
"""Endings of parts that a computer would run."""
_NAME_LENGTH = 120
_MOST_PARTS = 10_000
_MOST_UNPACKED = 500_000_000
"""What a document of ten megabytes may grow to on the computer of whoever opens it."""


def plain_name(filename: str) -> str:
    """Return a file's name without folders, control characters and excess, its ending kept."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip(" .")
    path = PurePath(shown or "file")
    return path.stem[: _NAME_LENGTH - len(path.suffix)] + path.suffix[:12]


def media_type_of(filename: str, content: bytes) -> str:
    """Return the type a file is served as.

    Raises Problem 422 for an empty file, an ending that is not accepted, a content that is something else, or a document
    that would fetch something from elsewhere.
    """
    ending = PurePath(filename).suffix.lower()
    if ending not in MEDIA_TYPES:
        raise invalid("file", f"The selected file must be a {ACCEPTED} file.")
    if not content:
        raise invalid("file", "The selected file is empty.")
    if not _is(ending, content):
        raise invalid("file", f"The selected file is not a real {ending} file. Save it again, or choose another one.")
    if ending in _OFFICE_PARTS and _fetches(content):
        told = "The selected file fetches something from elsewhere when it is opened, such as its template. Save it as a PDF, or without that."
        raise invalid("file", told)
    return MEDIA_TYPES[ending]


def too_large(limit: int) -> Problem:
    """Return the refusal of a file over `limit` bytes."""
    return invalid("file", f"The selected file must be smaller than {limit // 1_000_000}MB.")


def _is(ending: str, content: bytes) -> bool:
    if ending in {".csv", ".txt"}:
        return _is_text(content)
    if ending not in _recognised(content):
        return False
    if ending in _OLD:
        return _OLD_MACROS not in content
    if ending in _OFFICE_PARTS or ending in {".odt", ".ods", ".odp"}:
        return _is_document(ending, content)
    return True


def _recognised(content: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _is_document(ending: str, content: bytes) -> bool:
    """The kinds that are archives inside are told apart by what is in them; only one short entry is unpacked for it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                return False
            names = {part.filename for part in parts}
            if any(map(_is_out_of_place, names)):
                return False
            if ending in _OFFICE_PARTS:
                return _OFFICE_PARTS[ending] in names and not any(n.lower().endswith(_MACROS) for n in names)
            if any(name.startswith(_OPEN_MACROS) for name in names):
                return False
            with archive.open("mimetype") as kind:
                return kind.read(200).decode("ascii", "replace").strip() == MEDIA_TYPES[ending]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        return False


def _fetches(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return fetches_on_opening(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return True  # what cannot be read here may still be opened by a program that is less strict


def _is_out_of_place(name: str) -> bool:
    """Tell whether a part of a document leads out of it, or is a program: no office program writes the like."""
    steps = name.replace("\\", "/").split("/")
    return ".." in steps or name.startswith(("/", "\\")) or PurePath(steps[-1]).suffix.lower() in _PROGRAMS


def _is_text(content: bytes) -> bool:
    has_utf16_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if has_utf16_mark else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(character.isprintable() or character in "\r\n\t\f\u00a0\u00ad" for character in text[:100_000])
    return False
