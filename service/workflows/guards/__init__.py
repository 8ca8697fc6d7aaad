"""The guards, one function a rule: each returns None, or the sentence that says what is missing and what would do.

A guard asks for nothing that a decent manager could only satisfy by entering something untrue (DOMAIN.md section 1).
"""

from service.workflows.guards.brief import (
    BRIEF_AWAITS_ANSWER,
    DRAFT_TO_SEND,
    KEY_SECTIONS_FILLED,
    NO_CONTACT_DETAILS,
    ORGANISATION_SHOWN_SET,
    VERSION_SHOWN_IS_CURRENT,
)
from service.workflows.guards.call import (
    AGREED_IS_PUBLISHED,
    DEFAULT_REPLY_DAYS,
    NEW_VERSION_AGREED,
    RAPID_REPLY_DAYS,
    RECIPIENTS_ARE_PARTNERS,
    REPLY_BY_AHEAD,
    REPLY_BY_EXTENDS,
    REPLY_BY_LONG_ENOUGH,
    ROUTE_EXPLAINED,
)
from service.workflows.guards.choice import (
    CONFLICTS_CLEARED,
    INTEREST_STANDS,
    JOINT_MEETING_LOGGED,
    NO_OFFER_OPEN,
    OFFER_IS_THE_OPEN_ONE,
    PREFERENCE_RECORDED,
)
from service.workflows.guards.conversation import QUOTES_ENQUIRER, QUOTES_LEAD
from service.workflows.guards.money import (
    COST_LINES_PRESENT,
    COSTS_NOT_YET_SUBMITTED,
    COSTS_SHOWN_ARE_CURRENT,
    DATES_PRESENT,
    MONEY_COVERS_COST,
    OWN_FUNDS_CONFIRMED_BY_ANOTHER,
)
from service.workflows.guards.project import (
    DELIVERABLE_PLANNED,
    PROJECT_COMPLETED,
    PROJECT_STARTED_BY_COMMISSION,
    ROUTES_RECORDED,
    SIGNED_BY_BOTH,
)
from service.workflows.guards.question import NAME_PRESENT, QUESTION_PRESENT, REACHABLE
from service.workflows.guards.standing import (
    HOLD_ENDS_AHEAD,
    IS_ON_HOLD,
    NEW_OWNER_IS_STAFF,
    NOT_ON_HOLD,
    ONE_THING_TO_REDACT,
    OWNER_SET,
    WITHIN_REOPENING_TIME,
)

__all__ = [
    "AGREED_IS_PUBLISHED",
    "BRIEF_AWAITS_ANSWER",
    "CONFLICTS_CLEARED",
    "COSTS_NOT_YET_SUBMITTED",
    "COSTS_SHOWN_ARE_CURRENT",
    "COST_LINES_PRESENT",
    "DATES_PRESENT",
    "DEFAULT_REPLY_DAYS",
    "DELIVERABLE_PLANNED",
    "DRAFT_TO_SEND",
    "HOLD_ENDS_AHEAD",
    "INTEREST_STANDS",
    "IS_ON_HOLD",
    "JOINT_MEETING_LOGGED",
    "KEY_SECTIONS_FILLED",
    "MONEY_COVERS_COST",
    "NAME_PRESENT",
    "NEW_OWNER_IS_STAFF",
    "NEW_VERSION_AGREED",
    "NOT_ON_HOLD",
    "NO_CONTACT_DETAILS",
    "NO_OFFER_OPEN",
    "OFFER_IS_THE_OPEN_ONE",
    "ONE_THING_TO_REDACT",
    "ORGANISATION_SHOWN_SET",
    "OWNER_SET",
    "OWN_FUNDS_CONFIRMED_BY_ANOTHER",
    "PREFERENCE_RECORDED",
    "PROJECT_COMPLETED",
    "PROJECT_STARTED_BY_COMMISSION",
    "QUESTION_PRESENT",
    "QUOTES_ENQUIRER",
    "QUOTES_LEAD",
    "RAPID_REPLY_DAYS",
    "REACHABLE",
    "RECIPIENTS_ARE_PARTNERS",
    "REPLY_BY_AHEAD",
    "REPLY_BY_EXTENDS",
    "REPLY_BY_LONG_ENOUGH",
    "ROUTES_RECORDED",
    "ROUTE_EXPLAINED",
    "SIGNED_BY_BOTH",
    "VERSION_SHOWN_IS_CURRENT",
    "WITHIN_REOPENING_TIME",
]
