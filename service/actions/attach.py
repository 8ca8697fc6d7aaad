"""Attach: a file joins an enquiry, checked by its content and kept in the database."""

import hashlib
from uuid import UUID

from service.actions import remind, telling
from service.actions.file_kinds import media_type_of, plain_name, too_large
from service.context import Context
from service.errors import invalid, not_found
from service.principals import Role
from service.records import enquiries, events, files
from service.records.database import Unit
from service.records.tables import Attachment
from service.states import EnquiryState

MOST_FILES = 20


def attach(
    unit: Unit,
    ctx: Context,
    enquiry_id: UUID,
    *,
    filename: str,
    content: bytes,
    limit: int,
    visibility: str = "enquirer",
) -> Attachment:
    """Add a file of at most `limit` bytes to an enquiry or a draft, and return it.

    The same content added twice is kept once. Raises Problem 422 with what to do instead, 404 for an unknown enquiry.
    """
    if len(content) > limit:
        raise too_large(limit)
    name = plain_name(filename)
    media_type = media_type_of(name, content)
    try:
        enquiry = enquiries.lock(unit, enquiry_id)
    except LookupError as problem:
        raise not_found("enquiry") from problem
    digest = hashlib.sha256(content).hexdigest()
    before = files.same_content(unit, enquiry_id, digest, visibility)
    if before is not None:
        return before
    if files.count(unit, enquiry_id) >= MOST_FILES:
        raise invalid("file", f"There can be at most {MOST_FILES} files. Remove one first, or send it by email.")
    file = Attachment(
        enquiry_id=enquiry.id,
        filename=name,
        media_type=media_type,
        size=len(content),
        sha256=digest,
        visibility=visibility,
        content=content,
        uploaded_by_id=ctx.actor.person_id,
        uploaded_at=ctx.now,
    )
    unit.add(file)
    unit.flush()
    if enquiry.state == EnquiryState.DRAFT:
        return file
    event = events.note(unit, ctx, enquiry, "file_added", data={"file": str(file.id), "visibility": visibility})
    remind.schedule(unit, ctx, enquiry, event)
    if ctx.actor.role == Role.ENQUIRER:
        enquiry.enquirer_active_at = ctx.now
        unit.add(enquiry)
        telling.tell_owner(unit, ctx, enquiry, "enquirer_added_file")
    return file


def detach_from_draft(unit: Unit, enquiry_id: UUID, file_id: UUID) -> None:
    """Remove a file from a question that has not been sent; nothing when it is gone already.

    Raises Problem 409 once it has been sent: what was sent is redacted by name, never removed quietly.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.state != EnquiryState.DRAFT:
        raise invalid("file", "This question has been sent. Ask us to remove the file instead.")
    file = files.find(unit, enquiry_id, file_id)
    if file is not None:
        unit.delete(file)
