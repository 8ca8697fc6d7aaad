"""What managers are shown, built from what the records say."""

from collections.abc import Sequence
from uuid import UUID

from service.context import Context
from service.records import enquiries, plans, queue
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.routers.admin.addressed import etag
from service.routers.calls import Answer
from service.routers.schemas.enquiries import EnquiryListed, EnquiryProgressed, EnquiryShown
from service.states import ENQUIRY_STATES, EnquiryState
from service.workflows.decide import possibilities
from service.working_time import local_date


def enquiry_listed(standing: queue.Standing, slack: int | None = None) -> EnquiryListed:
    """Show an enquiry as the queue does: no further query is needed. `slack` is in working days (`plans.slacks`)."""
    return EnquiryListed.model_validate(_summary(standing, slack))


def enquiry_answer(
    unit: Unit, ctx: Context, enquiry_id: UUID, status: int = 200, warnings: Sequence[str] | None = None
) -> Answer:
    """Answer with an enquiry and its ETag; where it is, when it is new; what an event warned of, after an event."""
    facts = _facts(unit, ctx, enquiry_id)
    shown = (
        EnquiryShown.model_validate(facts)
        if warnings is None
        else EnquiryProgressed.model_validate(facts | {"warnings": warnings})
    )
    headers = {"ETag": etag(shown.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/enquiries/{shown.reference}"
    return Answer(shown, status, headers)


def _facts(unit: Unit, ctx: Context, enquiry_id: UUID) -> dict[str, object]:
    today = local_date(ctx.now)
    standing = queue.one(unit, enquiry_id, today)
    enquiry = standing.enquiry
    slack = plans.slacks(unit, [(enquiry, standing.organisation)], today, ctx.nation).get(enquiry_id)
    possible = possibilities(snapshot(unit, ctx, enquiry), ctx.actor, surroundings(unit, ctx, enquiry))
    earlier = enquiries.one(unit, enquiry.continues_id) if enquiry.continues_id else None
    return {
        **enquiry.model_dump(),
        **_summary(standing, slack),
        "population": enquiry.population or enquiry.population_notes or [],
        "continues": earlier.reference if earlier else None,
        "continued_by": [later.reference for later in enquiries.continued_by(unit, enquiry_id)],
        "question_versions": len(enquiries.question_versions(unit, enquiry_id)),
        "available_events": possible.available,
        "refused_events": [{"event": event, "detail": detail} for event, detail in possible.refused],
    }


def _summary(standing: queue.Standing, slack: int | None) -> dict[str, object]:
    enquiry, owner, enquirer = standing.enquiry, standing.owner, standing.enquirer
    words = ENQUIRY_STATES[EnquiryState(enquiry.state)]
    return {
        **{name: getattr(enquiry, name) for name in EnquiryListed.model_fields if hasattr(enquiry, name)},
        "label": words.label,
        "plain_label": words.plain_label,
        "owner": owner,
        "organisation": standing.organisation.name if standing.organisation else enquiry.organisation_name,
        "enquirer": {
            "id": enquirer.id,
            "name": enquirer.name,
            "email": enquirer.email,
            "phone": enquirer.phone,
            "confirmed": enquirer.confirmed_at is not None,
        }
        if enquirer
        else None,
        "slack_working_days": slack,
        "flags": standing.flags,
    }
