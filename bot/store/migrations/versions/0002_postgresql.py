"""PostgreSQL: what SQLite has by its file lock and its triggers. SQLite itself stays as it is."""

from alembic import op

from bot.store.migrations.postgres_guards import statements

revision = "0002"
down_revision = "0001"

#: By bytes: an index in a language's order breaks when the system's C library changes that order.
_BY_BYTES = (("entry", "chain", 128), ("entry", "hash", 64), ("incident", "id", 128))


def upgrade() -> None:
    """Rows numbered in the order of their commits, locks for chains, guards and functions."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute('ALTER TABLE entry ALTER COLUMN "row" TYPE bigint, ALTER COLUMN "row" DROP DEFAULT')
    op.execute('DROP SEQUENCE "entry_row_seq"')
    op.execute("ALTER TABLE incident ALTER COLUMN last_row TYPE bigint")
    for table, column, length in _BY_BYTES:
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')
    op.execute("CREATE TABLE chain (name varchar(128) PRIMARY KEY)")
    op.execute('CREATE TABLE position ("row" bigint NOT NULL)')
    op.execute("CREATE UNIQUE INDEX position_is_one ON position ((true))")
    op.execute('INSERT INTO position SELECT coalesce(max("row"), 0) FROM entry')
    for statement in statements():
        op.execute(statement)
