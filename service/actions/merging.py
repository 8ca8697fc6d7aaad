"""Two entries of the directory that are one person: merged by a manager who says so, or told apart for good."""

from uuid import UUID

from service.actions import telling
from service.actions.audit import audit
from service.context import Context
from service.errors import conflict, not_found
from service.records import duplicates, people, researchers, source_runs
from service.records.database import Unit
from service.records.duplicates import Pair
from service.records.tables import Researcher, ResearcherMerge, ToldApart

LABELS = {
    "name": "name", "email": "email address", "orcid": "ORCID iD", "statement": "what they work on", "keywords": "keywords",
    "methods": "methods", "topics": "topics", "conflicts": "conflicts of interest", "employers": "other employers", "capacity_days": "days they could give",
    "available_from": "when they are free", "career_stage": "career stage", "external_id": "the university's own id",
}  # fmt: skip


_CHANGED = ("orcid", "conflicts", "employers", "employments", "hidden", "hidden_by_self")
"""What a merge may change of the entry that is kept."""


def merge_researchers(unit: Unit, ctx: Context, kept_id: UUID, other_id: UUID, *, across: bool = False) -> Researcher:
    """Let one entry stand for both and return it: publications and interests move to it, the other is kept, hidden.

    Conflicts and employers of both are those of the kept one, and what a person hid themselves stays hidden. The contacts of both
    universities are told, with what differs. Raises Problem 404 for an entry there is not (any more), and 409 for two
    that nothing but a name connects, or that two universities list, unless the manager says `across`.
    """
    pair = _locked(unit, kept_id, other_id)
    if not pair.reasons:
        raise conflict("Nothing but perhaps a name says that they are one person, and a name alone is not enough.")
    if pair.is_across and not across:
        raise conflict(
            f"{pair.first.university.name} and {pair.second.university.name} each list them. Confirm that one entry is to "
            "stand for both: the other university's is then matched to nothing."
        )
    rows = {row.researcher.id: row for row in (pair.first, pair.second)}
    kept, other = rows[kept_id].researcher, rows[other_id].researcher
    differing = pair.differing
    before = {name: getattr(kept, name) for name in _CHANGED}
    was_hidden = other.hidden
    moved = duplicates.move(unit, other_id, kept_id)
    kept.orcid = kept.orcid or other.orcid
    kept.conflicts = list(dict.fromkeys([*kept.conflicts, *other.conflicts]))
    kept.employers = list(dict.fromkeys([*kept.employers, *other.employers]))
    kept.employments = kept.employments or other.employments
    if other.hidden_by_self:
        kept.hidden = kept.hidden_by_self = True
    other.hidden, other.merged_into_id = True, kept_id
    for each in (kept, other):
        each.version += 1
        each.updated_at = ctx.now
        unit.add(each)
    source_runs.forget(unit, other_id)
    unit.add(
        ResearcherMerge(
            kept_id=kept_id,
            other_id=other_id,
            merged_at=ctx.now,
            merged_by_id=ctx.actor.person_id,
            moved={
                name: [str(each) for each in getattr(moved, name)] for name in ("publications", "interests", "entries")
            },
            completed={str(key): dict(fields) for key, fields in moved.completed.items()},
            before={**before, "other_hidden": was_hidden},
            after={name: getattr(kept, name) for name in _CHANGED},
        )
    )
    counts = {"publications": len(moved.publications), "interests": len(moved.interests), "differing": differing}
    audit(unit, ctx, "merge", f"researcher:{kept_id}", other=str(other_id), **counts)
    audit(unit, ctx, "merge", f"researcher:{other_id}", into=str(kept_id), **counts)
    unit.flush()
    for university_id in sorted({kept.organisation_id, other.organisation_id}):
        for person in people.contacts_of(unit, university_id):
            page = (
                f"/partner/researchers/{kept_id}" if university_id == kept.organisation_id else "/partner/researchers"
            )
            telling.tell_person(
                unit,
                ctx,
                person,
                "researchers_merged",
                None,
                {
                    "listed_name": kept.name,
                    "kept_at": rows[kept_id].university.name,
                    "merged_at": rows[other_id].university.name,
                    "reasons": list(pair.reasons),
                    "differing": [LABELS[name] for name in differing],
                    "path": page,
                },
            )
    return kept


def tell_researchers_apart(unit: Unit, ctx: Context, one: UUID, other: UUID) -> None:
    """Record that two entries are two people: they are not proposed again. Raises Problem 404 as merging does."""
    pair = _locked(unit, one, other)
    first, second = pair.first.researcher.id, pair.second.researcher.id
    said = ToldApart(first_id=first, second_id=second, decided_at=ctx.now, decided_by_id=ctx.actor.person_id)
    if duplicates.tell_apart(unit, said):
        audit(unit, ctx, "tell_apart", f"researcher:{first}", other=str(second))


def _locked(unit: Unit, one: UUID, other: UUID) -> Pair:
    found = [each for each in (researchers.find(unit, one), researchers.find(unit, other)) if each is not None]
    for university_id in sorted({each.organisation_id for each in found}):
        researchers.lock_university(unit, university_id)
    for each in found:
        unit.refresh(each)
    pair = duplicates.pair(unit, one, other)
    if pair is None:
        raise not_found("pair of entries")
    return pair
