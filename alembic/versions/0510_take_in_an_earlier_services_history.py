"""Take in an earlier service's history: its rows, and up to when figures were told, which they must not change."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0510"
down_revision = "0430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("occurred_at", types.Instant(), nullable=False),
        sa.Column("counts_from", types.Instant(), nullable=False),
        sa.Column("imported_at", types.Instant(), nullable=False),
        sa.Column("replaced_at", types.Instant(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("waiting_on", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("enquiry_type", sa.String(), nullable=True),
        sa.Column("topics", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_event")),
    )
    op.create_index("ix_past_event_case_id", "past_event", ["case_id", "step"])
    standing = sa.text("replaced_at IS NULL")
    op.create_index(
        "uq_past_event_standing", "past_event", ["reference", "step"], unique=True,
        sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip
    op.add_column("event_counter", sa.Column("settled_until", types.Instant(), nullable=True))
    # Whatever was told before this was noted lies before what was recorded last.
    op.execute("UPDATE event_counter SET settled_until = recorded_at")


def downgrade() -> None:
    op.drop_column("event_counter", "settled_until")
    op.drop_index("uq_past_event_standing", table_name="past_event")
    op.drop_index("ix_past_event_case_id", table_name="past_event")
    op.drop_table("past_event")
