"""Each error of psycopg and PostgreSQL becomes one sentence with a way out."""

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store.postgres_trouble import unavailable

WHERE = "postgresql://bot@db/runbook"
KNOWN = [
    found
    for name in dir(errors)
    if isinstance(found := getattr(errors, name), type)
    and issubclass(found, psycopg.Error)
    and not name.startswith("_")
]


def wrapped(error: Exception) -> OperationalError:
    """As SQLAlchemy hands it on."""
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize("kind", KNOWN, ids=lambda kind: kind.__name__)
def test_every_error_the_driver_knows_names_ledger_and_way_out(kind: type[psycopg.Error]) -> None:
    says = str(unavailable(wrapped(kind("first line\nDETAIL: second")), WHERE))

    assert says.startswith(f"ledger {WHERE} ")
    assert "\n" not in says and "second" not in says and "{" not in says
    assert "; " in says


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (psycopg.OperationalError("connection failed"), "cannot be reached (connection failed); check that"),
        (ConnectionRefusedError("refused"), "cannot be reached (refused)"),
        (errors.AdminShutdown("going down"), "cannot be reached (going down)"),
        (errors.CrashShutdown("crash"), "cannot be reached (crash)"),
        (errors.InvalidPassword("no"), "database, user and password"),
        (errors.DiskFull("x"), "the disk is full; free space on the database's machine"),
        (errors.TooManyConnections("x"), "has no connection left; raise max_connections"),
        (errors.LockNotAvailable("x"), "is locked by another session for too long"),
        (errors.QueryCanceled("x"), "did not answer in time"),
        (errors.DeadlockDetected("x"), "let another writer go first; try again"),
        (errors.ReadOnlySqlTransaction("x"), "is read-only: this is a standby"),
        (errors.InsufficientPrivilege("permission denied"), "was not granted (permission denied)"),
        (errors.UndefinedFunction("no lock_chain"), "has not the shape of this version (no lock_chain)"),
        (
            errors.IntegrityConstraintViolation("ledger: x"),
            "refused the entry (ledger: x); run: runbook-bot a",
        ),
        (errors.UniqueViolation("twice"), "refused the entry (twice)"),
        (errors.DataCorrupted("page"), "is damaged (page); stop, keep a copy"),
        (errors.DataError("odd"), "cannot be used: odd; run: runbook-bot doctor"),
        (errors.IdleInTransactionSessionTimeout("x"), "ended a transaction that stood still"),
    ],
)
def test_says_what_happened_and_what_to_do(error: Exception, says: str) -> None:
    assert says in str(unavailable(wrapped(error), WHERE))
    assert says in str(unavailable(error, WHERE))


def test_of_two_ways_to_be_late_each_says_which() -> None:
    assert "did not answer in time" in str(unavailable(TimeoutError(), WHERE))
    assert "all connections of this process are in use" in str(unavailable(PoolTimeout(), WHERE))


def test_an_error_without_words_is_named() -> None:
    assert "(OperationalError)" in str(unavailable(psycopg.OperationalError(), WHERE))
