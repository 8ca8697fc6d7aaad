"""Whole files of reference data: every row is looked at, then all of them come in, or none; each row has its report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import ValidationError

from service.actions.audit import audit
from service.actions.organisations import (
    OrganisationChange,
    OrganisationEntry,
    add_organisation,
    change_organisation,
    known_university,
)
from service.actions.researchers import UNIQUE, WORDS, ResearcherEntry, place, write
from service.actions.shapes import Name, Sent
from service.context import Context
from service.errors import Problem, conflict, invalid
from service.records import directory, researchers
from service.records.database import Unit
from service.records.tables import Researcher

Done = Literal["created", "updated", "unchanged", "refused"]
Row = Mapping[str, object]

_ERRORS_TOLD = 100


class Origin(Protocol):
    """Where a row stands in the file it came from, when that is no JSON."""

    @property
    def line(self) -> int:
        """The line it begins on."""

    @property
    def faults(self) -> Sequence[tuple[int, str, str]]:
        """Return what is wrong with how it is written: line, column and sentence."""

    def place(self, named: str) -> tuple[int, str]:
        """Return the line and column of a field, named as in JSON."""


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row, the first being 1; in a dry run, of somebody new there is no id.

    `line` is where it begins in a file of lines; each error then has its `line` too, and its field is a column.
    """

    row: int
    action: Done
    id: UUID | None = None
    errors: Sequence[Mapping[str, Any]] = field(default=())
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or what it would do."""

    dry_run: bool
    rows: Sequence[RowReport]

    def count(self, action: Done) -> int:
        """Return how many rows had this end."""
        return sum(row.action == action for row in self.rows)

    @property
    def is_accepted(self) -> bool:
        return self.count("refused") == 0


def import_researchers(
    unit: Unit,
    ctx: Context,
    rows: Sequence[Row],
    *,
    origins: Sequence[Origin] = (),
    organisation_id: UUID | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Bring in one university's researchers or, without `organisation_id`, those of the universities the rows name.

    A row is somebody known when its external id, address or ORCID is theirs; what such a row says is set, what it
    leaves out stays, and who is not in the file stays too. A dry run changes nothing. Raises Problem 422 with every
    row's errors when one is refused and this is no dry run.
    """
    universities: dict[UUID, _University] = {}

    def take(number: int, row: Row) -> tuple[Done, UUID]:
        own = dict(row)
        university_id = organisation_id or _university_named(unit, own)
        entry = ResearcherEntry.model_validate(own)
        if university_id not in universities:
            universities[university_id] = _University(unit, ctx, university_id)
        return universities[university_id].take(number, entry)

    report = _bring_in(unit, rows, take, dry_run=dry_run, origins=origins)
    if not dry_run:
        for university_id, university in universities.items():
            audit(unit, ctx, "import", f"organisation:{university_id}", researchers=len(university.rows))
    return report


def import_organisations(unit: Unit, ctx: Context, rows: Sequence[Row], *, dry_run: bool = False) -> ImportReport:
    """Bring in organisations: one that is known by its code, else by its name, takes over what its row says.

    A dry run changes nothing. Raises Problem 422 with every row's errors when one is refused and this is no dry run.
    """
    rows_of: dict[UUID, int] = {}

    def take(number: int, row: Row) -> tuple[Done, UUID]:
        entry = OrganisationEntry.model_validate(dict(row))
        found = directory.organisation_coded(unit, entry.code) if entry.code else None
        found = found or directory.organisation_called(unit, entry.name)
        if found is None:
            made = add_organisation(unit, ctx, entry)
            rows_of[made.id] = number
            return "created", made.id
        _require_once(rows_of, found.id, number)
        rows_of[found.id] = number
        version = found.version
        sent = entry.model_dump(exclude_unset=True, exclude_none=True)
        changed = change_organisation(unit, ctx, found.id, OrganisationChange.model_validate(sent))
        return "unchanged" if changed.version == version else "updated", changed.id

    return _bring_in(unit, rows, take, dry_run=dry_run)


class _Placed(Sent):
    """The part of a manager's row that says where somebody is."""

    organisation: Name | None


class _University:
    """One university's researchers while a file is read against them."""

    def __init__(self, unit: Unit, ctx: Context, organisation_id: UUID) -> None:
        researchers.lock_university(unit, organisation_id)
        self._unit, self._ctx, self._id = unit, ctx, organisation_id
        known_before = researchers.of_university(unit, organisation_id, also_merged=True)
        self._published = researchers.publications_of(unit, [researcher.id for researcher in known_before])
        self._known: dict[tuple[str, str], Researcher] = {}
        for researcher in known_before:
            self._remember(researcher)
        self.rows: dict[UUID, int] = {}

    def take(self, number: int, entry: ResearcherEntry) -> tuple[Done, UUID]:
        """Add or change the researcher that a row is about. Raises Problem when it is two of them, or was had before."""
        holders = {name: self._known[key] for name, key in _keys(entry) if key in self._known}
        researcher = next(iter(holders.values()), None)
        if researcher is None:
            researcher = place(self._unit, self._ctx, self._id, entry)
            done: Done = "created"
        elif researcher.merged_into_id is not None:
            # Their system still has both: the entry that stands for them has a row of its own.
            return "unchanged", researcher.merged_into_id
        else:
            _require_once(self.rows, researcher.id, number)
            for name, holder in holders.items():
                if holder.id != researcher.id:
                    raise invalid(name, f"Another researcher has this {WORDS[name]}.")
            for _, key in _keys(researcher):
                self._known.pop(key, None)
            published = self._published.get(researcher.id, [])
            done = "updated" if write(self._unit, self._ctx, researcher, entry, published) else "unchanged"
        self.rows[researcher.id] = number
        self._remember(researcher)
        return done, researcher.id

    def _remember(self, researcher: Researcher) -> None:
        for _, key in _keys(researcher):
            self._known[key] = researcher


def _keys(researcher: ResearcherEntry | Researcher) -> list[tuple[str, tuple[str, str]]]:
    """Return what tells this one apart from the others of a university, the surest first."""
    return [(name, (name, value)) for name in UNIQUE if (value := getattr(researcher, name)) is not None]


def _bring_in(
    unit: Unit,
    rows: Sequence[Row],
    take: Callable[[int, Row], tuple[Done, UUID]],
    *,
    dry_run: bool,
    origins: Sequence[Origin] = (),
) -> ImportReport:
    """Take every row, then keep all of it or nothing."""
    reports: list[RowReport] = []
    made: set[UUID] = set()
    with unit.begin_nested() as everything:
        for number, row in enumerate(rows, 1):
            origin = origins[number - 1] if origins else None
            line = origin.line if origin else None
            if origin and origin.faults:
                told = [{"field": column, "message": words, "line": at} for at, column, words in origin.faults]
                reports.append(RowReport(number, "refused", errors=told, line=line))
                continue
            try:
                done, row_id = take(number, row)
            except (ValidationError, Problem) as problem:
                reports.append(RowReport(number, "refused", errors=_placed(_errors(problem), origin), line=line))
                continue
            if done == "created":
                made.add(row_id)
            reports.append(RowReport(number, done, None if dry_run and row_id in made else row_id, line=line))
        report = ImportReport(dry_run, reports)
        if dry_run or not report.is_accepted:
            everything.rollback()
    if not dry_run and not report.is_accepted:
        raise _refusal(report)
    return report


def _placed(errors: Sequence[Mapping[str, str]], origin: Origin | None) -> Sequence[Mapping[str, Any]]:
    """Return the errors of a row with the line and column at fault, where the row came from lines."""
    if origin is None:
        return errors
    placed = [(origin.place(error["field"]), error["message"]) for error in errors]
    return [{"field": column, "message": message, "line": line} for (line, column), message in placed]


def _refusal(report: ImportReport) -> Problem:
    errors = [
        {**error, "field": f"{row.row}.{error['field']}".rstrip(".")} for row in report.rows for error in row.errors
    ]
    refused = report.count("refused")
    return Problem(
        "invalid-content",
        422,
        f"{refused} of {len(report.rows)} rows cannot be taken, so none was. Mend them and send the file again.",
        errors=errors[:_ERRORS_TOLD],
        refused=refused,
    )


def _errors(problem: ValidationError | Problem) -> list[Mapping[str, str]]:
    if isinstance(problem, Problem):
        return list(problem.errors) or [{"field": "", "message": problem.detail}]
    return [
        {
            "field": ".".join(str(part) for part in error["loc"]),
            "message": error["msg"].removeprefix("Value error, ").rstrip(".") + ".",
        }
        for error in problem.errors(include_url=False, include_context=False, include_input=False)
    ]


def _university_named(unit: Unit, row: dict[str, object]) -> UUID:
    """Take the university out of a row and return its id."""
    placed = _Placed.model_validate({"organisation": row.pop("organisation", None)})
    return known_university(unit, placed.organisation).id


def _require_once(rows: Mapping[UUID, int], subject: UUID, number: int) -> None:
    if subject in rows:
        raise conflict(f"Row {rows[subject]} is about the same one as row {number}.")
