"""Keep what is under a legal hold, and know which enquiries have had their time."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0410"
down_revision = "0400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("legal_hold_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("legal_hold_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("legal_hold_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("forgotten_at", types.Instant(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_enquiry_legal_hold_by_id"), "person", ["legal_hold_by_id"], ["id"])
    op.create_index(
        "ix_enquiry_kept_closed_at",
        "enquiry",
        ["closed_at", "id"],
        sqlite_where=sa.text("forgotten_at IS NULL"),
        postgresql_where=sa.text("forgotten_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_enquiry_kept_closed_at", table_name="enquiry")
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enquiry_legal_hold_by_id"), type_="foreignkey")
        for column in ("forgotten_at", "legal_hold_by_id", "legal_hold_reason", "legal_hold_at"):
            batch_op.drop_column(column)
