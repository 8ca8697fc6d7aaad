"""The glossary as it stands here: the default words, with those that were changed, added or left out in their place."""

from dataclasses import dataclass

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import GlossaryTerm
from service.workflows.jargon import TERMS, Term, merged, word_key

_DEFAULTS = {word_key(term.word): term for term in TERMS}


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stands here, with what settings show beside it."""

    term: Term
    version: int
    """0 for a default that nobody changed; raised by each change."""
    is_default: bool
    """It is as it was delivered."""
    is_removed: bool
    """It is no longer pointed at."""


def terms(unit: Unit) -> tuple[Term, ...]:
    """Return the words that are pointed at."""
    return merged({row.word_key: None if row.removed_at else _term(row) for row in unit.exec(select(GlossaryTerm))})


def words(unit: Unit) -> list[Word]:
    """Return every word, those no longer pointed at too, in alphabetical order."""
    rows = {row.word_key: row for row in unit.exec(select(GlossaryTerm))}
    every = _DEFAULTS | {key: _term(row) for key, row in rows.items()}
    return [_word(key, term, rows.get(key)) for key, term in sorted(every.items())]


def word(unit: Unit, written: str) -> Word | None:
    """Return how one word stands, or None for one that is not in the list and never was."""
    key = word_key(written)
    row = unit.exec(select(GlossaryTerm).where(GlossaryTerm.word_key == key)).first()
    term = _term(row) if row else _DEFAULTS.get(key)
    return None if term is None else _word(key, term, row)


def locked(unit: Unit, written: str) -> GlossaryTerm | None:
    """Return the row that stands in for a word, locked to the end of the transaction; None while there is none."""
    return unit.exec(
        select(GlossaryTerm)
        .where(col(GlossaryTerm.word_key) == word_key(written))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _word(key: str, term: Term, row: GlossaryTerm | None) -> Word:
    is_removed = row is not None and row.removed_at is not None
    is_default = not is_removed and _DEFAULTS.get(key) == term
    return Word(term, row.version if row else 0, is_default, is_removed)


def _term(row: GlossaryTerm) -> Term:
    return Term(row.word, row.misread_by, row.plain)
