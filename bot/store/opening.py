"""Which database a ledger is in: a path or `sqlite:` URL, or a `postgresql:` URL."""

from pathlib import Path

from bot.errors import LedgerUnavailable
from bot.store.ledger import SqlLedger
from bot.store.migrations import HEAD
from bot.store.sqlite import FLOOR_BYTES, SqliteLedger
from bot.store.sqlite_file import locate, prepare

#: What URLs of PostgreSQL begin with, libpq's own two and SQLAlchemy's.
_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


def is_postgres(where: str | Path) -> bool:
    """True for a URL of PostgreSQL; everything else is a matter of SQLite."""
    return str(where).startswith(_POSTGRES)


def shown(where: str | Path) -> str:
    """The ledger's place for people: an absolute path, or a URL without its password."""
    if not is_postgres(where):
        return str(locate(where))
    from bot.store.postgres_url import address  # noqa: PLC0415 - as below

    return address(str(where)).shown


def is_there(where: str | Path) -> bool:
    """Whether there is a ledger to open; one in PostgreSQL says so itself. Raises LedgerUnavailable."""
    if is_postgres(where):
        return True
    path = locate(where)
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


def check_there(where: str | Path) -> None:
    """Raises LedgerUnavailable when there is none, so that a mistyped name makes no empty one."""
    if not is_there(where):
        raise LedgerUnavailable(f"no ledger at {locate(where)}; name it with --ledger or RUNBOOK_BOT_LEDGER")


async def open_ledger(
    where: str | Path, *, create_parents: bool = False, floor_bytes: int = FLOOR_BYTES
) -> SqlLedger:
    """The ledger there. Raises LedgerUnavailable; see `SqliteLedger.open` and `PostgresLedger.open`.

    `floor_bytes` is of a file's disk; how much room PostgreSQL has cannot be asked.
    """
    if not is_postgres(where):
        return await SqliteLedger.open(where, create_parents=create_parents, floor_bytes=floor_bytes)
    # Its driver takes a tenth of a second to import: only for who uses it.
    from bot.store.postgres import PostgresLedger  # noqa: PLC0415

    return await PostgresLedger.open(str(where))


def migrate_ledger(where: str | Path, *, app_role: str | None, create_parents: bool = False) -> str:
    """Make a ledger or bring it up to date; returns the version it is at then.

    In PostgreSQL as its owner, for `app_role`, the role the bot will have; a file has no roles.
    Raises LedgerUnavailable.
    """
    if not is_postgres(where):
        prepare(locate(where), create_parents=create_parents)
        return HEAD
    from bot.store.postgres_migrate import migrate  # noqa: PLC0415 - as above

    if app_role is None:
        raise LedgerUnavailable("whom shall the ledger let in? name the bot's role: --app-role runbook_bot")
    return migrate(str(where), app_role=app_role)
