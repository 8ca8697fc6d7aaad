"""Know where what is said of researchers comes from: sources read, confirmations, entries found to be one person."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0300"
down_revision = "0200"
branch_labels = None
depends_on = None

contracting = True


def upgrade() -> None:
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_researcher_merged_into_id"), "researcher", ["merged_into_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_researcher_merged_into_id"), ["merged_into_id"])
        batch_op.create_index(batch_op.f("ix_researcher_orcid"), ["orcid"])

    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(), nullable=False, server_default="university"))
        batch_op.add_column(sa.Column("completed", types.Json(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("removed_at", types.Instant(), nullable=True))

    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.alter_column("source", server_default=None)
        batch_op.alter_column("completed", server_default=None)

    op.create_table(
        "research_source",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lease_until", types.Instant(), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("not_before", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_research_source")),
    )
    op.create_table(
        "source_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("researcher_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("orcid", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("available_at", types.Instant(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("read_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["researcher_id"], ["researcher.id"], name=op.f("fk_source_run_researcher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_run")),
        sa.UniqueConstraint("researcher_id", "source", name=op.f("uq_source_run_researcher_id_source")),
    )
    op.create_index(op.f("ix_source_run_available_at"), "source_run", ["available_at"])
    op.create_table(
        "told_apart",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", types.Instant(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_told_apart_decided_by_id")),
        sa.ForeignKeyConstraint(["first_id"], ["researcher.id"], name=op.f("fk_told_apart_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["researcher.id"], name=op.f("fk_told_apart_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_apart")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_told_apart_first_id_second_id")),
    )
    op.create_index(op.f("ix_told_apart_second_id"), "told_apart", ["second_id"])


def downgrade() -> None:
    op.drop_table("told_apart")
    op.drop_table("source_run")
    op.drop_table("research_source")
    # What a source filled in was nobody's word: without its mark it would pass for the university's.
    op.execute("DELETE FROM publication WHERE source IN ('orcid', 'openalex')")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_column("removed_at")
        batch_op.drop_column("completed")
        batch_op.drop_column("source")
    with op.batch_alter_table("researcher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_researcher_orcid"))
        batch_op.drop_index(batch_op.f("ix_researcher_merged_into_id"))
        batch_op.drop_constraint(batch_op.f("fk_researcher_merged_into_id"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("confirmed_at")
