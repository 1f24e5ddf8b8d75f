"""The ledger's tables, the same on every database.

`entry` is the truth and append-only. `evidence` may be erased. `incident`, `approval` and `hold`
are derived: they only make questions fast or claims exclusive.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

#: A number of an entry over all chains; SQLite counts up by itself only in INTEGER.
_ROW = BigInteger().with_variant(Integer, "sqlite")

entry = Table(
    "entry",
    metadata,
    #: Grows over all chains in the order of commits: what `changed_since` counts by.
    Column("row", _ROW, primary_key=True, autoincrement=True),
    Column("chain", String(128), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    UniqueConstraint("chain", "seq"),
    CheckConstraint("seq > 0"),
    sqlite_autoincrement=True,
)

evidence = Table(
    "evidence",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    #: UTF-8.
    Column("text", LargeBinary, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    Column("id", String(128), primary_key=True),
    #: Row of its last entry.
    Column("last_row", _ROW, nullable=False, index=True),
)

approval = Table(
    "approval",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("incident", String(128), nullable=False),
)

hold = Table(
    "hold",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("target", String(255), primary_key=True),
    Column("incident", String(128), nullable=False),
    Column("at", String(32), nullable=False),
)
