"""An earlier service's log comes in: all of it or nothing, each row with its report, and no figure told before moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.actions.audit import audit
from service.actions.importing import Done, ImportReport, RowReport
from service.context import Context
from service.ids import new_id
from service.records import calendars, events, past
from service.records.database import Unit
from service.records.tables import PastEvent
from service.states import EnquiryState
from service.workflows.past_cases import Fault, PastRow, PastStep, faults_of, in_order, steps_of
from service.working_time import local_date, month_end

_FACTS = (
    "occurred_at", "event", "from_state", "to_state", "waiting_on", "outcome", "sector", "area", "enquiry_type",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryReport(ImportReport):
    """What an import of history did, or would do. `counts_from` is the first as_of whose figures hold all of it."""

    closed: int = 0
    open: int = 0
    counts_from: date | None = None


def import_history(
    unit: Unit,
    ctx: Context,
    rows: Sequence[PastRow],
    faults: Sequence[Fault] = (),
    *,
    spoilt: frozenset[str] = frozenset(),
    lines: Mapping[int, int] | None = None,
    replace: bool = False,
    dry_run: bool = False,
) -> HistoryReport:
    """Bring in every case of a log, or none when a row is refused; `faults` are those of rows that could not be read.

    A case that came in before is known by its reference: the same rows change nothing, later rows are added, and a
    case that now reads otherwise is refused unless `replace` says that the file is right. The order of cases in
    `spoilt`, which have a row with a fault, is not judged. Figures told before stay as they were told (decision 71).
    """
    by_reference: dict[str, list[PastRow]] = {}
    for row in rows:
        by_reference.setdefault(row.reference, []).append(row)
    references = list(by_reference)
    known = past.standing(unit, references)
    own = past.taken_by_enquiries(unit, references)
    found = list(faults)
    done: dict[int, Done] = {}
    ids: dict[int, UUID] = {}
    fresh: list[tuple[str, UUID, int, PastStep]] = []
    replaced: list[str] = []
    ends: dict[str, str] = {}
    for reference, some in by_reference.items():
        case = in_order(some)
        if reference in own:
            found.append(Fault(case[0].number, "reference", "An enquiry of this service has this reference already."))
            continue
        if reference in spoilt:
            continue
        wrong = faults_of(case)
        found += wrong
        if wrong:
            continue
        steps, stored = steps_of(case), known.get(reference, [])
        same = _alike(steps, stored)
        case_id = stored[0].case_id if stored else new_id()
        is_replaced = same < len(stored)
        if is_replaced:
            if not replace:
                found.append(_otherwise(case, stored, same))
                continue
            replaced.append(reference)
            case_id, same = new_id(), 0
        ends[reference] = steps[-1].to_state
        for place, (row, step) in enumerate(zip(case, steps, strict=True)):
            ids[row.number] = case_id
            done[row.number] = "unchanged" if place < same else "updated" if is_replaced else "created"
            if place >= same:
                fresh.append((reference, case_id, place + 1, step))
    is_taken = not found and not dry_run
    settled = events.settled_until(unit, ctx.now) if is_taken and fresh else events.told_until(unit)
    if is_taken and fresh:
        calendars.write_library_back(unit, min(local_date(step.occurred_at).year for *_, step in fresh))
        past.replace(unit, replaced, settled)
        past.add(unit, (_row(ctx, settled, *one) for one in fresh))
        told = {"cases": len(ends), "rows": len(fresh), "replaced": len(replaced)}
        audit(unit, ctx, "import", "history:log", name="Its log", **told)
    closed = sum(state == EnquiryState.CLOSED for state in ends.values())
    return HistoryReport(
        dry_run,
        _reports(rows, found, done, ids, lines or {}),
        closed=closed,
        open=len(ends) - closed,
        counts_from=month_end(local_date(settled)) if fresh and settled else None,
    )


def _alike(steps: Sequence[PastStep], stored: Sequence[PastEvent]) -> int:
    """Return how many rows at the beginning are as they came in before."""
    alike = 0
    for step, row in zip(steps, stored, strict=False):
        if any(getattr(step, name) != getattr(row, name) for name in _FACTS) or list(step.topics) != row.topics:
            break
        alike += 1
    return alike


def _otherwise(case: Sequence[PastRow], stored: Sequence[PastEvent], alike: int) -> Fault:
    row = case[min(alike, len(case) - 1)]
    what = "reads otherwise than" if alike < len(case) else f"has {len(case)} rows and had {len(stored)}, unlike"
    told = (
        f"This case {what} when it came in before. If the file is right, run this again with --replace: figures told "
        "before stay as they were told."
    )
    return Fault(row.number, "reference", told)


def _row(
    ctx: Context, settled: datetime | None, reference: str, case_id: UUID, place: int, step: PastStep
) -> PastEvent:
    facts = {name: getattr(step, name) for name in _FACTS}
    counts_from = max(step.occurred_at, settled or step.occurred_at)
    return PastEvent(
        case_id=case_id,
        reference=reference,
        step=place,
        counts_from=counts_from,
        imported_at=ctx.now,
        topics=list(step.topics),
        **facts,
    )


def _reports(
    rows: Sequence[PastRow],
    faults: Sequence[Fault],
    done: Mapping[int, Done],
    ids: Mapping[int, UUID],
    lines: Mapping[int, int],
) -> list[RowReport]:
    wrong: dict[int, list[Fault]] = {}
    for fault in faults:
        wrong.setdefault(fault.number, []).append(fault)
    reports = []
    for number in sorted({row.number for row in rows} | set(wrong)):
        line = lines.get(number)
        at = {} if line is None else {"line": line}
        errors = [{"field": fault.column, "message": fault.message, **at} for fault in wrong.get(number, [])]
        told: Done = "refused" if errors else done.get(number, "unchanged")
        reports.append(RowReport(number, told, ids.get(number), errors, line))
    return reports
