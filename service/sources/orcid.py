"""ORCID public records (API 3.0): what researchers themselves list, one group for each work.

https://info.orcid.org/documentation/api-tutorials/api-tutorial-read-data-on-a-record/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.records.publications import FoundWork
from service.sources.polite import Polite, SourceTrouble
from service.sources.works import WorksPage, at, listed, work


@dataclass(frozen=True, slots=True)
class Orcid:
    """Reads works from an ORCID registry."""

    source: Polite
    name: str = "orcid"

    def read(self, orcid: str, cursor: str | None) -> WorksPage:
        """Return all works of a record: ORCID answers them in one page. Raises SourceTrouble or SourceRefusal."""
        answer = self.source.get(f"/v3.0/{orcid}/works")
        if not isinstance(at(answer, "group"), list):
            raise SourceTrouble("the answer is no list of works")
        found = (_work(group) for group in answer["group"])
        return WorksPage([each for each in found if each is not None], None)


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
