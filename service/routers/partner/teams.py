"""A university's interest in a brief: who would lead, what they bring and when; several are welcome, each may be amended."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import respond
from service.errors import Problem, not_found
from service.records import calls, enquiries
from service.records import researchers as directory
from service.records.calls import InterestRow
from service.records.database import Unit
from service.routers.form_schemas import YES_NO
from service.routers.forms import Filled, Mistakes, Posted, PostedForm, date_parts
from service.routers.identifiers import PathId, meant
from service.routers.partner.desk import AnyContact, Contact
from service.routers.team_form import read_team
from service.routers.university_views import received_brief, sent_row

router = APIRouter(include_in_schema=False)

_TOLD = {
    "lead.researcher_id": "Choose one of your researchers, or nobody from the list",
    "statement": "Say what makes this team right for it, in at most 20,000 characters",
    "show_enquirer": "Say whether the enquirer may see this team",
}
_FIELDS = (
    "team", "with_universities", "statement", "capacity_days", "earliest_start", "cost_band", "conflicts",
    "show_enquirer",
)  # fmt: skip
_LEAD = ("lead_researcher_id", "lead_name", "lead_email")


@router.get("/partner/briefs/{brief_id}/interest")
def ask_interest(here: AnyContact, brief_id: PathId) -> Response:
    """Who would do the work, and on what terms?"""
    return _page(here, meant(brief_id, "brief"), Filled())


@router.post("/partner/briefs/{brief_id}/interest")
def take_interest(here: AnyContact, brief_id: PathId, posted: PostedForm) -> Response:
    """Offer the team. The same team offered again is the same button pressed twice."""
    wanted = meant(brief_id, "brief")
    _, enquiry, _ = here.read(lambda unit: sent_row(unit, wanted, here.university.id))
    mistakes = Mistakes()
    team = _team(here, posted, mistakes)

    def again(form: Filled, status: int) -> Response:
        return _page(here, wanted, form, status=status)

    if team is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        enquiries.lock(unit, enquiry.id)
        standing = calls.interests_of(unit, enquiry.id, here.university.id)
        if not any(_differences(each, team) == frozenset() for each in standing):
            respond.offer_interest(unit, here.ctx, enquiry.id, here.university.id, team)

    return here.put(posted, work, again, f"/partner/briefs/{wanted}", "interest")


@router.get("/partner/interests/{interest_id}")
def show_interest(here: AnyContact, interest_id: PathId) -> Response:
    """An interest of this university, to be changed."""
    found, brief_id = _own(here, interest_id)
    return _page(here, brief_id, _as_it_stands(found), found)


@router.post("/partner/interests/{interest_id}")
def change_interest(here: AnyContact, interest_id: PathId, posted: PostedForm) -> Response:
    """Save what changed, until an offer is accepted."""
    found, brief_id = _own(here, interest_id)
    mistakes = Mistakes()
    team = _team(here, posted, mistakes)

    def again(form: Filled, status: int) -> Response:
        return _page(here, brief_id, form, _own(here, interest_id)[0], status=status)

    if team is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        enquiries.lock(unit, found.enquiry_id)
        standing = calls.interest(unit, found.id)
        changed = _differences(standing, team) if standing else frozenset()
        if standing is None or not changed:
            return
        if posted.line("seen") != str(standing.version):
            raise Problem(
                "precondition-failed",
                412,
                "Somebody of your university changed this while you were writing. What stands now is shown above the "
                "form; your words are still in it. Save again to put yours in its place.",
            )
        amended = replace(team, amended=changed)
        respond.amend_interest(unit, here.ctx, found.id, here.university.id, amended)

    return here.put(posted, work, again, f"/partner/briefs/{brief_id}", "amended")


def _own(here: Contact, interest_id: str) -> tuple[InterestRow, UUID]:
    wanted = meant(interest_id, "interest")

    def work(unit: Unit) -> tuple[InterestRow, UUID]:
        found = calls.interest(unit, wanted)
        if found is None or found.organisation_id != here.university.id:
            raise not_found("interest")
        return found, calls.brief_of(unit, found)

    return here.read(work)


def _team(here: Contact, posted: Posted, mistakes: Mistakes) -> respond.Team | None:
    known = here.read(lambda unit: directory.of_university(unit, here.university.id))
    return read_team(posted, mistakes, known, _TOLD)


def _kept(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _differences(standing: InterestRow, team: respond.Team) -> frozenset[str]:
    """Return what a team says differently from an interest, by the names that an amendment takes."""
    differing = {name for name in _FIELDS if _kept(getattr(standing, name)) != getattr(team, name)}
    if any(getattr(standing, name) != getattr(team, name) for name in _LEAD):
        differing.add("lead")
    return frozenset(differing)


def _as_it_stands(found: InterestRow) -> Filled:
    values: dict[str, str | list[str]] = {
        "seen": str(found.version),
        "lead_researcher_id": str(found.lead_researcher_id or ""),
        "lead_name": found.lead_name,
        "lead_email": found.lead_email,
        "team": "\n".join(found.team),
        "with_universities": "\n".join(found.with_universities),
        "statement": found.statement,
        "capacity_days": str(found.capacity_days),
        "cost_band": found.cost_band,
        "conflicts": found.conflicts or "",
        "show_enquirer": "yes" if found.show_enquirer else "no",
    }
    return Filled(values | date_parts("earliest_start", found.earliest_start))


def _page(
    here: Contact, brief_id: UUID, form: Filled, standing: InterestRow | None = None, *, status: int = 200
) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        row = sent_row(unit, brief_id, here.university.id)
        known = [each for each in directory.of_university(unit, here.university.id) if not each.hidden]
        return {
            "brief": received_brief(unit, here.ctx, row),
            "closed": respond.why_no_interest(row[1], row[0]),
            "researchers": sorted(known, key=lambda each: each.name.casefold()),
        }

    told = {
        **here.read(work),
        "form": form,
        "standing": standing,
        "yes_no": YES_NO,
        "back": f"/partner/briefs/{brief_id}",
        "stale": status == 412,
    }
    return here.page("interest.html", told, status=status)
