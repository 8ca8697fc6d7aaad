"""Public records on this machine: works in the formats of ORCID and OpenAlex, of invented people, and the usual troubles."""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.support.answering import answering

Mood = Literal["busy", "broken", "cut", "gone", "rubbish", "away"]
"""429 with Retry-After, 500, JSON cut short, 404, JSON of another shape, a connection that ends without an answer."""


@dataclass
class Asked:
    """One request as it came."""

    path: str
    parameters: dict[str, str]
    agent: str


@dataclass
class Records:
    """What is served, what was asked, and the moods the next answers are in."""

    url: str = ""
    orcid: dict[str, list[Any]] = field(default_factory=dict)
    employments: dict[str, list[Any]] = field(default_factory=dict)
    openalex: dict[str, list[Any]] = field(default_factory=dict)
    page: int = 2
    retry_after: str = "3"
    moods: deque[Mood] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)


def orcid_group(
    title: str, year: int | None = None, doi: str | None = None, *, relationship: str = "self", index: str = "1"
) -> dict[str, Any]:
    """A group of ORCID's works as version 3.0 lists it: one summary, the name of the work in its identifiers."""
    ids = [
        {
            "external-id-type": "doi",
            "external-id-value": doi,
            "external-id-normalized": {"value": doi.lower(), "transient": True},
            "external-id-normalized-error": None,
            "external-id-url": {"value": f"https://doi.org/{doi}"},
            "external-id-relationship": relationship,
        }
    ] if doi else []  # fmt: skip
    summary = {
        "put-code": 1733600,
        "created-date": {"value": 1700000000000},
        "last-modified-date": {"value": 1700000000000},
        "source": {"source-name": {"value": "Lin Zhao"}},
        "title": {"title": {"value": title}, "subtitle": None, "translated-title": None},
        "external-ids": {"external-id": ids},
        "url": None,
        "type": "journal-article",
        "publication-date": {"year": {"value": str(year)}, "month": None, "day": None} if year else None,
        "journal-title": {"value": "Journal of Invented Results"},
        "visibility": "public",
        "path": "/0000-0002-1825-0097/work/1733600",
        "display-index": index,
    }
    return {
        "last-modified-date": {"value": 1700000000000},
        "external-ids": {"external-id": ids},
        "work-summary": [summary],
    }


def orcid_employment(organisation: str, begun: str | None = None, ended: str | None = None) -> dict[str, Any]:
    """A group of ORCID's employments as version 3.0 lists it; days are written 2019, 2019-09 or 2019-09-01."""

    def day(written: str | None) -> dict[str, Any] | None:
        if written is None:
            return None
        parts = dict(zip(("year", "month", "day"), written.split("-"), strict=False))
        return {name: {"value": parts[name]} if name in parts else None for name in ("year", "month", "day")}

    summary = {
        "put-code": 1733601,
        "source": {"source-name": {"value": "Lin Zhao"}},
        "department-name": "Public Health",
        "role-title": "Embedded researcher",
        "start-date": day(begun),
        "end-date": day(ended),
        "organization": {
            "name": organisation,
            "address": {"city": "Durham", "region": None, "country": "GB"},
            "disambiguated-organization": None,
        },
        "visibility": "public",
    }
    return {"last-modified-date": {"value": 1700000000000}, "summaries": [{"employment-summary": summary}]}


def openalex_author(institution: str | None, *affiliations: str) -> dict[str, Any]:
    """One author of a work as OpenAlex lists them: the institution it found, and the affiliations as they were printed."""
    found = {"id": "https://openalex.org/I190082696", "display_name": institution, "ror": "https://ror.org/01v29qb04"}
    return {
        "author_position": "middle",
        "author": {"id": "https://openalex.org/A1", "display_name": "Lin Zhao", "orcid": None},
        "institutions": [found] if institution else [],
        "raw_affiliation_strings": list(affiliations),
    }


def openalex_work(
    title: str | None, year: int | None = None, doi: str | None = None, abstract: str = "", **also: Any
) -> Any:
    """A work as OpenAlex lists it, its abstract turned into an index of its words."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(abstract.split()):
        index.setdefault(word, []).append(place)
    return {
        "id": "https://openalex.org/W2741809807",
        "doi": f"https://doi.org/{doi}" if doi else None,
        "title": title,
        "publication_year": year,
        "abstract_inverted_index": index or None,
        "is_paratext": False,
        "is_retracted": False,
        **also,
    }


@contextmanager
def public_records() -> Iterator[Records]:
    """Serve records on a free port until the end of the block."""
    records = Records()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(address.query).items()}
            records.asked.append(Asked(address.path, parameters, self.headers["User-Agent"]))
            mood = records.moods.popleft() if records.moods else None
            if mood == "away":
                self.close_connection = True
                return
            status = {"busy": 429, "broken": 500, "gone": 404}.get(mood or "", 200)
            body = json.dumps(_answer(records, address.path, parameters)).encode()
            body = {"cut": body[: len(body) // 2], "rubbish": b"[1]"}.get(mood or "", body)
            self.send_response(status)
            if mood == "busy":
                self.send_header("Retry-After", records.retry_after)
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as port:
        records.url = f"http://127.0.0.1:{port}"
        yield records


def _answer(records: Records, path: str, parameters: dict[str, str]) -> Any:
    if path.startswith("/v3.0/"):
        orcid = path.split("/")[2]
        if path.endswith("/employments"):
            groups = records.employments.get(orcid, [])
            return {"last-modified-date": None, "affiliation-group": groups, "path": f"/{orcid}/employments"}
        return {"last-modified-date": None, "group": records.orcid.get(orcid, []), "path": f"/{orcid}/works"}
    works: Sequence[Any] = records.openalex.get(parameters["filter"].removeprefix("author.orcid:"), [])
    begin = 0 if parameters["cursor"] == "*" else int(parameters["cursor"].removeprefix("after-"))
    end = begin + records.page
    return {
        "meta": {
            "count": len(works),
            "per_page": records.page,
            "next_cursor": f"after-{end}" if begin < len(works) else None,
        },
        "results": list(works[begin:end]),
        "group_by": [],
    }
