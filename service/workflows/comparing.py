"""Two versions of the brief compared: section by section, and inside a changed one word by word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from service.vocabulary import BRIEF_SECTIONS

Kind = Literal["same", "added", "removed"]
Change = Literal["same", "changed", "added", "removed"]

_WORDS = re.compile(r"\w+(?:['’\u2010\u2011-]\w+)*|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_PAIRS = 400_000
"""Beyond so many pairs of pieces a comparison takes seconds: longer texts are compared in larger pieces."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have, that only the later has, or that only the earlier had."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of one section: `added` and `removed` mean the whole of it."""

    code: str
    label: str
    change: Change
    pieces: tuple[Piece, ...]


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[SectionChange, ...]:
    """Return every section that either version has, in their order; the ends of a text do not count."""
    found = []
    for code, label in BRIEF_SECTIONS.items():
        old, new = before.get(code, "").strip(), after.get(code, "").strip()
        if old or new:
            found.append(SectionChange(code, label, _change(old, new), compare_texts(old, new)))
    return tuple(found)


def compare_texts(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in order. Without the added ones they are `before`, without the removed `after`."""
    return tuple(_joined(_pieces(before, after)))


def _change(old: str, new: str) -> Change:
    if old == new:
        return "same"
    if not old:
        return "added"
    return "changed" if new else "removed"


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    yield Piece("same", "".join(old[:start]))
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) * len(middle_new) <= _MOST_PAIRS:
        yield from _matched(middle_old, middle_new)
    else:
        yield from _by_lines("".join(middle_old), "".join(middle_new))
    yield Piece("same", "".join(old[len(old) - end :]))


def _by_lines(before: str, after: str) -> Iterator[Piece]:
    old, new = _LINES.findall(before), _LINES.findall(after)
    if len(old) * len(new) > _MOST_PAIRS:
        yield from _replaced(before, after)
        return
    for piece in _runs(old, new):
        if isinstance(piece, Piece):
            yield piece
        else:
            removed, added = _WORDS.findall(piece[0]), _WORDS.findall(piece[1])
            short = len(removed) * len(added) <= _MOST_PAIRS
            yield from _matched(removed, added) if short else _replaced(*piece)


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for piece in _runs(old, new):
        if isinstance(piece, Piece):
            yield piece
        else:
            yield from _replaced(*piece)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece | tuple[str, str]]:
    """Yield what both have as a Piece, and what stands in each between that as a pair."""
    for tag, i, j, m, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield Piece("same", "".join(old[i:j])) if tag == "equal" else ("".join(old[i:j]), "".join(new[m:n]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbours, and changes that only a space keeps apart: a phrase that was rewritten reads as one."""
    given = [piece for piece in pieces if piece.text]
    removed = added = ""
    for number, piece in enumerate(given):
        follows = given[number + 1].kind if number + 1 < len(given) else "same"
        between = piece.kind == "same" and (removed or added) and follows != "same" and piece.text.isspace()
        if piece.kind == "removed" or between:
            removed += piece.text
        if piece.kind == "added" or between:
            added += piece.text
        if piece.kind == "same" and not between:
            yield from _replaced(removed, added)
            removed = added = ""
            yield piece
    yield from _replaced(removed, added)


def _replaced(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many pieces two texts begin with alike."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))
