"""One of several processes has a thing to itself, for as long as it says that it lives; on both databases."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.lease import LATE_S, STALE_S
from bot.ports import Taken
from bot.store import SqlLedger
from bot.store import claims as module
from bot.store.system import ServerStarted
from tests.store.stores import PostgresStore, SqliteStore, Store


async def alive(ledger: SqlLedger, *replicas: str) -> None:
    for replica in replicas:
        await ledger.claims.beat(replica, is_server=True)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every heartbeat is stale as soon as it is there."""
    monkeypatch.setattr(module, "STALE_S", 0.0)


def test_who_is_late_stops_seconds_before_others_may_take_over() -> None:
    assert timedelta(seconds=STALE_S - LATE_S) >= timedelta(seconds=4)


async def test_a_thing_is_had_by_one_and_by_another_once_it_was_given_back(ledger: SqlLedger) -> None:
    await alive(ledger, "a", "b")

    first = await ledger.claims.take("work:inc-1", "a")
    refused = await ledger.claims.take("work:inc-1", "b")
    again = await ledger.claims.take("work:inc-1", "a")
    await ledger.claims.give({"work:inc-1"}, "b")
    still_refused = await ledger.claims.take("work:inc-1", "b")
    await ledger.claims.give({"work:inc-1"}, "a")

    assert (first, refused, again, still_refused) == (Taken(), None, Taken(), None)
    assert await ledger.claims.take("work:inc-1", "b") == Taken()


@pytest.mark.usefixtures("at_once")
async def test_a_silent_one_is_taken_over_from_and_named(ledger: SqlLedger) -> None:
    await alive(ledger, "a", "b")
    await ledger.claims.take("work:inc-1", "a")

    assert await ledger.claims.take("work:inc-1", "b") == Taken(former="a")


async def test_one_that_was_never_alive_holds_nothing(ledger: SqlLedger) -> None:
    await ledger.claims.take("work:inc-1", "ghost")
    await alive(ledger, "b")

    assert await ledger.claims.others({"work:inc-1"}, "b") == frozenset()
    assert await ledger.claims.take("work:inc-1", "b") is not None


async def test_of_many_that_want_it_at_once_one_gets_it(store: Store) -> None:
    async with await store.open() as one, await store.open() as two:
        names = [f"{number}" for number in range(12)]
        await alive(one, *names)

        taken = await asyncio.gather(
            *((one, two)[n % 2].claims.take("work:inc-1", name) for n, name in enumerate(names))
        )

    assert len([got for got in taken if got is not None]) == 1


async def test_a_heartbeat_tells_how_long_there_was_none(ledger: SqlLedger) -> None:
    first = await ledger.claims.beat("a", is_server=True)
    await asyncio.sleep(0.05)  # what is measured is that time passes
    second = await ledger.claims.beat("a", is_server=True)

    assert first is None
    assert second is not None and 0.04 <= second < 60


async def test_only_what_living_others_have_is_theirs(ledger: SqlLedger) -> None:
    await alive(ledger, "a", "b")
    await ledger.claims.take("work:inc-1", "a")
    await ledger.claims.take("work:inc-2", "b")
    keys = {f"work:inc-{number}" for number in range(3000)}

    assert await ledger.claims.others(keys, "b") == {"work:inc-1"}
    assert await ledger.claims.others({"work:inc-2"}, "b") == frozenset()


async def test_who_leaves_has_nothing_and_is_forgotten(ledger: SqlLedger, store: Store) -> None:
    await alive(ledger, "a", "b")
    await ledger.claims.take("work:inc-1", "a")

    await ledger.claims.leave("a")

    assert store.select("SELECT id FROM replica") == [("b",)]
    assert await ledger.claims.take("work:inc-1", "b") == Taken()


async def test_the_long_silent_are_swept_out_at_somebodys_start(
    ledger: SqlLedger, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FORGOTTEN_S", -1.0)
    await alive(ledger, "a")
    await ledger.claims.take("work:inc-1", "a")

    await alive(ledger, "b")

    assert store.select("SELECT key FROM claim") == []


async def test_the_one_server_of_a_file_knows_that_no_other_lives(path: Path) -> None:
    store = SqliteStore(path)
    async with await store.open() as ledger:
        await alive(ledger, "killed")
        await ledger.claims.beat("terminal", is_server=False)
        await ledger.claims.take("work:inc-1", "killed")
        await ledger.claims.take("work:inc-2", "terminal")

        async with ledger.serve_lock():
            await alive(ledger, "next")
            left = await ledger.claims.others({"work:inc-1", "work:inc-2"}, "next")

    assert left == {"work:inc-2"}


@pytest.mark.postgres
async def test_of_many_servers_none_is_thought_dead_by_another(postgres_store: PostgresStore) -> None:
    async with await postgres_store.open() as ledger:
        await alive(ledger, "a")
        await ledger.claims.take("work:inc-1", "a")

        async with ledger.serve_lock():
            left = await ledger.claims.others({"work:inc-1"}, "b")

    assert left == {"work:inc-1"}


@pytest.mark.postgres
async def test_whoever_listens_hears_of_appends_and_of_who_left(postgres_store: PostgresStore) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with await postgres_store.open() as ledger, await postgres_store.open() as other:
        listening = asyncio.create_task(ledger.listen(heard.put_nowait))
        async with asyncio.timeout(60):
            at_first = await heard.get()
            await other.append_system(ServerStarted(pid=1, host="h", database="d"))
            of_append = await heard.get()
            await other.claims.leave("a")
            of_leaving = await heard.get()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    assert (at_first, of_append, of_leaving) == ("", "", "left")
