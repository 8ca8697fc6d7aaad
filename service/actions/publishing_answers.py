"""Publishing an answer: a manager's own act, in words for everybody. Nothing becomes public by closing an enquiry."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from service.actions.audit import audit
from service.actions.change import Change
from service.context import Context
from service.errors import Problem, conflict, not_found
from service.records import enquiries, published, redactions
from service.records.database import Unit
from service.records.tables import Enquiry, PublishedAnswer
from service.states import EnquiryState
from service.workflows.contact_details import find_contact_details


def publish_answer(
    unit: Unit, ctx: Context, enquiry_id: UUID, title: str, body: str, *, seen: int | None = None
) -> PublishedAnswer:
    """Let anybody read an answer from now on, or its changed words, and return it.

    Raises Problem 409 for an enquiry that is not closed with an answer or whose answer changed since it was `seen` (its
    version, 0 for none), 422 for words that hold somebody's contact details or are missing.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if not may_be_published(enquiry):
        raise conflict("Only an enquiry that was closed as answered, signposted or completed has an answer to publish.")
    row = published.row_of(unit, enquiry_id)
    if seen is not None and seen != (row.version if row else 0):
        raise conflict("Somebody changed the published answer since you opened it. Read theirs, then decide again.")
    _require_fit(enquiry, published.names_of(unit, enquiry), title, body)
    is_new = row is None
    if row is None:
        row = PublishedAnswer(enquiry_id=enquiry_id, title=title, body=body, published_at=ctx.now)
    else:
        if row.withdrawn_at is not None:
            row.published_at, row.withdrawn_at = ctx.now, None
        row.title, row.body, row.version = title, body, row.version + 1
    row.published_by_id = ctx.actor.person_id
    unit.add(row)
    unit.flush()
    audit(unit, ctx, "create" if is_new else "change", f"answer:{row.id}", enquiry=enquiry.reference)
    return row


def withdraw_answer(unit: Unit, ctx: Context, enquiry_id: UUID) -> None:
    """Take a published answer away from everybody; its words stay for the team. Nothing when it is away already."""
    enquiry = enquiries.lock(unit, enquiry_id)
    row = published.row_of(unit, enquiry_id)
    if row is None or row.withdrawn_at is not None:
        return
    _withdraw(unit, ctx, row)
    audit(unit, ctx, "remove", f"answer:{row.id}", enquiry=enquiry.reference)


def withdraw_with(change: Change) -> None:
    """Take the answer away of an enquiry that is taken up again: it may no longer be what we would say."""
    row = published.row_of(change.unit, change.enquiry.id)
    if row is not None and row.withdrawn_at is None:
        _withdraw(change.unit, change.ctx, row)
        change.data |= {"answer_withdrawn": str(row.id)}


def redact_answer(change: Change, forget: Mapping[str, str]) -> None:
    """Destroy redacted texts in an enquiry's published answer, and take it away until a manager has read it again."""
    row = published.row_of(change.unit, change.enquiry.id)
    if row is None:
        return
    title, body = redactions.without(row.title, forget), redactions.without(row.body, forget)
    if (title, body) == (row.title, row.body):
        return
    row.title, row.body = title, body
    if row.withdrawn_at is None:
        _withdraw(change.unit, change.ctx, row)
        change.data |= {"answer_withdrawn": str(row.id)}
    change.unit.add(row)


def say_enough(unit: Unit, ctx: Context, answer_id: UUID, form_token: str) -> None:
    """Note that a form's asker found a published answer enough. Raises Problem 404 for one that is not published."""
    if published.one(unit, answer_id) is None:
        raise not_found("answer")
    published.note_use(unit, answer_id, form_token, ctx.now)


def may_be_published(enquiry: Enquiry) -> bool:
    """Tell whether an enquiry has ended so that there is an answer to publish."""
    return enquiry.state == EnquiryState.CLOSED and enquiry.outcome in published.MAY_BE_PUBLISHED


def _withdraw(unit: Unit, ctx: Context, row: PublishedAnswer) -> None:
    row.withdrawn_at = ctx.now
    row.version += 1
    unit.add(row)
    unit.flush()


def _require_fit(enquiry: Enquiry, names: Sequence[str], title: str, body: str) -> None:
    """What is published names nobody who did not choose to be named: the enquirer's discretion holds here too."""
    errors = []
    for name, text in (("title", title), ("body", body)):
        if not text:
            errors.append({"field": name, "message": "Write it in words for everybody."})
        elif found := find_contact_details(text):
            errors.append({"field": name, "message": f"Take out the contact details: {', '.join(found[:3])}."})
        elif enquiry.organisation_shown != "named" and (said := [each for each in names if _says(text, each)]):
            message = f"They did not choose to be named, and this says {said[0]}. Put it without the name."
            errors.append({"field": name, "message": message})
    if errors:
        raise Problem("invalid-content", 422, "It cannot be published like this.", errors=errors)


def _says(text: str, name: str) -> bool:
    return " ".join(name.casefold().split()) in " ".join(text.casefold().split())
