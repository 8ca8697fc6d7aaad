"""What is handed to whoever answers a request: one enquiry, one person, or everything that words are found in."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.actions.audit import audit
from service.context import Context
from service.errors import invalid, not_found
from service.ids import new_id
from service.principals import STAFF
from service.records import disclosure, dossiers, enquiries, people, subjects
from service.records.database import Unit
from service.records.disclosure import Hit
from service.records.dossiers import Item, Reader
from service.records.subjects import Subject
from service.records.tables import Entry, Participation, Person
from service.workflows.contact_details import find_contact_details
from service.workflows.identifying import Identifiers


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that belongs to an item."""

    item: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ForReview:
    """Something a person has to read before it leaves, and why."""

    item: Item
    why: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was found, in the order it is read, with its files and what has to be read first."""

    title: str
    subject: str
    """As the audit trail names it."""
    items: Sequence[Item]
    files: Sequence[Kept] = ()
    review: Sequence[ForReview] = ()
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marked:
    """A hit with the personal data in it that is to be considered: names of people on that enquiry, contact details."""

    hit: Hit
    personal: tuple[str, ...]


def enquiry_dossier(unit: Unit, reference: str) -> Dossier:
    """Return everything that is held about one enquiry, notes and files included. Raises Problem 404."""
    enquiry = enquiries.by_reference(unit, reference)
    if enquiry is None:
        raise not_found("enquiry")
    items = list(dossiers.of_enquiry(unit, enquiry))
    review = [ForReview(item, "Only the team reads it") for item in items if item.is_back_stage]
    return Dossier(f"Enquiry {enquiry.reference}", f"enquiry:{enquiry.id}", items, _files(unit, items), review)


def subject_dossier(unit: Unit, email: str) -> Dossier:
    """Return everything that is held about one person: their own, what was written to them, and what others wrote of them.

    Of others only what they wrote to them or about them is in it, and stands in the list to be read before it leaves.
    Raises Problem 404 for somebody of whom nothing is held.
    """
    subject = subjects.find(unit, email)
    reader, found, review = Reader(unit), dict[tuple[object, ...], Item](), dict[tuple[object, ...], str]()
    for row in _own(unit, subject):
        item = _only_theirs(reader.item(row), subject)
        found[subjects.key_of(row)] = item
        if _names_others(item, subject):
            review[subjects.key_of(row)] = "It may name somebody else"
    for entry in _conversation(unit, subject):
        if (key := subjects.key_of(entry)) not in found:
            found[key] = reader.item(entry)
            if entry.visibility == dossiers.BACK_STAGE:
                review[key] = "A note of the team's own on their enquiry"
            elif entry.author_role not in STAFF:
                review[key] = "Somebody else wrote it to them or to the team"
    for mention in subjects.mentions(unit, subject.known_by, subjects.sightings(unit, subject.known_by)):
        key = subjects.key_of(mention.row)
        if key not in found and not isinstance(mention.row, dossiers.MACHINERY):
            found[key] = reader.item(mention.row)
            shared = subject.known_by.without(subject.shared).is_in(
                [subjects.text_of(mention.row, each) for each in mention.places]
            )
            review[key] = "Somebody wrote of them" if shared else "It may mean somebody else of the same name"
    if not found:
        raise not_found("person about whom anything is held")
    items = list(found.values())
    someone = next(iter(sorted(subject.people | subject.researchers)), None) or new_id()
    return Dossier(
        f"What is held about {email.strip().lower()}",
        f"subject:{someone}",
        items,
        _files(unit, [item for key, item in found.items() if key not in review]),
        [ForReview(found[key], why) for key, why in review.items()],
    )


def disclosure_search(unit: Unit, query: str) -> list[Marked]:
    """Return every row in which all words of the query stand; words in quotation marks stand together.

    Raises Problem 422 for a query without words.
    """
    terms = words_of(query)
    if not terms:
        raise invalid("query", "Say which words to look for.")
    around = _People(unit)
    return [Marked(hit, tuple(_personal(hit, around))) for hit in disclosure.search(unit, terms)]


def record_export(unit: Unit, ctx: Context, action: str, subject: str, detail: Mapping[str, object]) -> None:
    """Write down who exported what, how much it was, and never what it said."""
    audit(unit, ctx, action, subject, **detail)


def words_of(query: str) -> list[str]:
    """Return what is looked for, word by word, with what stands in quotation marks together."""
    plain = query.replace("“", '"').replace("”", '"')
    try:
        words = shlex.split(plain.replace("'", "\\'"), posix=True)
    except ValueError:
        words = plain.replace('"', " ").split()
    return [" ".join(word.split()) for word in words if word.strip()]


def _own(unit: Unit, subject: Subject) -> Iterator[object]:
    for person_id in sorted(subject.people):
        yield unit.get_one(Person, person_id)
    yield from subjects.entries_of(unit, subject.researchers)
    for _, row, _ in subjects.tied_rows(unit, subject):
        yield row
    yield from subjects.deeds_of(unit, subject.people)


def _conversation(unit: Unit, subject: Subject) -> Iterator[Entry]:
    """Yield what was said on the enquiries they asked or joined: notes where they asked, the rest as far as it was shown to them."""
    for _, row, _ in subjects.tied_rows(unit, subject):
        if not isinstance(row, Participation) or row.person_id not in subject.people:
            continue
        enquiry = enquiries.one(unit, row.enquiry_id)
        for entry in subjects.said_on(unit, row.enquiry_id):
            is_asker = enquiry.enquirer_id in subject.people
            is_shown = entry.visibility == "enquirer" and (row.sees_from is None or entry.recorded_at >= row.sees_from)
            if is_shown or (is_asker and entry.visibility == dossiers.BACK_STAGE):
                yield entry


_LISTS = ("team", "attendees", "form colleagues")


def _only_theirs(item: Item, subject: Subject) -> Item:
    """Leave out the lines of lists of people that name others."""
    fields, record = dict(item.fields), dict(item.record)
    for name in _LISTS:
        if name in fields:
            lines = [line for line in fields[name].splitlines() if subject.known_by.is_in(line)]
            fields[name] = "\n".join(lines)
            record[name.replace(" ", "_")] = lines
    return replace(item, fields=fields, record=record)


def _names_others(item: Item, subject: Subject) -> bool:
    theirs = {*subject.known_by.emails, *subject.known_by.phones}
    return any(found.lower() not in theirs for found in find_contact_details(item.text))


def _files(unit: Unit, items: Sequence[Item]) -> list[Kept]:
    return [
        Kept(item.id, str(item.record.get("filename", "")), dossiers.content_of(unit, item.file))
        for item in items
        if item.file is not None
    ]


class _People:
    """Who is known on an enquiry, by name."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._known: dict[str, Identifiers] = {}

    def on(self, reference: str | None) -> Identifiers:
        if reference is None:
            return Identifiers()
        if reference not in self._known:
            enquiry = enquiries.by_reference(self._unit, reference)
            names = people.names_on(self._unit, enquiry.id) if enquiry else ()
            self._known[reference] = Identifiers(names=frozenset(names))
        return self._known[reference]


def _personal(hit: Hit, around: _People) -> Iterator[str]:
    yield from find_contact_details(hit.text)
    known = around.on(hit.item.reference)
    for name in sorted(known.searched_names):
        if Identifiers(names=frozenset({name})).is_in(hit.text):
            yield name
    if hit.item.table in {"person", "researcher"}:
        yield "all of it"
