"""From running text to comparable terms: case, accents, British and American spelling, plurals and hyphens evened out."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bm25s.stopwords import STOPWORDS_EN_PLUS
from snowballstemmer.english_stemmer import EnglishStemmer

# The library whose stop words these are sets itself to DEBUG, which would put its lines into any log above it.
logging.getLogger("bm25s").setLevel(logging.WARNING)

LONGEST_WORD = 40
WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011'’&][^\W_]+)*")
PARTS = re.compile(r"[^\W_]+")

# Words by which people ask and papers report: they say nothing of the subject.
ASKING_WORDS = frozenset(
    """also among another ask background based conclusion conclusions could council councils effect effects evidence find
    finding findings get give help introduction know known like look make many may method methods might much must need
    needed new objective objectives one paper please question questions research result results said say show shown shows
    study studies take tell thing things try two understand use used using want wanted way whether within without work
    working works would yet""".split()
)
STOPWORDS = ASKING_WORDS.union(STOPWORDS_EN_PLUS)

SPELLINGS = (
    (re.compile(r"^aging$"), "ageing"),
    (re.compile(r"^program(?:me)?(?=s?$)"), "program"),
    (re.compile(r"(?<=.{4})is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"(?<=.{4})ys(?=(?:e|es|ed|ing|er|ers)$)"), "yz"),
    (re.compile(r"(?<=.{2})our(?=.|$)"), "or"),
    (re.compile(r"(?<=.)[ao]e(?=.{3})"), "e"),
    (re.compile(r"(?<=[bt])re(?=s?$)"), "er"),
    (re.compile(r"(?<=.{2})ies$"), "y"),
    (re.compile(r"(?<=.{2}[^aius])s$"), ""),
)
# English stemmers make "age" of it, which every paper has.
NEVER_STEMMED = frozenset({"ageing"})


class Word(NamedTuple):
    """A term (`stem`) and how the writer wrote it (`surface`)."""

    stem: str
    surface: str


def words(text: str) -> Iterator[Word]:
    """The telling words of `text` in order; a hyphened word gives itself without hyphens, then its parts.

    Numbers, single letters, very long strings and the words everyone uses are left out.
    """
    for surface in WORD.findall(unicodedata.normalize("NFKC", text)):
        yield from _words_of(surface)


def stems(text: str) -> list[str]:
    """The terms of `text` in order."""
    return [word.stem for surface in WORD.findall(unicodedata.normalize("NFKC", text)) for word in _words_of(surface)]


def plain_words(text: str) -> list[str]:
    """Every word of `text` in order, hyphens parting them, with spelling and plurals evened out but nothing stemmed.

    This is what phrases are looked for in: stems would take "regular" for "regulation".
    """
    return [_evened(word) for word in PARTS.findall(unicodedata.normalize("NFKC", text).casefold())]


@lru_cache(maxsize=200_000)
def _words_of(surface: str) -> tuple[Word, ...]:
    if "&" in surface:  # A&E is a word of its own
        return (Word(surface.casefold(), surface),)
    parts = PARTS.findall(surface)
    possessive = "'" in surface or "’" in surface
    spellings = parts[:1] if possessive else dict.fromkeys(("".join(parts), *parts))
    return tuple(Word(term, surface) for spelling in spellings if (term := _stem(spelling.casefold())))


def _stem(word: str) -> str:
    """The term a lower-case word counts as; "" when it tells nothing."""
    if word in STOPWORDS:
        return ""
    plain = _evened(word)
    if len(plain) < 2 or len(plain) > LONGEST_WORD or plain.isnumeric():
        return ""
    # a stemmer holds the word it is working on, so threads must not share one
    return plain if plain in NEVER_STEMMED else str(EnglishStemmer().stemWord(plain))


@lru_cache(maxsize=200_000)
def _evened(word: str) -> str:
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))
    for pattern, spelling in SPELLINGS:
        plain = pattern.sub(spelling, plain)
    return plain
