"""What a project's page shows, the same to the university's contact and to the lead, but for the buttons."""

from service.actions import commissioning, costs
from service.context import Context
from service.records.database import Unit
from service.records.projects import ProjectRow, sides_not_asked
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.routers.cost_form import MOST_LINES, filled_with, rows_for, rows_sent
from service.routers.forms import Filled, Posted
from service.routers.project_views import own_project_shown
from service.vocabulary import AGREEMENT_SECTIONS
from service.workflows.decide import possibilities, project_possibilities


def project_told(unit: Unit, ctx: Context, row: ProjectRow) -> dict[str, object]:
    """Return what the templates of a project are told: the project, and what this reader could do to it now."""
    project, enquiry = row
    shown = own_project_shown(unit, row)
    available: set[str] = set()
    if enquiry.project_id == project.id:
        facts, around = snapshot(unit, ctx, enquiry), surroundings(unit, ctx, enquiry)
        available |= set(possibilities(facts, ctx.actor, around).available)
        available |= set(project_possibilities(facts, ctx.actor, around).available)
    terms = {AGREEMENT_SECTIONS[code]: text for code in AGREEMENT_SECTIONS if (text := getattr(shown.agreement, code))}
    return {
        "project": shown,
        "available": available,
        "no_costs": costs.obstacle(project, enquiry),
        "no_papers": commissioning.obstacle(project, enquiry),
        "terms": terms,
        "is_asked_of_use": "lead" not in sides_not_asked(project),
        "is_signed": any(each.party == "university" for each in shown.agreement.signatures),
    }


def forms_told(form: Filled | None, posted: Posted | None, told: dict[str, object]) -> dict[str, object]:
    """Return the forms of a project's page: each as it stands, the one that was sent as it was sent."""
    shown = told["project"].costs  # type: ignore[attr-defined]  # an OwnProject, as project_told gives it
    sent = posted is not None and any(name in posted for name in ("label-1", "costs_seen"))
    costs_form = form if form is not None and sent else Filled(filled_with(shown))
    more = posted is not None and posted.line("event") == "more"
    return {
        "form": form or Filled(),
        "costs_form": costs_form,
        "rows": rows_sent(posted, more=more) if sent and posted is not None else rows_for(len(shown.lines)),
        "most": MOST_LINES,
    }
