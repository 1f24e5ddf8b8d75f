"""The ledger's tables, the same on every database.

`entry` is the truth and append-only. `evidence` may be erased. `incident`, `approval` and `hold`
are derived: they only make questions fast or holds exclusive. `replica` and `claim` pass: they say
which process is alive and works on what.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

replica = Table(
    "replica",
    metadata,
    #: Name of a process, no other has it.
    Column("id", String(128), primary_key=True),
    Column("is_server", Boolean, nullable=False),
    #: Its last heartbeat: milliseconds since 1970 by the database's clock.
    Column("beat_ms", BigInteger, nullable=False),
    #: How long it was silent before that; null at its first.
    Column("waited_ms", BigInteger),
)

claim = Table(
    "claim",
    metadata,
    #: What only one process may do at a time, e.g. `work:inc-…`.
    Column("key", String(160), primary_key=True),
    Column("holder", String(128), nullable=False, index=True),
    #: Whom it was taken over from, whose heartbeat had gone stale.
    Column("former", String(128)),
)
