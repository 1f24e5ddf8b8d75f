"""PostgreSQL's errors in the words of whoever must mend them."""

import psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import LedgerUnavailable

_AWAY = "cannot be reached ({what}); check that PostgreSQL runs there, and database, user and password"
_BEGUN_AGAIN = "let another writer go first; try again"

#: Start of an SQLSTATE -> what happened; what to do. The longest match wins.
#: Source: PostgreSQL documentation, appendix A, error codes.
_SAYS = {
    "08": _AWAY,
    "23": "refused the entry ({what}); run: runbook-bot audit verify",
    "25006": "is read-only: this is a standby; name the primary, or all with target_session_attrs=read-write",
    "25P03": "ended a transaction that stood still for too long; try again",
    "28": _AWAY,
    "3D": _AWAY,
    "40": _BEGUN_AGAIN,
    "42501": "refuses what its role was not granted ({what}); run as the owner: runbook-bot ledger migrate",
    "42": "has not the shape of this version ({what}); run as the owner: runbook-bot ledger migrate",
    "3F": "has not the shape of this version ({what}); run as the owner: runbook-bot ledger migrate",
    "53100": "cannot grow: the disk is full; free space on the database's machine",
    "53200": "is out of memory ({what}); see the database's log",
    "53300": "has no connection left; raise max_connections or stop who keeps them",
    "53": "is short of something ({what}); see the database's log",
    "55P03": "is locked by another session for too long; see who: SELECT * FROM pg_stat_activity",
    "57014": "did not answer in time; see what it does: SELECT * FROM pg_stat_activity",
    "57P": _AWAY,
    "58": "gave an I/O error ({what}); check the disk of the database's machine",
    "XX": "is damaged ({what}); stop, keep a copy, run: runbook-bot audit verify",
}


def unavailable(error: BaseException, shown: str) -> LedgerUnavailable:
    """The error as LedgerUnavailable, naming the ledger, what happened and what to do."""
    origin = _origin(error)
    if isinstance(origin, PoolTimeout):
        return LedgerUnavailable(f"ledger {shown}: all connections of this process are in use; try again")
    if isinstance(origin, TimeoutError):
        return LedgerUnavailable(f"ledger {shown} did not answer in time; check the database and the network")
    return LedgerUnavailable(f"ledger {shown} {_says(origin).format(what=_line(origin))}")


def _says(origin: BaseException) -> str:
    state = getattr(origin, "sqlstate", None) or ""
    keys = [key for key in _SAYS if state.startswith(key)]
    if keys:
        return _SAYS[max(keys, key=len)]
    # Without a state it was libpq that spoke: no connection, or one that broke.
    if not state and isinstance(origin, psycopg.OperationalError | OSError):
        return _AWAY
    return "cannot be used: {what}; run: runbook-bot doctor"


def _origin(error: BaseException) -> BaseException:
    """The driver's own error under whatever it was wrapped in."""
    inner = getattr(error, "orig", None) or error.__cause__
    if isinstance(error, psycopg.Error | TimeoutError) or not isinstance(inner, BaseException):
        return error
    return _origin(inner)


def _line(error: BaseException) -> str:
    """The first line that says something; of several hosts the last one's reason."""
    lines = [line.strip().removeprefix("- ") for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
