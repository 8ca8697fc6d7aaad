"""Keep whom managers shortlist and pass over, and how the ranking stood when they chose."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0330"
down_revision = "0310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ranking_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", types.Instant(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("inputs", types.Json(), nullable=False),
        sa.Column("suitable", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("first", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_ranking_snapshot_enquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_snapshot")),
    )
    op.create_index("ix_ranking_snapshot_enquiry_id_taken_at", "ranking_snapshot", ["enquiry_id", "taken_at"])
    op.create_index(op.f("ix_ranking_snapshot_taken_at"), "ranking_snapshot", ["taken_at"])
    op.create_table(
        "shortlist_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("researcher_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("newcomer", sa.Boolean(), nullable=True),
        sa.Column("decided_at", types.Instant(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_how", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_shortlist_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_shortlist_decision_ended_by_id")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_shortlist_decision_enquiry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_shortlist_decision_organisation_id")
        ),
        sa.ForeignKeyConstraint(["researcher_id"], ["researcher.id"], name=op.f("fk_shortlist_decision_researcher_id")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["ranking_snapshot.id"], name=op.f("fk_shortlist_decision_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_decision")),
    )
    op.create_index(
        "ix_shortlist_decision_enquiry_id_researcher_id", "shortlist_decision", ["enquiry_id", "researcher_id"]
    )
    op.create_index(op.f("ix_shortlist_decision_researcher_id"), "shortlist_decision", ["researcher_id"])
    op.create_index(op.f("ix_shortlist_decision_decided_at"), "shortlist_decision", ["decided_at"])
    op.create_index(
        "uq_shortlist_decision_standing",
        "shortlist_decision",
        ["enquiry_id", "researcher_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snapshot_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("standing", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("score", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("newcomer", sa.Boolean(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_offer_snapshot_id"), "ranking_snapshot", ["snapshot_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_offer_snapshot_id"), type_="foreignkey")
        for column in ("newcomer", "score", "rank", "standing", "snapshot_id"):
            batch_op.drop_column(column)
    op.drop_table("shortlist_decision")
    op.drop_table("ranking_snapshot")
