"""${message}."""
<%
    def quoted(value):
        return '"' + value + '"' if isinstance(value, str) else repr(value)
%>
import sqlalchemy as sa
from alembic import op
${imports + "\n" if imports else ""}
revision = ${quoted(up_revision)}
down_revision = ${quoted(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
