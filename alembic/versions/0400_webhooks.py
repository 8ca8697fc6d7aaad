"""Universities are poked when their feed has gone on, and whoever takes a letter is asked what became of it."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0400"
down_revision = "0332"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("overlap_until", types.Instant(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("rotated_at", types.Instant(), nullable=True),
        sa.Column("disabled_at", types.Instant(), nullable=True),
        sa.Column("disabled_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_webhook_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_organisation_id"), "webhook", ["organisation_id"])
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("webhook_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("ask_at", types.Instant(), nullable=True))
        batch.create_foreign_key(op.f("fk_outbox_webhook_id"), "webhook", ["webhook_id"], ["id"])
    op.drop_index("ix_outbox_claim", table_name="outbox")
    op.create_index("ix_outbox_claim", "outbox", ["status", "webhook_id", "available_at", "id"])
    op.create_index("ix_outbox_webhook", "outbox", ["webhook_id", "id"])
    op.create_index("ix_outbox_ask_at", "outbox", ["ask_at"])


def downgrade() -> None:
    # A poke says only how far a feed goes, and whoever polls knows that anyway.
    op.execute("DELETE FROM delivery_attempt WHERE outbox_id IN (SELECT id FROM outbox WHERE webhook_id IS NOT NULL)")
    op.execute("DELETE FROM outbox WHERE webhook_id IS NOT NULL")
    op.drop_index("ix_outbox_ask_at", table_name="outbox")
    op.drop_index("ix_outbox_webhook", table_name="outbox")
    op.drop_index("ix_outbox_claim", table_name="outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("fk_outbox_webhook_id"), type_="foreignkey")
        batch.drop_column("ask_at")
        batch.drop_column("webhook_id")
    op.create_index("ix_outbox_claim", "outbox", ["status", "available_at", "id"])
    op.drop_table("webhook")
