"""A project's dates in words: lengths, distances, the enquirer's need, and the reports that are owed."""

from datetime import date

from service.workflows.project_dates import distance, lateness, length_sentence, need_sentence, reports_due
from service.working_time import Calendar, Nation

CALENDAR = Calendar(Nation.ENGLAND_AND_WALES, {date(2027, 3, 26): "Good Friday"}, date(2027, 12, 31), date(2027, 1, 1))


def test_a_length_counts_both_ends_and_leaves_out_days_off() -> None:
    assert length_sentence(date(2027, 3, 22), date(2027, 4, 1), CALENDAR) == (
        "11 days or 1 week and 4 days, the first and the last day counted. 8 working days of them."
    )
    assert length_sentence(date(2027, 3, 22), date(2027, 3, 22), CALENDAR) == (
        "1 day, the first and the last day counted. 1 working day of them."
    )


def test_a_length_beyond_the_calendar_tells_only_what_is_sure() -> None:
    assert length_sentence(date(2027, 12, 30), date(2028, 1, 12), CALENDAR) == (
        "14 days or 2 weeks, the first and the last day counted."
    )


def test_distances_are_told_from_today() -> None:
    today = date(2027, 3, 1)
    told = [distance(day, today) for day in (today, date(2027, 3, 2), date(2027, 3, 11), date(2027, 2, 26))]
    assert told == ["today", "in 1 day", "in 10 days", "3 days ago"]
    late = [lateness(day, today) for day in (date(2027, 3, 2), today, date(2027, 2, 28), date(2027, 2, 26))]
    assert late == [None, None, "1 day late", "3 days late"]


def test_an_end_is_held_against_the_day_it_is_needed() -> None:
    needed = date(2027, 3, 31)
    assert need_sentence(date(2027, 4, 3), needed).startswith("It ends 3 days after Wednesday 31 March 2027")
    assert need_sentence(needed, needed).startswith("It ends on the very day")
    assert need_sentence(date(2027, 3, 30), needed).startswith("It ends 1 day before the day")


def test_reports_are_owed_every_three_months_until_one_reaches_far_enough() -> None:
    owed = reports_due(date(2026, 8, 31), None, date(2027, 1, 10), [date(2026, 11, 20)])
    assert [(each.on, each.is_there) for each in owed] == [
        (date(2026, 11, 30), True),
        (date(2027, 2, 28), False),
        (date(2027, 5, 31), False),
    ]
    assert owed[1].arithmetic == "6 months after the start on 31 August 2026."


def test_no_report_is_owed_after_the_agreed_end_until_the_project_runs_on_past_it() -> None:
    begun, end = date(2027, 2, 1), date(2027, 5, 28)

    def days(today: date, end: date = end) -> list[date]:
        return [each.on for each in reports_due(begun, end, today, [])]

    first, second, third = date(2027, 5, 1), date(2027, 8, 1), date(2027, 11, 1)
    assert days(begun) == days(end) == [first]
    assert days(date(2027, 5, 29)) == [first, second, third]
    assert days(begun, second) == [first, second], "one that falls on the last day is wanted"
    assert days(begun, date(2027, 4, 30)) == []
