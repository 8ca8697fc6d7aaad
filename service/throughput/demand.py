"""What was wanted and could not be met, in all and by topic."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.throughput.calendars import Calendars
from service.throughput.counts import UNMET, Tally
from service.throughput.groups import KEYS, GroupBy
from service.throughput.members import members_of
from service.throughput.packing import Cases
from service.throughput.periods import Period
from service.throughput.sighted import Sighted
from service.throughput.suppression import NOTHING_IS_SMALL


@dataclass(frozen=True, slots=True)
class Unmet:
    """How many asked about a topic, and of how many nothing came that could have; None stands for what is withheld."""

    key: str
    submitted: int | None
    unmet: int | None
    suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What was wanted and could not be met; None stands for what is withheld."""

    submitted: int | None
    unmet: int | None = None
    reasons: Mapping[str, int] | None = None
    topics: tuple[Unmet, ...]
    suppressed: bool


def demand(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Demand:  # noqa: ARG001 - asked like the others
    """Return what was wanted and could not be met, and by topic as far as a topic's rung tells it."""
    tally, sighted = Tally(period, threshold), Sighted(period, GroupBy.TOPIC)
    for part in cases:
        tally.add(part)
        sighted.add(part, members_of(part, GroupBy.TOPIC))
    tells_everything = threshold <= NOTHING_IS_SMALL
    rungs = {} if tells_everything else sighted.rungs(threshold)
    topics = []
    for key in KEYS[GroupBy.TOPIC]:
        rung, counts = rungs.get(key), sighted.counts(key)
        told = tally.tells_all if tells_everything else rung is not None and rung.tells(period)
        unmet = counts["unmet"] if told and (rung is None or "unmet" in rung.facts) else None
        if unmet is not None and unmet < threshold:
            unmet = None
        topics.append(Unmet(key, counts["submitted"] if told else None, unmet, suppressed=unmet is None))
    if not tally.tells_all:
        return Demand(submitted=tally.submitted, topics=tuple(topics), suppressed=True)
    return Demand(
        submitted=tally.counts["submitted"],
        unmet=tally.counts["unmet"],
        reasons={outcome.value: tally.counts[f"exit:{outcome}"] for outcome in UNMET},
        topics=tuple(topics),
        suppressed=False,
    )
