"""Words of the same meaning: add a group, change one, leave one out. The defaults of the code stay behind."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from service.actions.audit import audit
from service.actions.shapes import Name, Sent
from service.context import Context
from service.errors import invalid, not_found
from service.matching.synonyms import MOST_WORDS
from service.matching.text import stems
from service.records import synonyms
from service.records.database import Unit
from service.records.synonyms import Group
from service.records.tables import SynonymGroup

MOST_WORDINGS = 12


def _searchable(value: str) -> str:
    if not 0 < len(stems(value)) <= MOST_WORDS:
        raise ValueError(f"“{value}” says nothing to a search, or too much: give one to {MOST_WORDS} telling words.")
    return value


def _different(wordings: list[str]) -> list[str]:
    kept = {tuple(stems(each)): each for each in reversed(wordings)}
    if len(kept) < 2:
        raise ValueError("Give at least two wordings that differ by more than an ending.")
    return [each for each in wordings if kept[tuple(stems(each))] == each]


Wordings = Annotated[
    list[Annotated[Name, AfterValidator(_searchable)]],
    Field(min_length=2, max_length=MOST_WORDINGS, examples=[["housing", "homes"]]),
    AfterValidator(_different),
]


class GroupEntry(Sent):
    """What people call one thing: a search for one wording finds texts that use another."""

    wordings: Wordings


def set_group(unit: Unit, ctx: Context, code: str | None, entry: GroupEntry) -> Group:
    """Add a group or change the one of that code, and return it; it widens searches again. The same again changes nothing.

    The code of a new group is made of its first wording. Raises Problem 422 when that makes none.
    """
    code = code or _code_of(entry.wordings[0])
    before = synonyms.group(unit, code)
    if before is not None and list(before.wordings) == entry.wordings and not before.is_removed:
        return before
    _record(unit, ctx, code, entry.wordings, is_removed=False)
    audit(unit, ctx, "change" if before else "create", f"synonym_group:{code}", wordings=entry.wordings)
    return _stands(unit, code)


def remove_group(unit: Unit, ctx: Context, code: str) -> Group:
    """Widen no search by a group, and return it; twice changes nothing. Raises Problem 404 for one that never was."""
    before = _stands(unit, code)
    if not before.is_removed:
        _record(unit, ctx, code, list(before.wordings), is_removed=True)
        audit(unit, ctx, "remove", f"synonym_group:{code}", wordings=list(before.wordings))
    return _stands(unit, code)


def _record(unit: Unit, ctx: Context, code: str, wordings: list[str], *, is_removed: bool) -> None:
    row = synonyms.locked(unit, code)
    if row is None:
        row = SynonymGroup(code=code, wordings=wordings, updated_at=ctx.now)
    else:
        row.wordings, row.version, row.updated_at = wordings, row.version + 1, ctx.now
    row.removed_at = ctx.now if is_removed else None
    unit.add(row)
    unit.flush()


def _code_of(wording: str) -> str:
    code = re.sub(r"[^a-z0-9]+", "_", wording.lower()).strip("_")[:60]
    if not code:
        raise invalid("wordings", "Begin with a wording that has letters from a to z.")
    return code


def _stands(unit: Unit, code: str) -> Group:
    found = synonyms.group(unit, code)
    if found is None:
        raise not_found("group of words")
    return found
