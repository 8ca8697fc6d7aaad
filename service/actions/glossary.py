"""The glossary: words that one side of the table misreads. Set one, take one out; the defaults of the code stay behind."""

from typing import Annotated

from pydantic import AfterValidator, Field

from service.actions.audit import audit
from service.actions.shapes import Name, OneOf, Sent
from service.context import Context
from service.errors import not_found
from service.records import glossary
from service.records.database import Unit
from service.records.glossary import Word
from service.records.tables import GlossaryTerm
from service.workflows.jargon import COUNCILS, EVERYBODY, READERS, Term, word_key


def _without_full_stop(value: str) -> str:
    """Return the words without the full stop that the sentence around them brings."""
    plain = value.rstrip(" .")
    if not plain:
        raise ValueError("Write the plain words.")
    return plain


Reader = Annotated[str, OneOf({reader: reader for reader in READERS})]
Plain = Annotated[Name, AfterValidator(_without_full_stop)]


class TermEntry(Sent):
    """A word, who may misread it, and what could stand instead."""

    word: Name
    misread_by: Reader = Field(default=EVERYBODY, description=f"Such as {COUNCILS}.")
    plain: Plain


def set_term(unit: Unit, ctx: Context, entry: TermEntry) -> Word:
    """Add a word or change the one that is spelt so (case and spaces aside), and return it; it is pointed at again.

    What stands there already changes nothing.
    """
    before = glossary.word(unit, entry.word)
    term = Term(entry.word, entry.misread_by, entry.plain)
    if before is not None and before.term == term and not before.is_removed:
        return before
    row = _record(unit, ctx, term, is_removed=False)
    audit(unit, ctx, "change" if before else "create", f"glossary_term:{row.id}", word=row.word)
    return _stands(unit, entry.word)


def remove_term(unit: Unit, ctx: Context, word: str) -> Word:
    """Point at a word no longer, and return it; twice changes nothing. Raises Problem 404 for one that is not in the list."""
    before = glossary.word(unit, word)
    if before is None:
        raise not_found("word in the glossary")
    if not before.is_removed:
        row = _record(unit, ctx, before.term, is_removed=True)
        audit(unit, ctx, "remove", f"glossary_term:{row.id}", word=row.word)
    return _stands(unit, word)


def _record(unit: Unit, ctx: Context, term: Term, *, is_removed: bool) -> GlossaryTerm:
    row = glossary.locked(unit, term.word)
    if row is None:
        row = GlossaryTerm(
            word=term.word,
            word_key=word_key(term.word),
            misread_by=term.misread_by,
            plain=term.plain,
            updated_at=ctx.now,
        )
    else:
        row.word, row.misread_by, row.plain = term.word, term.misread_by, term.plain
        row.version += 1
        row.updated_at = ctx.now
    row.removed_at = ctx.now if is_removed else None
    unit.add(row)
    unit.flush()
    return row


def _stands(unit: Unit, written: str) -> Word:
    found = glossary.word(unit, written)
    if found is None:
        raise not_found("word in the glossary")
    return found
