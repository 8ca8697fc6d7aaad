"""Know how people signed in: by link or with an account at a provider, which account that was, and when they were last seen."""

import sqlalchemy as sa
from alembic import op

from service.records import types

revision = "0430"
down_revision = "0420"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_flow",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("spent_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_flow")),
    )
    op.add_column("web_session", sa.Column("method", sa.String(), nullable=False, server_default="link"))
    op.add_column("web_session", sa.Column("seen_at", types.Instant(), nullable=True))
    op.add_column("person", sa.Column("oidc_issuer", sa.String(), nullable=True))
    op.add_column("person", sa.Column("oidc_subject", sa.String(), nullable=True))
    op.create_index("uq_person_oidc_account", "person", ["oidc_issuer", "oidc_subject"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_person_oidc_account", table_name="person")
    op.drop_column("person", "oidc_subject")
    op.drop_column("person", "oidc_issuer")
    op.drop_column("web_session", "seen_at")
    op.drop_column("web_session", "method")
    op.drop_table("spent_flow")
