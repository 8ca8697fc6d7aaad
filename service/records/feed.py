"""The universities' feeds: entries are staged with the change and numbered last, in commit order (DESIGN.md section 7)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists
from sqlmodel import col, select

from service.context import Context
from service.ids import new_id
from service.records import webhooks
from service.records.database import Unit
from service.records.tables import CallRecipient, Enquiry, FeedCounter, FeedEntry, ServiceState
from service.vocabulary import REDACTED

TYPES = (
    "published", "revised", "extended", "withdrawn", "closed", "delisted", "answered", "offered", "stood_down",
    "commissioned", "redacted",
)  # fmt: skip
_CODES = frozenset(
    "brief_id version hash reply_by offer_id interest_id respond_by project_id closed_at id entry section".split()
)
"""Members of a payload that hold no words."""
_EMBEDDED = 20
"""A redacted text longer than this is also struck where it stands inside another one."""


# A poll's statements, made once: making one takes as long as running it.
_EPOCH = select(ServiceState.value).where(ServiceState.key == "feed_epoch").scalar_subquery()
_HEAD = select(FeedCounter.seq).where(FeedCounter.organisation_id == bindparam("organisation")).scalar_subquery()
_END = select(_EPOCH, _HEAD)
_IS_PUBLISHED = col(FeedEntry.type) == "published"
_TELLS_OF_UNFETCHED = and_(
    _IS_PUBLISHED,
    exists().where(
        col(CallRecipient.enquiry_id) == col(FeedEntry.enquiry_id),
        col(CallRecipient.organisation_id) == col(FeedEntry.organisation_id),
        col(CallRecipient.told_at) <= col(FeedEntry.occurred_at),
        col(CallRecipient.fetched_at).is_(None),
    ),
)
"""A brief was published, and is not noted as fetched."""
_PAGE = (
    select(
        FeedEntry.seq,
        FeedEntry.item,
        case((_TELLS_OF_UNFETCHED, col(FeedEntry.enquiry_id))),
        case((_IS_PUBLISHED, col(FeedEntry.occurred_at))),
    )
    .add_columns(_EPOCH, _HEAD)
    .where(col(FeedEntry.organisation_id) == bindparam("organisation"), col(FeedEntry.seq) > bindparam("after"))
    .order_by(col(FeedEntry.seq))
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of one feed: the items as the JSON that will be sent, and where it begins and ends.

    An empty one ends where it was asked to begin. `unfetched` holds, by enquiry, the instant of its newest `published`
    entry in the stretch, where a brief told of by then is not noted as fetched; `epoch` and `head` are the feed's.
    """

    items: tuple[str, ...]
    first_seq: int | None
    last_seq: int
    has_more: bool
    unfetched: Mapping[UUID, datetime]
    epoch: str
    head: int


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
    epoch, head = (shown[0][4] or "", shown[0][5]) if shown else end(unit, organisation_id)
    return Page(
        items=tuple(row[1] for row in shown),
        first_seq=shown[0][0] if shown else None,
        last_seq=shown[-1][0] if shown else after,
        has_more=len(rows) > limit,
        unfetched={enquiry_id: at for _, _, enquiry_id, at, *_ in shown if enquiry_id is not None},
        epoch=epoch,
        head=head,
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


def new_epoch(unit: Unit) -> str:
    """Draw a new feed epoch, so that every cursor given out before begins again, and return it."""
    state = unit.get(ServiceState, "feed_epoch") or ServiceState(key="feed_epoch", value="")
    state.value = new_id().hex[-12:]
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


def empty_items(unit: Unit, enquiry_id: UUID) -> None:
    """Destroy every text in an enquiry's frozen entries; ids, dates, numbers and hashes stay."""
    for row in unit.exec(select(FeedEntry).where(FeedEntry.enquiry_id == enquiry_id)):
        payload = json.loads(row.item)["payload"]
        row.item = _written(row, {key: inner if key in _CODES else _emptied(inner) for key, inner in payload.items()})
        unit.add(row)


def _emptied(value: object) -> object:
    if isinstance(value, dict):
        return {key: _emptied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return []
    return REDACTED if isinstance(value, str) and value else value


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
    advanced: dict[UUID, tuple[int, datetime]] = {}
    for organisation_id in sorted({entry.row.organisation_id for entry in staged}):
        counter = _locked_counter(unit, organisation_id)
        theirs = [entry for entry in staged if entry.row.organisation_id == organisation_id]
        for entry in theirs:
            counter.seq += 1
            unit.add(entry.numbered(counter.seq))
        unit.add(counter)
        advanced[organisation_id] = (counter.seq, theirs[-1].row.occurred_at)
    webhooks.poke(unit, advanced)
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
