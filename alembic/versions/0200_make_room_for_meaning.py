"""Make room for vectors and words of the same meaning."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0200"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "synonym_group",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("wordings", types.Json(), nullable=False),
        sa.Column("removed_at", types.Instant(), nullable=True),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_synonym_group")),
    )
    op.create_table(
        "text_vector",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("model", "digest", name=op.f("pk_text_vector")),
    )
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.create_index("ix_researcher_version", ["version", "updated_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.drop_index("ix_researcher_version")
    op.drop_table("text_vector")
    op.drop_table("synonym_group")
