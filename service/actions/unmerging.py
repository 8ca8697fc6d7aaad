"""A merge taken apart: what it moved goes back, what was changed since stays as it stands and is named."""

from dataclasses import dataclass
from uuid import UUID

from service.actions import telling
from service.actions.audit import audit
from service.context import Context
from service.errors import conflict, not_found
from service.records import duplicates, people, publications, researchers, source_runs
from service.records.database import Unit
from service.records.tables import Organisation, Publication, Researcher, ResearcherMerge


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What became of a merge that was undone: the entry that stands by itself again, and what could not go back."""

    researcher: Researcher
    kept: Researcher
    publications: int
    interests: int
    gone: int
    """Publications that went over and are there no more."""
    left: tuple[str, ...]
    """Facts of the kept entry that were changed since the merge, and stay as they stand."""


def unmerge_researcher(unit: Unit, ctx: Context, researcher_id: UUID) -> Unmerged:
    """Let an entry that was merged into another stand by itself again, and tell both universities' contacts.

    Its publications, and the teams that named it, go back where they are still with the entry that stood for both; teams
    named since stay there. Raises Problem 404 for an entry there is not, and 409 for one that is not merged, was merged
    on with the entry it is in, or was merged before it was written down what a merge moves.
    """
    other = researchers.find(unit, researcher_id)
    if other is None:
        raise not_found("researcher")
    merge = duplicates.newest_merge(unit, researcher_id)
    for university_id in sorted(_universities(unit, other, merge)):
        researchers.lock_university(unit, university_id)
    unit.refresh(other)
    if other.merged_into_id is None:
        raise conflict("This entry is not merged: it stands by itself already.")
    merge = duplicates.newest_merge(unit, researcher_id)
    if merge is None:
        raise conflict(
            "This merge was done before the service wrote down what a merge moves, so nobody could tell what belongs to whom. "
            "Show the entry again by adding the person anew, and say of the two that they are two people.",
            existing=str(other.merged_into_id),
        )
    if merge.kept_id != other.merged_into_id:
        raise conflict(
            "The entry this one was merged into was merged on since. Undo that merge first.",
            existing=str(merge.kept_id),
        )
    kept = unit.get_one(Researcher, merge.kept_id)
    unit.refresh(kept)
    back = duplicates.move_back(unit, merge)
    left = _restore(unit, kept, merge)
    merge.undone_at, merge.undone_by_id = ctx.now, ctx.actor.person_id
    other.merged_into_id, other.hidden = None, bool(merge.before["other_hidden"])
    for each in (kept, other):
        each.version += 1
        each.updated_at = ctx.now
        unit.add(each)
    unit.add(merge)
    unit.flush()
    counts = {"publications": back.publications, "interests": back.interests}
    audit(unit, ctx, "unmerge", f"researcher:{other.id}", out_of=str(kept.id), **counts)
    audit(unit, ctx, "unmerge", f"researcher:{kept.id}", other=str(other.id), **counts)
    _tell_contacts(unit, ctx, kept, other)
    return Unmerged(other, kept, back.publications, back.interests, back.gone, left)


def _universities(unit: Unit, other: Researcher, merge: ResearcherMerge | None) -> set[UUID]:
    kept = unit.get(Researcher, merge.kept_id) if merge else None
    return {each.organisation_id for each in (other, kept) if each is not None}


def _restore(unit: Unit, kept: Researcher, merge: ResearcherMerge) -> tuple[str, ...]:
    """Give the kept entry back what the merge changed of it, but for what somebody changed since: return that, by name."""
    left: list[str] = []
    for name, value in merge.before.items():
        if name == "other_hidden" or value == merge.after[name]:
            continue
        if getattr(kept, name) != merge.after[name]:
            left.append(name)
            continue
        setattr(kept, name, value)
        if name == "orcid":
            # What was read under the other's iD since is the other's, and is read again there.
            publications.forget_found(unit, kept.id)
            source_runs.forget(unit, kept.id)
    for key, fields in merge.completed.items():
        row = unit.get(Publication, UUID(key))
        if row is not None and row.researcher_id == kept.id:
            ours = [name for name, source in fields.items() if row.completed.get(name) == source]
            publications.take_back(row, ours)
            row.completed = {name: source for name, source in row.completed.items() if name not in ours}
            unit.add(row)
    return tuple(left)


def _tell_contacts(unit: Unit, ctx: Context, kept: Researcher, other: Researcher) -> None:
    for university_id in sorted({kept.organisation_id, other.organisation_id}):
        page = f"/partner/researchers/{(other if university_id == other.organisation_id else kept).id}"
        for person in people.contacts_of(unit, university_id):
            telling.tell_person(
                unit,
                ctx,
                person,
                "researchers_unmerged",
                None,
                {
                    "listed_name": other.name,
                    "kept_at": unit.get_one(Organisation, kept.organisation_id).name,
                    "merged_at": unit.get_one(Organisation, other.organisation_id).name,
                    "path": page,
                },
            )
