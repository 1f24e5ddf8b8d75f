"""One server per SQLite ledger: a lock the kernel gives back when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import LedgerUnavailable


@contextmanager
def server_lock(database: Path) -> Iterator[None]:
    """Hold `<database>.serve.lock` while inside.

    Raises LedgerUnavailable naming the process that holds it.
    """
    path = database.with_name(database.name + ".serve.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LedgerUnavailable(
            f"cannot make the lock file {path}: {error.strerror}; check its directory"
        ) from error
    try:
        _take(descriptor, database)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, database: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        raise LedgerUnavailable(
            f"another server (process {pid}) has ledger {database}; stop it first, "
            "or use PostgreSQL for more than one server"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
