"""Effects of commissioning, delivering, accepting and completing."""

from service.actions import telling
from service.actions.change import Change
from service.actions.effects.choice import stand_down
from service.actions.effects.money import project_of
from service.actions.entries import add_entry
from service.actions.feeding import feed_all
from service.records import products
from service.records.tables import Interest, Organisation, Person, Project
from service.workflows import commands as c
from service.workflows.products import wanted_product


def commission(change: Change, command: c.Commission) -> None:
    """Start the project and stand the alternates down."""
    project = project_of(change)
    if command.start_at_risk is not None:
        project.start_at_risk = command.start_at_risk.model_dump()
        change.data |= {"start_at_risk": True}
    change.unit.add(project)
    change.data |= {"project": str(project.id), "organisation": str(project.organisation_id)}
    if project.end_on is not None:
        change.data["end_on"] = project.end_on.isoformat()
    change.project_commands.append(c.StartProject())
    stand_down(change, spared={project.interest_id})
    feed_all(
        change.unit, change.ctx, change.enquiry, [project.organisation_id], "commissioned",
        {"project_id": str(project.id)},
    )  # fmt: skip
    university = change.unit.get(Organisation, project.organisation_id)
    interest = change.unit.get(Interest, project.interest_id)
    dates = {
        "start_on": project.start_on.isoformat() if project.start_on else None,
        "end_on": project.end_on.isoformat() if project.end_on else None,
    }
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "commissioned_enquirer",
            university=university.name if university else "", **dates,
        )
    )  # fmt: skip
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, [project.organisation_id], "commissioned_university"
        )
    )
    if interest is not None:
        change.then(
            lambda: telling.tell_lead(change.unit, change.ctx, change.enquiry, interest, "commissioned_lead", **dates)
        )


def start(change: Change, command: c.StartProject) -> None:
    """Note when the project started, and as which product: figures read nothing else."""
    project_of(change).started_at = change.ctx.now
    enquiry = change.enquiry
    made = wanted_product(enquiry.product, enquiry.methods, enquiry.enquiry_type, products.ladder(change.unit))
    if made is not None:
        change.data["product"] = made.code


def deliver(change: Change, command: c.Deliver) -> None:
    """Tell both sides that everything is handed over; what was handed over stands in the conversation."""
    project = project_of(change)
    project.delivered_at = change.ctx.now
    if command.note:
        # It goes out to the enquirer whoever wrote it: as an inward word it would count as their own.
        entry = add_entry(
            change.unit, change.ctx, change.enquiry,
            kind="message", visibility="enquirer", direction="out", body=command.note,
        )  # fmt: skip
        change.data["entry"] = str(entry.id)
    university = change.unit.get(Organisation, project.organisation_id)
    change.then(
        lambda: telling.tell_owner(
            change.unit, change.ctx, change.enquiry, "delivered", university=university.name if university else ""
        )
    )
    change.then(lambda: telling.tell_enquirer(change.unit, change.ctx, change.enquiry, "delivered_enquirer"))


def accept_delivery(change: Change, command: c.AcceptDelivery) -> None:
    """Complete the project."""
    project = project_of(change)
    project.completed_at = change.ctx.now
    if command.entry:
        change.data["entry"] = str(command.entry)
    change.then(lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "delivery_accepted"))
    change.then(lambda: _tell(change, project, "delivery_accepted_lead"))


def terminate(change: Change, command: c.TerminateProject) -> None:
    """End the project early and tell its lead."""
    project = project_of(change)
    project.terminated_at = change.ctx.now
    change.then(lambda: _tell(change, project, "project_ended", reason=command.reason))


def complete(change: Change, command: c.Complete) -> None:
    """Keep the plain summary, the output and what was decided about publishing it."""
    project = project_of(change)
    project.plain_summary = command.plain_summary
    project.output = command.output
    project.publication = command.publication
    change.unit.add(project)
    change.enquiry.outcome = "completed"
    change.data |= {"project": str(project.id)}
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "closed_completed",
            wording=None, plain_summary=command.plain_summary,
        )
    )  # fmt: skip


def _tell(change: Change, project: Project, kind: str, **params: object) -> None:
    lead = change.unit.get(Person, project.lead_person_id) if project.lead_person_id else None
    if lead is not None:
        told = {"path": telling.work_page_of(project.interest_id)} | params
        telling.tell_person(change.unit, change.ctx, lead, kind, change.enquiry, told)
