"""The report on the ranking as its doors share it: its period, what it says, and its rows for a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from service import vocabulary
from service.errors import invalid
from service.records import installation, ranking_figures
from service.records.database import Unit
from service.routers.csv_answers import Cell
from service.routers.schemas.ranking_report import RankingPeriod, RankingReportShown
from service.throughput.ranking import DEFINITION, RULES, TOPS, RankingReport, ranking_report
from service.working_time import london_midnight

COLUMNS = ("from", "to", "figure", "of", "statistic", "value", "too_few", "definition", "invented")
_YEAR = timedelta(days=365)


def period(start: date | None, end: date | None, today: date) -> RankingPeriod:
    """Return the period asked for; left out, it ends with today and is a year long. Raises Problem 422 for an empty one."""
    last = end or today + timedelta(days=1)
    first = start or last - _YEAR
    if first >= last:
        raise invalid("from", f"from ({first}) is not before to ({last}): that leaves no day.")
    return RankingPeriod(start=first, end=last)


def reckoned(unit: Unit, asked: RankingPeriod) -> RankingReport:
    """Return the report over a period."""
    bounds = london_midnight(asked.start), london_midnight(asked.end)
    return ranking_report(
        ranking_figures.looked(unit, *bounds),
        ranking_figures.decided(unit, *bounds),
        ranking_figures.chosen(unit, *bounds),
        vocabulary.PASSING_REASONS,
    )


def shown(unit: Unit, asked: RankingPeriod) -> RankingReportShown:
    """Return the report as the JSON door answers it."""
    found = reckoned(unit, asked)
    plain = {name: getattr(found, name) for name in RankingReport.__dataclass_fields__}
    ranks = {name: getattr(found.ranks, name) for name in ("chosen", "known", "ranked", "median", "unlisted")}
    return RankingReportShown.model_validate(
        {
            **plain,
            "ranks": {**ranks, **{f"top_{top}": found.ranks.top[top] for top in TOPS}},
            "period": asked,
            "definition": DEFINITION,
            "rules": list(RULES),
            "invented": installation.is_invented(unit),
        }
    )


def rows(answer: RankingReportShown) -> Iterator[Sequence[Cell]]:
    """Yield the numbers of a report, one a row."""
    plain = answer.model_dump(mode="json")
    told = {
        name: plain[name]
        for name in ("briefs", "shortlisted", "passed_over", "taken_back", "replaced", "reasons", "ranks")
    }
    told["acceptance"] = {band["band"]: {k: v for k, v in band.items() if k != "band"} for band in plain["bands"]}
    told |= {"spread": plain["spread"], "newcomers": plain["newcomers"]}
    for figure, value in told.items():
        for path, number in _numbers(value, ()):
            *of, statistic = path or ("count",)
            yield (
                plain["period"]["from"], plain["period"]["to"], figure, ".".join(of), statistic, number, number is None,
                plain["definition"], plain["invented"],
            )  # fmt: skip


def _numbers(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Cell]]:
    if not isinstance(value, dict):
        yield path, value
        return
    for name, inner in value.items():
        if name != "too_few":
            yield from _numbers(inner, (*path, name))
