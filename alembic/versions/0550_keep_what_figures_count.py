"""Keep what figures count of each enquiry at each month's end, so that no question reads the whole log again."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0550"
down_revision = "0530"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.Column("heading_for", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    op.create_index("uq_closing_rules_source", "closing", ["rules", "source"], unique=True)
    op.create_table(
        "counted_case",
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_until", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("spans", sa.LargeBinary(), nullable=False),
        sa.Column("universities", sa.LargeBinary(), nullable=False),
        sa.Column("moves", sa.LargeBinary(), nullable=False),
        sa.Column("calls", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("closing_id", "case_id", "valid_from", name=op.f("pk_counted_case")),
    )
    op.create_index("ix_counted_case_valid", "counted_case", ["closing_id", "valid_until", "valid_from"])


def downgrade() -> None:
    op.drop_index("ix_counted_case_valid", table_name="counted_case")
    op.drop_table("counted_case")
    op.drop_index("uq_closing_rules_source", table_name="closing")
    op.drop_table("closing")
