"""A researcher's publications as people change them: their own entries, and what a source found that is not theirs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from service.context import Context
from service.records.database import Unit
from service.records.publications import FACTS, Known, is_found, kept, said
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
    for each in known:
        if each.id in not_theirs and is_found(each):
            each.removed_at = ctx.now
            unit.add(each)
    if sent is None:
        return
    pairs, unsaid = _matched(known, sent)
    for each in unsaid:
        unit.delete(each)
    for facts, row in pairs:
        if row is None:
            unit.add(Publication(researcher_id=researcher_id, source=source, **kept(facts)))
        elif _says_else(row, facts):
            row.completed = {name: by for name, by in row.completed.items() if not facts[name]}
            for name, value in kept(facts).items():
                if name not in row.completed:
                    setattr(row, name, value)
            row.source = source
            unit.add(row)
    unit.flush()


def _matched(
    known: Sequence[Publication], sent: Sequence[Facts]
) -> tuple[list[tuple[Facts, Publication | None]], list[Publication]]:
    """Return what was sent, each with the entry it is, and the entries that people had made and did not send again."""
    left = sorted((row for row in known if row.removed_at is None), key=is_found)
    alike: defaultdict[tuple[object, ...], list[Publication]] = defaultdict(list)
    for row in reversed(left):
        alike[tuple(said(row).values())].append(row)
    pairs: list[tuple[Facts, Publication | None]] = []
    unsure: list[Facts] = []
    taken: set[UUID] = set()
    for facts in sent:
        same = alike[tuple(facts[name] for name in FACTS)]
        if same:
            row = same.pop()
            pairs.append((facts, row))
            taken.add(row.id)
        else:
            unsure.append(facts)
    names = Known([row for row in left if row.id not in taken])
    for facts in unsure:
        known_as = names.find(facts["title"], facts["year"], facts["doi"], without=taken)
        if known_as is not None:
            taken.add(known_as.id)
        pairs.append((facts, known_as))
    return pairs, [row for row in left if row.id not in taken and not is_found(row)]


def _says_else(row: Publication, facts: Facts) -> bool:
    if is_found(row):
        return any(value and value != getattr(row, name) for name, value in kept(facts).items())
    return said(row) != dict(facts)
