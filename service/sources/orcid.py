"""ORCID public records (API 3.0): what researchers themselves list, one group for each work, and where they work.

https://info.orcid.org/documentation/api-tutorials/api-tutorial-read-data-on-a-record/
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.records.publications import FoundEmployment, FoundWork
from service.sources.polite import Polite, SourceRefusal, SourceTrouble
from service.sources.works import WorksPage, at, listed, plain_text, work

_EMPLOYMENTS = "employments"
"""The cursor of the page that tells where somebody works."""
_MOST, _NAME = 50, 200
_EARLIEST, _LATEST = 1900, 2199


@dataclass(frozen=True, slots=True)
class Orcid:
    """Reads works from an ORCID registry."""

    source: Polite
    name: str = "orcid"

    def read(self, orcid: str, cursor: str | None) -> WorksPage:
        """Return all works of a record, which ORCID answers in one page, and where they work on the page after it.

        Raises SourceTrouble or SourceRefusal.
        """
        if cursor == _EMPLOYMENTS:
            return WorksPage([], None, self._employments(orcid))
        answer = self.source.get(f"/v3.0/{orcid}/works")
        if not isinstance(at(answer, "group"), list):
            raise SourceTrouble("the answer is no list of works")
        found = (_work(group) for group in answer["group"])
        return WorksPage([each for each in found if each is not None], _EMPLOYMENTS)

    def _employments(self, orcid: str) -> list[FoundEmployment] | None:
        try:
            answer = self.source.get(f"/v3.0/{orcid}/employments")
        except SourceRefusal:
            # Works alone are worth having, from a record that tells nothing else.
            return None
        if not isinstance(at(answer, "affiliation-group"), list):
            raise SourceTrouble("the answer is no list of employments")
        told = [
            at(each, "employment-summary")
            for group in answer["affiliation-group"]
            for each in listed(at(group, "summaries"))
        ]
        found = (_employment(each) for each in told)
        return [each for each in found if each is not None][:_MOST]


def _work(group: object) -> FoundWork | None:
    """Return the work of a group: as its preferred summary has it, and where that is silent as any other does."""
    summaries = sorted((each for each in listed(at(group, "work-summary")) if isinstance(each, dict)), key=_preference)
    years = (at(each, "publication-date", "year", "value") for each in summaries)
    ids = [each for summary in [*summaries, group] for each in listed(at(summary, "external-ids", "external-id"))]
    return work(
        next((title for each in summaries if (title := at(each, "title", "title", "value"))), None),
        year=next(filter(None, years), None),
        doi=next(filter(None, map(_own_doi, ids)), None),
    )


def _employment(summary: object) -> FoundEmployment | None:
    name = plain_text(at(summary, "organization", "name"), _NAME)
    if not name:
        return None
    ended = at(summary, "end-date")
    return FoundEmployment(name, _day(at(summary, "start-date"), is_end=False), _day(ended, is_end=True))


def _day(told: object, *, is_end: bool) -> date | None:
    """Return a day of which ORCID may tell only the year or the month: then its first day, or where it ends its last."""
    year, month, day = (_whole(at(told, part, "value")) for part in ("year", "month", "day"))
    if year is None or not _EARLIEST <= year <= _LATEST:
        return None
    month = month if month in range(1, 13) else None
    first = month or (12 if is_end else 1)
    last = monthrange(year, first)[1]
    whole = day if month and day in range(1, last + 1) else None
    return date(year, first, whole or (last if is_end else 1))


def _whole(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 4 else None


def _own_doi(identifier: object) -> str | None:
    """Return a DOI of the work itself, not of the book or series it is part of."""
    if at(identifier, "external-id-type") != "doi" or at(identifier, "external-id-relationship") not in {"self", None}:
        return None
    value: str | None = at(identifier, "external-id-normalized", "value") or at(identifier, "external-id-value")
    return value


def _preference(summary: Mapping[str, Any]) -> int:
    """Order summaries as ORCID does: the one with the highest display-index is shown."""
    index = str(summary.get("display-index", ""))
    return -int(index) if index.isascii() and index.isdigit() else 0
