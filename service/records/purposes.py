"""What each column is for: the register of personal data, complete, and read by whatever erases, exports or searches.

A text, document or file column that is in neither list fails a test: nobody adds one without saying why it is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, LargeBinary, Table
from sqlmodel import AutoString, SQLModel

from service.records import tables
from service.records.types import Json


class Holds(StrEnum):
    """What a column may hold of people."""

    NAMES = "who somebody is"
    ADDRESSES = "how somebody is reached"
    WORDS = "what people write, which may speak of anybody"
    FILES = "what people send, which may speak of anybody"
    COPIES = "a copy of what stands elsewhere"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a column that may hold personal data is kept. `outlives` says why it stays when its enquiry has had its time."""

    holds: Holds
    why: str
    outlives: str = ""


_N, _A, _W, _F, _C = Holds
_P = Purpose

PERSONAL: Mapping[str, Purpose] = {
    # people and bodies
    "person.name": _P(_N, "To address them."),
    "person.email": _P(_A, "To write to them and to sign them in."),
    "person.phone": _P(_A, "To call them back."),
    "person.oidc_subject": _P(_N, "To know the work account that was first used with their address."),
    "api_key.name": _P(_W, "To tell keys apart; often names whoever looks after one."),
    "webhook.name": _P(_W, "To tell webhooks apart; may name whoever looks after one."),
    "audit_entry.detail": _P(_W, "What was changed, by the names of things; never the personal data itself."),
    # the form, until it is sent
    "enquiry.form_name": _P(_N, "To address whoever has not sent their question yet."),
    "enquiry.form_email": _P(_A, "To mail the link that leads back to a question not sent yet."),
    "enquiry.form_phone": _P(_A, "To call back, once the question is sent."),
    "enquiry.form_colleagues": _P(_A, "Whom the enquirer wants to involve, once the question is sent."),
    # the enquiry
    "enquiry.question": _P(_W, "What is asked."),
    "enquiry.original_question": _P(_W, "What was asked, in the enquirer's own words."),
    "enquiry.purpose": _P(_W, "What the answer will help to do."),
    "enquiry.who_decides": _P(_W, "Who decides: often a role, sometimes a person."),
    "enquiry.population_notes": _P(_W, "Whom it is about, in words."),
    "enquiry.place": _P(_W, "Where it is about."),
    "enquiry.known_evidence": _P(_W, "What is known already."),
    "enquiry.not_wanted": _P(_W, "What would not help."),
    "enquiry.organisation_name": _P(_N, "Who asks, as written; a sole trader's is a person's name."),
    "enquiry.organisation_description": _P(_W, "What universities may know of who asks."),
    "enquiry.hold_reason": _P(_W, "Why the work rests."),
    "enquiry.legal_hold_reason": _P(_W, "Why nothing of it may be destroyed."),
    "enquiry.signposted_to": _P(_W, "Whom the enquirer was pointed to."),
    "enquiry.answer": _P(_W, "What the enquirer was answered."),
    "enquiry.closing_words": _P(_W, "What the enquirer was told at the end."),
    "question_version.text": _P(_W, "What is asked, wording by wording."),
    "question_version.reason": _P(_W, "Why it was put anew."),
    "question_version.prompted_by": _P(_W, "Who prompted another question."),
    "question_version.heard": _P(_W, "Who was heard about it."),
    "entry.body": _P(_W, "What was said or noted."),
    "entry.author_name": _P(_N, "Who wrote it down."),
    "entry.said_by_name": _P(_N, "Whose words they are."),
    "entry.attendees": _P(_N, "Who was invited to a meeting, or was there."),
    "entry.mail_key": _P(_C, "So that the same mail is filed once: a digest of it."),
    "entry.redaction_reason": _P(_W, "Why something is no longer there."),
    "event.reason": _P(_W, "Why a step was taken."),
    "event.waivers": _P(_W, "Why a condition was set aside."),
    "attachment.filename": _P(_W, "What a file is called."),
    "attachment.content": _P(_F, "What the enquirer or the team sent."),
    "follow_up.note": _P(_W, "What the team wants to be reminded of."),
    "follow_up.settled_why": _P(_W, "Why a reminder was let go."),
    "outbox.to_address": _P(_A, "Where a letter goes."),
    "outbox.to_name": _P(_N, "Whom a letter addresses."),
    "outbox.reply_to": _P(_A, "Where an answer goes."),
    "outbox.params": _P(_C, "What a letter says."),
    "outbox.last_error": _P(_W, "Why a letter did not arrive; mail servers repeat the address."),
    "delivery_attempt.detail": _P(_W, "What a mail server said; it may repeat the address."),
    "satisfaction.comment": _P(_W, "How the service was, in the enquirer's words."),
    # the brief and the call
    "brief_version.sections": _P(_W, "What universities are asked."),
    "brief_version.change_comment": _P(_W, "What the enquirer wants changed."),
    "call.reason": _P(_W, "Why a call goes another way than to everybody."),
    "call_recipient.decline_comment": _P(_W, "Why a university says no."),
    "feed_entry.item": _P(_C, "What universities were sent, as it was sent."),
    "interest.lead_name": _P(_N, "Who would lead the work."),
    "interest.lead_email": _P(_A, "To reach whoever would lead the work."),
    "interest.team": _P(_N, "Who else would do it."),
    "interest.statement": _P(_W, "What they can do, in their words."),
    "interest.conflicts": _P(_W, "What may stand between them and the asker."),
    "preference.comment": _P(_W, "Which team the enquirer prefers, and why."),
    "offer.decline_reason": _P(_W, "Why an offer was not taken."),
    "shortlist_decision.words": _P(_W, "Why somebody was shortlisted or passed over."),
    # the project
    "project.start_at_risk": _P(_W, "Who bears the risk of a start before the signatures."),
    "project.plain_summary": _P(_W, "What came of it, for everybody.", outlives="It is the published result."),
    "project.output": _P(_W, "What was handed over.", outlives="It is the published result."),
    "project.publication": _P(_W, "Where it is published.", outlives="It is the published result."),
    "agreement.parties": _P(_N, "Who agreed."),
    "agreement.terms": _P(_W, "What was agreed."),
    "signature.person": _P(_N, "Who signed."),
    "signature.organisation": _P(_N, "For which body they signed."),
    "signature.evidence": _P(_W, "Where the signature is to be found."),
    "cost_line.label": _P(_W, "What the money is for."),
    "funding_line.source": _P(_W, "Who pays."),
    "funding_line.evidence": _P(_W, "What shows that the money is there."),
    "deliverable.title": _P(_W, "What is handed over."),
    "report.body": _P(_W, "How the project goes, in the lead's words."),
    "outcome.used_for": _P(_W, "What the findings were used for."),
    "outcome.what_changed": _P(_W, "What changed through them."),
    "published_answer.title": _P(_W, "A question in words for everybody.", outlives="It was published for everybody."),
    "published_answer.body": _P(_W, "Its answer in words for everybody.", outlives="It was published for everybody."),
    # the universities' directory
    "researcher.name": _P(_N, "Whom a university lists."),
    "researcher.email": _P(_A, "To tell them that they are listed, and to sign them in."),
    "researcher.orcid": _P(_N, "To find their public works."),
    "researcher.statement": _P(_W, "What they work on, in their words."),
    "researcher.keywords": _P(_W, "What they work on."),
    "researcher.conflicts": _P(_W, "Organisations they must not be matched to."),
    "researcher.employers": _P(_W, "For whom else they work."),
    "researcher.employments": _P(_W, "For whom they worked, from public records."),
    "researcher.external_id": _P(_N, "What their university calls their record."),
    "publication.title": _P(_W, "What they wrote."),
    "publication.abstract": _P(_W, "What it says."),
    "publication.doi": _P(_N, "Where it is found."),
    "publication.organisations": _P(_W, "For whom its authors worked."),
    "source_run.orcid": _P(_N, "Whose public works are read."),
    "source_run.cursor": _P(_C, "How far they are read."),
    "source_run.last_error": _P(_W, "Why they could not be read."),
    "researcher_merge.before": _P(_C, "What a merge replaced, so that it can be undone."),
    "researcher_merge.after": _P(_C, "What a merge left."),
    # machinery
    "idempotency_record.body": _P(_C, "The answer to a request that is repeated."),
    "idempotency_record.headers": _P(_C, "The head of that answer."),
    "idempotency_record.path": _P(_C, "Which request it was."),
    "idempotency_record.key": _P(_C, "Which request it was, in the caller's words."),
    "rate_count.door": _P(_A, "To hold off whoever knocks too often: a door and an internet address."),
    "sign_in_link.next_path": _P(_C, "Where a link leads."),
    "glossary_term.misread_by": _P(_W, "Who may misread a word."),
    "glossary_term.plain": _P(_W, "What could stand instead."),
}
"""Every column that may hold personal data, as `table.column`, with its purpose."""

IMPERSONAL: Mapping[str, str] = {
    "answer_use": "form_token",
    "api_key": "role digest hint",
    "webhook": "url disabled_because",
    "attachment": "media_type sha256 visibility",
    "audit_entry": "actor_role action subject request_id",
    "brief_version": "state hash",
    "calendar_day": "nation name source",
    "call": "route",
    "call_recipient": "decline_reason",
    "closing": "rules source",
    "cost_line": "kind",
    "counted_case": "head spans universities moves calls",
    "deliverable": "status",
    "delivery_attempt": "result",
    "enquiry": "reference state outcome waiting_on closed_from decision_window decision_step population evidence_wanted methods enquiry_type topics "
    "sector budget_band procurement_route product organisation_shown channel due_arithmetic form_token",
    "entry": "kind visibility direction author_role state",
    "event": "machine event from_state to_state waiting_on outcome actor_role data sector area enquiry_type topics request_id",
    "feed_entry": "type",
    "follow_up": "rule addressee arithmetic status",
    "funding_line": "kind status",
    "glossary_term": "word word_key",
    "heartbeat": "name",
    "idempotency_record": "caller method body_digest",
    "interest": "with_universities cost_band",
    "offer": "state alternates standing",
    "organisation": "name name_key kind nation area sector code",
    "outbox": "kind status",
    "outcome": "used how recorded_by_role",
    "participation": "role",
    "past_event": "reference event from_state to_state waiting_on outcome sector area enquiry_type topics",
    "person": "staff_role named_as oidc_issuer",
    "preference": "ranked",
    "product": "code label phrase kind least_budget",
    "project": "state funding_route",
    "publication": "source completed",
    "ranking_snapshot": "occasion inputs first",
    "register_entry": "name kind area",
    "reminder_fate": "rule fate",
    "reminder_setting": "rule",
    "report": "submitted_by_role",
    "research_source": "name",
    "researcher": "methods topics career_stage confirmed_by",
    "researcher_merge": "moved completed",
    "service_state": "key value",
    "shortlist_decision": "decision reason standing ended_how",
    "signature": "party recorded_by_role",
    "source_run": "source state",
    "synonym_group": "code wordings",
    "text_vector": "model digest vector",
    "web_session": "digest method",
    "spent_flow": "digest",
}
"""The other columns that could hold a text, table by table: codes, ids, digests, names of bodies and of things."""


@dataclass(frozen=True, slots=True)
class Place:
    """One column of the register, with the class of its table."""

    table: type[SQLModel]
    name: str
    purpose: Purpose

    @property
    def code(self) -> str:
        return f"{table_of(self.table).name}.{self.name}"

    @property
    def column(self) -> Column[Any]:
        return table_of(self.table).columns[self.name]

    @property
    def is_json(self) -> bool:
        return isinstance(self.column.type, Json)

    @property
    def is_file(self) -> bool:
        return isinstance(self.column.type, LargeBinary)


def table_of(cls: type[SQLModel]) -> Table:
    """Return the table behind a class."""
    found: Table = cls.__table__  # type: ignore[attr-defined]
    return found


def every_table() -> Iterator[type[SQLModel]]:
    """Yield every table's class, by name."""
    yield from (getattr(tables, name) for name in tables.__all__)


def places() -> Iterator[Place]:
    """Yield every column that may hold personal data, table by table."""
    by_name = {table_of(cls).name: cls for cls in every_table()}
    for code, purpose in PERSONAL.items():
        table, _, column = code.partition(".")
        yield Place(by_name[table], column, purpose)


def places_of(cls: type[SQLModel]) -> list[Place]:
    """Return the columns of one table that may hold personal data."""
    return [place for place in places() if place.table is cls]


def could_hold_text(column: Column[Any]) -> bool:
    """Tell whether a column's type lets it hold words or files."""
    return isinstance(column.type, AutoString | LargeBinary | Json) or column.type.python_type is str


def unregistered() -> list[str]:
    """Return the columns that could hold text and are in neither list, and those listed that there are not."""
    known = set(PERSONAL) | {f"{table}.{name}" for table, names in IMPERSONAL.items() for name in names.split()}
    there = {
        f"{table_of(cls).name}.{column.name}"
        for cls in every_table()
        for column in table_of(cls).columns
        if could_hold_text(column)
    }
    return sorted(known ^ there)


def as_markdown() -> str:
    """Return the register as a table for people."""
    lines = ["| Column | Holds | Why it is kept |", "|---|---|---|"]
    lines += [
        f"| `{code}` | {each.holds.value} | {each.why}{f' Outlives its enquiry: {each.outlives[0].lower()}{each.outlives[1:]}' if each.outlives else ''} |"
        for code, each in PERSONAL.items()
    ]
    return "\n".join(lines) + "\n"
