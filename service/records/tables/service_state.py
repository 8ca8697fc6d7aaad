"""Facts about this installation as a whole."""

from sqlmodel import Field, SQLModel


class ServiceState(SQLModel, table=True):
    """One named value: `feed_epoch`, `demo`."""

    __tablename__ = "service_state"

    key: str = Field(primary_key=True)
    value: str
