"""Know how ticks went: how often each ran and failed, and how long the last one took."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0420"
down_revision = "0410"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults stay: the version before this one goes on writing heartbeats meanwhile.
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("took_ms", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("runs", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("failed_at", types.Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.drop_column("failed_at")
        batch_op.drop_column("failures")
        batch_op.drop_column("runs")
        batch_op.drop_column("took_ms")
