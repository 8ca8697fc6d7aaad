"""The year: plots drawn in the published proportions, played side by side through time, with the service's own ticks."""

import heapq
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count

from service.demo.case import Asker, Plot
from service.demo.cast import ENQUIRERS, NORTH_EAST_COUNCILS, OTHER_BODIES
from service.demo.plots import Days, address_of, play
from service.demo.questions import QUESTIONS
from service.demo.stage import Stage

ENQUIRIES = 85
"""As many as the service in the seed evidence took in its first year."""

_SECTORS = (
    ("council_public_health", 25), ("third_sector", 17), ("academic", 15), ("nhs", 8), ("integrated_care_board", 6),
    ("council_other", 8), ("police_fire", 3), ("combined_authority", 2), ("business", 1),
)  # fmt: skip
"""29 % council public health, 20 % third sector, 18 % academic, 9 % NHS, 7 % commissioning, 17 % other."""

_ENDINGS = (
    ("answered", 17), ("signposted", 11), ("declined", 4), ("withdrawn", 5), ("parallel_study", 2), ("missed_window", 2),
    ("lapsed", 3), ("no_capacity", 3), ("no_funding", 4), ("spam", 1), ("completed", 6), ("commissioned", 7),
    ("contracting", 2), ("funding", 2), ("costing", 2), ("selecting", 2), ("open_call", 3), ("sign_off", 2),
    ("drafting", 2), ("scoping", 3), ("triage", 2),
)  # fmt: skip
"""Most end without a project; those left in a state are the newest."""

_UNFINISHED = (
    "contracting",
    "funding",
    "costing",
    "selecting",
    "open_call",
    "sign_off",
    "drafting",
    "scoping",
    "triage",
)
_LENGTH = {"triage": 1, "scoping": 9, "drafting": 25, "sign_off": 28, "open_call": 38, "selecting": 48, "costing": 62,
           "funding": 72, "contracting": 85}  # fmt: skip
"""About how many days before the year's end an enquiry has to arrive to be left in that state."""


def draw_plots(chance: random.Random, length: timedelta) -> list[tuple[timedelta, Plot]]:
    """Return the year's enquiries with their moments of arrival, counted from the year's beginning."""
    endings = [ending for ending, times in _ENDINGS for _ in range(times)]
    sectors = [sector for sector, times in _SECTORS for _ in range(times)]
    chance.shuffle(sectors)
    plots = []
    for number, (ending, sector) in enumerate(zip(endings, sectors, strict=True)):
        plots.append((_arrival(ending, chance, length), Plot(
            number=number,
            question=QUESTIONS[(number * 7) % len(QUESTIONS)],
            asker=_asker(sector, number, chance),
            ending=ending,
            channel=chance.choice(("phone", "email", "email", "meeting", "event")),
        )))  # fmt: skip
    return sorted(plots, key=lambda drawn: drawn[0])


def _arrival(ending: str, chance: random.Random, length: timedelta) -> timedelta:
    days = length.days
    if ending in _UNFINISHED:
        return timedelta(days=days - _LENGTH[ending] - chance.uniform(0, 1.5))
    if ending == "completed":
        return timedelta(days=chance.uniform(0, days * 0.25))
    if ending == "commissioned":
        return timedelta(days=chance.uniform(days * 0.3, days * 0.62))
    return timedelta(days=chance.uniform(0, days * 0.8))


def _asker(sector: str, number: int, chance: random.Random) -> Asker:
    bodies = [body for body in OTHER_BODIES if body.sector == sector]
    if sector.startswith("council") and (not bodies or chance.random() < 0.8):
        organisation = NORTH_EAST_COUNCILS[number % len(NORTH_EAST_COUNCILS)]
    else:
        organisation = bodies[number % len(bodies)].name
    name = ENQUIRERS[number % len(ENQUIRERS)]
    domain = "council.example" if sector.startswith("council") else "partner.example"
    return Asker(name, address_of(f"{name} {number}", domain), organisation, sector)


def play_year(
    stage: Stage,
    begins: datetime,
    ends: datetime,
    tick: Callable[[datetime], None],
    *,
    plots: Sequence[tuple[timedelta, Plot]],
) -> None:
    """Play every plot from `begins` to `ends`, in the order of time; `tick` is called each working morning."""
    agenda: list[tuple[datetime, int, Days]] = []
    order = count()
    for arrival, plot in plots:
        heapq.heappush(agenda, (_office_hours(begins + arrival), next(order), play(stage, plot)))
    morning = begins.replace(hour=9, minute=5, second=0, microsecond=0)
    while agenda:
        moment, _, course = heapq.heappop(agenda)
        if moment >= ends:
            continue
        while morning <= moment:
            tick(morning)
            morning += timedelta(days=1)
        stage.now = max(moment, stage.now)
        waited = next(course, None)
        if waited is not None:
            heapq.heappush(agenda, (_office_hours(stage.now + timedelta(days=waited * 7 / 5)), next(order), course))
    while morning < ends:
        tick(morning)
        morning += timedelta(days=1)


def _office_hours(moment: datetime) -> datetime:
    """Return a moment on a weekday between nine and five, near the one given."""
    while moment.weekday() >= 5:
        moment += timedelta(days=1)
    return moment.replace(hour=9 + moment.hour * 8 // 24)
