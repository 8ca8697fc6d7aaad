"""The rows that reminders depend on, read for one enquiry or hundreds in the same few queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from service.records import follow_ups
from service.records.database import Unit
from service.records.tables import (
    Agreement,
    BriefVersion,
    Call,
    CallRecipient,
    Deliverable,
    Enquiry,
    Entry,
    Event,
    Interest,
    Offer,
    Organisation,
    OutcomeRecord,
    Project,
    Report,
    Satisfaction,
    Signature,
)

T = TypeVar("T")


class Rows:
    """The rows that some enquiries' reminders depend on, by enquiry (or call, or project), in the order they came about."""

    def __init__(self, unit: Unit, enquiries: Sequence[Enquiry]) -> None:
        ids = [enquiry.id for enquiry in enquiries]
        self.follow_ups = _by(follow_ups.of_enquiries(unit, ids), lambda row: row.enquiry_id)
        self.events = _by(
            unit.exec(select(Event).where(col(Event.enquiry_id).in_(ids)).order_by(col(Event.seq))),
            lambda row: row.enquiry_id,
        )
        self.entries = _by(
            unit.exec(
                select(Entry)
                .where(
                    col(Entry.enquiry_id).in_(ids),
                    col(Entry.automatic).is_(False),
                    col(Entry.organisation_id).is_(None),
                )
                .order_by(col(Entry.recorded_at), col(Entry.id))
            ),
            lambda row: row.enquiry_id,
        )
        self.briefs = _newest(
            unit.exec(
                select(BriefVersion).where(col(BriefVersion.enquiry_id).in_(ids)).order_by(col(BriefVersion.number))
            ),
            lambda row: row.enquiry_id,
        )
        self.calls = _newest(
            unit.exec(select(Call).where(col(Call.enquiry_id).in_(ids)).order_by(col(Call.number))),
            lambda row: row.enquiry_id,
        )
        self.satisfied = set(
            unit.exec(select(Satisfaction.enquiry_id).where(col(Satisfaction.enquiry_id).in_(ids))).all()
        )
        self._read_calls(unit)
        self._read_projects(unit, enquiries)
        wanted = {enquiry.organisation_id for enquiry in enquiries}
        wanted |= {row.organisation_id for rows in self.recipients.values() for row in rows}
        wanted |= {project.organisation_id for project in self.projects.values()}
        self.organisations = {
            row.id: row
            for row in unit.exec(select(Organisation).where(col(Organisation.id).in_([one for one in wanted if one])))
        }

    def _read_calls(self, unit: Unit) -> None:
        calls = [call.id for call in self.calls.values()]
        self.recipients: dict[UUID, list[CallRecipient]] = {}
        self.offers: dict[UUID, list[Offer]] = {}
        self.interests: dict[UUID, Interest] = {}
        if not calls:
            return
        self.recipients = _by(
            unit.exec(
                select(CallRecipient).where(col(CallRecipient.call_id).in_(calls)).order_by(col(CallRecipient.id))
            ),
            lambda row: row.call_id,
        )
        ids = list(self.calls)
        self.offers = _by(
            unit.exec(select(Offer).where(col(Offer.enquiry_id).in_(ids)).order_by(col(Offer.offered_at))),
            lambda row: row.enquiry_id,
        )
        self.interests = {row.id: row for row in unit.exec(select(Interest).where(col(Interest.enquiry_id).in_(ids)))}

    def _read_projects(self, unit: Unit, enquiries: Sequence[Enquiry]) -> None:
        ids = [enquiry.project_id for enquiry in enquiries if enquiry.project_id]
        self.projects: dict[UUID, Project] = {}
        self.agreements: dict[UUID, Agreement] = {}
        self.signatures: dict[UUID, list[Signature]] = {}
        self.deliverables: dict[UUID, list[Deliverable]] = {}
        self.reports: dict[UUID, list[Report]] = {}
        self.outcomes: dict[UUID, list[OutcomeRecord]] = {}
        if not ids:
            return
        self.projects = {row.id: row for row in unit.exec(select(Project).where(col(Project.id).in_(ids)))}
        self.agreements = {
            row.project_id: row for row in unit.exec(select(Agreement).where(col(Agreement.project_id).in_(ids)))
        }
        self.signatures = _by(
            unit.exec(select(Signature).where(col(Signature.project_id).in_(ids))), lambda row: row.project_id
        )
        self.deliverables = _by(
            unit.exec(
                select(Deliverable)
                .where(col(Deliverable.project_id).in_(ids))
                .order_by(col(Deliverable.due_on), col(Deliverable.id))
            ),
            lambda row: row.project_id,
        )
        self.reports = _by(unit.exec(select(Report).where(col(Report.project_id).in_(ids))), lambda row: row.project_id)
        self.outcomes = _by(
            unit.exec(select(OutcomeRecord).where(col(OutcomeRecord.project_id).in_(ids))),
            lambda row: row.project_id,
        )


def _by(rows: Iterable[T], key: Callable[[T], UUID | None]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in rows:
        owner = key(row)
        if owner is not None:
            found[owner].append(row)
    return found


def _newest(rows: Iterable[T], key: Callable[[T], UUID]) -> dict[UUID, T]:
    """Keep the last row of each owner."""
    return {key(row): row for row in rows}
