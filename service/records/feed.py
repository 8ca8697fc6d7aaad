"""The universities' feeds: entries are staged with the change and numbered last, in commit order (DESIGN.md section 7)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import bindparam, case
from sqlmodel import col, select

from service.context import Context
from service.ids import new_id
from service.records.database import Unit
from service.records.tables import Enquiry, FeedCounter, FeedEntry, ServiceState

TYPES = (
    "published", "revised", "extended", "withdrawn", "closed", "delisted", "answered", "offered", "stood_down",
    "commissioned", "redacted",
)  # fmt: skip
_EMBEDDED = 20
"""A redacted text longer than this is also struck where it stands inside another one."""


# A poll's statements, made once: making one takes as long as running it.
_PAGE = (
    select(
        FeedEntry.seq,
        FeedEntry.item,
        FeedEntry.enquiry_id,
        case((col(FeedEntry.type) == "published", col(FeedEntry.occurred_at))),
    )
    .where(FeedEntry.organisation_id == bindparam("organisation"), FeedEntry.seq > bindparam("after"))
    .order_by(col(FeedEntry.seq))
    .limit(bindparam("most"))
)
_END = select(
    select(ServiceState.value).where(ServiceState.key == "feed_epoch").scalar_subquery(),
    select(FeedCounter.seq).where(FeedCounter.organisation_id == bindparam("organisation")).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of one feed: the items as the JSON that will be sent, and where it begins and ends.

    An empty one ends where it was asked to begin. `published` holds, by enquiry, the instant of its newest `published`
    entry in the stretch.
    """

    items: tuple[str, ...]
    first_seq: int | None
    last_seq: int
    has_more: bool
    published: Mapping[UUID, datetime]


@dataclass(slots=True)
class _Staged:
    """An entry whose number is not known yet, with its payload."""

    row: FeedEntry
    payload: Mapping[str, object]

    def numbered(self, seq: int) -> FeedEntry:
        self.row.seq = seq
        self.row.item = _written(self.row, self.payload)
        return self.row


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
    staged: list[_Staged] = unit.info.setdefault("feed", [])
    if not staged:
        unit.before_commit(lambda: _number(unit, staged))
    row = FeedEntry(
        id=new_id(),
        organisation_id=organisation_id,
        seq=0,
        type=kind,
        enquiry_id=enquiry.id,
        brief_id=enquiry.brief_id,
        brief_version=version,
        occurred_at=ctx.now,
        item="",
    )
    staged.append(_Staged(row, payload))


def page(unit: Unit, organisation_id: UUID, after: int, limit: int) -> Page:
    """Return the entries numbered above `after`, at most `limit`, in order."""
    rows = unit.connection().execute(_PAGE, {"organisation": organisation_id, "after": after, "most": limit + 1}).all()
    shown = rows[:limit]
    return Page(
        items=tuple(item for _, item, _, _ in shown),
        first_seq=shown[0][0] if shown else None,
        last_seq=shown[-1][0] if shown else after,
        has_more=len(rows) > limit,
        published={enquiry_id: at for _, _, enquiry_id, at in shown if at is not None},
    )


def end(unit: Unit, organisation_id: UUID) -> tuple[str, int]:
    """Return the feed epoch and the number of a university's newest entry, as `epoch` and `head` do, in one query."""
    found = unit.connection().execute(_END, {"organisation": organisation_id}).one()
    return found[0] or "", found[1] or 0


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
    """Destroy texts in an enquiry's frozen entries: each text of `forget` becomes its stub.

    A brief's title is the beginning of a text and goes with it.
    """
    for row in unit.exec(select(FeedEntry).where(FeedEntry.enquiry_id == enquiry_id)):
        payload = json.loads(row.item)["payload"]
        row.item = _written(row, _without(payload, forget))
        unit.add(row)
    for staged in unit.info.get("feed", []):
        staged.payload = _without(staged.payload, forget)


def _written(row: FeedEntry, payload: object) -> str:
    """Return an entry as the JSON that will be sent."""
    occurred_at = row.occurred_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    members = {
        "id": str(row.id),
        "seq": row.seq,
        "type": row.type,
        "brief_id": str(row.brief_id),
        "version": row.brief_version,
        "occurred_at": occurred_at,
        "payload": payload,
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _without(value: object, forget: Mapping[str, str], name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _without(inner, forget, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, forget, name) for inner in value]
    if not isinstance(value, str):
        return value
    for text, stub in forget.items():
        begins = name == "title" and value and text.lstrip().startswith(value.removesuffix("…"))
        if value == text or begins:
            return stub
        if len(text) > _EMBEDDED:
            value = value.replace(text, stub)
    return value


def _number(unit: Unit, staged: list[_Staged]) -> None:
    for organisation_id in sorted({entry.row.organisation_id for entry in staged}):
        counter = _locked_counter(unit, organisation_id)
        for entry in staged:
            if entry.row.organisation_id == organisation_id:
                counter.seq += 1
                unit.add(entry.numbered(counter.seq))
        unit.add(counter)
    staged.clear()


def _locked_counter(unit: Unit, organisation_id: UUID) -> FeedCounter:
    counter = unit.exec(
        select(FeedCounter)
        .where(FeedCounter.organisation_id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if counter is None:
        # Two first publishers meet on the primary key; the loser's whole unit is run again.
        counter = FeedCounter(organisation_id=organisation_id, seq=0)
        unit.add(counter)
        unit.flush()
    return counter
