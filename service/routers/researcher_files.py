"""Files of researchers as the doors and pages take them: JSON or CSV, read into rows and where each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from service.actions.importing import Origin
from service.errors import Problem
from service.routers.forms import Posted
from service.routers.requests import read_json
from service.routers.schemas.researchers import ResearcherFile
from service.sources.files import Unreadable
from service.sources.researcher_rows import read_researchers
from service.sources.spreadsheets import text_of

_CSV = frozenset({"text/csv", "application/csv", "text/tab-separated-values", "application/vnd.ms-excel", "text/plain"})
"""What CSV is sent as. Windows calls it Excel's where Excel is installed."""
_EXAMPLE = (
    "external_id,name,email,keywords,methods,capacity_days,publication_title,publication_year\r\n"
    "D-17,Dr Lin Zhao,lin.zhao@university.example,housing; fuel poverty,Realist review or evaluation,30,"
    "Warm homes and winter admissions,2025\r\n"
    ",,lin.zhao@university.example,,,,Cold homes,2021\r\n"
)

NOT_YET = "Some rows cannot be taken, so nothing was changed. What is wrong is listed by its line or row"
"""Over the report of a file that was to be brought in."""

DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {**ResearcherFile.model_json_schema()}},
            "text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE},
        },
    }
}
"""The bodies that an import takes, for its description."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """The rows of a file; where each stands, when the file has lines."""

    rows: Sequence[Mapping[str, object]]
    origins: Sequence[Origin] = ()


def sent_file(content_type: str, body: bytes) -> SentFile:
    """Return the file that came with a Content-Type. Raises Problem 400, 415 or 422 for what cannot be read."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _CSV:
        try:
            return _csv(body)
        except Unreadable as problem:
            raise Problem("invalid-content", 422, f"The file cannot come in: {problem}.") from problem
    if kind and kind != "application/json" and not kind.endswith("+json"):
        told = "Send JSON (Content-Type: application/json) or CSV (text/csv). A workbook is first saved as CSV."
        raise Problem("unsupported-media-type", 415, told)
    if not body:
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "Field required", "input": None}])
    parsed = read_json(body)
    try:
        return SentFile(ResearcherFile.model_validate(parsed).root)
    except ValidationError as problem:
        placed = [{**error, "loc": ("body", *error["loc"])} for error in problem.errors(include_context=False)]
        raise RequestValidationError(placed) from problem


def posted_file(posted: Posted) -> tuple[str, SentFile | str]:
    """Return the text of a file that a form sent, uploaded or pasted, and its rows; or a sentence on why it has none.

    The text is shown again, so that the file which was checked can be confirmed.
    """
    upload = posted.uploads.get("file")
    content = upload.content if upload and upload.content.strip() else posted.prose("rows").encode()
    if not content.strip(b"\0 \r\n\t"):
        return "", "Choose a file, or paste its content"
    try:
        text = text_of(content).replace("\r\n", "\n").strip()
        found = _json(text) if text.startswith(("[", "{")) else _csv(content)
    except Unreadable as problem:
        return posted.prose("rows"), f"The file cannot come in: {problem}"
    return text, found if found.rows else "The file lists nobody"


def _json(text: str) -> SentFile:
    try:
        return sent_file("application/json", text.encode())
    except (Problem, RequestValidationError) as problem:
        raise Unreadable("as JSON it must be a list of researchers, each with the members shown below") from problem


def _csv(content: bytes) -> SentFile:
    rows, origins = read_researchers(content)
    return SentFile(rows, origins)
