"""How long each stage is given, from the question to the start of the work: what backward plans count with.

No figure here is of its own making: each is what the service promises elsewhere, so that a plan and a reminder never
tell different stories.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.states import ENQUIRY_STATES, EnquiryState
from service.workflows.guards.call import DEFAULT_REPLY_DAYS, RAPID_REPLY_DAYS
from service.workflows.products import Product
from service.workflows.reminders.rules import RULES

S = EnquiryState


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, the working days it is given, and where that comes from."""

    state: EnquiryState
    working_days: int
    source: str

    @property
    def label(self) -> str:
        return ENQUIRY_STATES[self.state].label


def _promised(code: str) -> int:
    """Return the working days within which a reminder rule promises that its holder acts."""
    return RULES[code].promised or 0


STAGES = (
    Stage(S.TRIAGE, _promised("first_response"), "a first answer is promised in 2 working days"),
    Stage(S.SCOPING, _promised("arrange_meeting"), "a conversation is promised in 5 working days"),
    Stage(S.DRAFTING, _promised("brief_due"), "a brief is due 10 working days after it is begun"),
    Stage(S.SIGN_OFF, _promised("sign_off"), "the enquirer is asked to agree within 10 working days"),
    Stage(S.OPEN_CALL, DEFAULT_REPLY_DAYS, "universities have 10 working days to reply"),
    Stage(S.SELECTING, RULES["offer_unanswered"].steps[-1].days, "an offer stands for 10 working days"),
    Stage(S.COSTING, _promised("costing"), "costs are due in 10 working days"),
    Stage(S.FUNDING, _promised("funding_review"), "the money is reviewed after 20 working days"),
    Stage(S.CONTRACTING, _promised("contract"), "signatures are due in 20 working days"),
)
"""In the order of the work; what follows the last one is the work itself."""

ORDER = {state: number for number, state in enumerate((*(stage.state for stage in STAGES), S.COMMISSIONED))}
"""Where a state stands in that order; drafts and closed enquiries stand nowhere."""

_RAPID_CALL = Stage(S.OPEN_CALL, RAPID_REPLY_DAYS, "universities have 5 working days to reply about something rapid")
_TALKED_ABOUT = frozenset({S.TRIAGE, S.SCOPING})


def stages_of(product: Product | None, *, is_rapid: bool = False) -> tuple[Stage, ...]:
    """Return the stages that lead to a product.

    An answer needs no call: it follows the conversation. What costs nothing waits for no money. A rapid product's call
    is shorter. Where nobody knows which product it will be, every stage counts.
    """
    if product is not None and product.kind == "answer":
        return tuple(stage for stage in STAGES if stage.state in _TALKED_ABOUT)
    needs_money = product is None or product.least_budget != "none"
    found = (_RAPID_CALL if is_rapid and stage.state == S.OPEN_CALL else stage for stage in STAGES)
    return tuple(stage for stage in found if needs_money or stage.state != S.FUNDING)


def after(state: EnquiryState, stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return those of these stages that are still to come once `state` has ended."""
    return tuple(stage for stage in stages if ORDER[stage.state] > ORDER.get(state, -1))
