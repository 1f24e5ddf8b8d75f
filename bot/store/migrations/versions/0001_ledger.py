"""The ledger's first shape."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SQLITE_GUARDS = (
    """CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
       BEGIN SELECT RAISE(ABORT, 'ledger: an entry is never changed'); END""",
    """CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
       BEGIN SELECT RAISE(ABORT, 'ledger: an entry is never deleted'); END""",
    # REPLACE deletes without firing delete triggers unless recursive_triggers is on; so an insert
    # must not collide with anything in the first place.
    """CREATE TRIGGER entry_in_order BEFORE INSERT ON entry BEGIN
       SELECT RAISE(ABORT, 'ledger: seq is not the next one') WHERE NEW.seq IS NOT
         (SELECT coalesce(max(seq), 0) + 1 FROM entry WHERE chain = NEW.chain);
       SELECT RAISE(ABORT, 'ledger: prev is not the head') WHERE NEW.seq > 1 AND NEW.prev IS NOT
         (SELECT hash FROM entry WHERE chain = NEW.chain AND seq = NEW.seq - 1);
       SELECT RAISE(ABORT, 'ledger: the entry is there already') WHERE EXISTS
         (SELECT 1 FROM entry WHERE hash = NEW.hash OR "row" = NEW."row"); END""",
    """CREATE TRIGGER evidence_never_changes BEFORE UPDATE ON evidence
       BEGIN SELECT RAISE(ABORT, 'ledger: evidence is never changed, only erased'); END""",
)


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
        for guard in _SQLITE_GUARDS:
            op.execute(guard)
