"""Believable words for every kind of letter: what previews show and tests are told."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from service.delivery.wordings import wording
from service.records.tables import OutboxMessage

QUEUED_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

COMMON: dict[str, object] = {
    "reference": "4J7KQ2-M",
    "title": "Does free swimming help older people stay well?",
    "path": "/enquiries/4J7KQ2-M",
    "owner_name": "Mo Manager",
    "owner_email": "mo@service.example",
}
SAMPLES: dict[str, object] = {
    "again": True,
    "answer": "Yes: three reviews agree.",
    "attendees": ["Ann Asker", "Mo Manager"],
    "body": "Could you say more about the pools?\nThank you.",
    "brief_title": "Free swimming and older people's wellbeing",
    "by_name": "Ann Asker",
    "comment": "Please add people over 80.",
    "count": 2,
    "criteria": ["It asks for no evidence.", "The decision has been taken."],
    "days_left": 170,
    "deadline": "2026-12-04",
    "deliverable": "Interim report",
    "earlier": "7QX2RM-D",
    "end_on": "2027-06-30",
    "ends_at": "2026-12-01T15:30:00Z",
    "entry_id": "01939d3a-6f3e-7000-8000-000000000001",
    "entry_quote": "Yes, we are happy with that.",
    "explanation": "The other team could not start in time.",
    "handed": [
        {"reference": "4J7KQ2-M", "title": "Does free swimming help?", "path": None},
        {"reference": "7QX2RM-D", "title": "And do walks?", "path": None},
    ],
    "interests": 3,
    "draft_id": "01939d3a-6f3e-7000-8000-000000000002",
    "late": True,
    "lead_name": "Dr Lee Lead",
    "link_id": "01939d3a-6f3e-7000-8000-000000000003",
    "note": "Ask about the budget meeting.",
    "place_or_how": "Civic Centre, room 4",
    "plain_summary": "Free swimming helped those who already swam.",
    "question": "Does it include hydrotherapy?",
    "reason": "More time is needed.",
    "recipients": 5,
    "reply_by": "2026-12-11",
    "respond_by": "2026-12-11",
    "respond_by_text": "Wednesday 25 November 2026",
    "shown": 2,
    "signposted_to": "The county's public health library",
    "start_on": "2027-01-11",
    "starts_at": "2026-12-01T14:30:00Z",
    "target": "ABCDEF-7",
    "target_title": "Does swimming for nothing help?",
    "old": "4J7KQ2-M",
    "tasks": [{"kind": "task_brief_due", "told": {"reference": "4J7KQ2-M", "title": "Does free swimming help?"}}],
    "team": "the Tyne team",
    "waiting": [{"words": "Past its due date", "count": 2, "path": None}],
    "whole_team": [{"words": "Due today", "count": 1, "path": None}],
    "more": 3,
    "day": "2026-11-23",
    "total": "12500.00",
    "university": "Tyne University",
    "listed_name": "Dr Lin Zhao",
    "kept_at": "Tyne University",
    "merged_at": "Wear University",
    "reasons": ["the same ORCID iD", "the same email address"],
    "differing": ["keywords", "days they could give"],
    "until": "2027-01-05",
    "version": 2,
    "webhook_name": "Research office",
    "host": "hooks.tyne.example",
    "who": "a research manager",
    "wording": "We talked about this on the phone.",
}


def sample(
    kind: str, *, to_name: str = "Ann Asker", leave_out: Collection[str] = (), **params: object
) -> OutboxMessage:
    """Return an outbox row of `kind` that is told everything its wording may use, but for `leave_out`.

    `params` stand before the samples.
    """
    words = wording(kind)
    told = {name: SAMPLES[name] for name in (words.required | words.optional) - set(leave_out) if name in SAMPLES}
    return OutboxMessage(
        id=UUID("01939d3a-6f3e-7000-8000-00000000000a"),
        kind=kind,
        to_address="ann@council.example",
        to_name=to_name,
        reply_to="mo@service.example",
        params=COMMON | told | params,
        queued_at=QUEUED_AT,
        available_at=QUEUED_AT,
    )
