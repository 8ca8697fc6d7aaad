"""How long it took, and where the time went."""

from service.charts.bars import bars
from service.charts.chart import Row, number
from service.charts.ranges import Range, ranges
from service.routers.figures import words
from service.routers.figures.asking import Answers
from service.routers.figures.section import Section

_TIME_TABLE = ("Got there", "Not yet", "Closed before")


def milestones(answers: Answers) -> Section | None:
    """How long it took to each milestone, unfinished enquiries included."""
    times = answers.throughput.total.time_to
    if times is None:
        return None
    rows = []
    for name, label in words.MILESTONES.items():
        time = getattr(times, name)
        if time is None:
            rows.append(Range(label, is_withheld=True))
            continue
        beside = tuple(map(number, (time.reached, time.still_open, time.closed_before)))
        rows.append(Range(label, time.median, time.p75, time.p90, beside, note=f"{time.reached:,} got there"))
    chart = ranges("milestones", "Working days from submission", rows, what="Milestone", unit="working days", beside=_TIME_TABLE)  # fmt: skip
    sentence = (
        "Within how many working days half, three quarters and nine in ten of the enquiries got there. Those that are not "
        "there yet count for as long as they were watched. Not reached means that so large a share has not got there, or "
        "never will: most enquiries are answered without a project."
    )
    defined = tuple(f"time_to.{name}" for name in words.MILESTONES)
    return Section("milestones", "How long it took", (sentence,), (chart,), defined=defined)


def turns(answers: Answers) -> Section | None:
    """Where the time went: how long in each state, and who held the ball."""
    states = answers.throughput.total.time_in_state
    if states is None:
        return None
    stays = ranges(
        "stays",
        "Working days in each stage",
        [
            Range(
                words.STATES.get(name, name),
                stay.median,
                stay.p75,
                stay.p90,
                (number(stay.reached), number(stay.still_open), _days(stay.elapsed.median)),
                note=f"{stay.reached:,} left it",
            )
            for name, stay in states.items()
        ],
        what="Stage",
        unit="working days",
        got="had ended",
        beside=("Stays that ended", "Not ended", "Half, in days of the calendar"),
    )
    waited = bars(
        "turns",
        "Working days spent, by who had the next step",
        [
            Row(f"{words.STATES.get(name, name)}: {words.HOLDERS.get(holder, holder)}", (turn.working_days,), (turn.reached, turn.still_open))
            for name, stay in states.items()
            for holder, turn in stay.waiting_on.items()
        ],
        ("Working days, all turns together",),
        what="Stage, and who had the next step",
        beside=("Turns that ended", "Not ended"),
    )  # fmt: skip
    held = sum(stay.held.stays for stay in states.values())
    days = sum(stay.held.working_days for stay in states.values())
    after = f"{words.count(held, 'stay was', 'stays were')} put on hold, for {number(days)} working days in all, which are left out above."
    return Section(
        "turns", "Where the time went", (), (stays, waited), (after,) if held else (), defined=("time_in_state",)
    )


def _days(value: float | None) -> str:
    return "not reached" if value is None else number(value)
