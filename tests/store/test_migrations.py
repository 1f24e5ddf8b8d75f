"""Every shape a ledger ever had is brought to the newest, with all that is in it; on both databases."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from bot.audit import Result, verify_ledger
from bot.errors import LedgerUnavailable
from bot.store import SqliteLedger, migrate_ledger
from bot.store.migrations import HEAD, versions
from bot.store.migrations.upgrade import upgrade
from bot.store.postgres_migrate import migrate
from bot.store.statements import Record
from tests.store.stores import PostgresStore
from tests.support.incidents import T0, chained, opened
from tests.support.postgres import ADMIN, APP, OWNER
from tests.support.records import recorded

FOLDER = Path(str(versions.__file__)).parent
STEPS = sorted(path.name[:4] for path in FOLDER.glob("[0-9]*.py"))
INSERT = (
    "INSERT INTO entry (chain, seq, prev, hash, body) VALUES ('{chain}', {seq}, '{prev}', '{hash}', '{body}')"
)
APPEND = (
    "SELECT append_entries(ARRAY['{chain}'], ARRAY[{seq}], ARRAY['{prev}'], ARRAY['{hash}'], ARRAY['{body}'])"
)


def rows() -> list[Record]:
    """What a ledger of any version may hold: an incident of two entries and the system chain."""
    return list(recorded(chained([opened(), opened()], at=T0)).rows)


def inserts() -> list[str]:
    return [INSERT.format(**vars(row)) for row in rows()] + [
        "INSERT INTO incident VALUES ('INC-1', 2)",
        "INSERT INTO hold VALUES ('web-01', 'shop.service', 'INC-1', '2026-01-31')",
    ]


def test_steps_are_numbered_without_gaps_up_to_the_head() -> None:
    assert [int(step) for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert STEPS[-1] == HEAD


@pytest.mark.parametrize("step", STEPS)
async def test_a_file_of_every_version_is_brought_up_and_goes_on(path: Path, step: str) -> None:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    with engine.begin() as connection:
        upgrade(connection, to=step)
    with closing(sqlite3.connect(path)) as connection:
        for statement in inserts():
            connection.execute(statement)
        connection.commit()

    async with await SqliteLedger.open(path) as ledger:
        await ledger.append("INC-1", [opened()], after_seq=2)
        report = await verify_ledger(ledger)

    assert (report.result, report.entries) == (Result.OK, 4)


def as_owner(store: PostgresStore) -> str:
    return store.server.url(OWNER, store.name)


@pytest.mark.postgres
@pytest.mark.parametrize("step", STEPS)
async def test_a_database_of_every_version_is_brought_up_and_goes_on(empty: PostgresStore, step: str) -> None:
    migrate(as_owner(empty), app_role=APP, to=step)
    empty.as_role(OWNER, *(inserts() if step == "0001" else in_order()))

    assert migrate_ledger(as_owner(empty), app_role=APP) == HEAD

    async with await empty.open() as ledger:
        mark, _ = await ledger.changed_since(0)
        await ledger.append("INC-1", [opened()], after_seq=2)
        changed = await ledger.changed_since(mark)
        report = await verify_ledger(ledger)
    assert (report.result, report.entries) == (Result.OK, 4)
    assert changed == (4, ("INC-1",))


def in_order() -> list[str]:
    """The same by the function that appends."""
    return [APPEND.format(**vars(row)) for row in rows()] + inserts()[-1:]


@pytest.mark.postgres
def test_migrating_again_changes_nothing_and_renews_what_the_role_may(postgres_store: PostgresStore) -> None:
    postgres_store.as_role(OWNER, f"REVOKE ALL ON entry FROM {APP}", f"GRANT DELETE ON approval TO {APP}")

    migrate_ledger(as_owner(postgres_store), app_role=APP)

    granted = postgres_store.select(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) "
        f"FROM information_schema.role_table_grants WHERE grantee = '{APP}' GROUP BY 1 ORDER BY 1"
    )
    assert granted == [
        ("alembic_version", "SELECT"),
        ("approval", "INSERT SELECT"),
        ("claim", "DELETE INSERT SELECT UPDATE"),
        ("entry", "SELECT"),
        ("evidence", "INSERT SELECT"),
        ("hold", "DELETE INSERT SELECT"),
        ("incident", "SELECT"),
        ("replica", "DELETE INSERT SELECT UPDATE"),
    ]


def refused(url: str, app_role: str | None) -> str:
    with pytest.raises(LedgerUnavailable) as error:
        migrate_ledger(url, app_role=app_role)
    return str(error.value)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("app_role", "says"),
    [
        (None, "name the bot's role: --app-role runbook_bot"),
        (
            "nobody_there",
            "there is no role 'nobody_there' for the bot; make it: CREATE ROLE nobody_there LOGIN",
        ),
        (OWNER, "role 'runbook_owner' could undo append-only"),
        (ADMIN, "role 'postgres' could undo append-only"),
        ('x"; DROP SCHEMA runbook_bot; --', "there is no role"),
    ],
)
def test_a_role_that_cannot_be_the_bots_is_refused(
    empty: PostgresStore, app_role: str | None, says: str
) -> None:
    assert says in refused(as_owner(empty), app_role)
    assert empty.select("SELECT 1 FROM pg_namespace WHERE nspname = 'runbook_bot'") == []


@pytest.mark.postgres
def test_a_superuser_does_not_own_a_ledger_but_may_act_for_its_owner(empty: PostgresStore) -> None:
    url = empty.server.url(ADMIN, empty.name)

    assert "is a superuser, and the bot's functions must not run as one" in refused(url, APP)

    migrate_ledger(f"{url}?options=-crole%3D{OWNER}", app_role=APP)
    owners = empty.select("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'runbook_bot'")
    assert owners == [(OWNER,)]


@pytest.mark.postgres
def test_somebody_elses_schema_and_a_newer_one_are_left_alone(postgres_store: PostgresStore) -> None:
    postgres_store.as_role(OWNER, "UPDATE alembic_version SET version_num = '9000'")
    assert "is of a newer version (9000" in refused(as_owner(postgres_store), APP)

    postgres_store.as_role(ADMIN, f"ALTER SCHEMA runbook_bot OWNER TO {ADMIN}")
    assert "schema runbook_bot belongs to 'postgres'" in refused(as_owner(postgres_store), APP)


@pytest.mark.postgres
def test_a_step_that_fails_leaves_nothing_behind(empty: PostgresStore) -> None:
    migrate(as_owner(empty), app_role=APP, to="0001")
    empty.as_role(OWNER, "CREATE TABLE position (x integer)")

    assert "has not the shape of this version" in refused(as_owner(empty), APP)

    assert empty.select("SELECT version_num FROM alembic_version") == [("0001",)]
    assert empty.select("SELECT 1 FROM pg_trigger WHERE tgname LIKE 'entry%'") == []


def test_a_file_is_made_or_brought_up_without_a_role(path: Path) -> None:
    assert migrate_ledger(path, app_role=None) == HEAD
    assert migrate_ledger(f"sqlite:///{path}", app_role=None) == HEAD

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
