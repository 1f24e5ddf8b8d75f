"""What the owner of a PostgreSQL ledger does: make it or bring it up to date, and let the bot's role in."""

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.errors import LedgerUnavailable
from bot.store.migrations import HEAD
from bot.store.migrations.postgres_guards import SCHEMA, grants
from bot.store.postgres_trouble import unavailable
from bot.store.postgres_url import SESSION, PostgresAddress, address

#: Altering a big table takes its time; waiting for its readers must not stop the servers for long.
_SESSION = {**SESSION, "statement_timeout": "0", "lock_timeout": "10s"}
#: Of pg_advisory_xact_lock: one migration at a time.
_LOCK = 0x52554E42
_ROLE = text("""
SELECT rolsuper AS is_superuser, rolcreaterole AS makes_roles, quote_ident(rolname) AS quoted,
  pg_has_role(rolname, current_user, 'MEMBER') AS is_owner
FROM pg_roles WHERE rolname = :role
""")


def migrate(url: str, *, app_role: str, to: str = HEAD) -> str:
    """Make the ledger at `url` or bring it up to `to`, and grant `app_role` what the bot needs.

    `url` is the owner's. One transaction. Returns the version it is at. Raises LedgerUnavailable when
    the owner is a superuser, the role is missing or could undo append-only, or the database refuses.
    """
    where = address(url)
    engine = _engine(where)
    try:
        with engine.begin() as connection:
            return _migrated(connection, where, app_role, to)
    except (SQLAlchemyError, psycopg.Error, OSError) as error:
        raise unavailable(error, where.shown) from error
    finally:
        engine.dispose()


def _migrated(connection: Connection, where: PostgresAddress, app_role: str, to: str) -> str:
    # Alembic takes a third of a second to import.
    from bot.store.migrations.upgrade import upgrade  # noqa: PLC0415

    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    says = _of_owner(connection) or _of_app_role(connection, app_role) or _of_version(connection)
    if says is not None:
        raise LedgerUnavailable(f"ledger {where.shown}: {says}")
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    upgrade(connection, to=to)
    quoted = connection.execute(_ROLE, {"role": app_role}).one().quoted
    if to == HEAD:
        for statement in grants(quoted):
            connection.execute(text(statement))
    return to


def _of_owner(connection: Connection) -> str | None:
    query = "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
    me = connection.execute(text(query)).one()
    if me.rolsuper:
        return (
            f"role {me.rolname!r} is a superuser, and the bot's functions must not run as one; migrate as "
            "the schema's owner, e.g. with ?options=-crole%3DOWNER at the end of the URL"
        )
    query = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = :schema"
    owner = connection.execute(text(query), {"schema": SCHEMA}).scalar_one_or_none()
    if owner not in (None, me.rolname):
        return f"schema {SCHEMA} belongs to {owner!r}; migrate as that role"
    return None


def _of_app_role(connection: Connection, name: str) -> str | None:
    role = connection.execute(_ROLE, {"role": name}).one_or_none()
    if role is None:
        return f"there is no role {name!r} for the bot; make it: CREATE ROLE {name} LOGIN"
    if role.is_superuser or role.makes_roles or role.is_owner:
        return (
            f"role {name!r} could undo append-only (superuser, CREATEROLE or the owner itself); "
            "give the bot a role of its own"
        )
    return None


def _of_version(connection: Connection) -> str | None:
    table = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one()
    if table is None:
        return None
    found = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    if found > HEAD:
        return f"it is of a newer version ({found}; this one knows {HEAD}); upgrade runbook-bot"
    return None


def _engine(where: PostgresAddress) -> Engine:
    arguments = where.arguments(session=_SESSION)
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(**arguments),
        poolclass=NullPool,
        hide_parameters=True,
    )
