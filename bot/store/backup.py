"""A whole copy of a SQLite ledger in another file, made while servers go on; and trying one out."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bot.errors import FileError
from bot.store.folder import sync_folder
from bot.store.trouble import unavailable


def copy_ledger(source: Path, target: Path) -> None:
    """Write the ledger as it is at one moment to a new file that only its owner can read.

    Servers read meanwhile; their appends wait. The file has its name when it is whole and on the disk.
    Raises FileError when there is a file of that name already or none can be made, LedgerUnavailable
    when the ledger cannot be read.
    """
    if target.exists():
        raise FileError(f"{target}: is there already; give another name, or move it away")
    partial = target.with_name(f".{target.name}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        _copy(source, partial)
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise FileError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def tried_out(backup: Path) -> Iterator[Path]:
    """A copy of a backup, to be opened as a ledger; the backup itself stays as it is.

    Raises FileError when it cannot be read, is no database, or is damaged.
    """
    with TemporaryDirectory(prefix="runbook-bot-") as folder:
        copy = Path(folder) / "ledger.db"
        try:
            _read_only(backup).close()
        except sqlite3.Error as error:
            raise FileError(f"{backup}: cannot be read: {error}; is it a backup of a ledger?") from error
        copy_ledger(backup, copy)
        damage = _damage(copy)
        if damage is not None:
            raise FileError(f"{backup}: is damaged: {damage}; take an older one")
        yield copy


def _damage(path: Path) -> str | None:
    """What SQLite finds wrong with the file; None when nothing is."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if said == ["ok"] else " ".join(said[0].split())


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(_read_only(source)) as there, closing(sqlite3.connect(target)) as here:
            there.execute("PRAGMA busy_timeout = 10000")
            here.execute("PRAGMA synchronous = EXTRA")
            there.backup(here)
    except sqlite3.Error as error:
        raise unavailable(error, source) from error


def _read_only(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
