"""When each reminder rule took effect here."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class ReminderSetting(SQLModel, table=True):
    """A rule without a row, or with anchors older than `effective_from`, writes to nobody."""

    __tablename__ = "reminder_setting"

    rule: str = Field(primary_key=True)
    effective_from: datetime = Field(sa_type=Instant)
    stopped: bool = False
