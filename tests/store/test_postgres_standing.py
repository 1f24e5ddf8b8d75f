"""Who may not be the bot, and which server may not hold a ledger; each says it in one sentence."""

from urllib.parse import urlencode

import psycopg
import pytest

from bot.audit import Result, verify_ledger
from bot.errors import LedgerUnavailable
from bot.store import postgres as adapter
from bot.store.postgres import PostgresLedger
from bot.store.postgres_migrate import migrate
from tests.store.stores import PostgresStore
from tests.support.incidents import opened
from tests.support.postgres import ADMIN, APP, OWNER, PostgresServer

pytestmark = pytest.mark.postgres


async def refused(where: str) -> str:
    with pytest.raises(LedgerUnavailable) as error:
        await PostgresLedger.open(where)
    assert "\n" not in str(error.value)
    return str(error.value)


async def test_a_superuser_is_refused(postgres_store: PostgresStore) -> None:
    url = postgres_store.server.url(ADMIN, postgres_store.name)

    assert await refused(url) == (
        f"ledger {url}: role 'postgres' is a superuser, who can undo append-only; "
        "connect as the role that `runbook-bot ledger migrate --app-role` was given"
    )


async def test_a_superuser_who_plays_the_bots_role_is_refused(postgres_store: PostgresStore) -> None:
    url = postgres_store.server.url(ADMIN, postgres_store.name)

    assert "is a superuser" in await refused(f"{url}?options=-crole%3D{APP}")


async def test_the_owner_is_refused(postgres_store: PostgresStore) -> None:
    url = postgres_store.server.url(OWNER, postgres_store.name)

    assert "role 'runbook_owner' is or can become the owner of its tables" in await refused(url)


@pytest.mark.parametrize(
    ("attributes", "grant", "says"),
    [
        ("", f"GRANT {OWNER} TO {{role}}", "is or can become the owner"),
        ("NOINHERIT", f"GRANT {OWNER} TO {{role}}", "is or can become the owner"),
        ("CREATEROLE", f"GRANT {APP} TO {{role}}", "may create roles and so become the owner"),
        ("", "GRANT pg_write_all_data, runbook_bot TO {role}", "may write entries directly"),
        ("", f"GRANT {APP} TO {{role}}; GRANT DELETE ON entry TO {{role}}", "may write entries directly"),
        ("", f"GRANT {APP} TO {{role}}; GRANT UPDATE (body) ON entry TO {{role}}", "may write entries dir"),
        ("", f"GRANT {APP} TO {{role}}; GRANT TRIGGER ON entry TO {{role}}", "may write entries directly"),
        ("", "SELECT 1", "may not read it; run as its owner: runbook-bot ledger migrate --app-role"),
    ],
)
async def test_a_role_that_may_too_much_or_too_little_is_refused(
    postgres_store: PostgresStore, attributes: str, grant: str, says: str
) -> None:
    role = f"other_{postgres_store.name}"
    postgres_store.as_role(
        ADMIN, f"CREATE ROLE {role} LOGIN {attributes}", *grant.format(role=role).split(";")
    )

    told = await refused(postgres_store.server.url(role, postgres_store.name))

    postgres_store.as_role(ADMIN, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert says in told


async def test_whoever_may_only_read_can_verify(postgres_store: PostgresStore) -> None:
    async with await postgres_store.open() as ledger:
        await ledger.append("INC-1", [opened()])
    role = f"auditor_{postgres_store.name}"
    postgres_store.as_role(
        ADMIN,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA runbook_bot TO {role}",
        f"GRANT SELECT ON entry, alembic_version TO {role}",
    )

    async with await PostgresLedger.open(postgres_store.server.url(role, postgres_store.name)) as ledger:
        report = await verify_ledger(ledger)
        with pytest.raises(LedgerUnavailable, match="refuses what its role was not granted"):
            await ledger.append("INC-1", [opened()])

    postgres_store.as_role(ADMIN, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert report.result is Result.OK


async def test_a_database_without_a_ledger_is_said_so(postgres_server: PostgresServer) -> None:
    name = postgres_server.database()

    told = await refused(postgres_server.url(APP, name))

    postgres_server.drop(name)
    assert (
        "there is no ledger yet; run as its owner: runbook-bot ledger migrate --app-role runbook_bot" in told
    )


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("9000", "is of a newer version (9000; this one knows 0003); upgrade runbook-bot"),
        (
            "0001",
            "is of an older version (0001; this one needs 0003); run as its owner: runbook-bot ledger mig",
        ),
    ],
)
async def test_another_versions_ledger_is_refused(
    postgres_store: PostgresStore, version: str, says: str
) -> None:
    postgres_store.as_role(OWNER, f"UPDATE alembic_version SET version_num = '{version}'")

    assert says in await refused(postgres_store.where)


async def test_an_encoding_that_cannot_hold_every_text_is_refused(postgres_server: PostgresServer) -> None:
    name = f"latin_{postgres_server.port}"
    postgres_server.execute(
        ADMIN,
        "postgres",
        f"CREATE DATABASE {name} OWNER {OWNER} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
    )
    migrate(postgres_server.url(OWNER, name), app_role=APP)

    told = await refused(postgres_server.url(APP, name))

    postgres_server.drop(name)
    assert "its encoding is LATIN1" in told


async def test_a_server_that_may_lose_what_it_acknowledged_is_refused(postgres_store: PostgresStore) -> None:
    postgres_store.as_role(ADMIN, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    try:
        told = await refused_once_reloaded(postgres_store.where)
    finally:
        postgres_store.as_role(ADMIN, "ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()")

    assert "the server runs with fsync off and may lose what it acknowledged; set fsync = on" in told


async def refused_once_reloaded(where: str) -> str:
    # A new session is begun with what the postmaster has read by then.
    for _ in range(200):
        with psycopg.connect(where) as connection:
            if connection.execute("SHOW fsync").fetchone() == ("off",):
                break
    return await refused(where)


async def test_a_pooler_that_drops_the_sessions_settings_is_noticed(
    postgres_store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "SESSION", {"search_path": "runbook_bot, pg_temp"})

    told = await refused(postgres_store.where)

    assert "the session has lock_timeout = '0' instead of '6s'; connect without a pooler" in told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"port": "1"}, "cannot be reached (connection"),
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist); check that PostgreSQL runs there, and'),
        ({"user": "nobody_there"}, 'role "nobody_there" does not exist); check that PostgreSQL runs there'),
        ({"host": "/nowhere/at/all"}, "cannot be reached (connection"),
    ],
)
async def test_what_keeps_it_from_connecting_is_said(
    postgres_store: PostgresStore, changes: dict[str, str], says: str
) -> None:
    told = await refused(f"{postgres_store.where}?{urlencode(changes)}")

    assert says in told
