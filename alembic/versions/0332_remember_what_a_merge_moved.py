"""Remember what a merge of two researchers moved, so that it can be taken apart again."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0332"
down_revision = "0331"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "researcher_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", types.Instant(), nullable=False),
        sa.Column("merged_by_id", sa.Uuid(), nullable=True),
        sa.Column("moved", types.Json(), nullable=False),
        sa.Column("completed", types.Json(), nullable=False),
        sa.Column("before", types.Json(), nullable=False),
        sa.Column("after", types.Json(), nullable=False),
        sa.Column("undone_at", types.Instant(), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["researcher.id"], name=op.f("fk_researcher_merge_kept_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["person.id"], name=op.f("fk_researcher_merge_merged_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["researcher.id"], name=op.f("fk_researcher_merge_other_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_researcher_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_researcher_merge")),
    )
    op.create_index(op.f("ix_researcher_merge_kept_id"), "researcher_merge", ["kept_id"])
    op.create_index(op.f("ix_researcher_merge_other_id"), "researcher_merge", ["other_id"])


def downgrade() -> None:
    op.drop_table("researcher_merge")
