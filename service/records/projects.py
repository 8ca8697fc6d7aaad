"""Projects with their costs, funding, agreement, signatures and deliverables."""

from uuid import UUID

from sqlmodel import select

from service.records.database import Unit
from service.records.tables import (
    Agreement,
    CostLine,
    Deliverable,
    Enquiry,
    FundingLine,
    OutcomeRecord,
    Project,
    Report,
    Signature,
)


def with_enquiry(unit: Unit, project_id: UUID) -> tuple[Project, Enquiry] | None:
    """Return a project and its enquiry, or None."""
    return unit.exec(
        select(Project, Enquiry).join(Enquiry, Enquiry.id == Project.enquiry_id).where(Project.id == project_id)  # type: ignore[arg-type]
    ).first()


def of_organisation(unit: Unit, organisation_id: UUID) -> list[tuple[Project, Enquiry]]:
    """Return a university's projects with their enquiries, newest first."""
    return list(
        unit.exec(
            select(Project, Enquiry)
            .join(Enquiry, Enquiry.id == Project.enquiry_id)  # type: ignore[arg-type]
            .where(Project.organisation_id == organisation_id)
            .order_by(Project.created_at.desc())  # type: ignore[attr-defined]
        )
    )


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
