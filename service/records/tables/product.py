"""The product ladder as this installation changed it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class Product(SQLModel, table=True):
    """A rung that was changed or added: it stands in for the default with the same code (`workflows.products`)."""

    code: str = Field(primary_key=True)
    label: str
    phrase: str
    """The label inside a sentence."""
    kind: str
    """answer, review, evaluation or placement."""
    typical: int
    """Working days it usually takes."""
    long: int | None = None
    """Working days it may take; None where it has no usual end."""
    least_budget: str
    """The lowest budget band that pays for it."""
    retired_at: datetime | None = Field(default=None, sa_type=Instant)
    """No longer offered; what was agreed keeps its name."""
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1
