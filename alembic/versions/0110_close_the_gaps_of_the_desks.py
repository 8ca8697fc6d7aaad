"""Close the gaps of the desks."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0110"
down_revision = "0002"
branch_labels = None
depends_on = None

contracting = True


def upgrade() -> None:
    with op.batch_alter_table("preference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_preference_entry_id"), "entry", ["entry_id"], ["id"])

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("said_by_name", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_entry_said_by_id"), "person", ["said_by_id"], ["id"])

    # Until now one asking to be left alone stopped the questions to both sides.
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_outcomes_stopped_at", types.Instant(), nullable=True))
    op.execute("UPDATE project SET lead_outcomes_stopped_at = outcomes_stopped_at")

    # What is under way already was arranged by hand: nobody is written to about terms that stand.
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_version", sa.Integer(), nullable=True))
    op.execute("UPDATE agreement SET told_version = version")

    # Rows from before are told apart by nothing: what stands hidden there, the university may show again.
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_by_self", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.alter_column("hidden_by_self", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.drop_column("hidden_by_self")

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_column("told_version")

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("lead_outcomes_stopped_at")

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_entry_said_by_id"), type_="foreignkey")
        batch_op.drop_column("said_by_name")
        batch_op.drop_column("said_by_id")

    with op.batch_alter_table("preference", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_preference_entry_id"), type_="foreignkey")
        batch_op.drop_column("entry_id")
