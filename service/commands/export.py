"""`export enquiry REF DIR` and `export subject EMAIL DIR`: a page for people, the same for machines, files, and what to read first."""

from argparse import Namespace

from service.actions.exporting import Dossier, enquiry_dossier, record_export, subject_dossier
from service.commands.folder import Folder, article, safe_name
from service.commands.opening import acting_for, context_of, ready_database
from service.records.database import Unit
from service.records.dossiers import Item
from service.routers.csv_answers import csv_text
from service.settings import Settings

_AUDIENCES = {
    "back_stage": "only the team reads this",
    "enquirer": "the enquirer sees this",
    "universities": "universities see this",
}
_STORY = frozenset({"entry", "event", "outbox", "attachment"})


def run(settings: Settings, arguments: Namespace) -> int:
    """Write the export; who asked for it and how much it was stands in the audit trail before the first file is written."""
    ctx = context_of(settings)
    folder = Folder(arguments.folder)
    database = ready_database(settings)

    def work(unit: Unit) -> Dossier:
        find = enquiry_dossier if arguments.what == "enquiry" else subject_dossier
        return find(unit, arguments.whom)

    def record(unit: Unit) -> None:
        told = {"items": len(dossier.items), "files": len(dossier.files), "to_review": len(dossier.review)}
        record_export(unit, acting_for(unit, ctx, arguments.by), "export", dossier.subject, told)

    try:
        dossier = database.read(work)
        database.transact(record)
    finally:
        database.dispose()
    _write(folder, dossier)
    print(f"{len(dossier.items)} things and {len(dossier.files)} files are in {folder.path}.")
    print(f"{len(dossier.review)} are to be read before anything leaves: review.csv.")
    return 0


def _write(folder: Folder, dossier: Dossier) -> None:
    why = {id(each.item): each.why for each in dossier.review}
    names = {kept.item: f"files/{safe_name(number, kept.name)}" for number, kept in enumerate(dossier.files, 1)}
    folder.write_page("index.html", dossier.title, _sections(dossier, why, names))
    folder.write_json(
        "index.json",
        {
            "title": dossier.title,
            "items": [
                {"what": item.what, "table": item.table, "reference": item.reference, "who": item.who, "file": names.get(item.id),
                 "review": why.get(id(item)), "record": item.record}
                for item in dossier.items
            ],
        },
    )  # fmt: skip
    rows = [
        [number, each.why, each.item.reference, each.item.what, each.item.who, each.item.at, each.item.text, ""]
        for number, each in enumerate(dossier.review, 1)
    ]
    header = ("number", "why", "reference", "what", "who", "when", "text", "decision")
    folder.write("review.csv", csv_text(header, rows))
    for kept in dossier.files:
        folder.write(names[kept.item], kept.content)


def _sections(dossier: Dossier, why: dict[int, str], names: dict[str, str]) -> list[tuple[str, list[str]]]:
    story = sorted(
        (item for item in dossier.items if item.table in _STORY), key=lambda item: (item.at is None, item.at, item.id)
    )
    sections: dict[str, list[Item]] = {}
    for item in dossier.items:
        if item.table not in _STORY:
            sections.setdefault(item.what, []).append(item)
    told = [(heading, [_article(item, why, names) for item in items]) for heading, items in sections.items()]
    return [*told, ("The story, in order", [_article(item, why, names) for item in story])]


def _article(item: Item, why: dict[int, str], names: dict[str, str]) -> str:
    when = f"{item.at:%d %B %Y %H:%M} UTC" if item.at else ""
    beside = ", ".join(part for part in (item.reference, when, item.who, _AUDIENCES.get(item.audience, "")) if part)
    heading = f"{item.what}: {item.record.get('event') or item.record.get('kind') or ''}".rstrip(": ")
    facts = {**item.fields, **({"file": names[item.id]} if item.id in names else {})}
    return article(heading, beside, facts, mark=why.get(id(item), ""))
