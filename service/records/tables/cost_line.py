"""What a project would cost, line by line, in numbered versions."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Pence


class CostLine(SQLModel, table=True):
    """One line of one version of a project's costs, in pounds."""

    __tablename__ = "cost_line"
    __table_args__ = (UniqueConstraint("project_id", "version", "position"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    version: int
    position: int
    label: str
    amount: Decimal = Field(sa_type=Pence)
    kind: str
