"""SQLite's errors in the words of whoever must mend them."""

from pathlib import Path
from sqlite3 import Error as SqliteError

from bot.errors import LedgerUnavailable

#: Start of SQLite's error name -> what happened; what to do. The longest match wins.
_SAYS = {
    "SQLITE_BUSY": "is locked by another process for too long; see who has it open (fuser {path})",
    "SQLITE_LOCKED": "is locked by another query of this process; try again",
    "SQLITE_FULL": "cannot grow: the disk is full; free space there",
    "SQLITE_READONLY": "cannot be written; check owner and mode of the file and its directory",
    "SQLITE_READONLY_DBMOVED": "was moved or deleted while in use; put it back, then restart the bot",
    "SQLITE_CANTOPEN": "cannot be opened; check that the file is there and who owns it",
    "SQLITE_IOERR": "gave an I/O error; check the disk",
    "SQLITE_NOTADB": "is not a ledger; give another path, or move the file away",
    "SQLITE_CORRUPT": "is damaged; stop, keep a copy, run: runbook-bot audit verify",
    "SQLITE_AUTH": "refused a change that an append-only ledger does not know",
    "SQLITE_CONSTRAINT": "refused the entry ({what}); run: runbook-bot audit verify",
}


def unavailable(error: BaseException, path: Path) -> LedgerUnavailable:
    """The error as LedgerUnavailable, naming the file, what happened and what to do."""
    origin = _origin(error)
    if isinstance(origin, TimeoutError):
        return LedgerUnavailable(f"ledger {path} did not answer in time; check the disk and try again")
    name = (
        "SQLITE_READONLY" if isinstance(origin, PermissionError) else getattr(origin, "sqlite_errorname", "")
    )
    keys = [key for key in _SAYS if name.startswith(key)]
    if keys:
        says = _SAYS[max(keys, key=len)].format(path=path, what=origin)
        return LedgerUnavailable(f"ledger {path} {says}")
    return LedgerUnavailable(f"ledger {path} cannot be used: {_line(origin)}; run: runbook-bot doctor")


def _origin(error: BaseException) -> BaseException:
    """The driver's own error under whatever it was wrapped in."""
    inner = getattr(error, "orig", None) or error.__cause__
    if isinstance(error, SqliteError | TimeoutError) or not isinstance(inner, BaseException):
        return error
    return _origin(inner)


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
