"""Know whom the settings ever named as staff, so that a key of theirs ends when the settings name them no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0560"
down_revision = "0550"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("named_as", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as batch_op:
        batch_op.drop_column("named_as")
