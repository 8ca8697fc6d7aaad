"""The conversation: messages, calls, meetings, posts and notes, each for an audience."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Entry(SQLModel, table=True):
    """One thing said or noted. `direction` is seen from the team: `in` came to us, `out` left us."""

    __table_args__ = (
        Index(
            "ix_entry_minutes", "recorded_at", "enquiry_id", "state", "minutes",
            sqlite_where=text("minutes IS NOT NULL"), postgresql_where=text("minutes IS NOT NULL"),
        ),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    kind: str
    visibility: str
    direction: str
    body: str
    occurred_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    author_id: UUID | None = Field(default=None, foreign_key="person.id")
    author_role: str
    author_name: str = ""
    said_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    """Whose words they are, where somebody else wrote them down and it is known."""
    said_by_name: str | None = None
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    """The university that asked, for a clarification question; never shown to the others."""
    answers_id: UUID | None = Field(default=None, foreign_key="entry.id")
    """The clarification question this one answers."""
    minutes: int | None = None
    state: str | None = None
    """Where the enquiry stood when it was written down; None of what was written before this was noted."""
    starts_at: datetime | None = Field(default=None, sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)
    attendees: list[str] = Field(default_factory=list, sa_type=Json)
    automatic: bool = False
    mail_key: str | None = None
    """A digest that tells one mail from another, for an entry that a mail was filed as."""
    redacted_at: datetime | None = Field(default=None, sa_type=Instant)
    redaction_reason: str | None = None
