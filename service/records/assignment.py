"""Open briefs that want people, and a proposal of who could take which."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.matching import Assignment, Candidates, OpenBrief, Proposal, Terms, assign
from service.records import queue
from service.records.corpus import Corpus, brief_profile
from service.records.database import Unit
from service.records.queue import Filters
from service.records.tables import Enquiry
from service.states import EnquiryState

WANTING = (
    EnquiryState.TRIAGE,
    EnquiryState.SCOPING,
    EnquiryState.DRAFTING,
    EnquiryState.SIGN_OFF,
    EnquiryState.OPEN_CALL,
    EnquiryState.SELECTING,
)
"""Where somebody may be wanted: later there is a lead."""
USUAL = (EnquiryState.DRAFTING, EnquiryState.SIGN_OFF, EnquiryState.OPEN_CALL)
"""Where a call is open, or about to open."""
MOST_BRIEFS = 100
MOST_CANDIDATES = 100
"""For each brief. As many as there can be briefs: whoever is taken up elsewhere, somebody is left among them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which briefs: those in `states` (USUAL when none are named), of an owner, or with these references in any state of WANTING.

    Those on hold wait, unless they are named. At most `limit`, the most pressing first.
    """

    states: Collection[str] = ()
    references: Collection[str] = ()
    owner: UUID | None = None
    unowned: bool = False
    limit: int = MOST_BRIEFS

    @property
    def filters(self) -> Filters:
        """Return them as the queue is asked for them."""
        return Filters(
            states=self.states or (WANTING if self.references else USUAL),
            references=self.references,
            owner=self.owner,
            unowned=self.unowned,
            flags={} if self.references else {"on_hold": False},
        )


@dataclass(frozen=True, slots=True)
class Wanting:
    """One open brief, who could take it, and who is proposed."""

    enquiry: Enquiry
    candidates: Candidates
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class SharedOut:
    """The briefs, the most pressing first, with what is proposed; whether there are more of them than were looked at."""

    briefs: tuple[Wanting, ...]
    assignment: Assignment
    has_more: bool


def meant(unit: Unit, wanted: Wanted, today: date) -> list[UUID]:
    """Return the ids of the enquiries in question."""
    return [enquiry.id for enquiry in _enquiries(unit, wanted, today)[: wanted.limit]]


def shared_out(unit: Unit, corpus: Corpus, wanted: Wanted, terms: Terms, today: date) -> SharedOut:
    """Return who could take which of the briefs in question. Nothing is decided by it, and nothing is written down.

    Whom each person leads for already comes from live offers and projects, whatever `terms` say.
    """
    found = _enquiries(unit, wanted, today)
    enquiries = found[: wanted.limit]
    asked = [brief_profile(unit, enquiry.id) for enquiry in enquiries]
    known = corpus.candidates(unit, asked, today=today, days=terms.days, most=MOST_CANDIDATES)
    briefs = [
        OpenBrief(str(enquiry.id), enquiry.reference or "", each.people, each.why_nobody)
        for enquiry, each in zip(enquiries, known, strict=True)
    ]
    assignment = assign(briefs, Terms(terms.per_brief, terms.per_university, terms.days, corpus.leads(unit)))
    parts = zip(enquiries, known, assignment.proposals, strict=True)
    return SharedOut(tuple(Wanting(*part) for part in parts), assignment, len(found) > wanted.limit)


def _enquiries(unit: Unit, wanted: Wanted, today: date) -> list[Enquiry]:
    """Return one more than the limit, where there are more."""
    rows = queue.page(unit, wanted.filters, today=today, limit=wanted.limit + 1)
    return [row.standing.enquiry for row in rows]
