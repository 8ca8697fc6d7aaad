"""Files handed out: as downloads only, for they are somebody else's content."""

from urllib.parse import quote

from fastapi.responses import Response

_POLICY = "default-src 'none'; sandbox"


def download(name: str, media_type: str, content: bytes) -> Response:
    """Return a file that no browser shows and nothing on the way keeps."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "private, no-store",
    }
    if media_type.startswith("text/"):
        media_type += f"; charset={_charset(content)}"
    return Response(content, media_type=media_type, headers=headers)


def _charset(content: bytes) -> str:
    """Return how a text was written, so that whoever opens it is not told something else."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
