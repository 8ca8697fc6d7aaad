"""How a ranking stood at a moment that mattered: what it went by, and whom it put first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class RankingSnapshot(SQLModel, table=True):
    """Kept when somebody is shortlisted or passed over, when a call opens and when an offer is made; never changed."""

    __tablename__ = "ranking_snapshot"
    __table_args__ = (Index("ix_ranking_snapshot_enquiry_id_taken_at", "enquiry_id", "taken_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id")
    taken_at: datetime = Field(sa_type=Instant, index=True)
    occasion: str
    """decision, call or offer."""
    inputs: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    """The edition of the rules, the weights, the model whose vectors were compared, the version of the brief."""
    suitable: int
    left_out: int
    first: list[dict[str, object]] = Field(default_factory=list, sa_type=Json)
    """Those put first, best first: researcher, university, newcomer."""
