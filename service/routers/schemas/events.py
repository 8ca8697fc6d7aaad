"""Events that managers put to an enquiry: the commands of the workflow, as they are."""

from typing import Any

from pydantic import ConfigDict, RootModel

from service.workflows.commands import EnquiryCommand

EXAMPLES: dict[str, dict[str, Any]] = {
    "take it on": {"summary": "Take it on", "value": {"event": "accept"}},
    "ask": {"summary": "Ask the enquirer", "value": {"event": "ask", "body": "Which wards does the scheme cover?"}},
    "agree for them": {
        "summary": "Record the enquirer's yes, quoting the entry in which they said so",
        "value": {
            "event": "agree",
            "version": 2,
            "hash": "9f2b0c3a6c0f4b0e8a6b4f5d2c1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e",
            "entry": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a05",
        },
    },
    "publish": {
        "summary": "Publish to two universities, with a short time to reply",
        "value": {
            "event": "publish",
            "reply_by": "2026-12-04",
            "recipients": ["0193533f-3d0c-7a53-8f42-0b8a6a1c0a06", "0193533f-3d0c-7a53-8f42-0b8a6a1c0a07"],
            "waivers": [{"guard": "reply_by_long_enough", "reason": "The bid closes on 11 December."}],
        },
    },
    "split": {
        "summary": "Let a second question go on as an enquiry of its own",
        "value": {
            "event": "split",
            "question": "Would a funded studentship help the team to use its own data?",
            "reason": "The review answers the first question; this one needs other people and another time.",
        },
    },
    "reframe": {
        "summary": "Put another question beside the original, with who prompted it",
        "value": {
            "event": "reframe",
            "question": "How has Universal Credit changed what families can afford to eat?",
            "prompted_by": "Families at two children's centres",
            "heard": "Twelve parents, and the head of children's services.",
            "reason": "What parents spoke of was money, and not what they know about food.",
        },
    },
    "close": {
        "summary": "Answer it and close",
        "value": {
            "event": "close",
            "outcome": "answered",
            "reason": "Two reviews answer it.",
            "answer": "Yes, for respiratory admissions: see the 2024 review by the Warm Homes group.",
        },
    },
}
"""What OpenAPI shows beside the schema."""


class EventSent(RootModel[EnquiryCommand]):
    """One event with its members; `event` says which."""

    model_config = ConfigDict(frozen=True)
