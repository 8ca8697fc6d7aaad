"""The words of a mail that was written with markup."""

import re
from html.parser import HTMLParser

_LINES = frozenset("address article blockquote br div h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split())
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_LONGEST = 2_000_000
_LONE = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_DECLARED = re.compile(r"<[!?][^>]*>")
_SPACES = str.maketrans("\n\r\t\f\v", "     ")


def text_of_html(html: str) -> str:
    """Return the words of a marked-up text, a line for each paragraph; what is quoted in it is marked with `>`."""
    reader = _Words()
    reader.feed(_orderly(html[:_LONGEST]))
    reader.close()
    return reader.text


def _orderly(html: str) -> str:
    """Return a text without comments and declarations, each bracket in it closed before the next one opens.

    What is left open has the parser look through all that follows, again at each place: in time that grows with the
    square of what somebody sent.
    """
    kept, at = [], 0
    while (begun := html.find("<!--", at)) >= 0:
        kept.append(html[at:begun])
        ended = html.find("-->", begun + 4)
        at = ended + 3 if ended >= 0 else len(html)
    return _DECLARED.sub("", _LONE.sub("&lt;", "".join([*kept, html[at:]])))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._has_words = False
        self._silent = 0
        self._quoted = 0

    @property
    def text(self) -> str:
        return "\n".join(" ".join(line.split()) for line in [*self._lines, "".join(self._line)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag == "blockquote":
            self._quoted += 1
        if tag in _LINES:
            self._break(paragraph=tag in {"p", "blockquote"})

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        if tag == "blockquote" and self._quoted:
            self._quoted -= 1
        if tag in _LINES and tag != "br":
            self._break(paragraph=tag in {"p", "blockquote"})

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self._line.append(data.translate(_SPACES))
        self._has_words = self._has_words or bool(data.strip("> \n\r\t\f\v"))

    def _break(self, *, paragraph: bool) -> None:
        mark = "> " * min(self._quoted, 3)
        if self._has_words:
            self._lines += ["".join(self._line), *([mark] if paragraph else [])]
        self._line, self._has_words = [mark], False
