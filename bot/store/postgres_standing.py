"""Who the bot is in PostgreSQL: a role that could undo append-only is refused, whatever it means to do."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import LedgerUnavailable
from bot.store.migrations import HEAD
from bot.store.migrations.postgres_guards import SCHEMA
from bot.store.postgres_url import SESSION

_OLDEST = 14
_MIGRATE = "run as its owner: runbook-bot ledger migrate"

# session_user too: it can go back to itself with RESET ROLE. A member of the owner can become it.
_WHO = text("""
SELECT current_user AS role,
  (SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname IN (current_user, session_user)) AS is_superuser,
  (SELECT bool_or(rolcreaterole) FROM pg_roles WHERE rolname IN (current_user, session_user)) AS makes_roles,
  current_setting('server_version_num')::integer / 10000 AS version,
  current_setting('server_encoding') AS encoding,
  current_setting('fsync') AS fsync
""")
_TABLES = text("""
SELECT relname AS name,
  (SELECT bool_or(pg_has_role(me, owner, 'MEMBER'))
    FROM unnest(ARRAY[current_user, session_user]) AS me,
      unnest(ARRAY[relowner, nspowner, datdba]) AS owner) AS is_owned,
  has_schema_privilege(nspname, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT') AS is_readable,
  has_table_privilege(pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
    OR has_any_column_privilege(pg_class.oid, 'INSERT, UPDATE') AS is_writable
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  JOIN pg_database ON datname = current_database()
WHERE nspname = :schema AND relkind IN ('r', 'p')
""")
_SETTINGS = text("SELECT name, current_setting(name) AS value FROM unnest(CAST(:names AS text[])) AS name")


async def check_standing(connection: AsyncConnection, shown: str) -> None:
    """Raises LedgerUnavailable, one sentence with the way out, when the bot must not use this ledger."""
    who = (await connection.execute(_WHO)).one()
    tables = {row.name: row for row in await connection.execute(_TABLES, {"schema": SCHEMA})}
    says = _of_role(who) or _of_tables(who.role, tables) or _of_server(who) or await _of_session(connection)
    if says is None:
        says = await _of_version(connection)
    if says is not None:
        raise LedgerUnavailable(f"ledger {shown}: {says}")


def _of_role(who: Row[Any]) -> str | None:
    way = "connect as the role that `runbook-bot ledger migrate --app-role` was given"
    if who.is_superuser:
        return f"role {who.role!r} is a superuser, who can undo append-only; {way}"
    if who.makes_roles:
        return f"role {who.role!r} may create roles and so become the owner; {way}"
    return None


def _of_tables(role: str, tables: Mapping[str, Row[Any]]) -> str | None:
    if not {"entry", "alembic_version"} <= set(tables):
        return f"there is no ledger yet; {_MIGRATE} --app-role {role}"
    if any(table.is_owned for table in tables.values()):
        return (
            f"role {role!r} is or can become the owner of its tables, who can undo append-only; "
            "connect as the role that `runbook-bot ledger migrate --app-role` was given"
        )
    if not (tables["entry"].is_readable and tables["alembic_version"].is_readable):
        return f"role {role!r} may not read it; {_MIGRATE} --app-role {role}"
    if tables["entry"].is_writable:
        return (
            f"role {role!r} may write entries directly; take that back by "
            f"REVOKE ALL ON {SCHEMA}.entry, then {_MIGRATE} --app-role {role}"
        )
    return None


def _of_server(who: Row[Any]) -> str | None:
    if who.version < _OLDEST:
        return f"PostgreSQL {who.version} is too old; {_OLDEST} or newer is needed"
    if who.encoding != "UTF8":
        return f"its encoding is {who.encoding}, which cannot hold every text; create the database with UTF8"
    if who.fsync != "on":
        return "the server runs with fsync off and may lose what it acknowledged; set fsync = on"
    return None


async def _of_session(connection: AsyncConnection) -> str | None:
    rows = await connection.execute(_SETTINGS, {"names": list(SESSION)})
    for row in rows:
        if row.value != SESSION[row.name]:
            return (
                f"the session has {row.name} = {row.value!r} instead of {SESSION[row.name]!r}; "
                "connect without a pooler, or with one that keeps sessions"
            )
    return None


async def _of_version(connection: AsyncConnection) -> str | None:
    query = text(f"SELECT version_num FROM {SCHEMA}.alembic_version")  # noqa: S608 - a constant of ours
    found = str((await connection.execute(query)).scalar_one_or_none() or "")
    if found == HEAD:
        return None
    if found > HEAD:
        return f"it is of a newer version ({found}; this one knows {HEAD}); upgrade runbook-bot"
    return f"it is of an older version ({found}; this one needs {HEAD}); {_MIGRATE}"
