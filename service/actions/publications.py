"""A researcher's publications as people change them: their own entries, and what a source found that is not theirs."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from service.context import Context
from service.records.database import Unit
from service.records.publications import FACTS, Known, is_found, said
from service.records.tables import Publication

Facts = Mapping[str, Any]


def differ(known: Sequence[Publication], sent: Sequence[Facts] | None, not_theirs: Collection[UUID]) -> bool:
    """Tell whether what was sent says something else than what is known. A list that was not sent says nothing."""
    if any(row.id in not_theirs and is_found(row) for row in known):
        return True
    if sent is None:
        return False
    pairs, unsaid = _matched(known, sent)
    return bool(unsaid) or any(row is None or _says_else(row, facts) for facts, row in pairs)


def put(
    unit: Unit,
    ctx: Context,
    researcher_id: UUID,
    source: str,
    known: Sequence[Publication],
    sent: Sequence[Facts] | None,
    not_theirs: Collection[UUID],
) -> None:
    """Make `sent` the list of what people entered, `source` saying so, and put aside what was found and is not theirs.

    An entry that is known again keeps its place, and what a source filled in of it; what sources found stays beside the
    list, and becomes an entry only where it was sent with something else.
    """
    for row in known:
        if row.id in not_theirs and is_found(row):
            row.removed_at = ctx.now
            unit.add(row)
    if sent is None:
        return
    pairs, unsaid = _matched(known, sent)
    for row in unsaid:
        unit.delete(row)
    for facts, row in pairs:
        if row is None:
            unit.add(Publication(researcher_id=researcher_id, source=source, **facts))
        elif _says_else(row, facts):
            row.completed = {name: by for name, by in row.completed.items() if facts[name] is None}
            for name in FACTS:
                if name not in row.completed:
                    setattr(row, name, facts[name])
            row.source = source
            unit.add(row)
    unit.flush()


def _matched(
    known: Sequence[Publication], sent: Sequence[Facts]
) -> tuple[list[tuple[Facts, Publication | None]], list[Publication]]:
    """Return what was sent, each with the entry it is, and the entries that people had made and did not send again."""
    left = [row for row in known if row.removed_at is None]
    pairs: list[tuple[Facts, Publication | None]] = []
    unsure: list[Facts] = []
    for facts in sent:
        same = next((row for row in left if said(row) == dict(facts)), None)
        if same is None:
            unsure.append(facts)
        else:
            left.remove(same)
            pairs.append((facts, same))
    for facts in unsure:
        known_as = Known(sorted(left, key=is_found)).find(facts["title"], facts["year"], facts["doi"])
        if known_as is not None:
            left.remove(known_as)
        pairs.append((facts, known_as))
    return pairs, [row for row in left if not is_found(row)]


def _says_else(row: Publication, facts: Facts) -> bool:
    if is_found(row):
        return any(value is not None and value != getattr(row, name) for name, value in facts.items())
    return said(row) != dict(facts)
