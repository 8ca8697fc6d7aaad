"""Names of organisations as records of research write them, compared with the name of the one that asks.

Somebody's suggestion hangs on it, so only what is written the same counts as the same body: without case, accents, marks and a
leading “the”, a whole name or a whole part of an address between commas, of two words or more (“Gateshead” may be a town). What
only looks like it is a hint to look at: the same words in another order (“County Durham Council”), the same place with another
word for the kind of council (“Durham City Council”), or the name at the end of a longer one (“Public Health of Durham County
Council”).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from service.matching.constraints import STYLES

_PARTS = re.compile(r"[,;|/()\[\]]+")
_BODY = frozenset({"council", "authority", "corporation"})
_SMALL = frozenset({"of", "the", "and", "for"})
_LONGEST_TAIL = 6

SAME, LIKE = "same:", "like:"


@lru_cache(maxsize=65_536)
def marks_of(name: str) -> frozenset[str]:
    """What a name found in a record is known by: marks that begin with SAME or LIKE."""
    whole = _plain(name)
    parts = {part for each in (name, *_PARTS.split(name)) if (part := _plain(each))}
    marks = {SAME + part for part in parts if " " in part}
    if whole and " " not in whole:
        marks.add(LIKE + whole)
    for part in parts:
        marks |= _likenesses(part)
        words = part.split()
        if words[-1] in _BODY:
            tails = range(max(1, len(words) - _LONGEST_TAIL), len(words) - 1)
            marks |= {LIKE + " ".join(words[start:]) for start in tails}
    return frozenset(marks)


@lru_cache(maxsize=4_096)
def sought(name: str) -> frozenset[str]:
    """The marks by which the organisation that asks, of this name, is looked for among those."""
    whole = _plain(name)
    if not whole:
        return frozenset()
    same = {SAME + whole} if " " in whole else set()
    return frozenset({*same, LIKE + whole, *_likenesses(whole)})


def sureness(names: Iterable[str], found: str) -> str | None:
    """SAME where a name found is one of `names`, LIKE where it looks like one, None for neither."""
    marks = marks_of(found)
    shared = {mark for name in names for mark in sought(name) & marks}
    if any(mark.startswith(SAME) for mark in shared):
        return SAME
    return LIKE if shared else None


def _likenesses(plain: str) -> set[str]:
    words = plain.split()
    telling = sorted(word for word in words if word not in _SMALL)
    found = {f"{LIKE}words {' '.join(telling)}"} if len(telling) > 1 else set()
    place = " ".join(word for word in STYLES.sub(" ", plain).split() if word not in _BODY)
    if place and _BODY.intersection(words):
        found.add(f"{LIKE}place {place}")
    return found


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.casefold()).replace("&", " and ")
    text = "".join(character for character in text if not unicodedata.combining(character))
    words = re.sub(r"[^\w]+", " ", re.sub(r"['’]", "", text)).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)
