"""A cohort's figures, worked out by hand, and what must never change them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from service.throughput.calendars import Calendars
from service.throughput.cohort import Figures, Funnel, Stage
from service.throughput.groups import BY_TIME, GroupBy
from service.throughput.log import LoggedEvent, histories
from service.throughput.periods import Period
from service.throughput.spreads import Spread
from service.working_time import Calendar, Nation
from tests.support.counted import ageing, answers, demand, funnel, grouped, throughput, transitions
from tests.support.logs import CALENDARS, Log, histories_of

MARCH = date(2026, 3, 1)
MAY = date(2026, 5, 31)
SO_FAR = Period(MARCH, date(2026, 6, 1), MAY)


def figures(*logs: Log, period: Period = SO_FAR, threshold: int = 5) -> Figures:
    return throughput(histories_of(*logs), period, CALENDARS, threshold)


def a_spring() -> list[Log]:
    """Three months of every fate: answered, merged, commissioned and running, completed, open, spam, split, reopened."""
    return [
        Log("2026-03-02 09:00").then("2026-03-03 09:00", "first_response").close("2026-03-06 09:00", "answered"),
        Log("2026-03-02 09:00").then("2026-03-04 09:00", "first_response").close("2026-03-04 09:00", "duplicate"),
        Log("2026-03-02 09:00").commission("2026-03-12 09:00"),
        Log("2026-03-02 09:00").commission("2026-03-09 09:00").close("2026-04-01 09:00", "completed"),
        Log("2026-04-01 09:00").then("2026-04-07 09:00", "accept", "scoping"),
        Log("2026-04-01 09:00").close("2026-04-01 10:00", "spam"),
        Log("2026-05-01 09:00", data={"split_from": "another"}),
        Log("2026-05-01 09:00")
        .close("2026-05-05 09:00", "declined")
        .then("2026-05-06 09:00", "reopen", "triage")
        .commission("2026-05-20 09:00"),
    ]


def test_counts_of_a_spring() -> None:
    told = figures(*a_spring())
    assert told.months == 3
    assert (told.submitted, told.originating, told.decided, told.open, told.commissioned) == (7, 6, 5, 2, 2)
    assert (told.reopened, told.spam) == (1, 1)
    assert told.conversion is not None
    assert (told.conversion.numerator, told.conversion.denominator, told.conversion.value) == (2, 5, 0.4)
    assert told.exits is not None
    assert {outcome: count for outcome, count in told.exits.items() if count} == {
        "answered": 1,
        "duplicate": 1,
        "completed": 1,
        "declined": 1,
    }
    assert "spam" not in told.exits


def test_time_to_milestones_of_a_spring() -> None:
    told = figures(*a_spring()).time_to
    assert told is not None
    # Responses on days 1 and 2. The declined one left the watch on day 1, the completed one on day 22; three still wait.
    # F(1) = 1/7 and F(2) = 1/7 + 6/7 · 1/5 = 0.31.
    first = told["first_response"]
    assert (first.reached, first.still_open, first.closed_before) == (2, 3, 2)
    assert (first.median, first.not_reached) == (None, True)
    # Commissioned on days 5 and 8; declined, merged and answered ones were overtaken on days 1, 2 and 4. F(8) = 2/7.
    commissioned = told["commissioned"]
    assert (commissioned.reached, commissioned.still_open, commissioned.closed_before) == (2, 2, 3)
    assert commissioned.median is None
    # Closed on days 1, 2, 4 and 22; three watched for 19 (since 1 May), 39 (since 1 April) and 61 days (since 2 March).
    # F(4) = 3/7 and, one watch having ended on day 19, F(22) = 3/7 + 4/7 · 1/3 = 0.62.
    closed = told["closed"]
    assert (closed.reached, closed.still_open, closed.closed_before) == (4, 3, 0)
    assert (closed.median, closed.p75, closed.not_reached) == (22.0, None, True)


def test_62_answered_on_day_10_and_38_commissioned_on_day_60_say_no_median() -> None:
    logs = [Log("2026-03-02 09:00").close("2026-03-16 09:00", "answered") for _ in range(62)]
    logs += [Log("2026-03-02 09:00").commission("2026-05-28 09:00") for _ in range(38)]
    told = figures(*logs)
    assert told.time_to is not None
    commissioned = told.time_to["commissioned"]
    assert (commissioned.median, commissioned.not_reached, commissioned.reached) == (None, True, 38)
    assert told.time_to["closed"].median == 10.0


def test_stays_of_a_spring() -> None:
    told = figures(*a_spring()).time_in_state
    assert told is not None
    triage = told["triage"]
    # Stays ended after 1, 2, 2 (over Easter), 4, 5 and 8 days; the split one is there since 19. F(4) = 4/7, F(8) = 6/7.
    assert (triage.reached, triage.still_open) == (6, 1)
    assert (triage.median, triage.p75, triage.p90, triage.not_reached) == (4.0, 8.0, None, True)
    assert triage.waiting_on["team"].working_days == 1 + 2 + 2 + 4 + 5 + 8 + 19
    # In days of 24 hours: 2 (merged), 4 (answered), 4 (declined, over 4 May), 6, 7, 10; still there after 30 and more.
    assert (triage.elapsed.median, triage.elapsed.p75) == (6.0, 10.0)
    assert (told["selecting"].median, told["selecting"].reached, told["selecting"].waiting_on) == (None, 0, {})


def test_holds_stand_apart() -> None:
    log = Log("2026-03-02 09:00").then("2026-03-03 09:00", "hold", on_hold=True)
    log.then("2026-03-05 09:00", "resume", on_hold=False).close("2026-03-06 09:00", "answered")
    told = figures(log).time_in_state
    assert told is not None
    triage = told["triage"]
    assert (triage.median, triage.elapsed) == (2.0, Spread(4.0, 4.0, 4.0, not_reached=False))
    assert (triage.held.stays, triage.held.working_days) == (1, 2.0)


def test_nothing_is_zeros() -> None:
    told = figures()
    assert (told.months, told.submitted, told.decided, told.open, told.commissioned, told.spam) == (3, 0, 0, 0, 0, 0)
    assert told.conversion is not None
    assert (told.conversion.denominator, told.conversion.value) == (0, None)
    assert told.exits is not None
    assert set(told.exits.values()) == {0}
    assert told.time_to is not None
    assert told.time_to["closed"].median is None


def test_a_cohort_is_the_months_asked_for_and_no_others() -> None:
    april = Period(date(2026, 4, 1), date(2026, 5, 1), MAY)
    told = figures(*a_spring(), period=april, threshold=0)
    assert (told.months, told.submitted) == (1, 1)
    assert figures(*a_spring(), period=Period(MARCH, date(2027, 3, 1), MAY)).submitted == 7


def test_a_short_period_tells_how_many_were_submitted_or_not_even_that() -> None:
    march = Period(MARCH, date(2026, 4, 1), MAY)
    told = figures(*a_spring(), period=march)
    assert told == Figures(months=1, submitted=None, suppressed=True)
    crowded = [log for _ in range(9) for log in a_spring()]
    assert figures(*crowded, period=march) == Figures(months=1, submitted=36, suppressed=True)


def test_the_funnel_of_a_spring() -> None:
    told = funnel(histories_of(*a_spring()), SO_FAR, CALENDARS, 5)
    assert told.submitted == 7
    assert told.stages is not None
    assert told.stages[0] == Stage("triage", 7, 0, 0)
    assert told.stages[1] == Stage("scoping", 3, 3, 1)
    assert told.stages[-1] == Stage("commissioned", 2, 3, 2)
    assert all(stage.reached + stage.closed_before + stage.still_before == 7 for stage in told.stages)
    assert funnel(histories_of(*a_spring()), Period(MARCH, date(2026, 4, 1), MAY), CALENDARS, 5) == Funnel(
        months=1, submitted=None, suppressed=True
    )


def test_rows_of_one_enquiry_are_read_together() -> None:
    logs = a_spring()
    assert list(histories(row for log in logs for row in log.rows)) == histories_of(*logs)


# ------------------------------------------------------------------------------------------- what must change nothing

EVENTS = ["first_response", "ask", "reply", "hold", "resume", "scoping", "open_call", "commissioned", "closed"]


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """An enquiry of spring 2026 to which things happen in no sensible order."""
    when = datetime(2026, 3, 1) + timedelta(hours=draw(st.integers(0, 80 * 24)))  # noqa: DTZ001 - London's clock, zone added by the log
    log = Log(
        str(when),
        sector=draw(st.sampled_from(["nhs", "academic", "guild", None])),
        topics=draw(st.sampled_from([(), ("homes",), ("homes", "food")])),
        organisation=draw(st.sampled_from([None, UUID(int=1), UUID(int=2)])),
        data={"needed_by": "2026-04-20"},
    )
    for gap, event in draw(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(EVENTS)), max_size=8)):
        when += timedelta(hours=gap)
        if event in {"scoping", "open_call", "commissioned", "closed"}:
            log.then(str(when), event, event, outcome="answered" if event == "closed" else None)
        elif event in {"hold", "resume"}:
            log.then(str(when), event, on_hold=event == "hold")
        else:
            log.then(str(when), event, waiting_on="enquirer" if event == "ask" else "team")
    return log


def told(cases: Sequence[Sequence[LoggedEvent]], period: Period = SO_FAR) -> tuple[Figures, Funnel]:
    return throughput(cases, period, CALENDARS, 5), funnel(cases, period, CALENDARS, 5)


def everything(cases: Sequence[Sequence[LoggedEvent]], period: Period = SO_FAR, threshold: int = 5) -> list[object]:
    """Return what every route would tell."""
    by_group = [grouped(cases, period, CALENDARS, threshold, grouping) for grouping in GroupBy]
    others = [of(cases, period, CALENDARS, threshold) for of in (demand, ageing, answers, transitions)]
    return [*told(cases, period), *by_group, *others]


@settings(max_examples=30)
@given(st.lists(logs(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(spring: list[Log], chance: Random) -> None:
    cases = histories_of(*spring)
    before = everything(cases)
    chance.shuffle(cases)
    assert everything([chance.sample(rows, len(rows)) for rows in cases]) == before


@settings(max_examples=30)
@given(st.lists(logs(), max_size=6), st.sampled_from([date(2026, 3, 31), date(2026, 4, 30), MAY]))
def test_what_is_recorded_after_as_of_changes_nothing(spring: list[Log], as_of: date) -> None:
    period = Period(MARCH, as_of + timedelta(days=1), as_of)
    known = [[row for row in log.rows if row.recorded_at < period.closes] for log in spring]
    assert everything(histories_of(*spring), period) == everything(known, period)


SHARED_OUT = [GroupBy.MONTH, GroupBy.QUARTER, GroupBy.SECTOR, GroupBy.AREA, GroupBy.ENQUIRY_TYPE]


@given(st.lists(logs(), max_size=6), st.sampled_from(SHARED_OUT))
def test_groups_make_up_the_total(spring: list[Log], grouping: GroupBy) -> None:
    total, groups = grouped(histories_of(*spring), SO_FAR, CALENDARS, 0, grouping)
    assert sum(group.figures.submitted or 0 for group in groups) == total.submitted
    if grouping not in BY_TIME:
        for name in ("originating", "decided", "open", "commissioned"):
            assert sum(getattr(group.figures, name) for group in groups) == getattr(total, name)
    _, withheld = grouped(histories_of(*spring), SO_FAR, CALENDARS, 5, grouping)
    told = [group.figures.submitted for group in withheld if group.figures.submitted is not None]
    assert sum(told) <= (total.submitted or 0)


def test_an_older_word_for_a_sector_is_another_one() -> None:
    _, groups = grouped(
        histories_of(Log("2026-03-02 09:00", sector="guild"), Log("2026-03-02 09:00")),
        SO_FAR,
        CALENDARS,
        1,
        GroupBy.SECTOR,
    )
    assert {group.key: group.figures.submitted for group in groups if group.figures.submitted} == {
        "other": 1,
        "not_known": 1,
    }


@given(st.lists(logs(), max_size=8))
def test_counts_add_up(spring: list[Log]) -> None:
    figures, reached = told(histories_of(*spring))
    for shares in (figures.in_time, figures.enquirers):
        assert shares is not None
        assert sum(shares.values()) == figures.submitted
    assert figures.submitted is not None
    assert figures.decided is not None
    assert figures.open is not None
    assert figures.time_to is not None
    assert figures.time_in_state is not None
    assert figures.exits is not None
    assert reached.stages is not None
    assert figures.submitted == figures.decided + figures.open == reached.submitted
    assert sum(count or 0 for count in figures.exits.values()) == figures.time_to["closed"].reached
    for milestone in figures.time_to.values():
        assert milestone.reached + milestone.still_open + milestone.closed_before == figures.submitted
    for stage in reached.stages:
        assert stage.reached + stage.closed_before + stage.still_before == figures.submitted
    for state in figures.time_in_state.values():
        turns = state.waiting_on.values()
        assert sum(turn.still_open for turn in turns) == state.still_open
        assert sum(turn.reached for turn in turns) >= state.reached


@given(st.lists(logs(), max_size=6), st.dates(date(2026, 6, 1), date(2028, 12, 31)))
def test_a_day_off_after_as_of_changes_nothing(spring: list[Log], day: date) -> None:
    calendar = CALENDARS.by_nation[Nation.ENGLAND_AND_WALES]
    proclaimed = Calendar.of(Nation.ENGLAND_AND_WALES, {**calendar.days_off, day: "Proclaimed"}, calendar.known_until)
    others = Calendars({**CALENDARS.by_nation, Nation.ENGLAND_AND_WALES: proclaimed}, CALENDARS.default)
    cases = histories_of(*spring)
    assert throughput(cases, SO_FAR, others, 5) == throughput(cases, SO_FAR, CALENDARS, 5)
