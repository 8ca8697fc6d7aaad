"""A manager's word on somebody the ranking proposes: shortlisted, or passed over for this one brief, and why."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field, model_validator

from service.actions.audit import audit
from service.actions.shapes import PassingReason, Sent, ShortlistChoice
from service.context import Context
from service.errors import conflict, not_found
from service.records import enquiries, rankings, researchers, shortlists
from service.records.corpus import Corpus
from service.records.database import Unit
from service.records.tables import Person, Researcher, ShortlistDecision
from service.states import EnquiryState
from service.vocabulary import SHORTLIST_DECISIONS
from service.workflows.commands import Line


class ShortlistEntry(Sent):
    """What is decided of one person, for one brief."""

    decision: ShortlistChoice
    reason: PassingReason | None = Field(default=None, description="Why they are passed over; then it is required.")
    words: Line | None = Field(default=None, description="What more there is to say; required with the reason `other`.")
    replaces: UUID | None = Field(
        default=None,
        description="The decision that stands and that this one takes the place of: required where there is one.",
    )

    @model_validator(mode="after")
    def _says_why(self) -> "ShortlistEntry":
        if self.decision == "passed_over" and self.reason is None:
            raise ValueError("Say why they are passed over: give a reason.")
        if self.decision == "shortlisted" and (self.reason or self.words):
            raise ValueError("A reason is for somebody who is passed over: leave reason and words out.")
        if self.reason == "other" and self.words is None:
            raise ValueError("Say the other reason in words.")
        return self


def decide(
    unit: Unit, ctx: Context, enquiry_id: UUID, researcher_id: UUID, entry: ShortlistEntry, corpus: Corpus | None
) -> ShortlistDecision:
    """Record what a manager decides of somebody, with their place in the ranking at that moment, and return it.

    The same again changes nothing. Raises Problem 404 for somebody who is not in the directory, 409 where their entry
    was merged, the enquiry is closed, or another decision stands that this one does not say it replaces.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    researcher = _listed(unit, researcher_id)
    before = shortlists.every_standing(unit, enquiry_id, researcher_id)
    if before and _says_the_same(before[0], entry):
        return before[0]
    if enquiry.state == EnquiryState.CLOSED:
        raise conflict("This enquiry is closed: whom it could go to is not decided any more. Reopen it first.")
    _require_seen(unit, before, researcher, entry.replaces)
    kept = rankings.keep(unit, corpus, enquiry_id, ctx.now, "decision", researcher_id)
    _end(unit, ctx, before, "replaced")
    made = ShortlistDecision(
        enquiry_id=enquiry_id,
        researcher_id=researcher_id,
        organisation_id=researcher.organisation_id,
        snapshot_id=kept.snapshot.id if kept.snapshot else None,
        decision=entry.decision,
        reason=entry.reason,
        words=entry.words,
        standing=kept.place.standing,
        rank=kept.place.rank,
        score=kept.place.score,
        newcomer=kept.place.is_newcomer,
        decided_at=ctx.now,
        decided_by_id=ctx.actor.person_id,
    )
    unit.add(made)
    unit.flush()
    audit(
        unit, ctx, "shortlist" if entry.decision == "shortlisted" else "pass_over", f"researcher:{researcher_id}",
        enquiry=enquiry.reference, why=entry.reason,
    )  # fmt: skip
    return made


def take_back(
    unit: Unit, ctx: Context, enquiry_id: UUID, researcher_id: UUID, replaces: UUID | None = None
) -> ShortlistDecision | None:
    """Take back what stands of somebody, and return it; None where nothing stands, which twice over is no harm.

    What was decided stays as history. Raises Problem 404 for somebody who is not in the directory, and 409 where the
    enquiry is closed or something else stands than the decision `replaces`, where that is given.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    researcher = _listed(unit, researcher_id)
    before = shortlists.every_standing(unit, enquiry_id, researcher_id)
    if not before:
        return None
    if enquiry.state == EnquiryState.CLOSED:
        raise conflict("This enquiry is closed: what was decided of people stays as it was. Reopen it first.")
    if replaces is not None:
        _require_seen(unit, before, researcher, replaces)
    _end(unit, ctx, before, "taken_back")
    audit(unit, ctx, "take_back", f"researcher:{researcher_id}", enquiry=enquiry.reference, decision=before[0].decision)
    return before[0]


def _listed(unit: Unit, researcher_id: UUID) -> Researcher:
    found = researchers.find(unit, researcher_id)
    if found is None:
        raise not_found("researcher")
    if found.merged_into_id is not None:
        raise conflict(
            "This entry was merged: decide of the one that stands for it.", existing=str(found.merged_into_id)
        )
    return found


def _says_the_same(row: ShortlistDecision, entry: ShortlistEntry) -> bool:
    return (row.decision, row.reason, row.words) == (entry.decision, entry.reason, entry.words)


def _require_seen(
    unit: Unit, before: Sequence[ShortlistDecision], researcher: Researcher, replaces: UUID | None
) -> None:
    """Refuse to undo unseen what somebody else decided meanwhile. Raises Problem 409."""
    if before and before[0].id != replaces:
        [stands] = before[:1]
        person = unit.get(Person, stands.decided_by_id) if stands.decided_by_id else None
        said = SHORTLIST_DECISIONS[stands.decision].lower()
        why = f" ({shortlists.why(stands)})" if shortlists.why(stands) else ""
        raise conflict(
            f"{person.name if person else 'Somebody'} has {said} {researcher.name}{why} already. Look at that first; to "
            "decide otherwise, name the decision that yours replaces.",
            standing=str(stands.id),
        )
    if not before and replaces is not None:
        raise conflict(
            f"The decision on {researcher.name} that you saw was taken back meanwhile. Look again before deciding."
        )


def _end(unit: Unit, ctx: Context, rows: Sequence[ShortlistDecision], how: str) -> None:
    for row in rows:
        row.ended_at, row.ended_by_id, row.ended_how = ctx.now, ctx.actor.person_id, how
        unit.add(row)
    unit.flush()
