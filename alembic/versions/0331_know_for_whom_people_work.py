"""Know for whom the authors of a publication worked, and for whom researchers work beside their university."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0331"
down_revision = "0330"
branch_labels = None
depends_on = None

contracting = True

_NEW = (("publication", "organisations"), ("researcher", "employers"), ("researcher", "employments"))


def upgrade() -> None:
    for table, column in _NEW:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, types.Json(), nullable=False, server_default="[]"))
    for table, column in _NEW:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    # What was read before was read without these: public records are read again, at their usual pace.
    op.execute("UPDATE source_run SET available_at = started_at WHERE state = 'done'")


def downgrade() -> None:
    for table, column in reversed(_NEW):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
