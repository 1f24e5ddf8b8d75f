"""Whether all that keeps a PostgreSQL ledger append-only is in place, unchanged and switched on."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.migrations.postgres_guards import FUNCTIONS, GUARDS, SCHEMA, SEARCH_PATH

_TRIGGERS = text("""
SELECT tgname AS name, table_.relname AS "table", tgenabled AS enabled, tgtype AS kind,
  tgqual IS NOT NULL OR tgnargs > 0 AS is_narrowed, function_.prosrc AS body,
  function_.proconfig AS config, function_namespace.nspname AS "schema"
FROM pg_trigger
JOIN pg_class table_ ON table_.oid = tgrelid
JOIN pg_namespace namespace_ ON namespace_.oid = table_.relnamespace
JOIN pg_proc function_ ON function_.oid = tgfoid
JOIN pg_namespace function_namespace ON function_namespace.oid = function_.pronamespace
WHERE namespace_.nspname = :schema AND table_.relname IN ('entry', 'evidence') AND NOT tgisinternal
""")
_FUNCTIONS = text("""
SELECT proname AS name, prosrc AS body, prosecdef AS is_definer, proconfig AS config
FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE nspname = :schema
""")
_OTHERS = text("""
SELECT 'rule ' || rulename AS name FROM pg_rules
  WHERE schemaname = :schema AND tablename IN ('entry', 'evidence')
UNION ALL SELECT 'row security on ' || relname
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = :schema AND relname IN ('entry', 'evidence') AND relrowsecurity
UNION ALL SELECT 'privilege ' || privilege_type || ' on ' || table_name || ' for ' || grantee
  FROM (SELECT relname AS table_name, relowner, (aclexplode(relacl)).* FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = :schema AND relname = 'entry') AS granted (table_name, owner, grantor, grantee_id,
      privilege_type, is_grantable)
  CROSS JOIN LATERAL (SELECT CASE grantee_id WHEN 0 THEN 'public'
    ELSE pg_get_userbyid(grantee_id) END AS grantee) AS named
  WHERE grantee_id <> owner AND privilege_type <> 'SELECT'
UNION ALL SELECT 'privilege on column ' || attname || ' of entry'
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace, LATERAL aclexplode(attacl) AS granted
  WHERE nspname = :schema AND relname = 'entry' AND granted.privilege_type <> 'SELECT'
""")


async def missing_guards(connection: AsyncConnection) -> tuple[str, ...]:
    """What should keep entries as they are and does not, or stands beside it; empty when all is well."""
    wanted = {"schema": SCHEMA}
    triggers = {row.name: row for row in await connection.execute(_TRIGGERS, wanted)}
    functions = {row.name: row for row in await connection.execute(_FUNCTIONS, wanted)}
    others = (await connection.execute(_OTHERS, wanted)).scalars()
    return (
        *(f"trigger {name}" for name in GUARDS if not _is_guard(name, triggers.get(name))),
        *(f"trigger {name}, which is not ours" for name in sorted(triggers.keys() - GUARDS.keys())),
        *(f"function {name}" for name in FUNCTIONS if not _is_function(name, functions.get(name))),
        *(f"{name}, which is not ours" for name in sorted(others)),
    )


def _is_guard(name: str, row: Row[Any] | None) -> bool:
    guard = GUARDS[name]
    return row is not None and (row.table, row.enabled, row.kind, row.is_narrowed, row.body, row.schema) == (
        guard.table,
        "A",
        guard.kind,
        False,
        guard.body,
        SCHEMA,
    )


def _is_function(name: str, row: Row[Any] | None) -> bool:
    _, _, body = FUNCTIONS[name]
    return row is not None and (row.is_definer, row.body, row.config) == (
        True,
        body,
        [f"search_path={SEARCH_PATH}"],
    )
