"""A researcher's profile as a form: what stands in its fields, and what it says as the directory takes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.actions.researchers import ResearcherChange, ResearcherEntry
from service.records import publications
from service.records.researchers import ResearcherRow
from service.routers.form_schemas import checked, iso, lines
from service.routers.form_values import read_day
from service.routers.forms import Filled, Mistakes, Posted, date_parts
from service.vocabulary import METHODS, TOPICS

_TOLD = {
    "name": "Enter a name, on one line of at most 200 characters",
    "email": "Enter an email address in the correct format, like name@example.com",
    "orcid": "Enter an ORCID of sixteen characters, like 0000-0002-1825-0097",
    "statement": "Describe the work in at most 20,000 characters",
    "keywords": "Enter one keyword on a line, at most 200, each of at most 500 characters",
    "methods": "Enter one method on a line, at most 200, each of at most 500 characters",
    "topics": "Enter one topic on a line, at most 200, each of at most 500 characters",
    "conflicts": "Enter one organisation on a line, at most 200, each of at most 500 characters",
    "employers": "Enter one organisation on a line, at most 200, each of at most 500 characters",
    "publications": "Write each publication on a line as: title | year | DOI. The year and the DOI may be left out",
    "capacity_days": "Enter the days as a whole number, like 30, up to 3,650",
    "available_from": "Enter a day between 1900 and 2199",
    "career_stage": "Choose one of the career stages",
    "not_theirs": "Tick only publications from the list",
    "external_id": "Enter an id of at most 500 characters",
}
SOURCES = {"orcid": "ORCID", "openalex": "OpenAlex"}
_NOT_SAID = "not_said"
"""Takes a career stage back: a radio that is chosen cannot be left empty again."""
_FOUND_IN = {code: f"Found in {name}" for code, name in SOURCES.items()}
_FIELDS = {
    "abstract": "summary",
    "year": "year",
    "doi": "DOI",
    "title": "title",
    "organisations": "authors' organisations",
}
_ONE_ON_A_LINE = ("keywords", "conflicts", "employers")
_CODED = {"methods": METHODS, "topics": TOPICS}


def read_new(posted: Posted, mistakes: Mistakes) -> ResearcherEntry | None:
    """Return a new researcher as a contact describes them; None, with the mistakes noted, when that may not be."""
    return checked(ResearcherEntry, _sent(posted, mistakes, None, is_own=False), mistakes, _TOLD)


def read_change(posted: Posted, mistakes: Mistakes, known: ResearcherRow, *, is_own: bool) -> ResearcherChange | None:
    """Return what a form says of somebody known; None, with the mistakes noted, when that may not be.

    A researcher at their own profile (`is_own`) leaves alone the address and the id by which others know them.
    """
    sent = _sent(posted, mistakes, known, is_own=is_own)
    return checked(ResearcherChange, {"orcid": None, "available_from": None, **sent}, mistakes, _TOLD)


def filled_with(row: ResearcherRow) -> Filled:
    """Return the form as it stands."""
    found = row.researcher
    values: dict[str, str | list[str]] = {
        "seen": str(found.version),
        "name": found.name,
        "email": found.email,
        "orcid": found.orcid or "",
        "statement": found.statement or "",
        "capacity_days": str(found.capacity_days),
        "career_stage": found.career_stage or "",
        "external_id": found.external_id or "",
        "hidden": "yes" if found.hidden else "no",
        "publications": "\n".join(
            " | ".join(str(part) for part in (each["title"], each["year"] or "", each["doi"] or "") if part)
            for each in (publications.said(one) for one in row.publications if not publications.is_found(one))
        ),
    }
    values |= {name: "\n".join(getattr(found, name)) for name in _ONE_ON_A_LINE}
    for name, codes in _CODED.items():
        said = getattr(found, name)
        values[name] = [each for each in said if each in codes]
        values[f"{name}_other"] = "\n".join(each for each in said if each not in codes)
    return Filled(values | date_parts("available_from", found.available_from))


def _sent(posted: Posted, mistakes: Mistakes, known: ResearcherRow | None, *, is_own: bool) -> dict[str, Any]:
    sent: dict[str, Any] = {name: posted.line(name) for name in ("name", "capacity_days")}
    stage = posted.line("career_stage")
    sent |= {"orcid": posted.line("orcid") or None, "career_stage": None if stage in {"", _NOT_SAID} else stage}
    sent |= {name: lines(posted, name) for name in _ONE_ON_A_LINE}
    sent |= {name: [*posted.chosen(name), *lines(posted, f"{name}_other")] for name in _CODED}
    sent |= {
        "statement": posted.prose("statement") or None,
        "publications": _publications(posted, known),
        "available_from": iso(read_day(posted, mistakes, "available_from", "The day they are free from")),
        "hidden": posted.line("hidden") == "yes",
    }
    if known is not None:
        sent |= {"not_theirs": posted.chosen("not_theirs")}
    if not is_own:
        sent |= {"email": posted.line("email"), "external_id": posted.line("external_id") or None}
    return sent


def _publications(posted: Posted, known: ResearcherRow | None) -> Sequence[Mapping[str, object]]:
    """Return the publications as typed, one on a line; what is kept of one beside its line stays with its title."""
    own = [publications.said(each) for each in known.publications if not publications.is_found(each)] if known else []
    beside = {each["title"]: {name: each[name] for name in ("abstract", "organisations")} for each in own}
    found = []
    for line in lines(posted, "publications"):
        parts = [part.strip() for part in line.split("|")]
        year = next((part for part in parts[1:] if part.isascii() and part.isdigit()), None)
        rest = [part for part in parts[1:] if part and part != year]
        title = parts[0]
        found.append({"title": title, "year": year, "doi": " ".join(rest) if rest else None, **beside.get(title, {})})
    return found


def found_elsewhere(row: ResearcherRow) -> dict[str, str]:
    """Return the publications that public records list, by id, each with where it was found; the newest first."""
    return {
        str(each.id): f"{each.title}{f' ({each.year})' if each.year else ''}. {_FOUND_IN[each.source]}"
        for each in row.publications
        if publications.is_found(each)
    }


def filled_in(row: ResearcherRow) -> list[str]:
    """Return a line for each entry in which a public record filled something in."""
    return [
        f"{each.title}: "
        + ", ".join(f"{_FIELDS[name]} from {SOURCES[source]}" for name, source in sorted(each.completed.items()))
        for each in row.publications
        if each.completed
    ]
