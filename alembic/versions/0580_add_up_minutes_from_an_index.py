"""Let the minutes logged be added up from an index alone, without looking at what was written."""

import sqlalchemy as sa
from alembic import op

revision = "0580"
down_revision = "0560"
branch_labels = None
depends_on = None

_HAS_TIME = sa.text("minutes IS NOT NULL")


def upgrade() -> None:
    columns = ["recorded_at", "enquiry_id", "state", "minutes"]
    op.create_index("ix_entry_minutes", "entry", columns, sqlite_where=_HAS_TIME, postgresql_where=_HAS_TIME)
    op.drop_index("ix_entry_minutes_recorded_at", table_name="entry")


def downgrade() -> None:
    op.create_index(
        "ix_entry_minutes_recorded_at", "entry", ["recorded_at"], sqlite_where=_HAS_TIME, postgresql_where=_HAS_TIME
    )
    op.drop_index("ix_entry_minutes", table_name="entry")
