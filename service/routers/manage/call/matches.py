"""Who could answer: the ranking with its reasons, a team, and the way from there to the call. People choose."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.matching import Item, Ranking, ResearcherProfile, Unmet
from service.records import corpus, people, researchers, shortlists
from service.records.database import Unit
from service.records.enquiries import one
from service.routers.learning import learn_brief
from service.routers.manage.call.shortlist import DONE, ONWARD
from service.routers.manage.desk import AtCase, Case
from service.routers.services import services_of
from service.states import EnquiryState
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

LIMITS = (10, 20, 50, 100)
USUAL_LIMIT = 20

SIGNALS: dict[str, str] = {
    "publications": "Publications on the subject",
    "statement": "Their own statement and keywords",
    "topics": "Topics",
    "methods": "Methods wanted",
    "population": "People and settings",
    "recency": "Recent work on the subject",
    "co_production": "Work done together with those who use it",
    "availability": "Could start in time",
    "load": "Days still free",
}
"""What each part of a score is called."""
_NEEDS = {"topic": vocabulary.TOPICS, "method": vocabulary.METHODS}


@dataclass(frozen=True, slots=True)
class MatchedUniversity:
    """A university with people among those ranked: their names, best first."""

    id: UUID
    name: str
    people: tuple[str, ...]
    is_partner: bool


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One place in the proposed team, what it is there for in words, and who could stand in."""

    person: ResearcherProfile
    is_lead: bool
    covers: list[str]
    alternates: tuple[ResearcherProfile, ...]


@router.get("/manage/enquiries/{reference}/matches")
def show_matches(case: Case, limit: str = "", done: str = "") -> Response:
    """Researchers ranked for the brief, or for the question while there is none; the limit stands in the address."""
    most = int(limit) if limit in {str(each) for each in LIMITS} else USUAL_LIMIT
    learn_brief(services_of(case.desk.request), case.ctx, case.enquiry_id)

    def work(unit: Unit) -> dict[str, object]:
        found = ranking(unit, case, most)
        partners = {university.id for university in people.partner_universities(unit)}
        enquiry = one(unit, case.enquiry_id)
        standing = {str(key): each for key, each in shortlists.standing(unit, case.enquiry_id).items()}
        return {
            "found": found,
            "standing": standing,
            "shortlisted": [(key, each) for key, each in standing.items() if each.row.decision == "shortlisted"],
            "may_decide": enquiry.state != EnquiryState.CLOSED,
            "listed": {
                str(key): row
                for key, row in researchers.rows(unit, [UUID(item.researcher.id) for item in found.items]).items()
            },
            "suggested": [item for item in found.items if not item.excluded],
            "left_out": [item for item in found.items if item.excluded],
            "is_off_subject": any(_off_subject(unmet) for unmet in found.unmet),
            "team": team_of(found),
            "uncovered": [in_words(need) for need in found.team.uncovered] if found.team else [],
            "universities": universities_of(found.items, partners),
            "limit": most,
            "limits": LIMITS,
            "signals": SIGNALS,
            "question": enquiry.question,
            "state": enquiry.state,
            "decisions": vocabulary.SHORTLIST_DECISIONS,
            "done": DONE.get(done),
            "onward": ONWARD.get(done),
        }

    return case.page("manage/matches.html", case.desk.read(work))


def _off_subject(unmet: Unmet) -> bool:
    """Tell whether it stands in the way that the subject, as it is put, is nobody's."""
    return "subject" in unmet.requirement.split("+") or unmet.requirement == "not_enough_to_go_on"


def ranking(unit: Unit, case: AtCase, limit: int) -> Ranking:
    """Return who could answer an enquiry, at most `limit` suggested and at most `limit` left out."""
    brief = corpus.brief_profile(unit, case.enquiry_id)
    known = services_of(case.desk.request).corpus
    return known.ranking(unit, brief, today=local_date(case.ctx.now), limit=limit)


def universities_of(items: Iterable[Item], partners: Iterable[UUID]) -> list[MatchedUniversity]:
    """Return the universities of those suggested, the one with the best ranked person first."""
    known = set(partners)
    found: dict[UUID, list[ResearcherProfile]] = {}
    for item in items:
        if not item.excluded:
            found.setdefault(UUID(item.researcher.university_id), []).append(item.researcher)
    return [
        MatchedUniversity(university, ranked[0].university, tuple(each.name for each in ranked), university in known)
        for university, ranked in found.items()
    ]


def team_of(found: Ranking) -> list[TeamMember]:
    """Return the proposed team, its lead first; empty when nobody can be suggested."""
    members = found.team.members if found.team else ()
    return [
        TeamMember(each.researcher, each.role == "lead", [in_words(need) for need in each.covers], each.alternates)
        for each in members
    ]


def in_words(need: str) -> str:
    """Return what a code such as "method:economic" stands for."""
    kind, _, code = need.partition(":")
    return _NEEDS.get(kind, {}).get(code, code.replace("_", " "))
