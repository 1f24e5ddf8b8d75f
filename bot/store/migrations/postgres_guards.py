"""What keeps a PostgreSQL ledger append-only: functions to append by, triggers, and privileges.

The app's role owns nothing here. It reads, appends by `append_entries`, and erases evidence by
`erase_evidence`; both run with the owner's rights. The triggers bind the owner too, and are ENABLE
ALWAYS so that `session_replication_role` does not switch them off. The owner can still drop them:
verification compares them with what stands here.
"""

from dataclasses import dataclass
from types import MappingProxyType

#: Holds the ledger and nothing else.
SCHEMA = "runbook_bot"
#: Of every function: names cannot be captured by objects of whoever calls it.
SEARCH_PATH = f"pg_catalog, {SCHEMA}, pg_temp"

# Bits of pg_trigger.tgtype (PostgreSQL source, catalog/pg_trigger.h).
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A trigger and the function of the same name that it calls."""

    table: str
    event: str
    #: pg_trigger.tgtype.
    kind: int
    #: Of the function, PL/pgSQL.
    body: str

    def statements(self, name: str) -> tuple[str, str, str]:
        """What makes it."""
        per = "ROW" if self.kind & _ROW else "STATEMENT"
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = {SEARCH_PATH} AS $guard${self.body}$guard$",
            f"CREATE TRIGGER {name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH {per} EXECUTE FUNCTION {name}()",
            f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {name}",
        )


def _refusal(says: str) -> str:
    return f"""
BEGIN
  RAISE EXCEPTION 'ledger: {says}' USING ERRCODE = 'integrity_constraint_violation';
END """


_IN_ORDER = """
DECLARE head record;
BEGIN
  SELECT seq, hash INTO head FROM entry WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
  IF NEW.seq IS DISTINCT FROM coalesce(head.seq, 0) + 1 THEN
    RAISE EXCEPTION 'ledger: seq is not the next one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.seq > 1 AND NEW.prev IS DISTINCT FROM head.hash THEN
    RAISE EXCEPTION 'ledger: prev is not the head' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END """

#: Name -> trigger.
GUARDS = MappingProxyType(
    {
        "entry_never_changes": Guard(
            table="entry",
            event="UPDATE",
            kind=_ROW | _BEFORE | _UPDATE,
            body=_refusal("an entry is never changed"),
        ),
        "entry_never_goes": Guard(
            table="entry",
            event="DELETE",
            kind=_ROW | _BEFORE | _DELETE,
            body=_refusal("an entry is never deleted"),
        ),
        "entry_never_truncated": Guard(
            table="entry",
            event="TRUNCATE",
            kind=_BEFORE | _TRUNCATE,
            body=_refusal("an entry is never deleted"),
        ),
        "entry_in_order": Guard(table="entry", event="INSERT", kind=_ROW | _BEFORE | _INSERT, body=_IN_ORDER),
        "evidence_never_changes": Guard(
            table="evidence",
            event="UPDATE",
            kind=_ROW | _BEFORE | _UPDATE,
            body=_refusal("evidence is never changed, only erased"),
        ),
        "evidence_never_truncated": Guard(
            table="evidence",
            event="TRUNCATE",
            kind=_BEFORE | _TRUNCATE,
            body=_refusal("evidence is erased one by one"),
        ),
    }
)

_LOCK_CHAIN = """
BEGIN
  PERFORM FROM chain WHERE chain.name = wanted FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO chain (name) VALUES (wanted) ON CONFLICT DO NOTHING;
    PERFORM FROM chain WHERE chain.name = wanted FOR UPDATE;
  END IF;
  -- A statement of its own: it sees what was committed while this waited for the lock.
  RETURN QUERY SELECT coalesce(last.seq, 0), coalesce(last.hash, '')::text, clock_timestamp()
    FROM (SELECT) AS one LEFT JOIN LATERAL
      (SELECT entry.seq, entry.hash FROM entry WHERE entry.chain = wanted ORDER BY entry.seq DESC LIMIT 1)
      AS last ON true;
END """

# The lock on `position` is held until the commit. So entries become visible in the order of their
# rows, over all chains: whoever reads on from a row misses nothing that is committed later.
_APPEND_ENTRIES = """
DECLARE
  added constant integer := cardinality(seqs);
  last bigint;
  inserted integer;
BEGIN
  -- Whatever client, role or database say: an entry that is acknowledged is on disk.
  IF current_setting('synchronous_commit') IN ('off', 'local') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  UPDATE position SET "row" = "row" + added RETURNING "row" INTO STRICT last;
  INSERT INTO entry ("row", chain, seq, prev, hash, body)
    SELECT last - added + new.n, new.chain, new.seq, new.prev, new.hash, new.body
    FROM unnest(chains, seqs, prevs, hashes, bodies) WITH ORDINALITY
      AS new (chain, seq, prev, hash, body, n) ORDER BY new.n;
  GET DIAGNOSTICS inserted = ROW_COUNT;
  IF inserted <> added THEN
    RAISE EXCEPTION 'ledger: an entry was dropped' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO incident (id, last_row)
    SELECT new.chain, max(last - added + new.n) FROM unnest(chains) WITH ORDINALITY AS new (chain, n)
    WHERE new.chain <> 'system' GROUP BY new.chain
    ON CONFLICT (id) DO UPDATE SET last_row = excluded.last_row;
  RETURN last;
END """

_ERASE_EVIDENCE = """
BEGIN
  DELETE FROM evidence WHERE evidence.digest = wanted;
  RETURN FOUND;
END """

#: Name -> arguments, what it returns, body; the app's role may call these.
FUNCTIONS = MappingProxyType(
    {
        "lock_chain": ("wanted text", "TABLE (seq integer, hash text, at timestamptz)", _LOCK_CHAIN),
        "append_entries": (
            "chains text[], seqs integer[], prevs text[], hashes text[], bodies text[]",
            "bigint",
            _APPEND_ENTRIES,
        ),
        "erase_evidence": ("wanted text", "boolean", _ERASE_EVIDENCE),
    }
)

#: Table -> what the app's role may do with it; nothing with what is not here.
PRIVILEGES = MappingProxyType(
    {
        "alembic_version": "SELECT",
        "entry": "SELECT",
        "incident": "SELECT",
        "evidence": "SELECT, INSERT",
        "approval": "SELECT, INSERT",
        "hold": "SELECT, INSERT, DELETE",
        "replica": "SELECT, INSERT, UPDATE, DELETE",
        "claim": "SELECT, INSERT, UPDATE, DELETE",
    }
)


def statements() -> tuple[str, ...]:
    """What makes functions and triggers, for a schema that is in the search path."""
    made = [
        f"CREATE FUNCTION {name}({arguments}) RETURNS {result} LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = {SEARCH_PATH} AS $function${body}$function$"
        for name, (arguments, result, body) in FUNCTIONS.items()
    ]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in FUNCTIONS]
    made += [statement for name, guard in GUARDS.items() for statement in guard.statements(name)]
    return tuple(made)


def grants(role: str) -> tuple[str, ...]:
    """What gives a role, quoted where it must be, the app's privileges and takes all others."""
    return (
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {role}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {role}",
        *(f"GRANT {may} ON {SCHEMA}.{table} TO {role}" for table, may in PRIVILEGES.items()),
        *(f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{name} TO {role}" for name in FUNCTIONS),
    )
