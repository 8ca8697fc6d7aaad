"""Looking through everything that was written or sent for words: what a request for information is answered from."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast
from sqlmodel import SQLModel, col, or_, select

from service.records.database import Unit
from service.records.dossiers import MACHINERY, Item, Reader
from service.records.likeness import Likeness
from service.records.purposes import Place, every_table, places_of
from service.records.subjects import READABLE, text_of
from service.records.tables import Attachment
from service.workflows.identifying import passage, texts_in


@dataclass(frozen=True, slots=True)
class Hit:
    """A row in which every word that was asked for stands, with the first place where one does."""

    item: Item
    where: str
    """The column, in words."""
    passage: str
    text: str
    """All of what the row says, a file's text too."""


def search(unit: Unit, terms: Sequence[str]) -> Iterator[Hit]:
    """Yield every row that holds all the terms, whatever their case, table by table in the order things were written."""
    wanted = [term.casefold() for term in terms]
    reader, like = Reader(unit), Likeness(unit)
    for cls in every_table():
        found = places_of(cls)
        if cls in MACHINERY or not found:
            continue
        for row in unit.exec(select(cls).where(_holds_all(like, cls, found, terms))):
            hit = _hit(reader, row, found, wanted)
            if hit is not None:
                yield hit


def _hit(reader: Reader, row: Any, found: Sequence[Place], wanted: Sequence[str]) -> Hit | None:
    said = [(place, "\n".join(texts_in(text_of(row, place)))) for place in found]
    everything = "\n".join(text for _, text in said)
    folded = everything.casefold()
    if not all(term in folded for term in wanted):
        return None
    for place, text in said:
        at = text.casefold().find(wanted[0])
        if at >= 0:
            where = place.name.replace("_", " ")
            return Hit(reader.item(row), where, passage(text, at, at + len(wanted[0])), everything)
    return None


def _holds_all(
    like: Likeness, cls: type[SQLModel], found: Sequence[Place], terms: Sequence[str]
) -> ColumnElement[bool]:
    """Return a condition that no row with every term fails; what it lets through besides is looked at again."""
    columns = [cast(place.column, String) if place.is_json else place.column for place in found if not place.is_file]
    holds = and_(*(or_(*(like(column, form) for column in columns for form in _forms(term))) for term in terms))
    return or_(holds, col(Attachment.media_type).startswith(READABLE)) if cls is Attachment else holds


def _forms(term: str) -> set[str]:
    # SQLite ignores case in plain letters only, and writes others inside documents by their number.
    cased = {term, term.lower(), term.upper(), term.capitalize(), term.title()}
    written = cased | {json.dumps(each)[1:-1] for each in cased}
    return {"%" + each.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for each in written}
