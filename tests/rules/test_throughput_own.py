"""A university's own figures: what is its own, and that what is told of the others is nobody's in particular."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.throughput.called import Sent, calls_of
from service.throughput.log import LoggedEvent
from service.throughput.own import Others, Own, own
from service.throughput.packing import pack_calls, read_calls
from service.throughput.periods import Period, month_number
from service.working_time import local_date, working_time_between
from tests.support.logs import CALENDARS, london

CALENDAR = CALENDARS.of_area(None)
US, *THEM = (UUID(int=number) for number in range(1, 9))
FIRST = date(2024, 4, 1)
PERIOD = Period(FIRST, date(2026, 4, 1), date(2026, 3, 31))
LAST_YEAR = Period(date(2025, 4, 1), date(2026, 4, 1), date(2026, 3, 31))
SOME_MONTHS = Period(date(2025, 6, 1), date(2026, 4, 1), date(2026, 3, 31))
NOTHING = Others(None, None, None, None, None, suppressed=True)


def sent(university: UUID, at: datetime, *, answered: int | None = None, interests: int = 0, accepted: int = 0) -> Sent:
    """Return one call, answered so many days later."""
    call = Sent(str(university), at, month_number(local_date(at)), interests=interests, accepted=accepted)
    call.answered_at = None if answered is None else at + timedelta(days=answered)
    return call


def many(
    universities: Sequence[UUID], year: int, calls: int = 3, *, interested: int = 1, accepted: int = 0
) -> list[Sent]:
    """Return calls to each of these, all answered; of each one's calls so many with interest, so many accepted."""
    return [
        sent(
            one,
            london(f"{year}-07-0{place + 1} 09:00"),
            answered=place + 1,
            interests=place < interested,
            accepted=place < accepted,
        )
        for one in universities
        for place in range(calls)
    ]


def told(found: list[Sent], period: Period = PERIOD, threshold: int = 5) -> tuple[Own, Others]:
    parts = [read_calls([pack_calls(some)]) for some in (found[::2], found[1::2])]
    return own(parts, US, period, CALENDAR, FIRST, threshold)


# ------------------------------------------------------------------------------------------------------------ the others
def test_the_others_are_told_where_enough_of_them_were_called_and_answered_in_every_year() -> None:
    enough = many(THEM[:5], 2024) + many(THEM[:5], 2025) + many([US], 2025)
    _, others = told(enough)
    assert others == Others(5, 30, 10, None, 2.0, suppressed=False)
    assert told(enough, LAST_YEAR)[1].calls == 15
    assert told(enough, SOME_MONTHS)[1] == NOTHING
    too_few_once = many(THEM[:4], 2024) + many(THEM[:5], 2025)
    assert told(too_few_once)[1] == NOTHING
    assert told(too_few_once, LAST_YEAR)[1] == NOTHING  # else the year before would follow by subtracting
    assert told([])[1] == NOTHING


def test_a_number_that_would_tell_of_each_of_them_is_withheld() -> None:
    none_interested = many(THEM[:5], 2024, interested=0) + many(THEM[:5], 2025)
    assert told(none_interested)[1].with_interest is None
    all_interested = many(THEM[:5], 2024, interested=3) + many(THEM[:5], 2025)
    assert told(all_interested)[1].with_interest is None
    some_accepted = many(THEM[:5], 2024, 4, interested=2, accepted=1) + many(
        THEM[:5], 2025, 4, interested=2, accepted=1
    )
    assert told(some_accepted)[1] == Others(5, 40, 20, 10, 2.0, suppressed=False)


calls = st.lists(
    st.builds(
        sent,
        st.sampled_from([US, *THEM]),
        st.sampled_from([london(f"{year}-0{month}-03 11:00") for year in (2024, 2025) for month in (4, 7, 9)]),
        answered=st.none() | st.integers(0, 9),
        interests=st.integers(0, 1),
        accepted=st.integers(0, 1),
    ),
    max_size=120,
)


@given(calls, st.integers(2, 5))
def test_every_number_of_the_others_and_what_is_left_comes_from_enough_universities(
    found: list[Sent], threshold: int
) -> None:
    """Of either year, and so of what is left when one answer is taken from another."""
    ours, others = told(found, threshold=threshold)
    latest = told(found, LAST_YEAR, threshold)[1]
    assert ours == told([call for call in found if call.university == str(US)], threshold=threshold)[0]
    assert others.suppressed is latest.suppressed
    if others.suppressed:
        return
    for year in (2024, 2025):
        part = [call for call in found if call.university != str(US) and call.sent_at.year == year]
        assert len({call.university for call in part}) >= threshold
        if others.with_interest is not None:
            interested = [call for call in part if call.interests]
            assert len({call.university for call in interested}) >= threshold
            assert len(part) - len(interested) >= threshold
            if others.offers_accepted is not None:
                accepted = sum(call.accepted for call in part)
                assert min(accepted, len(interested) - accepted) >= threshold


@given(st.lists(st.tuples(st.integers(0, 800_000), st.integers(0, 20_000)), max_size=30))
def test_the_time_to_answer_is_working_time(spells: list[tuple[int, int]]) -> None:
    found = [sent(US, london("2024-01-01 00:00") + timedelta(minutes=start)) for start, _ in spells]
    for call, (_, minutes) in zip(found, spells, strict=True):
        call.answered_at = call.sent_at + timedelta(minutes=minutes)
    period = Period(date(2024, 1, 1), date(2026, 4, 1), date(2026, 3, 31))
    taken = sorted(
        working_time_between(call.sent_at, call.answered_at, CALENDAR) for call in found if call.answered_at is not None
    )
    median = told(found, period)[0].time_to_answer.median
    if taken:
        assert median == round(taken[(len(taken) - 1) // 2] / timedelta(hours=8), 2)


# ------------------------------------------------------------------------------------------------------------ read from rows
def test_rows_become_calls() -> None:
    times = count()

    def row(event: str, state: str = "open_call", **data: object) -> LoggedEvent:
        number = next(times)
        return LoggedEvent(
            number, london("2026-03-02 09:00") + timedelta(days=number), US, None, "project" if event == "deliver" else "enquiry",
            event, state, "team", None, on_hold=False, sector=None, area=None, enquiry_type=None, topics=(), organisation_id=None, data=data,
        )  # fmt: skip

    us, other = str(US), str(THEM[0])
    rows = [
        row("publish", recipients=[us, other]),
        row("recipient_declined", organisation=us, decline_reason="too_short"),
        row("interest", organisation=other, interest="i1", late=False),
        row("close_call", "selecting"),
        row("relaunch", recipients=[us]),
        row("recipient_declined", organisation=us, decline_reason="other"),
        row("interest", organisation=us, interest="i2", late=True),
        row("offer", "selecting", offer="o1", interest="i1"),
        row("decline_offer", "selecting", offer="o1"),
        row("offer", "selecting", offer="o2", interest="i2"),
        row("accept_offer", "costing", offer="o2"),
        row("commission", "commissioned", organisation=us, end_on="2026-03-20"),
        row("deliver", "delivered"),
    ]
    first, theirs, second = calls_of(rows)
    assert (first.declined, first.interests, first.ended_at) == ("too_short", 0, rows[3].recorded_at)
    assert (theirs.interests, theirs.offers, theirs.turned_down, theirs.accepted) == (1, 1, 1, 0)
    assert (second.declined, second.interests, second.late) == (None, 1, 1)
    assert (second.offers, second.accepted, second.commissioned) == (1, 1, 1)
    ours, _ = told([first, theirs, second], Period(date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 31)))
    assert (ours.calls, ours.with_interest, ours.declined, ours.unanswered) == (2, 1, 1, 0)
    assert (ours.projects.delivered, ours.projects.on_time, ours.projects.late) == (1, 1, 0)
