"""Remember what further figures read: the register as it was known, what became of reminders, where an entry stood."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0530"
down_revision = "0510"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("succeeded_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_register_entry_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
    )
    op.create_index("ix_register_entry_organisation_id", "register_entry", ["organisation_id", "recorded_at"])
    # What a body was before this was noted is not known: it counts as it stands since it was entered.
    op.execute(
        "INSERT INTO register_entry (id, organisation_id, recorded_at, name, kind, area, succeeded_by_id) "
        "SELECT id, id, created_at, name, kind, area, succeeded_by_id FROM organisation"
    )
    op.create_table(
        "reminder_fate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_fate")),
    )
    op.create_index("ix_reminder_fate_month", "reminder_fate", ["month", "rule", "fate"])
    op.add_column("entry", sa.Column("state", sa.String(), nullable=True))
    minutes = sa.text("minutes IS NOT NULL")
    op.create_index(
        "ix_entry_minutes_recorded_at", "entry", ["recorded_at"], sqlite_where=minutes, postgresql_where=minutes
    )
    op.create_index("ix_event_event_recorded_at", "event", ["event", "recorded_at"])
    op.create_index("ix_event_organisation_id_recorded_at", "event", ["organisation_id", "recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_event_organisation_id_recorded_at", table_name="event")
    op.drop_index("ix_event_event_recorded_at", table_name="event")
    op.drop_index("ix_entry_minutes_recorded_at", table_name="entry")
    op.drop_column("entry", "state")
    op.drop_index("ix_reminder_fate_month", table_name="reminder_fate")
    op.drop_table("reminder_fate")
    op.drop_index("ix_register_entry_organisation_id", table_name="register_entry")
    op.drop_table("register_entry")
