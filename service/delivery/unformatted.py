"""Plain text for a reader of Markdown: it comes out as it was written, and nobody's text becomes a heading or a link.

GOV.UK Notify reads a subset of Markdown: headings, lists, rules, quotations, links, code and tables. A backslash takes the meaning
from most signs; from a few it cannot, and those are written with a sign that looks alike. Web addresses turn into links by
themselves, so ours stay whole and others lose their scheme: whoever wants to go there can still read and copy them.
"""

import re

_ADDRESS = re.compile(r"https?://[^\s<]*", re.IGNORECASE)
_SCHEME = re.compile(r"https?:/(?=/)/*", re.IGNORECASE)
_EVERYWHERE = re.compile(r"[\\\[\]|`]")
_AT_LINES_START = re.compile(r"[#*+\-_~]")
_NUMBERED = re.compile(r"(\d+)\.")
_ALIKE = str.maketrans({"^": "\u02c6", "\u2022": "\u00b7", "=": "\uff1d"})


def unformatted(text: str, own: str) -> str:
    """Return `text` so that Markdown shows it as it stands; only addresses on the site `own` remain links."""
    return "\n".join(_line(line.strip(), own) for line in text.splitlines())


def _line(line: str, own: str) -> str:
    line = _unlinked(line, own)
    kept, end = [], 0
    for found in _ADDRESS.finditer(line):
        kept += [_inert(line[end : found.start()]), found[0]]
        end = found.end()
    kept.append(_inert(line[end:]))
    return _begun("".join(kept))


def _unlinked(line: str, own: str) -> str:
    """Return a line in which only our own addresses have a scheme; taking one away may bring another together."""
    while True:
        shorter = _ADDRESS.sub(lambda found: found[0] if _is_on(found[0], own) else _SCHEME.sub("", found[0]), line)
        if shorter == line:
            return line
        line = shorter


def _inert(text: str) -> str:
    return _EVERYWHERE.sub(lambda sign: f"\\{sign[0]}", text)


def _begun(line: str) -> str:
    """Return a line whose first sign has no meaning of its own."""
    if _AT_LINES_START.match(line):
        return f"\\{line}"
    if numbered := _NUMBERED.match(line):
        return f"{numbered[1]}\\.{line[numbered.end() :]}"
    return line[:1].translate(_ALIKE) + line[1:]


def _is_on(address: str, own: str) -> bool:
    return bool(own) and (address == own or address.startswith((f"{own}/", f"{own}?")))
