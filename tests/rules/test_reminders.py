"""Every reminder rule against dates counted by hand on a wall calendar, and against what must stop it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from service.delivery import wordings
from service.principals import Role
from service.states import (
    BriefState,
    DeliverableStatus,
    EnquiryState,
    Outcome,
    ProjectState,
    WaitingOn,
)
from service.workflows.reminders import CODES, ENQUIRER_KINDS, RULES, SPENDING, Audience, Planned, plan, promise
from service.workflows.reminders.anchors import months_after
from service.workflows.reminders.facts import (
    Asked,
    CallStanding,
    DeliverableStanding,
    Happened,
    OfferStanding,
    Postponed,
    ProjectStanding,
    RecipientStanding,
    ReminderFacts,
    Use,
    Word,
)
from service.workflows.reminders.plan import Calendars
from service.working_time import Calendar, Nation, local_date

S = EnquiryState
A = Audience
W = WaitingOn
ENGLAND, SCOTLAND, ULSTER = "england_and_wales", "scotland", "northern_ireland"
YEARS = range(2025, 2030)
CALENDARS: Calendars = {str(nation): Calendar.from_library(nation, YEARS) for nation in Nation}
ENQUIRY, RECIPIENT, OFFER, PROJECT, UNIVERSITY, LEAD, DELIVERABLE = (UUID(int=number) for number in range(1, 8))


def on(text: str) -> datetime:
    """Noon in London on a day."""
    return datetime.fromisoformat(f"{text}T12:00:00+00:00").astimezone(UTC)


def event(code: str, day: str, machine: str = "enquiry", number: int = 100) -> Happened:
    return Happened(UUID(int=number), code, on(day), machine)


def facts(state: S, *events: Happened, today: str | None = None, **known: object) -> ReminderFacts:
    now = on(today) if today else events[-1].at
    told: dict[str, object] = {
        "waiting_on": W.TEAM,
        "enquiry_nation": ENGLAND,
        "staff_nation": ENGLAND,
        "nations": {UNIVERSITY: ENGLAND},
        **known,
    }
    return ReminderFacts(id=ENQUIRY, state=state, today=local_date(now), events=tuple(events), **told)  # type: ignore[arg-type]


def dates(found: ReminderFacts, rule: str, calendars: Calendars = CALENDARS) -> list[str]:
    """What a rule plans, as "2026-12-29 owner task_first_response", in order."""
    planned = plan(found, calendars, {rule: RULES[rule]})
    return sorted(f"{one.due_on} {one.step.to} {one.step.kind}" for one in planned)


def wanted(found: ReminderFacts, rule: str) -> list[Planned]:
    return plan(found, CALENDARS, {rule: RULES[rule]})


def rows(text: str) -> list[str]:
    return sorted(" ".join(line.split()) for line in text.strip().splitlines())


# ------------------------------------------------------------------------------------------------ counted forwards


def test_first_response_over_christmas() -> None:
    # Friday 25 and Monday 28 December 2026 are bank holidays everywhere.
    found = facts(S.TRIAGE, event("submit", "2026-12-24"))
    assert dates(found, "first_response") == rows("""
        2026-12-29 owner        task_first_response
        2026-12-30 owner        task_first_response
        2026-12-31 lead_service task_first_response_escalated
    """)


def test_first_response_over_new_year_in_england_and_in_scotland() -> None:
    asked = event("submit", "2026-12-30")
    assert dates(facts(S.TRIAGE, asked), "first_response") == rows("""
        2026-12-31 owner        task_first_response
        2027-01-04 owner        task_first_response
        2027-01-05 lead_service task_first_response_escalated
    """)
    # 2 January is a Saturday, so Scotland takes Monday the 4th.
    assert dates(facts(S.TRIAGE, asked, staff_nation=SCOTLAND), "first_response") == rows("""
        2026-12-31 owner        task_first_response
        2027-01-05 owner        task_first_response
        2027-01-06 lead_service task_first_response_escalated
    """)


def test_a_question_sent_on_a_sunday_is_counted_from_monday() -> None:
    assert dates(facts(S.TRIAGE, event("submit", "2026-11-22")), "first_response")[0].startswith("2026-11-24")


@pytest.mark.parametrize(
    ("nation", "asked", "expected"),
    [
        # Good Friday is 26 March 2027 and Easter Monday the 29th, which Scotland works; 3 May is a holiday.
        (ENGLAND, "2027-03-22", "2027-03-31 2027-04-07 2027-04-21"),
        (SCOTLAND, "2027-03-22", "2027-03-30 2027-04-06 2027-04-20"),
        # Northern Ireland keeps St Patrick's Day too.
        (ULSTER, "2027-03-15", "2027-03-23 2027-04-01 2027-04-15"),
        (ENGLAND, "2027-03-15", "2027-03-22 2027-03-31 2027-04-14"),
    ],
)
def test_information_asked_over_easter_follows_the_enquirers_calendar(nation: str, asked: str, expected: str) -> None:
    found = facts(S.SCOPING, event("ask", asked), waiting_on=W.ENQUIRER, enquiry_nation=nation)
    chased = [line for line in dates(found, "information_asked") if "enquirer" in line]
    assert chased == [f"{day} enquirer remind_information_asked" for day in expected.split()]


def test_the_owner_hears_of_a_dormant_enquiry_on_their_own_calendar() -> None:
    found = facts(S.SCOPING, event("ask", "2027-03-22"), waiting_on=W.ENQUIRER, enquiry_nation=SCOTLAND)
    assert "2027-05-06 owner task_dormant" in dates(found, "information_asked")


def test_an_added_holiday_moves_what_comes_after_it() -> None:
    scotland = CALENDARS[SCOTLAND]
    proclaimed = {**CALENDARS, SCOTLAND: replace(scotland, days_off={**scotland.days_off, date(2026, 12, 4): "Gala"})}
    found = facts(S.SCOPING, event("ask", "2026-12-01"), waiting_on=W.ENQUIRER, enquiry_nation=SCOTLAND)
    assert dates(found, "information_asked")[0].startswith("2026-12-08")
    moved = plan(found, proclaimed, {"information_asked": RULES["information_asked"]})[0]
    assert moved.due_on == date(2026, 12, 9)
    assert "4 December 2026 (Gala)" in moved.arithmetic


def test_arranging_writing_and_signing() -> None:
    accepted = facts(S.SCOPING, event("accept", "2026-11-23"))
    assert dates(accepted, "arrange_meeting") == rows("""
        2026-11-26 enquirer remind_arrange_meeting
        2026-11-26 owner    task_arrange_meeting
        2026-11-30 enquirer remind_arrange_meeting
        2026-11-30 owner    task_arrange_meeting
    """)
    begun = facts(S.DRAFTING, event("begin_brief", "2026-12-14"))
    assert dates(begun, "brief_due") == rows("""
        2026-12-24 owner task_brief_due
        2026-12-30 owner task_brief_due
        2027-01-07 owner task_brief_due
    """)
    sent = facts(S.SIGN_OFF, event("send_for_agreement", "2026-11-23"), brief_state=BriefState.SENT)
    assert dates(sent, "sign_off") == rows("""
        2026-11-30 enquirer remind_sign_off
        2026-12-07 enquirer remind_sign_off
        2026-12-14 owner    task_sign_off
    """)


def test_the_call() -> None:
    call = facts(
        S.OPEN_CALL,
        event("publish", "2026-12-15"),
        call=CallStanding(date(2026, 12, 30), is_open=True),
        recipients=(RecipientStanding(RECIPIENT, UNIVERSITY, "Durham University"),),
    )
    assert dates(call, "brief_not_fetched") == rows("""
        2026-12-17 contacts remind_brief_not_fetched
        2026-12-22 owner    task_brief_not_fetched
    """)
    # Back from Wednesday the 30th: the 29th, then over Boxing Day and Christmas the 24th, 23rd, 22nd and 21st.
    assert dates(call, "reply_by") == rows("""
        2026-12-21 contacts remind_reply_by
        2026-12-29 contacts remind_reply_by
    """)
    assert dates(call, "call_due") == rows("""
        2026-12-30 owner task_call_due
        2027-01-05 owner task_call_due
    """)


def test_a_university_is_reminded_on_its_own_calendar() -> None:
    call = facts(
        S.OPEN_CALL,
        event("publish", "2026-11-16"),
        call=CallStanding(date(2026, 12, 1), is_open=True),
        recipients=(RecipientStanding(RECIPIENT, UNIVERSITY),),
        nations={UNIVERSITY: SCOTLAND},
    )
    # Monday 30 November is St Andrew's Day.
    assert dates(call, "reply_by") == rows("""
        2026-11-23 contacts remind_reply_by
        2026-11-27 contacts remind_reply_by
    """)


def test_a_short_call_is_not_reminded_of_before_it_began() -> None:
    call = facts(
        S.OPEN_CALL,
        event("publish", "2026-11-23"),
        call=CallStanding(date(2026, 11, 27), is_open=True),
        recipients=(RecipientStanding(RECIPIENT, UNIVERSITY),),
    )
    assert dates(call, "reply_by") == ["2026-11-26 contacts remind_reply_by"]


def test_choosing_costing_and_contracting() -> None:
    offered = facts(
        S.SELECTING,
        event("offer", "2026-11-23"),
        offer=OfferStanding(OFFER, UNIVERSITY, date(2026, 12, 7), "Durham University", LEAD),
    )
    assert dates(offered, "offer_unanswered") == rows("""
        2026-11-26 lead  remind_offer_unanswered
        2026-12-01 lead  remind_offer_unanswered
        2026-12-07 owner task_offer_lapse
    """)
    project = ProjectStanding(PROJECT, ProjectState.PLANNED, UNIVERSITY, LEAD)
    costing = facts(S.COSTING, event("accept_offer", "2026-11-23"), project=project)
    assert dates(costing, "costing") == rows("""
        2026-11-30 contacts remind_costing
        2026-11-30 lead     remind_costing
        2026-12-07 contacts remind_costing
        2026-12-07 lead     remind_costing
    """)
    contract = facts(S.CONTRACTING, event("confirm_funding", "2026-11-23"), project=project)
    assert dates(contract, "contract") == rows("""
        2026-12-07 contacts     remind_contract
        2026-12-07 enquirer     remind_contract
        2026-12-21 contacts     remind_contract
        2026-12-21 enquirer     remind_contract
        2027-01-07 lead_service task_contract_escalated
    """)
    signed = replace(contract, project=replace(project, signed_parties=frozenset({"commissioner"})))
    assert not any("enquirer" in line for line in dates(signed, "contract"))
    passed_over = RecipientStanding(RECIPIENT, UNIVERSITY, is_interested=True, has_answered=True)
    left = facts(S.COSTING, event("accept_offer", "2026-11-23"), recipients=(passed_over,))
    assert dates(left, "stand_down") == ["2026-11-30 owner task_stand_down"]


def test_funding_is_reviewed_every_twenty_days_and_an_exit_proposed_from_the_sixtieth_on() -> None:
    looking = facts(S.FUNDING, event("agree_costs", "2026-11-23"))
    assert dates(looking, "funding_review") == rows("""
        2026-12-21 owner task_funding_review
        2027-01-21 owner task_funding_review
        2027-02-18 owner task_funding_exit_proposed
        2027-03-18 owner task_funding_exit_proposed
    """)
    later = replace(looking, today=date(2027, 3, 18))
    assert dates(later, "funding_review")[-1] == "2027-04-19 owner task_funding_exit_proposed"


def test_deliverables_and_reports_by_the_leads_calendar_and_the_owners() -> None:
    planned = DeliverableStanding(
        DELIVERABLE, "First findings", date(2026, 12, 31), DeliverableStatus.PLANNED, on("2026-08-31")
    )
    project = ProjectStanding(PROJECT, ProjectState.ACTIVE, UNIVERSITY, LEAD, deliverables=(planned,))
    begun = facts(
        S.COMMISSIONED, event("start", "2026-08-31", "project"), project=project, nations={UNIVERSITY: SCOTLAND}
    )
    assert dates(begun, "deliverable") == rows("""
        2026-12-15 lead  remind_deliverable
        2026-12-29 lead  remind_deliverable
        2027-01-05 lead  remind_deliverable
        2027-01-18 lead  remind_deliverable
        2026-12-15 owner task_deliverable
        2026-12-29 owner task_deliverable
        2027-01-04 owner task_deliverable
        2027-01-15 owner task_deliverable
    """)
    # Three months after 31 August is 30 November, St Andrew's Day in Scotland; then 28 February, a Sunday.
    assert dates(begun, "report") == rows("""
        2026-11-16 lead  remind_report
        2026-11-26 lead  remind_report
        2026-12-02 lead  remind_report
        2026-12-15 lead  remind_report
        2026-11-16 owner task_report
        2026-11-26 owner task_report
        2026-12-01 owner task_report
        2026-12-14 owner task_report
        2027-02-15 lead  remind_report
        2027-02-25 lead  remind_report
        2027-03-02 lead  remind_report
        2027-03-15 lead  remind_report
        2027-02-15 owner task_report
        2027-02-25 owner task_report
        2027-03-02 owner task_report
        2027-03-15 owner task_report
    """)


def test_three_months_end_with_the_month() -> None:
    assert months_after(date(2026, 8, 31), 3) == date(2026, 11, 30)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)


def test_a_hold_that_ends_on_a_saturday() -> None:
    held = facts(S.SCOPING, event("hold", "2026-12-01"), on_hold=True, hold_until=date(2027, 1, 2))
    assert dates(held, "hold_ends") == rows("""
        2026-12-30 owner task_hold_ends
        2027-01-04 owner task_hold_ends
    """)


def test_after_the_end() -> None:
    closed = facts(S.CLOSED, event("close", "2026-12-18"), outcome=Outcome.ANSWERED, waiting_on=W.NOBODY)
    assert dates(closed, "satisfaction") == ["2027-01-06 enquirer satisfaction_asked"]
    project = ProjectStanding(PROJECT, ProjectState.COMPLETED, UNIVERSITY, LEAD)
    accepted = event("accept_delivery", "2026-12-07", "project")
    delivered = facts(S.COMMISSIONED, accepted, project=project, nations={UNIVERSITY: SCOTLAND})
    found = dates(delivered, "outcome")
    assert [line for line in found if "enquirer" in line] == rows("""
        2027-03-04 enquirer outcome_asked
        2027-06-09 enquirer outcome_nudge
        2027-12-02 enquirer outcome_nudge
    """)
    assert "2027-03-05 lead outcome_asked" in found


def test_an_unsent_form_is_nudged_twice_and_warned_of() -> None:
    unsent = facts(S.DRAFT, today="2026-12-17", draft_saved_at=on("2026-12-17"), draft_kept_until=date(2027, 1, 14))
    assert dates(unsent, "draft_nudge") == rows("""
        2026-12-22 enquirer remind_draft_nudge
        2027-01-05 enquirer remind_draft_nudge
        2027-01-07 enquirer remind_draft_purge_warning
    """)
    assert {one.deadline for one in wanted(unsent, "draft_nudge")} == {date(2027, 1, 14)}
    again = replace(unsent, draft_saved_at=on("2026-12-18"))
    assert {one.anchor.id for one in wanted(again, "draft_nudge")} != {
        one.anchor.id for one in wanted(unsent, "draft_nudge")
    }
    assert not wanted(replace(unsent, draft_saved_at=None), "draft_nudge")


# -------------------------------------------------------------------------------------------- what makes a clock stand


def test_a_hold_grants_the_days_that_were_left() -> None:
    asked, held, resumed = (
        event("ask", "2026-11-23"),
        event("hold", "2026-11-25", number=101),
        event("resume", "2026-12-07", number=102),
    )
    on_hold = facts(S.SCOPING, asked, held, on_hold=True, hold_until=date(2026, 12, 4), waiting_on=W.ENQUIRER)
    supposed = [one for one in wanted(on_hold, "information_asked") if one.step.days == 5]
    # Three of five days were left: from Friday 4 December that is Wednesday the 9th, were it resumed then.
    assert [(one.due_on, one.is_frozen) for one in supposed] == [(date(2026, 12, 9), True)]
    running = facts(S.SCOPING, asked, held, resumed, waiting_on=W.ENQUIRER)
    again = [one for one in wanted(running, "information_asked") if one.step.to == A.ENQUIRER]
    assert [one.due_on for one in again] == [date(2026, 12, 10), date(2026, 12, 17), date(2027, 1, 5)]
    assert not any(one.is_frozen for one in again)
    assert again[0].arithmetic == (
        "Thursday 10 December 2026 is 3 working days after Monday 7 December 2026. The clock stood still from "
        "Wednesday 25 November 2026, when 3 working days were left, until Monday 7 December 2026."
    )


def test_a_hold_that_outlives_its_date_keeps_everything_ahead() -> None:
    asked, held = event("ask", "2026-11-23"), event("hold", "2026-11-25", number=101)
    found = facts(
        S.SCOPING, asked, held, today="2026-12-16", on_hold=True, hold_until=date(2026, 12, 4), waiting_on=W.ENQUIRER
    )
    assert all(one.due_on and one.due_on > date(2026, 12, 16) for one in wanted(found, "information_asked"))


def test_a_renewed_hold_is_one_pause() -> None:
    held, renewed = event("hold", "2026-11-25", number=101), event("hold", "2026-12-01", number=102)
    found = facts(S.SCOPING, held, renewed, event("resume", "2026-12-07", number=103))
    assert found.pauses == ((on("2026-11-25"), on("2026-12-07")),)


def test_a_date_that_others_were_given_stands_through_a_hold() -> None:
    call = facts(
        S.OPEN_CALL,
        event("publish", "2026-12-01"),
        event("hold", "2026-12-02", number=101),
        on_hold=True,
        hold_until=date(2027, 1, 29),
        call=CallStanding(date(2026, 12, 15), is_open=True),
        recipients=(RecipientStanding(RECIPIENT, UNIVERSITY),),
    )
    assert [(one.due_on, one.is_frozen) for one in wanted(call, "reply_by")] == [
        (date(2026, 12, 8), False),
        (date(2026, 12, 14), False),
    ]


def test_a_paused_project_is_not_chased() -> None:
    planned = DeliverableStanding(
        DELIVERABLE, "First findings", date(2026, 12, 10), DeliverableStatus.PLANNED, on("2026-09-01")
    )
    project = ProjectStanding(PROJECT, ProjectState.PAUSED, UNIVERSITY, LEAD, deliverables=(planned,))
    found = facts(S.COMMISSIONED, event("start", "2026-09-01", "project"), today="2026-12-11", project=project)
    frozen = wanted(found, "deliverable")
    assert frozen
    assert all(one.is_frozen and one.due_on and one.due_on > date(2026, 12, 11) for one in frozen)


def test_ask_me_later_stops_the_clock_of_its_rule_and_asks_again() -> None:
    asked = event("ask", "2026-11-23")
    later = Postponed(
        UUID(int=50), "information_asked", ENQUIRY, A.ENQUIRER, 5, asked.id, on("2026-12-01"), date(2026, 12, 12)
    )
    found = facts(S.SCOPING, asked, today="2026-12-01", waiting_on=W.ENQUIRER, postponed=(later,))
    again = {(one.step.days, one.anchor.id): one for one in wanted(found, "information_asked")}
    # 12 December is a Saturday; of the ten days four were left on the 1st, and count again from Monday the 14th.
    assert again[5, UUID(int=50)].due_on == date(2026, 12, 14)
    assert again[5, UUID(int=50)].arithmetic == (
        "You asked us on Tuesday 1 December 2026 to come back on Saturday 12 December 2026."
    )
    assert again[10, asked.id].due_on == date(2026, 12, 18)
    assert again[30, asked.id].due_on == date(2027, 1, 20)


def test_a_real_word_starts_the_chasing_of_a_brief_anew() -> None:
    sent = facts(S.SIGN_OFF, event("send_for_agreement", "2026-11-23"), brief_state=BriefState.SENT)
    word = Word(UUID(int=200), on("2026-11-26"))
    assert dates(replace(sent, last_word=word), "sign_off")[0] == "2026-12-03 enquirer remind_sign_off"
    before = Word(UUID(int=201), on("2026-11-20"))
    assert dates(replace(sent, last_word=before), "sign_off") == dates(sent, "sign_off")


def test_reopening_starts_a_clock_anew() -> None:
    found = facts(
        S.DRAFTING,
        event("begin_brief", "2026-10-01"),
        event("close", "2026-10-12", number=101),
        event("reopen", "2026-11-23", number=102),
    )
    assert dates(found, "brief_due")[0] == "2026-12-03 owner task_brief_due"


def test_extending_a_call_gives_new_dates_and_a_new_anchor() -> None:
    first = event("publish", "2026-11-23")
    extended = event("extend", "2026-12-01", number=101)
    told = (RecipientStanding(RECIPIENT, UNIVERSITY),)
    before = facts(S.OPEN_CALL, first, call=CallStanding(date(2026, 12, 7), is_open=True), recipients=told)
    after = facts(S.OPEN_CALL, first, extended, call=CallStanding(date(2026, 12, 18), is_open=True), recipients=told)
    assert {one.anchor.id for one in wanted(before, "reply_by")} == {first.id}
    assert {one.anchor.id for one in wanted(after, "reply_by")} == {extended.id}
    assert dates(after, "reply_by") == rows("""
        2026-12-11 contacts remind_reply_by
        2026-12-17 contacts remind_reply_by
    """)


# -------------------------------------------------------------------------------------------------------- stop rules

_RECIPIENT = RecipientStanding(RECIPIENT, UNIVERSITY)
_CALL = CallStanding(date(2027, 1, 29), is_open=True)
_PROJECT = ProjectStanding(PROJECT, ProjectState.PLANNED, UNIVERSITY, LEAD)
_DELIVERABLE = DeliverableStanding(
    DELIVERABLE, "Findings", date(2027, 1, 29), DeliverableStatus.PLANNED, on("2026-11-01")
)
_ACTIVE = replace(_PROJECT, state=ProjectState.ACTIVE, deliverables=(_DELIVERABLE,))
_LATER_WORD = Word(UUID(int=200), on("2026-11-24"))

WANTING: dict[str, ReminderFacts] = {
    "draft_nudge": facts(
        S.DRAFT, today="2026-11-23", draft_saved_at=on("2026-11-23"), draft_kept_until=date(2026, 12, 21)
    ),
    "first_response": facts(S.TRIAGE, event("submit", "2026-11-23")),
    "arrange_meeting": facts(S.SCOPING, event("accept", "2026-11-23")),
    "information_asked": facts(S.SCOPING, event("ask", "2026-11-23"), waiting_on=W.ENQUIRER),
    "brief_due": facts(S.DRAFTING, event("begin_brief", "2026-11-23")),
    "sign_off": facts(S.SIGN_OFF, event("send_for_agreement", "2026-11-23"), brief_state=BriefState.SENT),
    "brief_not_fetched": facts(S.OPEN_CALL, event("publish", "2026-11-23"), call=_CALL, recipients=(_RECIPIENT,)),
    "reply_by": facts(S.OPEN_CALL, event("publish", "2026-11-23"), call=_CALL, recipients=(_RECIPIENT,)),
    "call_due": facts(S.OPEN_CALL, event("publish", "2026-11-23"), call=_CALL),
    "stand_down": facts(
        S.COSTING, event("accept_offer", "2026-11-23"), recipients=(replace(_RECIPIENT, is_interested=True),)
    ),
    "offer_unanswered": facts(
        S.SELECTING, event("offer", "2026-11-23"), offer=OfferStanding(OFFER, UNIVERSITY, date(2026, 12, 7))
    ),
    "costing": facts(S.COSTING, event("accept_offer", "2026-11-23"), project=_PROJECT),
    "contract": facts(S.CONTRACTING, event("confirm_funding", "2026-11-23"), project=_PROJECT),
    "funding_review": facts(S.FUNDING, event("agree_costs", "2026-11-23")),
    "deliverable": facts(S.COMMISSIONED, event("start", "2026-11-23", "project"), project=_ACTIVE),
    "report": facts(S.COMMISSIONED, event("start", "2026-11-23", "project"), project=_ACTIVE),
    "hold_ends": facts(S.SCOPING, event("hold", "2026-11-23"), on_hold=True, hold_until=date(2026, 12, 7)),
    "satisfaction": facts(S.CLOSED, event("close", "2026-11-23"), outcome=Outcome.ANSWERED),
    "outcome": facts(
        S.CLOSED,
        event("accept_delivery", "2026-11-23", "project"),
        project=replace(_PROJECT, state=ProjectState.COMPLETED),
    ),
}


def _with_project(**changes: object) -> Callable[[ReminderFacts], ReminderFacts]:
    return lambda found: replace(found, project=replace(found.project, **changes))  # type: ignore[type-var]


def _now(state: S, **changes: object) -> Callable[[ReminderFacts], ReminderFacts]:
    return lambda found: replace(found, state=state, **changes)  # type: ignore[arg-type]


def _known(**changes: object) -> Callable[[ReminderFacts], ReminderFacts]:
    return lambda found: replace(found, **changes)  # type: ignore[arg-type]


def _replied(found: ReminderFacts) -> ReminderFacts:
    return replace(found, events=(*found.events, event("reply", "2026-11-24", number=150)), waiting_on=W.TEAM)


_USED = Use(on("2027-03-04"), Role.MANAGER, "yes")
_NEITHER = replace(_RECIPIENT, is_interested=True)
STOPS: dict[str, dict[str, Callable[[ReminderFacts], ReminderFacts]]] = {
    "draft_nudge": {"sent": _now(S.TRIAGE), "no address any more": _known(draft_saved_at=None)},
    "first_response": {"somebody answered": _known(was_answered=True), "closed": _now(S.CLOSED)},
    "arrange_meeting": {
        "a conversation": _known(last_conversation=_LATER_WORD),
        "the brief went out without": _now(S.SIGN_OFF),
        "closed": _now(S.CLOSED),
    },
    "information_asked": {
        "a reply": _replied,
        "a real word, though the ball stays": _known(last_word=_LATER_WORD),
        "the work moved on": _known(state_since=on("2026-11-25")),
        "closed": _now(S.CLOSED),
    },
    "brief_due": {"sent for agreement": _now(S.SIGN_OFF), "closed": _now(S.CLOSED)},
    "sign_off": {
        "agreed": _known(brief_state=BriefState.AGREED),
        "changes asked for": _now(S.DRAFTING, brief_state=BriefState.DRAFT),
        "closed": _now(S.CLOSED),
    },
    "brief_not_fetched": {
        "fetched": _known(recipients=(replace(_RECIPIENT, was_fetched=True),)),
        "answered": _known(recipients=(replace(_RECIPIENT, has_answered=True),)),
        "pulled": _known(call=replace(_CALL, is_open=False)),
    },
    "reply_by": {
        "answered": _known(recipients=(replace(_RECIPIENT, has_answered=True),)),
        "pulled or closed": _known(call=replace(_CALL, is_open=False)),
    },
    "call_due": {"closed": _known(call=replace(_CALL, is_open=False))},
    "stand_down": {
        "told": _known(recipients=(replace(_NEITHER, is_settled=True),)),
        "kept as an alternate": _known(alternates=frozenset({UNIVERSITY})),
        "closed": _now(S.CLOSED),
    },
    "offer_unanswered": {"answered": _known(offer=None), "closed": _now(S.CLOSED)},
    "costing": {"submitted": _with_project(costs_are_submitted=True), "agreed": _now(S.FUNDING)},
    "contract": {
        "signed by both": _with_project(signed_parties=frozenset({"commissioner", "university", "other"})),
        "commissioned at risk": _now(S.COMMISSIONED),
    },
    "funding_review": {"confirmed": _now(S.CONTRACTING), "descoped": _now(S.COSTING), "closed": _now(S.CLOSED)},
    "deliverable": {
        "accepted": _with_project(deliverables=(replace(_DELIVERABLE, status=DeliverableStatus.ACCEPTED),)),
        "waived": _with_project(deliverables=(replace(_DELIVERABLE, status=DeliverableStatus.WAIVED),)),
        "the delivery as a whole accepted": _with_project(state=ProjectState.COMPLETED),
        "ended early": _with_project(state=ProjectState.TERMINATED),
    },
    "report": {
        "both given": _with_project(reported_until=(date(2027, 2, 20), date(2027, 5, 23))),
        "delivered": _with_project(state=ProjectState.DELIVERED),
        "ended early": _with_project(state=ProjectState.TERMINATED),
    },
    "hold_ends": {"resumed": _known(on_hold=False, hold_until=None)},
    "satisfaction": {
        "said": _known(satisfaction_given=True),
        "reopened": _now(S.SCOPING),
        "spam": _known(outcome=Outcome.SPAM),
        "a duplicate": _known(outcome=Outcome.DUPLICATE),
    },
    "outcome": {
        "recorded by a manager, for both sides": _with_project(uses=(_USED,)),
        "nobody wants to be asked": _with_project(outcomes_stopped_for=frozenset({"enquirer", "lead"})),
    },
}  # fmt: skip


def test_every_rule_is_shown_wanting_and_stopping() -> None:
    assert set(WANTING) == set(STOPS) == set(RULES)
    for rule, found in WANTING.items():
        assert wanted(found, rule), rule


@pytest.mark.parametrize(("rule", "why"), [(rule, why) for rule, reasons in STOPS.items() for why in reasons])
def test_it_stops(rule: str, why: str) -> None:
    assert not wanted(STOPS[rule][why](WANTING[rule]), rule)


def test_one_report_settles_its_own_date_only() -> None:
    late = _with_project(reported_until=(date(2027, 1, 30),))(WANTING["report"])
    assert len(wanted(_with_project(end_on=date(2027, 5, 22))(WANTING["report"]), "report")) == 8  # none after the end
    assert len(wanted(late, "report")) == 2 * 8  # a report three weeks and more before its date is not that one
    given = _with_project(reported_until=(date(2027, 2, 12),))(WANTING["report"])
    assert {one.anchor.on for one in wanted(given, "report")} == {date(2027, 5, 23)}


def test_alternates_are_told_once_the_work_has_begun() -> None:
    kept = replace(WANTING["stand_down"], alternates=frozenset({UNIVERSITY}))
    begun = replace(kept, state=S.COMMISSIONED, events=(*kept.events, event("commission", "2026-12-01", number=101)))
    assert dates(begun, "stand_down") == ["2026-12-08 owner task_stand_down"]


def test_who_has_delivered_is_not_chased_while_the_owner_is() -> None:
    delivered = _with_project(deliverables=(replace(_DELIVERABLE, status=DeliverableStatus.DELIVERED),))
    assert {one.step.to for one in wanted(delivered(WANTING["deliverable"]), "deliverable")} == {A.OWNER}


def test_two_silences_end_the_asking_about_use_for_that_side_alone() -> None:
    asked = tuple(
        Asked("outcome", PROJECT, A.ENQUIRER, days, on(day)) for days, day in ((60, "2027-02-18"), (125, "2027-05-26"))
    )
    silent = replace(WANTING["outcome"], asked=asked, today=date(2027, 5, 27))
    last = [one for one in wanted(silent, "outcome") if one.step.days == 250]
    assert {one.step.to for one in last} == {A.ENQUIRER, A.LEAD}, "the second asking may still be answered"
    over = replace(silent, today=max(one.due_on for one in last if one.due_on))
    assert {one.step.to for one in wanted(over, "outcome") if one.step.days == 250} == {A.LEAD}
    planned = Use(on("2027-02-20"), Role.ENQUIRER, "planned")
    heard = replace(over, project=replace(_PROJECT, state=ProjectState.COMPLETED, uses=(planned,)))
    assert A.ENQUIRER in {one.step.to for one in wanted(heard, "outcome") if one.step.days == 250}


def test_each_side_speaks_for_itself_about_use() -> None:
    said = _with_project(uses=(Use(on("2027-02-20"), Role.ENQUIRER, "no"),))(WANTING["outcome"])
    assert {one.step.to for one in wanted(said, "outcome")} == {A.LEAD}
    said = _with_project(uses=(Use(on("2027-02-20"), Role.LEAD_RESEARCHER, "yes"),))(WANTING["outcome"])
    assert {one.step.to for one in wanted(said, "outcome")} == {A.ENQUIRER}
    for stopped, asked in (("enquirer", A.LEAD), ("lead", A.ENQUIRER)):
        left_alone = _with_project(outcomes_stopped_for=frozenset({stopped}))(WANTING["outcome"])
        assert {one.step.to for one in wanted(left_alone, "outcome")} == {asked}
    unsure = _with_project(uses=(Use(on("2027-02-20"), Role.ENQUIRER, "cannot_say"),))(WANTING["outcome"])
    assert {one.step.to for one in wanted(unsure, "outcome")} == {A.LEAD, A.ENQUIRER}


# --------------------------------------------------------------------------------------------------- promised dates


@pytest.mark.parametrize(
    ("rule", "holder", "day", "said"),
    [
        ("first_response", W.TEAM, "2026-11-25", "Wednesday 25 November 2026 is 2 working days after"),
        ("arrange_meeting", W.TEAM, "2026-11-30", "5 working days"),
        ("information_asked", W.ENQUIRER, "2026-11-30", "5 working days"),
        ("brief_due", W.TEAM, "2026-12-07", "10 working days"),
        ("sign_off", W.ENQUIRER, "2026-12-07", "10 working days"),
        ("call_due", W.UNIVERSITIES, "2027-01-29", "Universities were asked to reply by Friday 29 January 2027."),
        ("offer_unanswered", W.LEAD, "2026-12-07", "The researchers were asked to answer by Monday 7 December 2026."),
        ("costing", W.UNIVERSITIES, "2026-12-07", "10 working days"),
        ("funding_review", W.FUNDER, "2026-12-21", "20 working days"),
        ("contract", W.SIGNATORIES, "2026-12-21", "20 working days"),
        ("deliverable", W.LEAD, "2027-01-29", "The next deliverable is due on Friday 29 January 2027."),
    ],
)
def test_whoever_holds_the_ball_has_a_date(rule: str, holder: W, day: str, said: str) -> None:
    promised = promise(replace(WANTING[rule], waiting_on=holder), CALENDARS)
    assert promised is not None
    assert promised.on == date.fromisoformat(day)
    assert said in promised.arithmetic


def test_a_hold_promises_its_end_and_nobody_promises_nothing() -> None:
    promised = promise(WANTING["hold_ends"], CALENDARS)
    assert promised is not None
    assert (promised.on, promised.arithmetic) == (date(2026, 12, 7), "It is on hold until Monday 7 December 2026.")
    assert promise(replace(WANTING["satisfaction"], waiting_on=W.NOBODY), CALENDARS) is None


def test_a_promise_in_the_past_stands_and_a_review_is_promised_again() -> None:
    late = promise(replace(WANTING["first_response"], today=date(2026, 12, 7)), CALENDARS)
    assert late is not None
    assert late.on == date(2026, 11, 25)
    review = promise(replace(WANTING["funding_review"], waiting_on=W.FUNDER, today=date(2026, 12, 22)), CALENDARS)
    assert review is not None
    assert review.on == date(2027, 1, 21)


# ------------------------------------------------------------------------------------------------------ the table itself


def test_every_step_has_its_wording_and_none_is_the_same_twice() -> None:
    for rule in RULES.values():
        assert {step.kind for step in rule.steps} <= set(wordings.kinds())
        steps = [(step.days, step.to) for step in rule.steps]
        assert len(steps) == len(set(steps)), rule.code
        assert rule.promised is None or rule.holder or rule.code in {"stand_down", "report", "hold_ends"}
    assert len(CODES) == len(set(CODES)) == 21


def test_what_is_written_to_enquirers_counts_for_their_week() -> None:
    assert {
        "outcome_asked", "outcome_nudge", "remind_arrange_meeting", "remind_contract", "remind_draft_nudge",
        "remind_draft_purge_warning", "remind_information_asked", "remind_sign_off", "satisfaction_asked",
    } == ENQUIRER_KINDS  # fmt: skip
    assert {("information_asked", 30), ("sign_off", 15)} == SPENDING


def test_a_date_beyond_the_calendar_is_left_open_and_stops_nothing_else() -> None:
    short = {nation: replace(calendar, known_until=date(2026, 12, 31)) for nation, calendar in CALENDARS.items()}
    found = plan(WANTING["outcome"], short, {"outcome": RULES["outcome"]})
    assert [one.due_on for one in found] == [None] * 6
    assert "is known" in found[0].arithmetic
    chased = plan(WANTING["information_asked"], short, {"information_asked": RULES["information_asked"]})
    assert [one.due_on for one in chased] == [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 21), None]


def test_a_reminder_never_comes_on_the_day_of_its_anchor() -> None:
    for rule, found in WANTING.items():
        for one in wanted(found, rule):
            assert one.due_on is not None
            assert one.due_on > local_date(one.anchor.at), rule
            assert one.due_on - local_date(one.anchor.at) < timedelta(days=400)


def test_only_a_rule_that_outlasts_the_work_is_wanted_of_what_is_closed() -> None:
    steps = ("submit", "accept", "ask", "begin_brief", "send_for_agreement", "publish", "close")
    happened = [event(code, f"2026-11-{number:02}", number=number) for number, code in enumerate(steps, 2)]
    closed = facts(S.CLOSED, *happened, outcome=Outcome.WITHDRAWN, waiting_on=W.NOBODY, brief_state=BriefState.SENT)
    assert {code for code in RULES if wanted(closed, code)} == {"satisfaction"}
    assert {code for code, rule in RULES.items() if rule.outlasts} == {"satisfaction", "outcome"}
