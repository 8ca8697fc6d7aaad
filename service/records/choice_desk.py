"""The choice as a manager weighs it: every team beside the others, what the enquirer prefers, and the offers made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.context import Context
from service.records import answers, calls, conversation
from service.records.answers import InterestRow, OfferRow
from service.records.database import Unit
from service.records.enquiries import one
from service.records.snapshots import snapshot
from service.records.surroundings import quoted, surroundings
from service.records.tables import Entry, Offer, Person
from service.records.usual_days import if_known, usual_respond_by
from service.states import EnquiryState, OfferState
from service.workflows.commands import MakeOffer
from service.workflows.decide import possibilities
from service.workflows.facts import EnquiryFacts
from service.workflows.machines import ENQUIRY
from service.workflows.preferring import why_no_preference, why_not_quoted
from service.workflows.verdicts import GuardFailure
from service.working_time import Reckoning, local_date

MOST = 500
"""Teams and offers are read up to this many: no enquiry has had a tenth of it."""


@dataclass(frozen=True, slots=True)
class Team:
    """One team that would do the work. `place` is its place in the enquirer's order, 1 being most wanted."""

    id: UUID
    version: int
    organisation_id: UUID
    university: str
    lead_name: str
    lead_email: str
    others: tuple[str, ...]
    with_universities: tuple[str, ...]
    statement: str
    capacity_days: int
    earliest_start: date
    cost_band: str
    conflicts: str | None
    conflicts_cleared_at: datetime | None
    shown_to_enquirer: bool
    late: bool
    submitted_at: datetime
    amended_at: datetime | None
    brief_version: int
    place: int | None
    answer: OfferState | None
    """What became of the newest offer to it, or None when there was none."""
    has_turned_down: bool
    is_withdrawn: bool
    """Its call was pulled, so it can no longer be chosen."""
    warnings: tuple[str, ...]

    @property
    def name(self) -> str:
        """The team as it is told from others."""
        return f"{self.lead_name}, {self.university}"

    @property
    def can_be_chosen(self) -> bool:
        """Tell whether an offer could go to it."""
        return not (self.is_withdrawn or self.has_turned_down)


@dataclass(frozen=True, slots=True)
class OfferMade:
    """One offer, and its answer. `has_lapsed` while it is open past its day."""

    id: UUID
    interest_id: UUID
    team: str
    state: OfferState
    offered_at: datetime
    respond_by: date
    answered_at: datetime | None
    decline_reason: str | None
    alternates: tuple[str, ...]
    has_lapsed: bool


@dataclass(frozen=True, slots=True)
class Preferred:
    """What the enquirer last said of the teams they were shown."""

    recorded_at: datetime
    by: str
    teams: tuple[str, ...]
    comment: str | None
    entry_id: UUID | None = None
    """The entry that a manager quoted, who recorded it for them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything that is weighed, in the order the teams came."""

    version: int
    state: EnquiryState
    question: str
    teams: tuple[Team, ...]
    preferred: Preferred | None
    has_met: bool
    """A meeting of the enquirer with researchers was logged since the call opened."""
    offers: tuple[OfferMade, ...]
    next_alternates: tuple[Team, ...]
    """After an offer that was turned down: its alternates still free, in order."""
    usual: Reckoning | None
    """The usual day to answer an offer by; None where the calendar does not reach that far."""
    can_offer: bool
    why_not: str | None
    available: tuple[str, ...]
    why_no_preference: str | None
    """Why the enquirer's preference cannot be recorded for them now; None while it can."""

    def team(self, interest_id: UUID | None) -> Team | None:
        """Return one team, or None."""
        return next((each for each in self.teams if each.id == interest_id), None)


def choice(unit: Unit, ctx: Context, enquiry_id: UUID) -> Choice:
    """Return the choice of an enquiry as it stands now."""
    enquiry = one(unit, enquiry_id)
    facts = snapshot(unit, ctx, enquiry)
    possible = possibilities(facts, ctx.actor, surroundings(unit, ctx, enquiry))
    made = calls.offers(unit, enquiry_id)
    teams = _teams(facts, answers.interests(unit, enquiry_id, limit=MOST), made)
    named = {team.id: team for team in teams}
    closing = made[-1] if made and made[-1].state == OfferState.DECLINED else None
    return Choice(
        version=enquiry.version,
        state=facts.state,
        question=enquiry.question,
        teams=teams,
        preferred=_preferred(unit, enquiry_id, named),
        has_met=facts.joint_meeting_logged,
        offers=tuple(_offer(row, named, local_date(ctx.now)) for row in answers.offers(unit, enquiry_id, limit=MOST)),
        next_alternates=tuple(
            named[each] for each in (calls.free_alternates(unit, closing) if closing else ()) if each in named
        ),
        usual=if_known(lambda: usual_respond_by(unit, ctx, enquiry)),
        can_offer="offer" in possible.available,
        why_not=dict(possible.refused).get("offer"),
        available=possible.available,
        why_no_preference=_why_no_preference(facts),
    )


def _why_no_preference(facts: EnquiryFacts) -> str | None:
    if any(interest.show_enquirer for interest in facts.interests):
        return why_no_preference(facts)
    return "No team asked to be shown to the enquirer, so there is nothing for them to choose between."


def why_not_quotable(unit: Unit, enquiry_id: UUID, entry: Entry | None) -> str | None:
    """Return why a manager may not record the enquirer's preference on the word of an entry; None when they may."""
    told = quoted(entry) if entry is not None and entry.enquiry_id == enquiry_id else None
    return why_not_quoted(told, *_since(unit, enquiry_id))


def quotable(unit: Unit, enquiry_id: UUID) -> list[Entry]:
    """Return the entries in which the enquirer may have said what they prefer, the newest first."""
    since = _since(unit, enquiry_id)
    said = reversed(conversation.entries(unit, enquiry_id))
    return [entry for entry in said if why_not_quoted(quoted(entry), *since) is None]


def _since(unit: Unit, enquiry_id: UUID) -> tuple[datetime | None, datetime | None]:
    """Return when the first team was there to be seen, and when the enquirer last said themselves what they prefer."""
    shown = [each.submitted_at for each in calls.live_interests(unit, enquiry_id) if each.show_enquirer]
    said = calls.newest_preference(unit, enquiry_id)
    return min(shown, default=None), said.recorded_at if said is not None and said.entry_id is None else None


def standing_guards(unit: Unit, ctx: Context, enquiry_id: UUID, interest_id: UUID | None) -> tuple[GuardFailure, ...]:
    """Return what an offer to a team would still have to be waived for; without a team, what holds for any."""
    enquiry = one(unit, enquiry_id)
    facts, row = snapshot(unit, ctx, enquiry), ENQUIRY.transitions["offer"]
    command = MakeOffer(interest=interest_id) if interest_id else None
    around = surroundings(unit, ctx, enquiry, command)
    found = ((guard, guard.check(facts, command, ctx.actor, around)) for guard in row.guards if guard.waivable)
    return tuple(GuardFailure(guard.code, detail, guard.waivable) for guard, detail in found if detail is not None)


def _teams(facts: EnquiryFacts, rows: Sequence[InterestRow], made: Sequence[Offer]) -> tuple[Team, ...]:
    places = {interest: place for place, interest in enumerate(facts.preferred, 1)}
    answered = {offer.interest_id: OfferState(offer.state) for offer in made}
    declined = {offer.interest_id for offer in made if offer.state == OfferState.DECLINED}
    warns = ENQUIRY.transitions["offer"].warns
    return tuple(
        Team(
            id=found.id,
            version=found.version,
            organisation_id=found.organisation_id,
            university=university.name,
            lead_name=found.lead_name,
            lead_email=found.lead_email,
            others=tuple(found.team),
            with_universities=tuple(found.with_universities),
            statement=found.statement,
            capacity_days=found.capacity_days,
            earliest_start=found.earliest_start,
            cost_band=found.cost_band,
            conflicts=found.conflicts,
            conflicts_cleared_at=found.conflicts_cleared_at,
            shown_to_enquirer=found.show_enquirer,
            late=found.late,
            submitted_at=found.submitted_at,
            amended_at=found.amended_at,
            brief_version=found.brief_version,
            place=places.get(found.id),
            answer=answered.get(found.id),
            has_turned_down=found.id in declined,
            is_withdrawn=call.pulled_at is not None,
            warnings=warns(facts, MakeOffer(interest=found.id)) if warns else (),
        )
        for found, call, university in rows
    )


def _preferred(unit: Unit, enquiry_id: UUID, named: dict[UUID, Team]) -> Preferred | None:
    found = calls.newest_preference(unit, enquiry_id)
    if found is None:
        return None
    person = unit.get(Person, found.person_id) if found.person_id else None
    ranked = [named[each].name for each in map(UUID, found.ranked) if each in named]
    by = person.name if person else "The enquirer"
    return Preferred(found.recorded_at, by, tuple(ranked), found.comment, found.entry_id)


def _offer(row: OfferRow, named: dict[UUID, Team], today: date) -> OfferMade:
    made, interest, university = row
    return OfferMade(
        id=made.id,
        interest_id=interest.id,
        team=f"{interest.lead_name}, {university.name}",
        state=OfferState(made.state),
        offered_at=made.offered_at,
        respond_by=made.respond_by,
        answered_at=made.answered_at,
        decline_reason=made.decline_reason,
        alternates=tuple(named[each].name for each in map(UUID, made.alternates) if each in named),
        has_lapsed=made.state == OfferState.OPEN and made.respond_by < today,
    )
