"""The SQLite file itself: where it is, whose it is, and that it has the shape this version needs."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.errors import LedgerUnavailable
from bot.store.migrations import HEAD
from bot.store.trouble import unavailable


def locate(where: str | Path) -> Path:
    """The absolute path behind a path or a `sqlite:` URL.

    Raises LedgerUnavailable for URLs of other databases and for databases in memory.
    """
    name = str(where)
    if "://" in name:
        name = _path_of(name)
    if not name or name.startswith(":memory:"):
        raise LedgerUnavailable(f"{where!s} would be gone after a restart; give the path of a file")
    return Path(name).expanduser().absolute()


def _path_of(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise LedgerUnavailable(
            "the ledger's URL cannot be read; give sqlite:////path/to/ledger.db"
        ) from error
    if parsed.get_backend_name() != "sqlite":
        raise LedgerUnavailable(
            f"no ledger can be in {parsed.get_backend_name()!r}; "
            "give sqlite:////path/to/ledger.db or postgresql://USER@HOST/DATABASE"
        )
    return parsed.database or ""


def prepare(path: Path, *, create_parents: bool) -> None:
    """Create the file or bring it up to date. Raises LedgerUnavailable; see `SqliteLedger.open`."""
    try:
        _make_file(path, create_parents=create_parents)
        _bring_up_to_date(path)
    except (SQLAlchemyError, OSError) as error:
        raise unavailable(error, path) from error


def _make_file(path: Path, *, create_parents: bool) -> None:
    if create_parents:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.parent.is_dir():
        raise LedgerUnavailable(f"no directory {path.parent} for the ledger; make it: mkdir -p {path.parent}")
    if path.is_dir():
        raise LedgerUnavailable(f"{path} is a directory; give the path of a file in it")
    # Created here, not by SQLite, so that nobody else can ever read it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _bring_up_to_date(path: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    event.listen(engine, "connect", _plain_transactions)
    event.listen(engine, "begin", begin)
    with engine.connect() as connection:
        # Without a turn to write: whoever opens it only to read must not wait for a crowd that writes.
        if _version(connection, path) == HEAD:
            return
    with engine.execution_options(ledger_writes=True).connect() as connection:
        if _version(connection, path) == HEAD:
            return  # another process was faster
        # Alembic takes a third of a second to import: only where there is something to do.
        from bot.store.migrations.upgrade import upgrade  # noqa: PLC0415

        upgrade(connection)
        connection.commit()


def begin(connection: Connection) -> None:
    """What a transaction begins with; one that is to write has the option `ledger_writes`.

    One that reads first and writes later fails at once when another writer was faster; IMMEDIATE waits its
    turn instead.
    """
    writes = connection.get_execution_options().get("ledger_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _plain_transactions(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA synchronous = EXTRA")


def _version(connection: Connection, path: Path) -> str | None:
    """The migration the database is at; None for an empty one. Raises for what is not ours."""
    query = text("SELECT name FROM sqlite_schema WHERE type = 'table'")
    tables = set(connection.execute(query).scalars())
    if not tables:
        return None
    if not {"alembic_version", "entry"} <= tables:
        raise LedgerUnavailable(f"{path} is a database, but not a ledger; give another path")
    version = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    if version > HEAD:
        raise LedgerUnavailable(
            f"ledger {path} is of a newer version ({version}; this one knows {HEAD}); upgrade runbook-bot"
        )
    return version
