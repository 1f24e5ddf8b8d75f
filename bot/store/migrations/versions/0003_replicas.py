"""Who is alive and has taken what, so that one of several processes works on an incident at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Two tables; what the app's role may do with them comes with the grants."""
    op.create_table(
        "replica",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("is_server", sa.Boolean, nullable=False),
        sa.Column("beat_ms", sa.BigInteger, nullable=False),
        sa.Column("waited_ms", sa.BigInteger),
    )
    op.create_table(
        "claim",
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("holder", sa.String(128), nullable=False, index=True),
        sa.Column("former", sa.String(128)),
    )
