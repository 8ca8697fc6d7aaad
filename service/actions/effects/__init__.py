"""What each event does beside moving the state: one function an event, by theme.

An event without an entry here only moves the state; adding a transition needs no effect.
"""

from collections.abc import Callable, Mapping
from typing import Any

from service.actions.change import Change
from service.actions.effects import brief, call, choice, closing, delivery, money, redaction, reshaping, talk

Effect = Callable[[Change, Any], None]

ENQUIRY_EFFECTS: Mapping[str, Effect] = {
    "accept": talk.accept,
    "ask": talk.ask,
    "reply": talk.reply,
    "hold": talk.hold,
    "resume": talk.resume,
    "reassign": talk.reassign,
    "begin_brief": brief.begin_brief,
    "send_for_agreement": brief.send_for_agreement,
    "request_changes": brief.request_changes,
    "agree": brief.agree,
    "publish": call.publish,
    "extend": call.extend,
    "revise": call.revise,
    "pull": call.pull,
    "close_call": call.close_call,
    "relaunch": call.relaunch,
    "offer": choice.offer,
    "accept_offer": choice.accept_offer,
    "decline_offer": choice.decline_offer,
    "lead_withdraws": choice.lead_withdraws,
    "submit_costing": money.submit_costing,
    "agree_costs": money.agree_costs,
    "descope": money.descope,
    "confirm_funding": money.confirm_funding,
    "commission": delivery.commission,
    "complete": delivery.complete,
    "close": closing.close,
    "reopen": closing.reopen,
    "retype": reshaping.retype,
    "split": reshaping.split,
    "reframe": reshaping.reframe,
    "redact": redaction.redact,
}

PROJECT_EFFECTS: Mapping[str, Effect] = {
    "start": delivery.start,
    "deliver": delivery.deliver,
    "accept_delivery": delivery.accept_delivery,
    "terminate": delivery.terminate,
}
