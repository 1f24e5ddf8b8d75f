"""Which database a ledger is in, by path or URL."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import LedgerUnavailable
from bot.settings import load
from bot.store import SqliteLedger, open_ledger
from bot.store.opening import is_postgres
from bot.store.postgres import PostgresLedger
from tests.store.stores import PostgresStore


@pytest.mark.parametrize("prefix", ["", "sqlite:///", "sqlite+aiosqlite:///"])
async def test_a_path_or_sqlite_url_is_a_file(path: Path, prefix: str) -> None:
    async with await open_ledger(f"{prefix}{path}") as ledger:
        assert isinstance(ledger, SqliteLedger)
        assert ledger.path == path


async def test_several_new_files_can_be_made_at_the_same_time(tmp_path: Path) -> None:
    ledgers = await asyncio.gather(*(open_ledger(tmp_path / f"{n}.db") for n in range(8)))

    assert [await one.incidents() for one in ledgers] == [()] * 8
    for one in ledgers:
        await one.close()


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
async def test_a_postgresql_url_is_a_server(postgres_store: PostgresStore, scheme: str) -> None:
    async with await open_ledger(postgres_store.where.replace("postgresql", scheme)) as ledger:
        assert isinstance(ledger, PostgresLedger)


@pytest.mark.postgres
async def test_a_server_is_reached_by_its_socket_too(postgres_store: PostgresStore) -> None:
    server = postgres_store.server
    url = f"postgresql://runbook_bot@/{postgres_store.name}?host={server.folder}&port={server.port}"

    async with await open_ledger(url) as ledger:
        assert await ledger.incidents() == ()


@pytest.mark.postgres
async def test_of_several_servers_the_one_that_answers_is_taken(postgres_store: PostgresStore) -> None:
    port = postgres_store.server.port
    url = f"postgresql://runbook_bot@127.0.0.1:1,127.0.0.1:{port}/{postgres_store.name}"

    async with await open_ledger(url) as ledger:
        assert await ledger.incidents() == ()


@pytest.mark.parametrize("where", ["mysql://db/x", "postgresqls://db/x"])
async def test_another_database_is_refused_with_what_there_is(where: str) -> None:
    with pytest.raises(LedgerUnavailable, match=r"no ledger can be in .*postgresql://USER@HOST/DATABASE"):
        await open_ledger(where)


def test_a_file_named_like_a_database_is_a_file() -> None:
    assert not is_postgres("postgresql.db")
    assert not is_postgres(Path("postgres") / "ledger.db")


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("postgresql://bot:s3cr%2Ft@db/x", {"s3cr%2Ft", "s3cr/t"}),
        ("postgresql://bot:a@b@db:1,other:2/x", {"a@b"}),
        ("postgresql://bot@db/x?password=s3%26cret", {"s3&cret"}),
        ("postgresql://bot@db/x", set()),
        ("/var/lib/runbook-bot/ledger.db", set()),
    ],
)
def test_a_password_in_the_url_is_one_of_the_secrets(url: str, secrets: set[str]) -> None:
    assert set(load(ledger=url).secrets()) == secrets
