"""Make room for published answers, and for the forms whose asker said that one was enough."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0310"
down_revision = "0300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_published_answer_enquiry_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_published_answer_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_answer")),
        sa.UniqueConstraint("enquiry_id", name=op.f("uq_published_answer_enquiry_id")),
    )
    op.create_index(op.f("ix_published_answer_published_at"), "published_answer", ["published_at"])
    op.create_table(
        "answer_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=False),
        sa.Column("said_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["published_answer.id"], name=op.f("fk_answer_use_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_use")),
        sa.UniqueConstraint("form_token", name=op.f("uq_answer_use_form_token")),
    )
    op.create_index(op.f("ix_answer_use_answer_id"), "answer_use", ["answer_id"])


def downgrade() -> None:
    op.drop_table("answer_use")
    op.drop_table("published_answer")
