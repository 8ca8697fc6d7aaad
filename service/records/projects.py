"""Projects with their costs, funding, agreement, signatures and deliverables."""

from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import (
    Agreement,
    CostLine,
    Deliverable,
    Enquiry,
    FundingLine,
    Organisation,
    OutcomeRecord,
    Project,
    Report,
    Signature,
)

ProjectRow = tuple[Project, Enquiry]
CostRow = CostLine
FundingRow = FundingLine
AgreementRow = Agreement
SignatureRow = Signature
DeliverableRow = Deliverable
ReportRow = Report
OutcomeRow = OutcomeRecord


def with_enquiry(unit: Unit, project_id: UUID) -> ProjectRow | None:
    """Return a project and its enquiry, or None."""
    return unit.exec(
        select(Project, Enquiry).join(Enquiry, Enquiry.id == Project.enquiry_id).where(Project.id == project_id)  # type: ignore[arg-type]
    ).first()


def enquiry_of(unit: Unit, project_id: UUID) -> UUID | None:
    """Return the id of the enquiry a project belongs to, or None for an unknown project."""
    return unit.exec(select(Project.enquiry_id).where(Project.id == project_id)).first()


def fresh(unit: Unit, project_id: UUID) -> Project:
    """Return a project as it is now, whatever was read before its enquiry was locked. LookupError when there is none."""
    found = unit.exec(select(Project).where(Project.id == project_id).execution_options(populate_existing=True)).first()
    if found is None:
        raise LookupError(f"no project {project_id}")
    return found


def of_offer(unit: Unit, offer_id: UUID) -> UUID | None:
    """Return the id of the project planned when an offer was accepted, or None."""
    return unit.exec(select(Project.id).where(Project.offer_id == offer_id)).first()


def university_name(unit: Unit, project: Project) -> str:
    """Return the name of the university that carries a project out."""
    university = unit.get(Organisation, project.organisation_id)
    return university.name if university else ""


def of_organisation(unit: Unit, organisation_id: UUID, *, before: UUID | None = None, limit: int) -> list[ProjectRow]:
    """Return a university's projects, newest first, at most `limit`: those before the project `before`."""
    query = (
        select(Project, Enquiry)
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .where(Project.organisation_id == organisation_id)
        .order_by(col(Project.id).desc())
        .limit(limit)
    )
    return list(unit.exec(query if before is None else query.where(Project.id < before)))


def cost_lines(unit: Unit, project: Project) -> list[CostLine]:
    """Return the current version's cost lines in their order."""
    return list(
        unit.exec(
            select(CostLine)
            .where(CostLine.project_id == project.id, CostLine.version == project.costs_version)
            .order_by(CostLine.position)  # type: ignore[arg-type]
        )
    )


def funding_lines(unit: Unit, project_id: UUID) -> list[FundingLine]:
    """Return a project's funding lines, oldest first."""
    return list(
        unit.exec(
            select(FundingLine)
            .where(FundingLine.project_id == project_id)
            .order_by(FundingLine.created_at, FundingLine.id)  # type: ignore[arg-type]
        )
    )


def funding_line(unit: Unit, project_id: UUID, line_id: UUID) -> FundingLine | None:
    """Return one of a project's funding lines, or None."""
    return unit.exec(select(FundingLine).where(FundingLine.id == line_id, FundingLine.project_id == project_id)).first()


def agreement(unit: Unit, project_id: UUID) -> Agreement | None:
    """Return a project's agreement, or None before its first save."""
    return unit.exec(select(Agreement).where(Agreement.project_id == project_id)).first()


def signatures(unit: Unit, project_id: UUID) -> list[Signature]:
    """Return every signature recorded, oldest first, those on earlier terms included."""
    return list(
        unit.exec(
            select(Signature).where(Signature.project_id == project_id).order_by(Signature.recorded_at, Signature.id)  # type: ignore[arg-type]
        )
    )


def deliverables(unit: Unit, project_id: UUID) -> list[Deliverable]:
    """Return a project's deliverables by date."""
    return list(
        unit.exec(
            select(Deliverable).where(Deliverable.project_id == project_id).order_by(Deliverable.due_on, Deliverable.id)  # type: ignore[arg-type]
        )
    )


def deliverable(unit: Unit, project_id: UUID, deliverable_id: UUID) -> Deliverable | None:
    """Return one of a project's deliverables, or None."""
    return unit.exec(
        select(Deliverable).where(Deliverable.id == deliverable_id, Deliverable.project_id == project_id)
    ).first()


def reports(unit: Unit, project_id: UUID) -> list[Report]:
    """Return a project's reports, oldest first."""
    return list(
        unit.exec(select(Report).where(Report.project_id == project_id).order_by(Report.submitted_at, Report.id))  # type: ignore[arg-type]
    )


def outcomes(unit: Unit, project_id: UUID) -> list[OutcomeRecord]:
    """Return what was recorded about a project's use, oldest first."""
    return list(
        unit.exec(
            select(OutcomeRecord)
            .where(OutcomeRecord.project_id == project_id)
            .order_by(OutcomeRecord.recorded_at, OutcomeRecord.id)  # type: ignore[arg-type]
        )
    )


def sides_not_asked(project: Project) -> frozenset[str]:
    """Return the sides, `enquirer` and `lead`, that asked not to be asked what became of a project's findings."""
    since = {"enquirer": project.outcomes_stopped_at, "lead": project.lead_outcomes_stopped_at}
    return frozenset(side for side, stopped_at in since.items() if stopped_at is not None)


def earlier(unit: Unit, enquiry: Enquiry) -> list[tuple[Project, str]]:
    """Return an enquiry's projects that ended before its current one was planned, with their universities' names."""
    query = (
        select(Project, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Project.organisation_id))
        .where(Project.enquiry_id == enquiry.id, Project.id != enquiry.project_id)
        .order_by(col(Project.id))
    )
    return list(unit.exec(query))
