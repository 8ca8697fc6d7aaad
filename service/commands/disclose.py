"""`disclose QUERY DIR`: everything that the words stand in, with an index for the officer to mark."""

from argparse import Namespace

from service.actions.exporting import Marked, disclosure_search, record_export, words_of
from service.commands.folder import Folder, article
from service.commands.opening import acting_for, context_of, ready_database
from service.ids import new_id
from service.routers.csv_answers import csv_text
from service.settings import Settings
from service.tokens import Tokens

_HEADER = (
    "number",
    "reference",
    "what",
    "where",
    "who",
    "when",
    "who may see it",
    "passage",
    "personal data to consider",
    "disclose",
    "exemption",
)


def run(settings: Settings, arguments: Namespace) -> int:
    """Write what was found; nothing is left out or blacked: that is for a person to decide."""
    ctx = context_of(settings)
    folder, tokens = Folder(arguments.folder), Tokens(settings.secret_key, settings.secret_key_before)
    database = ready_database(settings)
    try:
        found = database.read(lambda unit: disclosure_search(unit, arguments.query))
        # The words may be somebody's name, and the trail outlives an erasure: it keeps what tells that they were looked for.
        words = "\n".join(word.casefold() for word in words_of(arguments.query))
        detail = {"hits": len(found), "query_digest": tokens.fingerprint(words)}
        database.transact(
            lambda unit: record_export(
                unit, acting_for(unit, ctx, arguments.by), "disclose", f"disclosure:{new_id()}", detail
            )
        )
    finally:
        database.dispose()
    rows = [_row(number, each) for number, each in enumerate(found, 1)]
    folder.write("index.csv", csv_text(_HEADER, rows))
    parts = [_article(number, each) for number, each in enumerate(found, 1)]
    folder.write_page("dossier.html", f"What was found for: {arguments.query}", [(f"{len(found)} found", parts)])
    folder.write_json("dossier.json", [{"number": number, "record": each.hit.item.record, "what": each.hit.item.what,
                                        "reference": each.hit.item.reference, "text": each.hit.text} for number, each in enumerate(found, 1)])  # fmt: skip
    print(f"{len(found)} found, in {folder.path}. Mark each in index.csv: disclose, or the exemption.")
    return 0


def _row(number: int, each: Marked) -> tuple[str | int | None, ...]:
    item, hit = each.hit.item, each.hit
    when = f"{item.at:%Y-%m-%d %H:%M}" if item.at else None
    return (
        number,
        item.reference,
        item.what,
        hit.where,
        item.who,
        when,
        item.audience,
        hit.passage,
        "; ".join(each.personal),
        "",
        "",
    )


def _article(number: int, each: Marked) -> str:
    item = each.hit.item
    when = f"{item.at:%d %B %Y %H:%M} UTC" if item.at else ""
    beside = ", ".join(part for part in (item.reference, when, item.who, item.audience.replace("_", " ")) if part)
    marked = f"Personal data to consider: {', '.join(each.personal)}" if each.personal else ""
    return article(
        f"{number}. {item.what}",
        beside,
        {each.hit.where: each.hit.passage, "all of it": each.hit.text},
        mark=marked,
        anchor=str(number),
    )
