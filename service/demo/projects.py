"""The second half of a plot: costs, money, agreement, work, delivery and what it changed."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from service.actions.agreement import Signed, save_agreement, sign
from service.actions.costs import Line, save_costs
from service.actions.deliverables import add_deliverable, change_deliverable
from service.actions.funding import Source, add_funding_line
from service.actions.outcomes import Use, record_outcome
from service.actions.progress import progress_project
from service.actions.reports import add_report
from service.demo.case import Case
from service.records import projects
from service.records.tables import Organisation
from service.states import Outcome
from service.workflows import commands as c
from service.working_time import local_date

Days = Iterator[float]


def run_project(case: Case) -> Days:
    """Tell the project from its costs to its ending. Yields days to wait."""
    yield from _costed(case)
    if case.plot.ending in {"costing", "funding"}:
        return
    if case.plot.ending == "no_funding":
        yield case.stage.chance.uniform(20, 40)
        case.does(c.Close(outcome=Outcome.NO_FUNDING, reason="The grant was not awarded and no other money was found."))
        return
    yield from _contracted(case)
    if case.plot.ending == "contracting":
        return
    yield from _worked(case)


def _costed(case: Case) -> Days:
    project, chance = case.project(), case.stage.chance
    university = case.stage.university(project.organisation_id)
    start = local_date(case.stage.now) + timedelta(days=30)
    lines = [
        Line("Researcher time", Decimal(chance.randrange(4, 15) * 1000), "cash"),
        Line("Travel and transcription", Decimal(650), "cash"),
        Line("Supervision", Decimal(1500), "in_kind"),
    ]
    case.asks(lambda unit, ctx: save_costs(unit, ctx, project.id, lines, start, start + timedelta(days=60)), university)
    case.does(c.SubmitCosting(), university)
    yield chance.uniform(2, 6)
    if case.plot.ending == "costing":
        return
    case.does(c.AgreeCosts(version=case.project().costs_version), case.enquirer)
    yield chance.uniform(3, 8)


def _contracted(case: Case) -> Days:
    project, chance = case.project(), case.stage.chance
    total = case.stage.database.read(lambda unit: sum(line.amount for line in projects.cost_lines(unit, project)))
    source = Source(case.plot.asker.organisation, Decimal(total), "cash", "confirmed", "Purchase order on file")
    case.asks(lambda unit, ctx: add_funding_line(unit, ctx, project.id, source))
    case.does(c.ConfirmFunding(route="funded"))
    yield chance.uniform(2, 6)
    university = case.stage.database.read(lambda unit: unit.get(Organisation, project.organisation_id))
    parties = [case.plot.asker.organisation, university.name if university else "The university"]
    terms = {
        "roles": "The university carries out the work; the commissioner gives access to data and people.",
        "ground_rules": "Questions are answered within five working days; findings are discussed before they are shared.",
        "decision_rights": "The brief changes only when both agree.",
        "publication_terms": "Open access; the commissioner sees a draft 30 days before.",
        "ethics_route": "University ethics committee",
        "data_protection_route": "Anonymised data under the partners' agreement",
    }
    case.asks(lambda unit, ctx: save_agreement(unit, ctx, project.id, parties, terms))
    today = local_date(case.stage.now)
    for party, person, body in (
        ("commissioner", case.plot.asker.name, parties[0]),
        ("university", "Research Office", parties[1]),
    ):
        signed = Signed(party, person, body, today, "Signed copy on file")
        case.asks(lambda unit, ctx, s=signed: sign(unit, ctx, project.id, s))  # type: ignore[misc]  # mypy cannot type a default in a lambda
    due = project.end_on or today
    case.asks(lambda unit, ctx: add_deliverable(unit, ctx, project.id, "Summary and report", due))
    yield chance.uniform(1, 4)
    if case.plot.ending != "contracting":
        case.does(c.Commission())


def _worked(case: Case) -> Days:
    project, chance = case.project(), case.stage.chance
    university = case.stage.university(project.organisation_id)
    yield chance.uniform(20, 35)
    case.asks(
        lambda unit, ctx: add_report(unit, ctx, project.id, "Interviews are done; the data arrived last week."),
        university,
    )
    if case.plot.ending == "commissioned":
        return
    yield chance.uniform(25, 45)
    deliverable = case.stage.database.read(lambda unit: projects.deliverables(unit, project.id))[0]
    case.asks(
        lambda unit, ctx: change_deliverable(unit, ctx, project.id, deliverable.id, {"status": "delivered"}), university
    )
    case.asks(
        lambda unit, ctx: progress_project(unit, ctx, case.id, c.Deliver(note="Summary and report sent.")), university
    )
    yield chance.uniform(2, 7)
    case.asks(lambda unit, ctx: progress_project(unit, ctx, case.id, c.AcceptDelivery()), case.enquirer)
    yield chance.uniform(2, 5)
    case.does(
        c.Complete(
            plain_summary="It helped most where people had helped to design it, and cost less than the service it replaced.",
            output="Summary and report",
            publication="Both published openly, with the council's agreement.",
        )
    )
    yield chance.uniform(40, 70)
    use = Use(used="yes", in_time=True, used_for="the decision in the brief", how=("changed_decision",),
              what_changed="The contract now pays for follow-up.", may_quote=True)  # fmt: skip
    case.asks(lambda unit, ctx: record_outcome(unit, ctx, project.id, use), case.enquirer)
