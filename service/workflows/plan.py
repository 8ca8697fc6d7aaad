"""The backward plan: from the day something usable is needed back to the latest safe start of every stage and product.

Pure: the calendar and the day are handed in. Working days are those of the enquirer's organisation.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from service.states import OPEN_STATES, EnquiryState
from service.workflows.deadlines import Asked, Deadline, deadline
from service.workflows.products import LADDER, Product, is_rapid, offered, wanted_product
from service.workflows.stages import ORDER, Stage, after, stages_of
from service.working_time import Calendar, CalendarRanOut, add_working_days, whole_working_days_between
from service.working_time.wording import full_date, listed

Verdict = Literal["fits", "tight", "too_late"]
Standing = Literal["done", "now", "ahead"]

TIGHT_DAYS = 5
"""Working days to spare up to which something counts as tight."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is made from. `starts_on` and `ends_on` are the project's own dates once it has been costed."""

    state: EnquiryState
    today: date
    asked: Asked = field(default_factory=Asked)
    product: str | None = None
    methods: tuple[str, ...] = ()
    enquiry_type: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    ladder: tuple[Product, ...] = LADDER

    @property
    def wanted(self) -> Product | None:
        return wanted_product(self.product, self.methods, self.enquiry_type, self.ladder)

    @property
    def presses(self) -> bool:
        """Whether a date can press at all: it is open, and the work has not begun."""
        return self.state in OPEN_STATES and self.state != EnquiryState.COMMISSIONED


@dataclass(frozen=True, slots=True)
class Leg:
    """One stage on the way to the wanted product, or the work itself; dates are None while nothing presses."""

    state: EnquiryState
    label: str
    working_days: int
    source: str
    standing: Standing
    starts_by: date | None = None
    ends_by: date | None = None
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One product, and whether it can still be had in time; dates are None while nothing presses.

    `slack` is how many working days the stage it is in may still take from today; below 0 it is too late. It counts
    with the typical duration, `slack_if_long` with the long one.
    """

    product: Product
    is_wanted: bool
    working_days: int
    before: int
    """Working days of the stages that come between the one it is in and the work."""
    verdict: Verdict | None = None
    starts_by: date | None = None
    stage_ends_by: date | None = None
    slack: int | None = None
    slack_if_long: int | None = None
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole backward plan. `explanation` says why there are no dates, and is empty where there are."""

    deadline: Deadline | None
    notice_by: date | None
    wanted: Product | None
    legs: tuple[Leg, ...]
    rungs: tuple[Rung, ...]
    latest_start_on: date | None = None
    slack: int | None = None
    explanation: str = ""


def verdict_of(slack: int) -> Verdict:
    """Return whether something fits with this many working days to spare."""
    return "too_late" if slack < 0 else "tight" if slack <= TIGHT_DAYS else "fits"


def slack_to(latest: date, today: date, calendar: Calendar) -> int | None:
    """Return the working days from `today` to a latest safe day, negative once it has passed; None off the calendar."""
    try:
        return whole_working_days_between(today, latest, calendar)
    except CalendarRanOut:
        return None


def latest_safe_day(wish: Wish, calendar: Calendar) -> date | None:
    """Return the last day on which the stage it is in can end so that the wanted product is still in time.

    Where nobody knows the product the stages alone are counted. None when no date presses or the calendar ends before.
    """
    if not wish.presses:
        return None
    try:
        found = deadline(wish.asked, calendar)
        return None if found is None else _back(found.on, _left(wish, calendar), calendar)
    except CalendarRanOut:
        return None


def plan(wish: Wish, calendar: Calendar) -> Plan:
    """Return the plan as things stand; without dates, and with the reason, where none can be reckoned."""
    notice_by = wish.asked.notice_by
    if wish.presses:
        try:
            found = deadline(wish.asked, calendar)
            if found is not None:
                legs, rungs = _legs(wish, found.on, calendar), _rungs(wish, found.on, calendar)
                latest = _back(found.on, _left(wish, calendar), calendar)
                slack = whole_working_days_between(wish.today, latest, calendar)
                return Plan(found, notice_by, wish.wanted, legs, rungs, latest, slack)
            explanation = "Nobody has said when it is needed or decided, so no date presses."
        except CalendarRanOut as ran_out:
            explanation = str(ran_out)
    elif wish.state == EnquiryState.COMMISSIONED:
        explanation = "The work is under way: what counts now are the dates of its deliverables."
    else:
        explanation = "The enquiry is closed, so no date presses."
    return Plan(None, notice_by, wish.wanted, _legs(wish), _rungs(wish), explanation=explanation)


def _left(wish: Wish, calendar: Calendar) -> int:
    """Return the working days that are needed once the stage it is in has ended."""
    wanted = wish.wanted
    stages = _stages(wish, wanted)
    work = _work_days(wish, wanted, calendar) if wanted or wish.ends_on else 0
    return work + sum(stage.working_days for stage in after(wish.state, stages))


def _stages(wish: Wish, product: Product | None) -> tuple[Stage, ...]:
    """Return the stages to a product. The call for the wanted one is as short as publishing would make it now."""
    if product is None or product == wish.wanted:
        return stages_of(product, is_rapid=is_rapid(wish.product, wish.enquiry_type, wish.ladder))
    return stages_of(product, is_rapid=product.is_rapid)


def _work_days(wish: Wish, product: Product | None, calendar: Calendar | None) -> int:
    """Return how long the work takes: as it was costed where it is the wanted product, else as is typical."""
    is_wanted = product is None or product == wish.wanted
    if is_wanted and calendar is not None and wish.starts_on is not None and wish.ends_on is not None:
        return max(0, whole_working_days_between(wish.starts_on, wish.ends_on, calendar))
    return product.typical if product else 0


def _back(day: date, working_days: int, calendar: Calendar) -> date:
    return calendar.working_day(calendar.working_days_before(day) - working_days)


def _legs(wish: Wish, due: date | None = None, calendar: Calendar | None = None) -> tuple[Leg, ...]:
    """Return the stages to the wanted product and the work, in order, each with its latest days where one is due."""
    wanted = wish.wanted
    days = _work_days(wish, wanted, calendar)
    was_costed = calendar is not None and wish.starts_on is not None and wish.ends_on is not None
    source = "as it was costed" if was_costed else f"it typically takes {days}" if wanted else "nobody knows yet which"
    label = f"The work: {wanted.phrase}" if wanted else "The work"
    steps = [(EnquiryState.COMMISSIONED, label, days, source)]
    steps += [(each.state, each.label, each.working_days, each.source) for each in reversed(_stages(wish, wanted))]
    legs: list[Leg] = []
    ends_by = due
    for state, name, count, why in steps:
        standing = _standing(state, wish.state)
        if ends_by is None or calendar is None:
            legs.append(Leg(state, name, count, why, standing))
            continue
        reckoning = add_working_days(ends_by, -count, calendar)
        legs.append(Leg(state, name, count, why, standing, reckoning.due, ends_by, reckoning.sentence()))
        ends_by = reckoning.due
    return tuple(reversed(legs))


def _standing(state: EnquiryState, now: EnquiryState) -> Standing:
    if state == now:
        return "now"
    return "done" if ORDER[state] < ORDER.get(now, len(ORDER)) else "ahead"


def _rungs(wish: Wish, due: date | None = None, calendar: Calendar | None = None) -> tuple[Rung, ...]:
    wanted, on_offer = wish.wanted, offered(wish.ladder)
    shown = [each for each in wish.ladder if each in on_offer or each == wanted]
    return tuple(_rung(wish, product, due, calendar) for product in shown)


def _rung(wish: Wish, product: Product, due: date | None, calendar: Calendar | None) -> Rung:
    to_come = after(wish.state, _stages(wish, product))
    before, days = sum(stage.working_days for stage in to_come), _work_days(wish, product, calendar)
    is_wanted = product == wish.wanted
    if due is None or calendar is None:
        return Rung(product, is_wanted, days, before)
    work = add_working_days(due, -days, calendar)
    ends = add_working_days(work.due, -before, calendar)
    slack = whole_working_days_between(wish.today, ends.due, calendar)
    long_slack = None if product.long is None or days != product.typical else slack - (product.long - days)
    said = f"The work starts by {full_date(work.due)}. {work.sentence()}"
    if to_come:
        steps = listed([f"{stage.label.lower()} ({stage.working_days})" for stage in to_come])
        said += f" Before it come, in working days: {steps}. {ends.sentence()}"
    return Rung(product, is_wanted, days, before, verdict_of(slack), work.due, ends.due, slack, long_slack, said)
