"""Many sessions on one PostgreSQL ledger: who comes when, and that whoever reads on misses nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Result, verify_ledger
from bot.errors import Conflict, HostBusy, LedgerUnavailable
from bot.model.event import Hold, Noted
from bot.store.postgres import PostgresDatabase, PostgresLedger
from bot.store.postgres_url import address
from bot.store.statements import Record, linked
from bot.store.system import SYSTEM
from tests.store.stores import PostgresStore
from tests.support.incidents import MEI, opened

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("patient")]

HOLD = Hold(host="web-01", target="shop.service")


def note(text: str = "x") -> Noted:
    return Noted(by=MEI, person="mei", text=text)


async def append_only(connection: AsyncConnection, records: Sequence[Record]) -> None:
    """What `add` does, without its commit."""
    arrays = [[getattr(one, name) for one in records] for name in ("chain", "seq", "prev", "hash", "body")]
    await connection.exec_driver_sql("SELECT append_entries(%s, %s::integer[], %s, %s, %s)", tuple(arrays))


@pytest.fixture
async def first(postgres_store: PostgresStore) -> AsyncIterator[PostgresLedger]:
    async with await postgres_store.open() as ledger:
        yield ledger


@pytest.fixture
async def second(postgres_store: PostgresStore) -> AsyncIterator[PostgresLedger]:
    async with await postgres_store.open() as ledger:
        yield ledger


async def test_what_is_committed_late_is_not_missed_by_who_reads_on(
    postgres_store: PostgresStore, first: PostgresLedger, second: PostgresLedger
) -> None:
    await first.append("INC-0", [opened()])
    mark, _ = await first.changed_since(0)

    async with first.database.writer.begin() as connection:
        head = await first.database.lock(connection, "INC-1")
        await append_only(connection, linked("INC-1", [opened()], head))
        # Everything is done but the commit; meanwhile another session appends elsewhere.
        quick = asyncio.create_task(second.append("INC-2", [opened()]))
        await postgres_store.until_waiting()
        mark, before = await first.changed_since(mark)
    await quick
    mark, after = await first.changed_since(mark)

    assert before == ()
    assert after == ("INC-1", "INC-2")
    assert await first.changed_since(mark) == (mark, ())


async def test_a_follower_sees_every_last_entry_of_many_writers(
    first: PostgresLedger, second: PostgresLedger
) -> None:
    followed: dict[str, int] = {}
    mark = 0

    async def follow() -> None:
        nonlocal mark
        mark, names = await second.changed_since(mark)
        followed.update(dict.fromkeys(names, mark))

    async def write(ledger: PostgresLedger, name: str) -> None:
        for n in range(15):
            await ledger.append(name, [note(str(n))], after_seq=n)

    others = [PostgresLedger(first.database), PostgresLedger(second.database), first, second]
    writers = [asyncio.create_task(write(ledger, f"INC-{n}")) for n, ledger in enumerate(others * 2)]
    while not all(writer.done() for writer in writers):
        await follow()
    await asyncio.gather(*writers)
    await follow()

    async with first.database.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT id, last_row FROM incident")).all()
    assert len(rows) == 8
    # The mark under which a chain was told last is not before its last entry.
    assert [row.id for row in rows if followed[row.id] < row.last_row] == []


async def test_rows_have_no_gaps_not_even_after_conflicts(
    postgres_store: PostgresStore, first: PostgresLedger
) -> None:
    await first.append("INC-1", [opened()])
    for _ in range(3):
        with pytest.raises(Conflict):
            await first.append("INC-1", [note()], after_seq=0)
    await first.append("INC-1", [note(), note()])

    assert postgres_store.select('SELECT count(*), max("row") FROM entry') == [(4, 4)]


async def test_a_chain_is_locked_until_the_commit_and_the_slower_one_decides_again(
    postgres_store: PostgresStore, first: PostgresLedger, second: PostgresLedger
) -> None:
    await first.append("INC-1", [opened()])

    async with first.database.writer.begin() as connection:
        head = await first.database.lock(connection, "INC-1")
        slower = asyncio.create_task(second.append("INC-1", [note()], after_seq=1))
        await postgres_store.until_waiting()
        await first.database.add(connection, linked("INC-1", [note()], head))

    with pytest.raises(Conflict, match="went on to #2 since #1"):
        await slower


async def test_a_hold_that_another_session_is_about_to_take_is_waited_for(
    postgres_store: PostgresStore, first: PostgresLedger, second: PostgresLedger
) -> None:
    taken = "INSERT INTO hold VALUES ('web-01', 'shop.service', 'INC-1', '')"

    async with first.database.writer.begin() as connection:
        await connection.exec_driver_sql(taken)
        other = asyncio.create_task(second.append("INC-2", [opened()], take=HOLD))
        await postgres_store.until_waiting()

    with pytest.raises(HostBusy, match="incident INC-1 is acting on"):
        await other
    assert await second.entries("INC-2") == ()


async def test_a_hold_that_is_being_given_back_is_taken_next(
    postgres_store: PostgresStore, first: PostgresLedger, second: PostgresLedger
) -> None:
    await first.append("INC-1", [opened()], take=HOLD)

    async with first.database.writer.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM hold")
        other = asyncio.create_task(second.append("INC-2", [opened()], take=HOLD))
        await postgres_store.until_waiting()
    await other

    assert await first.holder(HOLD) == "INC-2"


async def test_of_many_sessions_that_take_at_once_one_gets_the_hold(
    first: PostgresLedger, second: PostgresLedger
) -> None:
    ledgers = [PostgresLedger(one.database) for one in (first, second) for _ in range(4)]

    results = await asyncio.gather(
        *(ledger.append(f"INC-{n}", [opened()], take=HOLD) for n, ledger in enumerate(ledgers)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, HostBusy) for result in results) == 7
    assert [type(one) for one in results if not isinstance(one, HostBusy)] == [tuple]


async def test_incidents_opened_at_once_stand_in_the_system_chain_in_the_clocks_order(
    first: PostgresLedger, second: PostgresLedger
) -> None:
    ledgers = [PostgresLedger(one.database) for one in (first, second) for _ in range(4)]

    await asyncio.gather(*(ledger.append(f"INC-{n}", [opened()]) for n, ledger in enumerate(ledgers * 5)))

    report = await verify_ledger(first)
    assert report.result is Result.OK
    assert [one for one in report.warnings if "clock" in one] == []
    assert {(head.chain, head.seq) for head in report.heads if head.chain == SYSTEM} == {(SYSTEM, 40)}


async def test_a_process_frozen_inside_a_transaction_neither_stops_the_others_nor_goes_on_when_it_thaws(
    postgres_store: PostgresStore, second: PostgresLedger
) -> None:
    frozen = PostgresDatabase(address(postgres_store.where))

    async with frozen.writer.connect() as connection:
        head = await frozen.lock(connection, "INC-1")
        # As in use, only sooner, and from here on: between two statements a slow machine is no frozen one.
        await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '300ms'")
        written = await second.append("INC-1", [opened()])
        with pytest.raises(DBAPIError) as error:
            await frozen.add(connection, linked("INC-1", [note()], head))
    await frozen.engine.dispose()

    assert await second.entries("INC-1") == written
    assert "ended a transaction that stood still for too long" in str(frozen.explain(error.value))


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("lock_timeout", "is locked by another session for too long"),
        ("statement_timeout", "did not answer in"),
    ],
)
async def test_nobody_waits_for_a_lock_for_ever(
    postgres_store: PostgresStore, first: PostgresLedger, setting: str, says: str
) -> None:
    hasty = PostgresLedger(PostgresDatabase(address(postgres_store.where)))
    # In its first transaction only: any other statement may take its time on a slow machine.
    soon = f"SET LOCAL {setting} = '200ms'"
    engine = hasty.database.writer.sync_engine
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(soon), once=True)

    async with first.database.writer.connect() as connection, hasty:
        await first.database.lock(connection, "INC-1")
        with pytest.raises(LedgerUnavailable, match=says):
            await hasty.append("INC-1", [opened()])

        assert len(await hasty.append("INC-2", [opened()])) == 1


async def test_two_servers_serve_one_ledger(first: PostgresLedger, second: PostgresLedger) -> None:
    async with first.serve_lock(), second.serve_lock():
        await second.append("INC-1", [opened()])

    bodies = [record.body async for record in first.records(chain=SYSTEM)]
    assert ["server_started" in body for body in bodies] == [True, True, False]
    assert '"database":"PostgreSQL 1' in bodies[0]
