"""What the reminder rules are told about one enquiry, made of the rows that were read for it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from service.context import Context
from service.records import drafts, projects
from service.records.database import Unit
from service.records.reminder_rows import Rows
from service.records.tables import Call, Enquiry, Entry, FollowUp
from service.states import (
    BriefState,
    DeliverableStatus,
    EnquiryState,
    OfferState,
    Outcome,
    ProjectState,
    WaitingOn,
)
from service.workflows.reminders import facts as f
from service.working_time import local_date

_TALK = ("call", "meeting")


class Gathered:
    """Everything about some enquiries that their reminders depend on, read in one transaction."""

    def __init__(self, unit: Unit, ctx: Context, enquiries: Sequence[Enquiry]) -> None:
        self._ctx = ctx
        self._rows = Rows(unit, enquiries)

    @property
    def follow_ups(self) -> dict[UUID, list[FollowUp]]:
        """Return their follow-ups, settled ones too, by enquiry."""
        return self._rows.follow_ups

    def facts(self, enquiry: Enquiry) -> f.ReminderFacts:
        """Return the facts about one of the enquiries."""
        ctx, call = self._ctx, self._rows.calls.get(enquiry.id)
        version, rows = self._rows.briefs.get(enquiry.id), self._rows.follow_ups.get(enquiry.id, [])
        organisation = self._rows.organisations.get(enquiry.organisation_id) if enquiry.organisation_id else None
        entries = self._rows.entries.get(enquiry.id, [])
        is_draft = enquiry.state == EnquiryState.DRAFT
        return f.ReminderFacts(
            id=enquiry.id,
            state=EnquiryState(enquiry.state),
            waiting_on=WaitingOn(enquiry.waiting_on),
            today=local_date(ctx.now),
            enquiry_nation=organisation.nation if organisation else ctx.nation,
            staff_nation=ctx.nation,
            nations={one.id: one.nation for one in self._rows.organisations.values()},
            state_since=enquiry.state_since,
            events=tuple(
                f.Happened(row.id, row.event, row.recorded_at, row.machine)
                for row in self._rows.events.get(enquiry.id, [])
            ),
            draft_saved_at=enquiry.updated_at if is_draft and enquiry.form_email else None,
            draft_kept_until=local_date(drafts.kept_until(enquiry)) if is_draft else None,
            on_hold=enquiry.on_hold,
            hold_until=enquiry.hold_until,
            outcome=Outcome(enquiry.outcome) if enquiry.outcome else None,
            was_answered=enquiry.first_response_at is not None,
            last_word=_last_word(entry for entry in entries if entry.direction == "in" and entry.kind != "note"),
            last_conversation=_last_word(entry for entry in entries if entry.kind in _TALK),
            brief_state=BriefState(version.state) if version else None,
            call=f.CallStanding(call.reply_by, call.closed_at is None and call.pulled_at is None) if call else None,
            recipients=self._recipient_standings(call),
            alternates=self._alternates(enquiry),
            offer=self._offer(enquiry),
            project=self._project(enquiry),
            satisfaction_given=enquiry.id in self._rows.satisfied,
            asked=tuple(_asked(row) for row in rows if row.status == "sent" and row.settled_at),
            postponed=_postponed(rows),
        )

    def nations(self, facts: Iterable[f.ReminderFacts]) -> set[str]:
        """Return the nations whose calendars these facts need."""
        found = {self._ctx.nation}
        for one in facts:
            found |= {one.enquiry_nation, one.staff_nation, *one.nations.values()}
        return found

    def _recipient_standings(self, call: Call | None) -> tuple[f.RecipientStanding, ...]:
        found = self._rows.recipients.get(call.id, []) if call else []
        return tuple(
            f.RecipientStanding(
                id=row.id,
                organisation_id=row.organisation_id,
                university=self._rows.organisations[row.organisation_id].name,
                was_fetched=row.fetched_at is not None or row.acknowledged_at is not None,
                has_answered=row.interested_at is not None or row.declined_at is not None,
                is_interested=row.interested_at is not None,
                is_settled=row.accepted_at is not None or row.stood_down_at is not None,
            )
            for row in found
        )

    def _alternates(self, enquiry: Enquiry) -> frozenset[UUID]:
        accepted = [one for one in self._rows.offers.get(enquiry.id, []) if one.state == OfferState.ACCEPTED]
        kept = {UUID(alternate) for one in accepted for alternate in one.alternates}
        return frozenset(
            self._rows.interests[interest_id].organisation_id
            for interest_id in kept
            if interest_id in self._rows.interests
        )

    def _offer(self, enquiry: Enquiry) -> f.OfferStanding | None:
        found = next((one for one in self._rows.offers.get(enquiry.id, []) if one.state == OfferState.OPEN), None)
        if found is None:
            return None
        interest, university = (
            self._rows.interests.get(found.interest_id),
            self._rows.organisations.get(found.organisation_id),
        )
        return f.OfferStanding(
            id=found.id,
            organisation_id=found.organisation_id,
            respond_by=found.respond_by,
            university=university.name if university else "",
            lead_person_id=interest.lead_person_id if interest else None,
        )

    def _project(self, enquiry: Enquiry) -> f.ProjectStanding | None:
        project = self._rows.projects.get(enquiry.project_id) if enquiry.project_id else None
        if project is None:
            return None
        agreement = self._rows.agreements.get(project.id)
        terms = agreement.version if agreement else 0
        return f.ProjectStanding(
            id=project.id,
            state=ProjectState(project.state),
            organisation_id=project.organisation_id,
            lead_person_id=project.lead_person_id,
            costs_are_submitted=project.costs_version > 0 and project.costs_submitted_version == project.costs_version,
            signed_parties=frozenset(
                row.party for row in self._rows.signatures.get(project.id, []) if row.terms_version == terms
            ),
            start_on=project.start_on,
            end_on=project.end_on,
            deliverables=tuple(
                f.DeliverableStanding(row.id, row.title, row.due_on, DeliverableStatus(row.status), row.created_at)
                for row in self._rows.deliverables.get(project.id, [])
            ),
            reported_until=tuple(
                row.period_end or local_date(row.submitted_at) for row in self._rows.reports.get(project.id, [])
            ),
            uses=tuple(
                f.Use(row.recorded_at, row.recorded_by_role, row.used)
                for row in self._rows.outcomes.get(project.id, [])
            ),
            outcomes_stopped_for=projects.sides_not_asked(project),
        )


def _last_word(entries: Iterable[Entry]) -> f.Word | None:
    found = list(entries)
    return f.Word(found[-1].id, found[-1].recorded_at) if found else None


def _asked(row: FollowUp) -> f.Asked:
    assert row.settled_at is not None  # noqa: S101 - the caller keeps only settled rows; this tells mypy
    return f.Asked(row.rule, row.subject_id, row.addressee, row.step, row.settled_at)


def _postponed(rows: Sequence[FollowUp]) -> tuple[f.Postponed, ...]:
    """Reminders that stand for others put off: their anchor is a follow-up, which may itself have been put off."""
    known = {row.id: row for row in rows}
    found = []
    for row in rows:
        root = row
        while root.anchor_event_id in known:
            root = known[root.anchor_event_id]
        if root is not row and row.not_before is not None and row.settled_by_id is None:
            found.append(
                f.Postponed(
                    follow_up_id=row.anchor_event_id,
                    rule=row.rule,
                    subject_id=row.subject_id,
                    addressee=row.addressee,
                    step=row.step,
                    root_id=root.anchor_event_id,
                    asked_at=row.anchored_at,
                    until=row.not_before,
                )
            )
    return tuple(found)
