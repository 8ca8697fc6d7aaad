"""What tells a person from others inside a text: their names, addresses and telephone numbers, found and struck out."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

_GAP = r"(?:\s|\\[nrt])+"
"""Between the words of a name; in a text that holds JSON a new line is written with two characters."""
_BETWEEN_DIGITS = r"[\s().\-\u00a0\u2010\u2011]{0,3}"
_FEWEST_DIGITS = 7
_FEWEST_LETTERS = 3
_ABOUT_WORDS = "\"'\u201c\u201d\u2018\u2019()<>[],;:!?."
_BEYOND_ASCII = re.compile(r"(?:[^\x00-\x7f]|\\u[0-9a-f]{4})+")
"""Letters that are neither compared without their case by SQLite nor written by JSON as they are."""
_SOON = r"([^0-9]|\\u[0-9a-f]{4}){0,6}"
"""What may stand between two digits of a number, generously, and as JSON writes it; read alike by Python and PostgreSQL."""


class Likely(NamedTuple):
    """What SQL can ask of a text before it is read: a pattern for LIKE and, where that lets too much through, an expression."""

    pattern: str
    expression: str | None = None


@dataclass(frozen=True)
class Identifiers:
    """What somebody is known by. A name of one word is not looked for: it is other people's too, and words'."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """The expression that finds any of them, whatever their case, spacing or country code; None for nothing to find."""
        kinds = [
            *(_of_name(name) for name in _longest_first(self.searched_names)),
            *(rf"(?<![\w.+-]){_either(email)}(?![\w-])" for email in _longest_first(self.emails)),
            *(_of_phone(phone) for phone in _longest_first(self.phones) if len(_national(phone)) >= _FEWEST_DIGITS),
        ]
        return re.compile("|".join(kinds), re.IGNORECASE) if kinds else None

    @property
    def searched_names(self) -> frozenset[str]:
        return frozenset(name for name in self.names if len(name.split()) > 1)

    def without(self, names: Iterable[str]) -> "Identifiers":
        """Return the same without these names: other people's too."""
        shared = {_folded(name) for name in names}
        return Identifiers(
            frozenset(name for name in self.names if _folded(name) not in shared), self.emails, self.phones
        )

    def joined(self, other: "Identifiers") -> "Identifiers":
        """Return both as one."""
        return Identifiers(self.names | other.names, self.emails | other.emails, self.phones | other.phones)

    def likenesses(self) -> tuple[Likely, ...]:
        """Return what SQL asks of a text: none that holds one of them escapes, and some others are let through as well.

        In a pattern, letters beyond ASCII are anything.
        """
        found = []
        for name in self.searched_names:
            found += [Likely("%".join(_escaped(word) for word in form.split())) for form in _forms(name)]
        for email in self.emails:
            found += [Likely(_escaped(form)) for form in _forms(email)]
        for phone in self.phones:
            if len(digits := _national(phone)) >= _FEWEST_DIGITS:
                # Ten digits in this order with anything between stand in most long texts: in dates, ids and numbers.
                found.append(Likely("%".join(map(_escaped, digits)), _SOON.join(digits) if digits.isascii() else None))
        return tuple(each._replace(pattern=f"%{each.pattern}%") for each in dict.fromkeys(found))

    def is_in(self, value: Any) -> bool:
        """Tell whether a text, or any text inside a document, holds one of them."""
        return self.pattern is not None and any(self.pattern.search(text) for text in texts_in(value))

    def is_sought(self, query: str) -> bool:
        """Tell whether somebody may have been looked for with these words: a part of a name, an address or a number is enough."""
        words, parts = _words_in(query), {word for name in self.names for word in _words_in(name)}
        digits = re.sub(r"\D", "", query)
        numbers = [number for each in self.phones if len(number := _national(each)) >= _FEWEST_DIGITS]
        return (
            not words.isdisjoint(parts)
            or any(len(word) >= _FEWEST_LETTERS and word in email for word in words for email in self.emails)
            or (len(digits) >= _FEWEST_DIGITS and any(number in digits or digits in number for number in numbers))
        )

    def strike(self, value: Any, stub: str) -> Any:
        """Return the value with a stub for each of them; a list loses the lines that hold one."""
        if self.pattern is None:
            return value
        if isinstance(value, dict):
            return {key: self.strike(inner, stub) for key, inner in value.items()}
        if isinstance(value, list):
            return [
                self.strike(inner, stub)
                for inner in value
                if not (isinstance(inner, str) and self.pattern.search(inner))
            ]
        return self.pattern.sub(stub, value) if isinstance(value, str) else value


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text inside a value, the names of a document's members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def passage(text: str, start: int, end: int, around: int = 120) -> str:
    """Return what stands around a place in a text, on one line, with dots where it was cut."""
    before, after = max(0, start - around), min(len(text), end + around)
    shown = " ".join(text[before:after].split())
    return f"{'…' if before else ''}{shown}{'…' if after < len(text) else ''}"


def _words_in(text: str) -> set[str]:
    """Return the words of a text without the quotation marks and stops about them, and the parts of a word like O'Neil."""
    words = {word.strip(_ABOUT_WORDS) for word in text.casefold().replace("\u2019", "'").split()}
    parts = {
        part for word in words for part in re.findall(r"\w+", word) if "@" not in word and len(part) >= _FEWEST_LETTERS
    }
    return (words | parts) - {""}


def _of_name(name: str) -> str:
    words = _GAP.join(_either(word) for word in name.split())
    return rf"(?<!\w){words}(?!\w)"


def _of_phone(phone: str) -> str:
    digits = _BETWEEN_DIGITS.join(_national(phone))
    return rf"(?<!\d)(?:(?:\+|00){_BETWEEN_DIGITS}44{_BETWEEN_DIGITS}0?|0|\+)?{_BETWEEN_DIGITS}{digits}(?!\d)"


def _national(phone: str) -> str:
    """Return a number's digits without the country code or the nought before them."""
    digits = re.sub(r"\D", "", phone)
    if phone.strip().startswith(("+44", "0044", "(+44")):
        digits = digits.removeprefix("00").removeprefix("44")
    return digits.removeprefix("0")


def _either(text: str) -> str:
    """Match a text as it is, or as JSON writes it."""
    return "(?:" + "|".join(re.escape(form) for form in _forms(text)) + ")"


def _forms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, json.dumps(text)[1:-1])))


def _escaped(text: str) -> str:
    plain = (part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in _BEYOND_ASCII.split(text))
    return "%".join(plain)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted({each.strip() for each in texts if each.strip()}, key=lambda text: (-len(text), text))
