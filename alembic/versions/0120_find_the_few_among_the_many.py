"""Find the few among the many: indexes for what is open, asked back, living or newest among years of closed work."""

from alembic import op

revision = "0120"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_enquiry_owner_id", table_name="enquiry")
    op.create_index("ix_enquiry_owner_id_state_submitted_at", "enquiry", ["owner_id", "state", "submitted_at", "id"])
    op.create_index("ix_enquiry_reopen_requested_at", "enquiry", ["reopen_requested_at"])
    op.drop_index("ix_call_recipient_organisation_id", table_name="call_recipient")
    op.create_index("ix_call_recipient_organisation_id_call_id", "call_recipient", ["organisation_id", "call_id"])
    op.create_index("ix_person_staff_role", "person", ["staff_role"])
    op.create_index("ix_project_state", "project", ["state"])
    op.create_index("ix_project_delivered_at", "project", ["delivered_at"])


def downgrade() -> None:
    op.drop_index("ix_project_delivered_at", table_name="project")
    op.drop_index("ix_project_state", table_name="project")
    op.drop_index("ix_person_staff_role", table_name="person")
    op.drop_index("ix_call_recipient_organisation_id_call_id", table_name="call_recipient")
    op.create_index("ix_call_recipient_organisation_id", "call_recipient", ["organisation_id"])
    op.drop_index("ix_enquiry_reopen_requested_at", table_name="enquiry")
    op.drop_index("ix_enquiry_owner_id_state_submitted_at", table_name="enquiry")
    op.create_index("ix_enquiry_owner_id", "enquiry", ["owner_id"])
