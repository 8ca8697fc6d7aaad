"""What is like an enquiry: on its page while there is still a way to be chosen, and whole on a page of its own."""

from collections.abc import Collection
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import enquiries, kin
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.routers.learning import learn_question
from service.routers.manage.desk import AtCase, Case
from service.routers.services import services_of
from service.states import EnquiryState, Outcome
from service.workflows.decide import possibilities
from service.workflows.exits import OUTCOMES, outcomes_from

router = APIRouter(include_in_schema=False)

MOST_BESIDE, MOST = 4, 50
EARLY = frozenset({EnquiryState.TRIAGE, EnquiryState.SCOPING, EnquiryState.DRAFTING, EnquiryState.SIGN_OFF})
"""Before a call: what was asked already can still change what happens."""
KINDS: dict[str, str] = {"enquiry": "Enquiry", "answer": "Published answer", "study": "Study under way"}


class CloseWays:
    """The one step from something like an enquiry to closing it: a form filled in, where the machine allows it."""

    def __init__(self, case: AtCase, outcomes: Collection[Outcome]) -> None:
        self._case = case
        self._outcomes = outcomes

    def of(self, item: kin.Kin) -> list[tuple[str, str]]:
        """Return what its links say, and where they lead."""
        ways: list[tuple[str, dict[str, str]]] = []
        if item.kind == "answer" and Outcome.SIGNPOSTED in self._outcomes:
            to = f"{item.title[:300]} ({self._site}/answers/{item.id})"
            ways.append(("Point them to it", {"outcome": Outcome.SIGNPOSTED, "signposted_to": to}))
        if item.kind == "study" and Outcome.PARALLEL_STUDY in self._outcomes:
            reason = f"The study of {item.reference} looks into it."
            ways.append(("Close, as this study looks into it", {"outcome": Outcome.PARALLEL_STUDY, "reason": reason}))
        if item.near_duplicate and Outcome.DUPLICATE in self._outcomes:
            ways.append(("Merge into it", {"outcome": Outcome.DUPLICATE, "target": item.reference}))
        return [(label, f"{self._case.path}/do/close?{urlencode(asked)}") for label, asked in ways]

    @property
    def _site(self) -> str:
        return services_of(self._case.desk.request).settings.base_url.rstrip("/")


def close_ways(case: AtCase, state: str, available: Collection[str]) -> CloseWays:
    """Return the ways of closing that are open to this manager now."""
    is_possible = "close" in available
    return CloseWays(case, outcomes_from(EnquiryState(state), case.ctx.actor.role) if is_possible else ())


def like(unit: Unit, case: AtCase, state: str) -> kin.Related | None:
    """Return what is like an enquiry for its main page: what asks much the same first; None once a call was out."""
    return _related(unit, case, MOST_BESIDE) if state in EARLY else None


@router.get("/manage/enquiries/{reference}/related")
def show_related(case: Case) -> Response:
    """Earlier enquiries, published answers and studies like it, each with why and what can be done."""
    learn_question(services_of(case.desk.request), case.ctx, case.enquiry_id)

    def work(unit: Unit) -> dict[str, object]:
        enquiry = enquiries.one(unit, case.enquiry_id)
        facts, around = snapshot(unit, case.ctx, enquiry), surroundings(unit, case.ctx, enquiry)
        return {
            "alike": _related(unit, case, MOST),
            "close_ways": close_ways(case, enquiry.state, possibilities(facts, case.ctx.actor, around).available),
            "question": enquiry.question,
        }

    told = {"kinds": KINDS, "outcomes": OUTCOMES, **case.desk.read(work)}
    return case.page("manage/related.html", told)


def _related(unit: Unit, case: AtCase, most: int) -> kin.Related:
    services = services_of(case.desk.request)
    return kin.related(unit, services.matters, services.library, case.enquiry_id, limit=most)
