"""The universities' feeds: entries are staged with the change and numbered last, in commit order (DESIGN.md section 7)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from sqlmodel import select

from service.context import Context
from service.ids import new_id
from service.records.database import Unit
from service.records.tables import Enquiry, FeedCounter, FeedEntry, ServiceState

TYPES = (
    "published", "revised", "extended", "withdrawn", "closed", "delisted", "answered", "offered", "stood_down",
    "commissioned", "redacted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of one feed: the items as the JSON that will be sent, and where it ends."""

    items: tuple[str, ...]
    last_seq: int
    has_more: bool


def stage(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    organisation_id: UUID,
    kind: str,
    version: int,
    payload: Mapping[str, object],
) -> None:
    """Queue one entry for a university's feed; its number is drawn just before the commit.

    Counters are locked in id order and last of all, so that two publishers cannot wait for each other and a poller
    that has seen a number has seen every lower one.
    """
    staged: list[FeedEntry] = unit.info.setdefault("feed", [])
    if not staged:
        unit.before_commit(lambda: _number(unit, staged))
    entry_id = new_id()
    staged.append(
        FeedEntry(
            id=entry_id,
            organisation_id=organisation_id,
            seq=0,
            type=kind,
            enquiry_id=enquiry.id,
            brief_id=enquiry.brief_id,
            brief_version=version,
            occurred_at=ctx.now,
            item=json.dumps(
                {
                    "id": str(entry_id),
                    "seq": 0,
                    "type": kind,
                    "brief_id": str(enquiry.brief_id),
                    "version": version,
                    "occurred_at": ctx.now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                    "payload": payload,
                },
                ensure_ascii=False,
            ),
        )
    )


def page(unit: Unit, organisation_id: UUID, after: int, limit: int) -> Page:
    """Return the entries numbered above `after`, at most `limit`, in order."""
    rows = list(
        unit.exec(
            select(FeedEntry.seq, FeedEntry.item)
            .where(FeedEntry.organisation_id == organisation_id, FeedEntry.seq > after)
            .order_by(FeedEntry.seq)  # type: ignore[arg-type]
            .limit(limit + 1)
        )
    )
    shown = rows[:limit]
    return Page(
        items=tuple(item for _, item in shown),
        last_seq=shown[-1][0] if shown else after,
        has_more=len(rows) > limit,
    )


def head(unit: Unit, organisation_id: UUID) -> int:
    """Return the number of a university's newest entry; 0 for none."""
    return unit.exec(select(FeedCounter.seq).where(FeedCounter.organisation_id == organisation_id)).first() or 0


def epoch(unit: Unit) -> str:
    """Return this database's feed epoch, which a restore changes; empty before the first boot set it."""
    state = unit.get(ServiceState, "feed_epoch")
    return state.value if state else ""


def ensure_epoch(unit: Unit) -> str:
    """Return the feed epoch, drawing one where there is none yet."""
    state = unit.get(ServiceState, "feed_epoch")
    if state is None:
        state = ServiceState(key="feed_epoch", value=new_id().hex[-12:])
        unit.add(state)
        unit.flush()
    return state.value


def redact_items(unit: Unit, enquiry_id: UUID, forget: Mapping[str, str]) -> None:
    """Destroy texts in an enquiry's frozen entries: each text of `forget` becomes its stub."""
    rows = unit.exec(select(FeedEntry).where(FeedEntry.enquiry_id == enquiry_id))
    for row in rows:
        row.item = json.dumps(_without(json.loads(row.item), forget), ensure_ascii=False)
        unit.add(row)
    for row in unit.info.get("feed", []):
        row.item = json.dumps(_without(json.loads(row.item), forget), ensure_ascii=False)


def _without(value: object, forget: Mapping[str, str]) -> object:
    if isinstance(value, str):
        for text, stub in forget.items():
            value = value.replace(text, stub)
        return value
    if isinstance(value, dict):
        return {key: _without(inner, forget) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, forget) for inner in value]
    return value


def _number(unit: Unit, staged: list[FeedEntry]) -> None:
    for organisation_id in sorted({entry.organisation_id for entry in staged}):
        counter = unit.exec(
            select(FeedCounter)
            .where(FeedCounter.organisation_id == organisation_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).first()
        if counter is None:
            counter = FeedCounter(organisation_id=organisation_id, seq=0)
            unit.add(counter)
            unit.flush()
        for entry in staged:
            if entry.organisation_id == organisation_id:
                counter.seq += 1
                entry.seq = counter.seq
                entry.item = json.dumps(json.loads(entry.item) | {"seq": counter.seq}, ensure_ascii=False)
                unit.add(entry)
        unit.add(counter)
    staged.clear()
