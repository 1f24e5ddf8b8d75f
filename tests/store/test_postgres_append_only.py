"""PostgreSQL itself refuses to change, drop or squeeze in entries: by privileges, to owners by triggers."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from bot.audit import Result, anchor, verify_ledger
from bot.errors import LedgerUnavailable
from bot.store.postgres import PostgresLedger
from bot.store.tables import metadata
from tests.store.stores import PostgresStore
from tests.support.incidents import opened
from tests.support.postgres import ADMIN, APP, OWNER, PostgresServer

pytestmark = pytest.mark.postgres

HASH = "a" * 64


async def fill(store: PostgresStore) -> None:
    """Two entries of INC-1, one of the system chain, an evidence text."""
    async with await store.open() as ledger:
        await ledger.append("INC-1", [opened(), opened()])
        await ledger.keep("evidence")


@pytest.fixture
async def filled(postgres_store: PostgresStore) -> PostgresStore:
    await fill(postgres_store)
    return postgres_store


@pytest.fixture(scope="module")
def unharmed(postgres_server: PostgresServer) -> Iterator[PostgresStore]:
    """A filled ledger for tests that see everything refused."""
    store = PostgresStore(postgres_server, postgres_server.ledger())
    asyncio.run(fill(store))
    yield store
    postgres_server.drop(store.name)


def rows(store: PostgresStore) -> list[tuple[object, ...]]:
    return store.as_role(OWNER, 'SELECT * FROM entry ORDER BY "row"')


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = '{}'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        f"INSERT INTO entry VALUES (99, 'INC-1', 3, '{HASH}', '{HASH}', '')",
        "INSERT INTO entry SELECT * FROM entry ON CONFLICT (hash) DO UPDATE SET body = ''",
        "MERGE INTO entry USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
        "COPY entry FROM PROGRAM 'true'",
        "DROP TABLE entry",
        "DROP SCHEMA runbook_bot CASCADE",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_never_goes ON entry",
        "CREATE TRIGGER t BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_never_goes()",
        "CREATE RULE r AS ON INSERT TO entry DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION lock_chain(text) RETURNS void LANGUAGE sql AS ''",
        "ALTER FUNCTION append_entries RESET ALL",
        "CREATE TABLE runbook_bot.more (x int)",
        "SET session_replication_role = replica",
        "SET ROLE runbook_owner",
        "UPDATE evidence SET text = ''",
        "DELETE FROM evidence",
        "TRUNCATE evidence",
        "UPDATE incident SET last_row = 0",
        "DELETE FROM incident",
        "UPDATE approval SET incident = ''",
        "DELETE FROM approval",
        "UPDATE hold SET incident = ''",
        'UPDATE position SET "row" = 0',
        "SELECT * FROM chain FOR UPDATE",
        "UPDATE alembic_version SET version_num = '9'",
    ],
)
def test_the_bots_role_may_not(unharmed: PostgresStore, statement: str) -> None:
    before = rows(unharmed)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        unharmed.as_role(APP, statement)

    assert rows(unharmed) == before
    assert unharmed.select("SELECT count(*) FROM evidence") == [(1,)]


BY_FUNCTION = (
    "SELECT append_entries(ARRAY['{chain}'], ARRAY[{seq}], ARRAY['{prev}'], ARRAY['{hash}'], ARRAY[''])"
)


@pytest.mark.parametrize(
    ("chain", "seq", "prev", "says"),
    [
        ("INC-1", 2, HASH, "seq is not the next one"),
        ("INC-1", 4, HASH, "seq is not the next one"),
        ("INC-1", 0, HASH, "seq is not the next one"),
        ("INC-9", -1, HASH, "seq is not the next one"),
        ("INC-1", 3, HASH, "prev is not the head"),
    ],
)
@pytest.mark.parametrize("role", [APP, OWNER, ADMIN])
def test_nobody_squeezes_an_entry_in(
    unharmed: PostgresStore, role: str, chain: str, seq: int, prev: str, says: str
) -> None:
    statement = BY_FUNCTION.format(chain=chain, seq=seq, prev=prev, hash=HASH)

    with pytest.raises(psycopg.errors.IntegrityError, match=says):
        unharmed.as_role(role, statement)

    assert len(rows(unharmed)) == 3


def test_an_entry_does_not_come_twice(unharmed: PostgresStore) -> None:
    ((there,),) = unharmed.select("SELECT hash FROM entry WHERE chain = 'INC-1' AND seq = 1")

    with pytest.raises(psycopg.errors.UniqueViolation):
        unharmed.as_role(APP, BY_FUNCTION.format(chain="INC-9", seq=1, prev=HASH, hash=there))


def test_temporary_tables_of_the_caller_do_not_capture_the_functions(filled: PostgresStore) -> None:
    filled.as_role(
        APP,
        "CREATE TEMP TABLE entry (LIKE runbook_bot.entry)",
        "CREATE TEMP TABLE position (row bigint)",
        BY_FUNCTION.format(chain="INC-9", seq=1, prev=HASH, hash=HASH),
    )

    assert filled.select("SELECT count(*) FROM entry WHERE chain = 'INC-9'") == [(1,)]


@pytest.mark.parametrize("role", [OWNER, ADMIN])
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE entry SET body = '{}' WHERE seq = 1", "an entry is never changed"),
        ("DELETE FROM entry WHERE seq = 2", "an entry is never deleted"),
        ("TRUNCATE entry", "an entry is never deleted"),
        ("INSERT INTO entry SELECT 99, chain, seq, prev, '', body FROM entry", "seq is not the next one"),
        ("UPDATE evidence SET text = ''", "only erased"),
        ("TRUNCATE evidence", "one by one"),
    ],
)
def test_the_triggers_bind_the_owner_and_the_superuser_too(
    unharmed: PostgresStore, role: str, statement: str, says: str
) -> None:
    before = rows(unharmed)
    # Switches off triggers that are not ENABLE ALWAYS; only a superuser may.
    trick = ["SET session_replication_role = replica"] if role == ADMIN else []

    with pytest.raises(psycopg.errors.IntegrityError, match=says):
        unharmed.as_role(role, *trick, statement)

    assert rows(unharmed) == before


@pytest.fixture
async def ledger(filled: PostgresStore) -> AsyncIterator[PostgresLedger]:
    async with await filled.open() as opened_ledger:
        yield opened_ledger


async def test_an_honest_ledger_misses_nothing(ledger: PostgresLedger) -> None:
    assert await ledger.missing_guards() == ()
    assert (await verify_ledger(ledger)).result is Result.OK


NO_GUARD = """CREATE OR REPLACE FUNCTION entry_never_goes() RETURNS trigger
LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"""


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP TRIGGER entry_never_goes ON entry", "trigger entry_never_goes"),
        ("ALTER TABLE entry DISABLE TRIGGER entry_never_changes", "trigger entry_never_changes"),
        ("ALTER TABLE entry ENABLE TRIGGER entry_in_order", "trigger entry_in_order"),
        ("ALTER TABLE evidence ENABLE REPLICA TRIGGER evidence_never_truncated", "trigger evidence_never_tr"),
        (NO_GUARD, "trigger entry_never_goes"),
        (
            "CREATE OR REPLACE TRIGGER entry_never_goes BEFORE DELETE ON entry FOR EACH ROW"
            " WHEN (OLD.seq > 9) EXECUTE FUNCTION entry_never_goes()",
            "trigger entry_never_goes",
        ),
        (
            "CREATE TRIGGER swallow BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_never_goes()",
            "trigger swallow, which is not ours",
        ),
        ("CREATE RULE r AS ON DELETE TO entry DO INSTEAD NOTHING", "rule r, which is not ours"),
        ("ALTER TABLE entry ENABLE ROW LEVEL SECURITY", "row security on entry, which is not ours"),
        ("ALTER FUNCTION append_entries SECURITY INVOKER", "function append_entries"),
        ("ALTER FUNCTION lock_chain RESET search_path", "function lock_chain"),
        (
            "GRANT UPDATE ON entry TO pg_monitor",
            "privilege UPDATE on entry for pg_monitor, which is not ours",
        ),
        (
            "GRANT UPDATE (body) ON entry TO pg_monitor",
            "privilege on column body of entry, which is not ours",
        ),
        ("GRANT DELETE ON entry TO PUBLIC", "privilege DELETE on entry for public, which is not ours"),
    ],
)
async def test_what_an_owner_weakens_is_named(
    filled: PostgresStore, ledger: PostgresLedger, statement: str, named: str
) -> None:
    filled.as_role(OWNER, statement)

    report = await verify_ledger(ledger)

    assert report.result is Result.TAMPERED
    (trouble,) = report.troubles
    assert (trouble.says or "").startswith(named)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE entry SET body = replace(body, 'olu', 'sam') WHERE chain = 'INC-1' AND seq = 2", "INC-1#2"),
        ("DELETE FROM entry WHERE chain = 'INC-1' AND seq = 1", "INC-1#1"),
        ("DELETE FROM entry WHERE chain = 'INC-1'", "INC-1: the whole chain is gone"),
        ("TRUNCATE entry", "INC-1"),
    ],
)
async def test_an_owner_who_switches_the_triggers_off_and_on_is_found_out(
    filled: PostgresStore, ledger: PostgresLedger, statement: str, place: str
) -> None:
    head = (await ledger.entries("INC-1"))[-1]
    anchors = [anchor(f"INC-1#2={head.hash[:16]}")]
    filled.as_role(OWNER, "ALTER TABLE entry DISABLE TRIGGER USER", statement)
    triggers = filled.select("SELECT tgname FROM pg_trigger WHERE tgrelid = 'entry'::regclass")
    filled.as_role(OWNER, *(f"ALTER TABLE entry ENABLE ALWAYS TRIGGER {name}" for (name,) in triggers))

    report = await verify_ledger(ledger, anchors=anchors)

    assert report.result is Result.TAMPERED
    assert str(report.troubles[0]).startswith(place)


@pytest.mark.parametrize(
    "swallow",
    [
        "CREATE RULE swallow AS ON INSERT TO entry DO INSTEAD NOTHING",
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER swallow BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION swallow();"
        "ALTER TABLE entry ENABLE ALWAYS TRIGGER swallow",
    ],
    ids=["rule", "trigger"],
)
async def test_an_entry_that_is_swallowed_is_not_acknowledged(
    filled: PostgresStore, ledger: PostgresLedger, swallow: str
) -> None:
    filled.as_role(OWNER, swallow)

    with pytest.raises(LedgerUnavailable, match="ledger: an entry was dropped"):
        await ledger.append("INC-1", [opened()])


async def test_evidence_is_erased_by_its_digest_alone(filled: PostgresStore, ledger: PostgresLedger) -> None:
    ((digest,),) = filled.select("SELECT digest FROM evidence")
    await ledger.erase("0" * 64)
    assert await ledger.evidence(digest) == "evidence"

    await ledger.erase(digest)

    assert filled.select("SELECT count(*) FROM evidence") == [(0,)]
    assert (await verify_ledger(ledger)).result is Result.OK


def test_the_tables_are_what_the_migrations_make(unharmed: PostgresStore) -> None:
    columns = unharmed.select(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'runbook_bot'"
    )
    there: dict[str, set[str]] = {}
    for table, column in columns:
        there.setdefault(table, set()).add(column)

    assert there.keys() == {*metadata.tables, "alembic_version", "chain", "position"}
    for name, table in metadata.tables.items():
        assert there[name] == {column.name for column in table.columns}


async def test_an_entry_is_durable_whatever_the_session_says(filled: PostgresStore) -> None:
    filled.as_role(ADMIN, f"ALTER ROLE {APP} IN DATABASE {filled.name} SET synchronous_commit = off")

    with psycopg.connect(filled.where, options="-c search_path=runbook_bot") as connection:
        before = connection.execute("SHOW synchronous_commit").fetchone()
        connection.execute(BY_FUNCTION.format(chain="INC-9", seq=1, prev=HASH, hash=HASH).encode())
        inside = connection.execute("SHOW synchronous_commit").fetchone()

    assert (before, inside) == (("off",), ("on",))
