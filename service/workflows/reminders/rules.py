"""Every reminder rule on one page (DOMAIN.md section 5): what starts it, when, to whom, in which words, and what stops it.

Days are working days of the recipient's calendar. A message's words are the file in `delivery/wording` named here.
"""

from service.principals import Role
from service.states import WaitingOn
from service.workflows.reminders import anchors as a
from service.workflows.reminders import stops as s
from service.workflows.reminders.rule import Audience, Rule, Step, steps

_A = Audience
_W = WaitingOn
_ENQUIRER_USE = s.use_unknown_to(_A.ENQUIRER, Role.ENQUIRER)
_LEAD_USE = s.use_unknown_to(_A.LEAD, Role.LEAD_RESEARCHER, Role.UNIVERSITY)

_RULES = (
    Rule("draft_nudge", a.draft, s.not_sent,
         (*steps((3, 10), _A.ENQUIRER, "remind_draft_nudge"),
          Step(-5, _A.ENQUIRER, "remind_draft_purge_warning"))),
    Rule("first_response", a.since("submit"), s.nobody_answered,
         (*steps((1, 2), _A.OWNER, "task_first_response"),
          Step(3, _A.SERVICE_LEADS, "task_first_response_escalated")),
         promised=2, holder=_W.TEAM),
    Rule("arrange_meeting", a.since_or_word("accept"), s.no_conversation,
         (*steps((3, 5), _A.OWNER, "task_arrange_meeting"),
          *steps((3, 5), _A.ENQUIRER, "remind_arrange_meeting")),
         promised=5, holder=_W.TEAM),
    Rule("information_asked", a.ask, s.question_stands,
         (*steps((5, 10, 20), _A.ENQUIRER, "remind_information_asked"),
          Step(30, _A.OWNER, "task_dormant", spends=True)),
         promised=5, holder=_W.ENQUIRER),
    Rule("brief_due", a.since("begin_brief", "request_changes", "pull"), s.brief_unsent,
         steps((8, 10, 15), _A.OWNER, "task_brief_due"),
         promised=10, holder=_W.TEAM),
    Rule("sign_off", a.since_or_word("send_for_agreement"), s.brief_awaits_agreement,
         (*steps((5, 10), _A.ENQUIRER, "remind_sign_off"),
          Step(15, _A.OWNER, "task_sign_off", spends=True)),
         promised=10, holder=_W.ENQUIRER),
    Rule("brief_not_fetched", a.telling_of_each, s.recipient_not_fetched,
         (Step(2, _A.CONTACTS, "remind_brief_not_fetched"),
          Step(5, _A.OWNER, "task_brief_not_fetched"))),
    Rule("reply_by", a.reply_by_of_each, s.recipient_not_answered,
         steps((-5, -1), _A.CONTACTS, "remind_reply_by"), freezes=False),
    Rule("call_due", a.reply_by, s.call_open,
         steps((0, 3), _A.OWNER, "task_call_due"), freezes=False,
         promised=0, holder=_W.UNIVERSITIES, given="Universities were asked to reply by {day}."),
    Rule("stand_down", a.choosing, s.somebody_not_told,
         (Step(5, _A.OWNER, "task_stand_down"),),
         promised=5),
    Rule("offer_unanswered", a.offer, s.offer_open,
         (*steps((3, 6), _A.LEAD, "remind_offer_unanswered"),
          Step(10, _A.OWNER, "task_offer_lapse")),
         promised=0, holder=_W.LEAD, given="The researchers were asked to answer by {day}."),
    Rule("costing", a.of_project(a.since("accept_offer", "descope")), s.costs_to_come,
         (*steps((5, 10), _A.CONTACTS, "remind_costing"),
          *steps((5, 10), _A.LEAD, "remind_costing")),
         promised=10, holder=_W.UNIVERSITIES),
    Rule("contract", a.of_project(a.since("confirm_funding")), s.not_signed,
         (*steps((10, 20), _A.ENQUIRER, "remind_contract", s.unsigned("commissioner")),
          *steps((10, 20), _A.CONTACTS, "remind_contract", s.unsigned("university")),
          Step(30, _A.SERVICE_LEADS, "task_contract_escalated")),
         promised=20, holder=_W.SIGNATORIES),
    Rule("funding_review", a.since("agree_costs"), s.funding_undecided,
         (*steps((20, 40), _A.OWNER, "task_funding_review"),
          Step(60, _A.OWNER, "task_funding_exit_proposed")),
         promised=20, holder=_W.FUNDER, every=20),
    Rule("deliverable", a.deliverables, s.not_accepted,
         (*steps((-10, -2, 1, 10), _A.LEAD, "remind_deliverable", s.not_delivered),
          *steps((-10, -2, 1, 10), _A.OWNER, "task_deliverable")),
         freezes=False, pauses_with_project=True,
         promised=0, holder=_W.LEAD, given="The next deliverable is due on {day}."),
    Rule("report", a.reports, s.report_to_come,
         (*steps((-10, -2, 1, 10), _A.LEAD, "remind_report"),
          *steps((-10, -2, 1, 10), _A.OWNER, "task_report")),
         freezes=False, pauses_with_project=True, promised=0),
    Rule("hold_ends", a.hold_end, s.still_on_hold,
         steps((-2, 0), _A.OWNER, "task_hold_ends"), freezes=False, promised=0),
    Rule("satisfaction", a.since("close", "complete"), s.satisfaction_unsaid,
         (Step(10, _A.ENQUIRER, "satisfaction_asked"),),
         outlasts=True),
    Rule("outcome", a.delivery, s.use_may_be_asked,
         (Step(60, _A.ENQUIRER, "outcome_asked", _ENQUIRER_USE),
          *steps((125, 250), _A.ENQUIRER, "outcome_nudge", _ENQUIRER_USE),
          Step(60, _A.LEAD, "outcome_asked", _LEAD_USE),
          *steps((125, 250), _A.LEAD, "outcome_nudge", _LEAD_USE)),
         freezes=False, outlasts=True),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
"""By code, in the order of the work."""

STAFF_DATE, CALENDAR_RUNS_OUT = "staff_date", "calendar_runs_out"
"""Two that hang on no event of an enquiry: a date that somebody of the team chose, and the end of a calendar."""

CALENDAR_WARNING_DAYS = 180
"""Calendar days before a calendar's end at which service leads are warned (DESIGN.md section 6)."""

CODES: tuple[str, ...] = (*RULES, STAFF_DATE, CALENDAR_RUNS_OUT)
"""Every rule there is."""

SPENDING: frozenset[tuple[str, int]] = frozenset(
    (rule.code, step.days) for rule in _RULES for step in rule.steps if step.spends
)
"""The steps, by rule and day, after which an enquirer who stays silent counts as dormant."""

ENQUIRER_KINDS: frozenset[str] = frozenset(
    step.kind for rule in _RULES for step in rule.steps if step.to == Audience.ENQUIRER
)
"""The kinds of message that count as a reminder to an enquirer: at most one a week."""
