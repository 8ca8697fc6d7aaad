"""Redaction: what is named is destroyed everywhere it stands, a stub is kept, and pollers are told to delete."""

from uuid import UUID

from service.actions.change import Change
from service.actions.entries import KEPT_FILES
from service.actions.feeding import feed_all
from service.actions.publishing_answers import redact_answer
from service.errors import conflict, invalid, not_found
from service.records import briefs, calls, conversation, enquiries, feed, files, redactions
from service.records.tables import Entry
from service.states import BriefState
from service.vocabulary import BRIEF_SECTIONS
from service.vocabulary import REDACTED as STUB
from service.workflows import commands as c


def redact(change: Change, command: c.Redact) -> None:
    """Destroy one entry, section, wording of the question or file. Raises Problem 404 or 422 for none such, 409 under a legal hold."""
    if change.enquiry.legal_hold_at is not None:
        raise conflict(
            "This enquiry is under a legal hold: nothing of it may be destroyed until a service lead ends it."
        )
    if command.entry is not None:
        _entry(change, command)
    elif command.section is not None:
        _section(change, command.section)
    elif command.file is not None:
        _file(change, command.file)
    else:
        _question(change, command)


def _entry(change: Change, command: c.Redact) -> None:
    entry = change.unit.get(Entry, command.entry) if command.entry else None
    if entry is None or entry.enquiry_id != change.enquiry.id:
        raise not_found("entry")
    text, was_shared = entry.body, entry.visibility == "universities"
    entry.body = STUB
    entry.attendees = []
    entry.mail_key = None
    entry.redacted_at = change.ctx.now
    entry.redaction_reason = command.reason
    change.unit.add(entry)
    change.data |= {"entry": str(entry.id)}
    _destroy(change, [text], {"entry": str(entry.id)} if was_shared else None)


def _file(change: Change, file_id: UUID) -> None:
    """Destroy a file's content, its name and what could be told from them. Universities were never sent it."""
    file = files.find(change.unit, change.enquiry.id, file_id)
    if file is None:
        raise not_found("file")
    name = file.filename
    file.filename, file.content, file.size, file.sha256 = STUB, b"", 0, ""
    file.media_type = "application/octet-stream"
    file.redacted_at = change.ctx.now
    change.unit.add(file)
    change.data |= {"file": str(file.id)}
    for entry in conversation.entries(change.unit, change.enquiry.id):
        text, noted, names = entry.body.rpartition(KEPT_FILES)
        if noted and name in names:
            entry.body = text + noted + names.replace(name, STUB)
            change.unit.add(entry)
    _destroy(change, [name], None)


def _section(change: Change, section: str) -> None:
    if section not in BRIEF_SECTIONS:
        raise invalid("section", f"{section} is not a section of the brief.")
    texts, published = [], False
    for version in briefs.versions(change.unit, change.enquiry.id):
        if text := version.sections.get(section):
            texts.append(text)
            version.sections = {**version.sections, section: STUB}
            published = published or version.published_at is not None
            if version.state == BriefState.DRAFT:
                version.hash = briefs.sections_hash(version.sections)
                version.revision += 1
            change.unit.add(version)
    if not texts:
        raise not_found("text in that section")
    change.data |= {"section": section}
    _destroy(change, texts, {"section": section} if published else None)


def _question(change: Change, command: c.Redact) -> None:
    versions = enquiries.question_versions(change.unit, change.enquiry.id)
    wanted = {"original": 1, "current": versions[-1].number if versions else 1}.get(
        str(command.question), command.question
    )
    version = next((version for version in versions if version.number == wanted), None)
    if version is None:
        raise not_found("wording of the question")
    text = version.text
    # Who prompted another wording, and who was heard about it, says who they are as much as the wording does.
    beside = [said for said in (version.reason, version.prompted_by, version.heard) if said]
    version.text = STUB
    version.reason, version.prompted_by, version.heard = (
        said and STUB for said in (version.reason, version.prompted_by, version.heard)
    )
    version.redacted_at = change.ctx.now
    change.unit.add(version)
    if change.enquiry.original_question == text:
        change.enquiry.original_question = STUB
    if change.enquiry.question == text:
        change.enquiry.question = STUB
    change.data |= {"question": version.number}
    _destroy(change, [text, *beside], None)


def _destroy(change: Change, texts: list[str], told: dict[str, object] | None) -> None:
    """Destroy the texts in messages, stored answers and frozen feed entries; tell pollers where they had them."""
    forget = {text: STUB for text in texts if text and text != STUB}
    redactions.forget_texts(change.unit, change.enquiry, forget)
    redact_answer(change, forget)
    if told is None:
        return
    feed.redact_items(change.unit, change.enquiry.id, forget)
    everyone = calls.ever_recipients(change.unit, change.enquiry.id)
    feed_all(change.unit, change.ctx, change.enquiry, everyone, "redacted", told)
