"""The ledger's first shape."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.sqlite_guards import GUARDS

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the guards that make entries append-only."""
    op.create_table(
        "entry",
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("chain", sa.String(128), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("chain", "seq"),
        sa.CheckConstraint("seq > 0"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("last_row", sa.Integer, nullable=False, index=True),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("incident", sa.String(128), nullable=False),
    )
    op.create_table(
        "hold",
        sa.Column("host", sa.String(255), primary_key=True),
        sa.Column("target", sa.String(255), primary_key=True),
        sa.Column("incident", sa.String(128), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for guard in GUARDS.values():
            op.execute(guard)
