"""Working time against dates worked out by hand, against GOV.UK's own list, and against its own laws."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import holidays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.vocabulary import NATIONS
from service.working_time import (
    WORKING_DAY,
    Calendar,
    CalendarRanOut,
    Nation,
    add_working_days,
    calendar_runs_out,
    closing,
    elapsed_days,
    granted_again,
    library_days,
    local_date,
    london_midnight,
    month_end,
    month_start,
    opening,
    pause_shift,
    ticks_of,
    whole_working_days_between,
    worked_until,
    working_days_between,
    working_time_between,
)

YEARS = range(2025, 2030)
ENGLAND, SCOTLAND, ULSTER = (Calendar.from_library(nation, YEARS) for nation in Nation)

calendars = st.sampled_from([ENGLAND, SCOTLAND, ULSTER])
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  (the strategy adds the zone)


def london(text: str, offset: str = "+00:00") -> datetime:
    return datetime.fromisoformat(text + offset).astimezone(UTC)


# ------------------------------------------------------------------------------------------------------- calendars

# From GOV.UK's published list, copied by hand: the three nations where they differ.
PUBLISHED = {
    "england-and-wales": "2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28",
    "scotland": "2027-01-01 2027-01-04 2027-03-26 2027-05-03 2027-05-31 2027-08-02 2027-11-30 2027-12-27 2027-12-28",
    "northern-ireland": (
        "2027-01-01 2027-03-17 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-07-12 2027-08-30 2027-12-27 2027-12-28"
    ),
}
# Proclaimed after the lists in REAL_DATA were made; the library knows it.
PROCLAIMED_LATER = {("scotland", date(2026, 6, 15))}


def published_lists() -> list[tuple[str, str, frozenset[date]]]:
    lists = [
        ("by hand", nation, frozenset(map(date.fromisoformat, text.split()))) for nation, text in PUBLISHED.items()
    ]
    if folder := os.environ.get("REAL_DATA"):
        for path in sorted(Path(folder, "uk_reference").glob("bank-holidays*.json")):
            for nation, division in json.loads(path.read_text("utf-8")).items():
                lists.append(
                    (path.name, nation, frozenset(date.fromisoformat(day["date"]) for day in division["events"]))
                )
    return lists


@pytest.mark.parametrize(
    ("source", "nation", "published"), published_lists(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_library_agrees_with_the_published_list(source: str, nation: str, published: frozenset[date]) -> None:
    years = range(min(published).year, max(published).year + 1)
    ours = set(library_days(Nation(nation.replace("-", "_")), years))
    assert published <= ours, source
    assert {(nation, day) for day in ours - published} <= PROCLAIMED_LATER, source


def test_england_and_wales_share_one_list() -> None:
    english, welsh = (dict(holidays.country_holidays("GB", subdiv=part, years=YEARS)) for part in ("ENG", "WLS"))
    assert english == welsh


def test_nations_are_the_ones_people_choose_from() -> None:
    assert {nation.value: nation.label for nation in Nation} == NATIONS


def test_days_off_are_weekdays_with_a_plain_reason() -> None:
    listed = library_days(Nation.ENGLAND_AND_WALES, [2026])
    assert listed[date(2026, 12, 28)] == "Boxing Day, substitute day"
    assert date(2026, 12, 26) not in listed  # a Saturday: the weekend says enough
    assert list(listed) == sorted(listed)


def test_scotland_keeps_days_of_its_own() -> None:
    assert SCOTLAND.reason_off(date(2026, 1, 2)) == "New Year Holiday"
    assert SCOTLAND.reason_off(date(2026, 11, 30)) == "Saint Andrew's Day"
    assert SCOTLAND.is_working_day(date(2027, 3, 29))  # Easter Monday is local there
    assert ENGLAND.is_working_day(date(2026, 11, 30))
    assert not ENGLAND.is_working_day(date(2027, 3, 29))


def test_northern_ireland_keeps_the_twelfth_or_its_substitute() -> None:
    assert ULSTER.reason_off(date(2027, 7, 12)) == "Battle of the Boyne"
    assert ULSTER.reason_off(date(2026, 7, 12)) == "Sunday"
    assert ULSTER.reason_off(date(2026, 7, 13)) == "Battle of the Boyne, substitute day"


def test_a_calendar_keeps_its_days_when_the_caller_changes_theirs() -> None:
    mine = {date(2026, 5, 8): "Proclaimed"}
    calendar = Calendar.of(Nation.ENGLAND_AND_WALES, mine)
    mine.clear()
    assert calendar.reason_off(date(2026, 5, 8)) == "Proclaimed"
    assert calendar.known_until == date(2026, 12, 31)
    assert calendar == Calendar(Nation.ENGLAND_AND_WALES, {date(2026, 5, 8): "Proclaimed"}, date(2026, 12, 31))
    assert (
        len({calendar, Calendar(Nation.ENGLAND_AND_WALES, {date(2026, 5, 8): "Proclaimed"}, date(2026, 12, 31))}) == 1
    )


def test_a_calendar_without_days_off_is_told_how_far_it_reaches() -> None:
    with pytest.raises(ValueError, match="must be told"):
        Calendar.of(Nation.SCOTLAND, {})
    assert Calendar.of(Nation.SCOTLAND, {}, date(2027, 6, 30)).known_until == date(2027, 6, 30)


def test_a_proclaimed_day_moves_what_is_due_after_it() -> None:
    proclaimed = Calendar.of(Nation.SCOTLAND, {**SCOTLAND.days_off, date(2026, 12, 2): "A proclaimed day"})
    before, after = (add_working_days(date(2026, 11, 27), 3, calendar) for calendar in (SCOTLAND, proclaimed))
    assert (before.due, after.due) == (date(2026, 12, 3), date(2026, 12, 4))
    assert (date(2026, 12, 2), "A proclaimed day") in after.skipped
    assert "2 December 2026 (A proclaimed day)" in after.sentence()


TO_A_SUNDAY = Calendar.of(Nation.ENGLAND_AND_WALES, {}, date(2029, 12, 30))
ENDLESS = Calendar.of(Nation.SCOTLAND, {}, date.max)
BEYOND: dict[str, Callable[[], object]] = {
    "past the end": lambda: add_working_days(date(2029, 12, 20), 10, ENGLAND),
    "no next working day": lambda: add_working_days(date(2029, 12, 30), 0, TO_A_SUNDAY),
    "absurdly far": lambda: add_working_days(date(2026, 1, 5), 10**12, ENGLAND),
    "absurdly far back": lambda: add_working_days(date(2026, 1, 5), -(10**12), ENGLAND),
    "before the beginning": lambda: add_working_days(date(2025, 1, 3), -5, ENGLAND),
    "before time": lambda: add_working_days(date.min, -1, ENDLESS),
    "after time": lambda: add_working_days(date.max, 1, ENDLESS),
    "an end not known": lambda: whole_working_days_between(date(2026, 1, 5), date(2030, 1, 1), ENGLAND),
    "a start not known": lambda: working_days_between(opening(date(2024, 1, 5)), opening(date(2026, 1, 1)), ENGLAND),
}


@pytest.mark.parametrize("count", BEYOND.values(), ids=BEYOND.keys())
def test_a_count_that_leaves_the_calendar_is_refused(count: Callable[[], object]) -> None:
    with pytest.raises(CalendarRanOut, match=r"calendar is known .*until .* Load the missing days first"):
        count()


def test_the_last_known_day_can_still_be_reached() -> None:
    assert add_working_days(date(2029, 12, 28), 1, ENGLAND).due == date(2029, 12, 31)


def test_the_calendar_says_how_many_days_are_left() -> None:
    assert calendar_runs_out(ENGLAND, date(2029, 12, 1)) == 30
    assert calendar_runs_out(ENGLAND, date(2030, 1, 1)) == -1


# --------------------------------------------------------------------------------------------- counting whole days


@pytest.mark.parametrize(
    ("calendar", "anchor", "count", "due"),
    [
        # 2026: Christmas Day is a Friday, Boxing Day a Saturday (substitute Monday 28), New Year's Day a Friday
        (ENGLAND, date(2026, 12, 23), 2, date(2026, 12, 29)),
        (ENGLAND, date(2026, 12, 24), 5, date(2027, 1, 5)),
        (SCOTLAND, date(2026, 12, 24), 5, date(2027, 1, 6)),  # 2 January is a Saturday: Monday 4 is off too
        (ENGLAND, date(2026, 12, 26), 2, date(2026, 12, 31)),  # day 0 is Tuesday 29
        # Easter 2027: Good Friday 26 March, Easter Monday 29 March; clocks go forward on Sunday 28
        (ENGLAND, date(2027, 3, 25), 1, date(2027, 3, 30)),
        (SCOTLAND, date(2027, 3, 25), 1, date(2027, 3, 29)),
        (ULSTER, date(2027, 3, 16), 10, date(2027, 4, 2)),  # St Patrick's Day too
        # St Andrew's Day, Monday 30 November 2026
        (SCOTLAND, date(2026, 11, 27), 1, date(2026, 12, 1)),
        (ENGLAND, date(2026, 11, 27), 1, date(2026, 11, 30)),
        # the Twelfth
        (ULSTER, date(2027, 7, 9), 1, date(2027, 7, 13)),
        (ENGLAND, date(2027, 7, 9), 1, date(2027, 7, 12)),
        # backwards: five and one before a reply-by on Thursday 7 January 2027
        (ENGLAND, date(2027, 1, 7), -5, date(2026, 12, 30)),
        (SCOTLAND, date(2027, 1, 7), -5, date(2026, 12, 29)),
        (ENGLAND, date(2027, 1, 4), -1, date(2026, 12, 31)),
        (ENGLAND, date(2027, 1, 9), -1, date(2027, 1, 8)),  # a Saturday: day 0 is Monday 11
        (ENGLAND, date(2027, 1, 6), 0, date(2027, 1, 6)),
        (ENGLAND, date(2027, 1, 2), 0, date(2027, 1, 4)),
    ],
)
def test_dates_worked_out_by_hand(calendar: Calendar, anchor: date, count: int, due: date) -> None:
    assert add_working_days(anchor, count, calendar).due == due


def test_the_anchor_is_the_london_day_of_the_instant() -> None:
    late = london("2026-07-05T23:30", "+00:00")  # already Monday 6 July in London
    assert add_working_days(late, 2, ENGLAND).due == date(2026, 7, 8)
    assert add_working_days(late, 2, ENGLAND).anchor == date(2026, 7, 6)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        add_working_days(datetime(2026, 7, 6, 9), 2, ENGLAND)  # noqa: DTZ001  (that is the point)


def test_the_sentence_shows_the_arithmetic() -> None:
    reckoning = add_working_days(date(2026, 12, 26), 3, ENGLAND)
    assert reckoning.skipped == (
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 27), "Sunday"),
        (date(2026, 12, 28), "Boxing Day, substitute day"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 1, 2), "Saturday"),
        (date(2027, 1, 3), "Sunday"),
    )
    assert reckoning.sentence() == (
        "Monday 4 January 2027 is 3 working days after Tuesday 29 December 2026. "
        "Counting starts there because Saturday 26 December 2026 is not a working day. "
        "Not counted: 28 December 2026 (Boxing Day, substitute day), 1 January 2027 (New Year's Day), "
        "the weekend of 26 and 27 December 2026 and the weekend of 2 and 3 January 2027."
    )


@pytest.mark.parametrize(
    ("anchor", "count", "said"),
    [
        (date(2027, 1, 6), 1, "Thursday 7 January 2027 is 1 working day after Wednesday 6 January 2027."),
        (date(2027, 1, 6), -1, "Tuesday 5 January 2027 is 1 working day before Wednesday 6 January 2027."),
        (date(2027, 1, 6), 0, "Wednesday 6 January 2027 is the day itself."),
        (date(2027, 2, 1), 20, "Not counted: 4 weekends."),
        (
            date(2027, 2, 1),
            15,
            "Not counted: the weekend of 6 and 7 February 2027, the weekend of 13 and 14 February 2027 and the weekend of 20 and 21 February 2027.",
        ),
        (
            date(2027, 1, 10),
            1,
            "Counting starts there because Sunday 10 January 2027 is not a working day.",
        ),
        (date(2027, 7, 30), 1, "Not counted: the weekend of 31 July 2027 and 1 August 2027."),
    ],
)
def test_sentences_stay_short_and_plain(anchor: date, count: int, said: str) -> None:
    assert add_working_days(anchor, count, ENGLAND).sentence().endswith(said)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, days, st.integers(-200, 200))
def test_counting_there_and_back_agrees(calendar: Calendar, anchor: date, count: int) -> None:
    reckoning = add_working_days(anchor, count, calendar)
    assert calendar.is_working_day(reckoning.due)
    assert whole_working_days_between(anchor, reckoning.due, calendar) == count
    assert add_working_days(reckoning.due, -count, calendar).due == reckoning.day_zero


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, days, st.integers(0, 120), st.integers(0, 120))
def test_counting_in_two_steps_is_counting_once(calendar: Calendar, anchor: date, first: int, second: int) -> None:
    halfway = add_working_days(anchor, first, calendar).due
    assert add_working_days(halfway, second, calendar).due == add_working_days(anchor, first + second, calendar).due


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, days, days, st.integers(-60, 60))
def test_a_later_anchor_is_never_due_earlier(calendar: Calendar, one: date, other: date, count: int) -> None:
    early, late = sorted((one, other))
    assert add_working_days(early, count, calendar).due <= add_working_days(late, count, calendar).due


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, days, st.integers(-60, 60))
def test_every_day_on_the_way_is_counted_or_skipped(calendar: Calendar, anchor: date, count: int) -> None:
    reckoning = add_working_days(anchor, count, calendar)
    first, last = min(reckoning.anchor, reckoning.due), max(reckoning.day_zero, reckoning.due)
    assert (last - first).days + 1 == len(reckoning.skipped) + abs(count) + 1
    assert all(calendar.reason_off(day) == reason for day, reason in reckoning.skipped)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, days, st.integers(0, 400))
def test_counting_agrees_with_counting_on_fingers(calendar: Calendar, start: date, span: int) -> None:
    end = start + timedelta(days=span)
    counted = sum(calendar.is_working_day(start + timedelta(days=offset)) for offset in range(span))
    assert whole_working_days_between(start, end, calendar) == counted
    assert whole_working_days_between(end, start, calendar) == -counted


# ------------------------------------------------------------------------------------------------------- instants


def test_openings_follow_the_clocks() -> None:
    assert opening(date(2027, 3, 26)) == datetime(2027, 3, 26, 9, tzinfo=UTC)
    assert opening(date(2027, 3, 30)) == datetime(2027, 3, 30, 8, tzinfo=UTC)  # clocks went forward on the 28th
    assert closing(date(2026, 10, 23)) == datetime(2026, 10, 23, 16, tzinfo=UTC)
    assert closing(date(2026, 10, 26)) == datetime(2026, 10, 26, 17, tzinfo=UTC)  # and back on the 25th
    assert opening(date(2026, 7, 1)).tzinfo is UTC


def test_london_midnights_bound_the_london_day() -> None:
    assert london_midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert london_midnight(date(2027, 3, 28)) == datetime(2027, 3, 28, tzinfo=UTC)
    assert london_midnight(date(2027, 3, 29)) - london_midnight(date(2027, 3, 28)) == timedelta(hours=23)
    assert london_midnight(date(2026, 10, 26)) - london_midnight(date(2026, 10, 25)) == timedelta(hours=25)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(instants)
def test_an_instant_lies_in_its_london_day(instant: datetime) -> None:
    day = local_date(instant)
    assert london_midnight(day) <= instant < london_midnight(day + timedelta(days=1))


def test_months_begin_and_end() -> None:
    assert (month_start(date(2028, 2, 14)), month_end(date(2028, 2, 14))) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_end(date(2026, 12, 1)) == date(2026, 12, 31)


# --------------------------------------------------------------------------------------------------- working hours


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        (london("2026-12-24T09:00"), london("2026-12-24T17:00"), 1.0),
        (london("2026-12-24T16:00"), london("2026-12-29T10:00"), 0.25),  # Christmas between
        (london("2026-12-24T18:00"), london("2026-12-29T08:59"), 0.0),
        (london("2027-03-25T13:00"), london("2027-03-30T13:00", "+01:00"), 1.0),  # Easter and the clocks
        (london("2026-10-23T13:00", "+01:00"), london("2026-10-26T13:00"), 1.0),  # the clocks again
        (london("2027-01-06T09:00"), london("2027-01-13T09:00"), 5.0),
    ],
)
def test_working_days_passed_by_hand(start: datetime, end: datetime, worked: float) -> None:
    assert working_days_between(start, end, ENGLAND) == worked


def test_holds_do_not_count_however_they_overlap() -> None:
    start, end = london("2027-01-04T09:00"), london("2027-01-08T17:00")
    tuesday = (london("2027-01-05T09:00"), london("2027-01-05T17:00"))
    noon_to_noon = (london("2027-01-05T13:00"), london("2027-01-06T13:00"))
    outside = (london("2026-12-01T09:00"), london("2026-12-02T09:00"))
    assert working_days_between(start, end, ENGLAND, [tuesday]) == 4.0
    assert working_days_between(start, end, ENGLAND, [noon_to_noon, tuesday, outside]) == 3.5
    assert working_days_between(start, end, ENGLAND, [(london("2026-12-31T09:00"), london("2027-01-04T13:00"))]) == 4.5
    assert working_days_between(start, end, ENGLAND, [(london("2027-01-07T09:00"), None)]) == 3.0  # still on hold
    assert working_days_between(start, end, ENGLAND, [(london("2027-01-09T09:00"), None)]) == 5.0  # held later
    assert elapsed_days(start, end) == pytest.approx(4 + 8 / 24)


def test_time_does_not_run_backwards() -> None:
    first, second = london("2027-01-04T09:00"), london("2027-01-05T09:00")
    with pytest.raises(ValueError, match="duration cannot run backwards"):
        working_days_between(second, first, ENGLAND)
    with pytest.raises(ValueError, match="pause cannot run backwards"):
        working_days_between(first, second, ENGLAND, [(second, first)])
    with pytest.raises(ValueError, match="hold cannot run backwards"):
        pause_shift(second, second, first, ENGLAND)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, instants, instants, instants)
def test_working_time_adds_up(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    parts = working_time_between(first, middle, calendar), working_time_between(middle, last, calendar)
    assert working_time_between(first, last, calendar) == parts[0] + parts[1]
    assert timedelta(0) <= parts[0] <= middle - first


@given(calendars, st.lists(instants, min_size=1, max_size=6))
def test_many_instants_at_once_are_worked_out_as_one_by_one(calendar: Calendar, some: list[datetime]) -> None:
    first = min(some)
    at_once = worked_until(np.array([ticks_of(instant) for instant in some]), calendar)
    [began] = worked_until(np.array([ticks_of(first)]), calendar)
    passed = [timedelta(microseconds=int(worked - began)) for worked in at_once]
    assert passed == [working_time_between(first, instant, calendar) for instant in some]


def test_many_instants_keep_to_the_days_a_calendar_knows() -> None:
    assert len(worked_until(np.array([], np.int64), ENGLAND)) == 0
    beyond = ticks_of(london("2031-01-01T09:00"))
    with pytest.raises(CalendarRanOut):
        worked_until(np.array([ticks_of(london("2026-01-05T09:00")), beyond]), ENGLAND)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, instants, instants, st.lists(st.tuples(instants, instants), max_size=4))
def test_holds_leave_exactly_the_time_outside_them(
    calendar: Calendar, one: datetime, other: datetime, holds: list[tuple[datetime, datetime]]
) -> None:
    start, end = sorted((one, other))
    pauses = [(min(pair), max(pair)) for pair in holds]
    cuts = sorted({start, end, *(cut for pair in pauses for cut in pair if start < cut < end)})
    outside = sum(
        (
            working_time_between(left, right, calendar)
            for left, right in pairwise(cuts)
            if not any(paused <= left and right <= resumed for paused, resumed in pauses)
        ),
        timedelta(0),
    )
    assert working_time_between(start, end, calendar, pauses) == outside


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, days, st.integers(0, 60))
def test_whole_days_and_hours_agree(calendar: Calendar, anchor: date, count: int) -> None:
    reckoning = add_working_days(anchor, count, calendar)
    assert working_time_between(opening(reckoning.day_zero), opening(reckoning.due), calendar) == count * WORKING_DAY


# --------------------------------------------------------------------------------------------------------- holds


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "moved"),
    [
        # three days were left on Wednesday morning; the clock runs again the next Wednesday
        (closing(date(2027, 1, 8)), opening(date(2027, 1, 6)), opening(date(2027, 1, 13)), closing(date(2027, 1, 15))),
        (opening(date(2027, 1, 11)), opening(date(2027, 1, 6)), opening(date(2027, 1, 13)), opening(date(2027, 1, 18))),
        # half a day was left; it resumes at eleven
        (closing(date(2027, 1, 8)), london("2027-01-08T13:00"), london("2027-01-12T11:00"), london("2027-01-12T15:00")),
        # across Christmas
        (
            closing(date(2026, 12, 24)),
            opening(date(2026, 12, 23)),
            opening(date(2026, 12, 24)),
            closing(date(2026, 12, 29)),
        ),
        # already due; or nothing held up
        (closing(date(2027, 1, 5)), opening(date(2027, 1, 6)), opening(date(2027, 1, 13)), closing(date(2027, 1, 5))),
        (closing(date(2027, 1, 12)), closing(date(2027, 1, 8)), opening(date(2027, 1, 11)), closing(date(2027, 1, 12))),
        # due at an opening with nothing left but the night: due as soon as the clock runs
        (
            opening(date(2027, 1, 11)),
            london("2027-01-08T18:00"),
            london("2027-01-13T14:00"),
            london("2027-01-13T14:00"),
        ),
    ],
)
def test_a_hold_moves_what_is_due(due: datetime, paused: datetime, resumed: datetime, moved: datetime) -> None:
    assert pause_shift(due, paused, resumed, ENGLAND) == moved


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, instants, instants, instants)
def test_the_time_left_is_granted_again(calendar: Calendar, due: datetime, one: datetime, other: datetime) -> None:
    paused, resumed = sorted((one, other))
    moved = pause_shift(due, paused, resumed, calendar)
    assert moved >= due
    if moved != due:
        assert working_time_between(resumed, moved, calendar) == working_time_between(paused, due, calendar)


@settings(deadline=None)  # a busy machine is not a slow rule
@given(calendars, instants, instants, instants, instants)
def test_a_longer_hold_never_brings_a_date_forward(
    calendar: Calendar, due: datetime, one: datetime, two: datetime, three: datetime
) -> None:
    paused, sooner, later = sorted((one, two, three))
    assert pause_shift(due, paused, sooner, calendar) <= pause_shift(due, paused, later, calendar)


def test_a_held_date_shows_its_arithmetic_again() -> None:
    again = granted_again(date(2027, 1, 8), date(2027, 1, 6), date(2027, 1, 13), ENGLAND)
    assert (again.due, again.working_days) == (date(2027, 1, 15), 2)
    assert granted_again(date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 13), ENGLAND).due == date(2027, 1, 13)
