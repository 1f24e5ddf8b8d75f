"""What the app's own connections may do to a SQLite ledger: read, append, and keep derived tables."""

import sqlite3

_DERIVED = frozenset({"incident", "approval", "hold"})
#: Worth seconds: who is alive and has taken what.
_PASSING = frozenset({"replica", "claim"})
_ERASABLE = _DERIVED | _PASSING | {"evidence"}
_APPENDABLE = _ERASABLE | {"entry"}
_ALWAYS = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_RECURSIVE,
    }
)


def is_allowed(action: int, first: str | None, *_: str | None) -> int:
    """SQLite's authorizer: SQLITE_OK or SQLITE_DENY. Everything not named here is denied.

    No UPDATE of anything that lasts, no DELETE of entries, no DDL, no ATTACH, no PRAGMA.
    """
    if action in _ALWAYS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_INSERT and first in _APPENDABLE:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first in _PASSING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_DELETE and first in _ERASABLE:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
