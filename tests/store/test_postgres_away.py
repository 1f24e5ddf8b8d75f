"""PostgreSQL goes away and comes back, and commits whose reply is lost."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from bot.audit import Result, verify_ledger
from bot.errors import LedgerUnavailable
from bot.model.event import Entry, Noted
from bot.store import lost_reply
from bot.store.postgres import PostgresDatabase, PostgresLedger
from tests.store.stores import PostgresStore
from tests.support.cutting_proxy import CuttingProxy, Mode
from tests.support.incidents import MEI, opened
from tests.support.postgres import ADMIN, APP, PostgresServer

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("patient")]


def crash(store: PostgresStore) -> None:
    with store.server.down():
        pass


OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def note(text: str = "x") -> Noted:
    return Noted(by=MEI, person="mei", text=text)


@pytest.fixture
async def ledger(postgres_store: PostgresStore) -> AsyncIterator[PostgresLedger]:
    async with await postgres_store.open() as opened_ledger:
        await opened_ledger.append("INC-1", [opened()])
        yield opened_ledger


async def test_a_crashed_database_is_said_to_be_away_and_works_again_at_once_afterwards(
    postgres_store: PostgresStore, ledger: PostgresLedger
) -> None:
    with postgres_store.server.down():
        waited_s = [await said_to_be_away(ledger, postgres_store.where) for _ in range(3)]

    assert [entry.seq for entry in await ledger.append("INC-1", [note()], after_seq=1)] == [2]
    assert (await verify_ledger(ledger)).result is Result.OK
    # The quickest: a machine that stands still for a while is not the bot that waits.
    assert min(waited_s) < 5


async def said_to_be_away(ledger: PostgresLedger, where: str) -> float:
    """Seconds until an append, a read and an opening all said so."""
    began = time.monotonic()
    with pytest.raises(LedgerUnavailable, match="cannot be reached"):
        await ledger.append("INC-1", [note()])
    with pytest.raises(LedgerUnavailable, match="cannot be reached"):
        await ledger.entries("INC-1")
    with pytest.raises(LedgerUnavailable, match="cannot be reached"):
        await PostgresLedger.open(where)
    return time.monotonic() - began


async def test_what_was_acknowledged_before_a_crash_is_there_after_it(
    postgres_store: PostgresStore, ledger: PostgresLedger
) -> None:
    acknowledged: list[Entry] = []
    twenty_more = asyncio.Event()
    is_over = False

    async def write() -> None:
        while not is_over:
            try:
                acknowledged.extend(await ledger.append("INC-1", [note(str(len(acknowledged)))]))
            except LedgerUnavailable:
                continue
            if len(acknowledged) % 20 == 0:
                twenty_more.set()

    writing = asyncio.create_task(write())
    for _ in range(3):
        await twenty_more.wait()
        await asyncio.to_thread(crash, postgres_store)
        twenty_more.clear()
    await twenty_more.wait()
    is_over = True
    await writing

    there = (await ledger.entries("INC-1"))[1:]
    assert set(acknowledged) <= set(there)
    # What was called a failure is not there, unless nobody could tell at that moment.
    assert len(there) - len(acknowledged) <= 3
    assert (await verify_ledger(ledger)).result is Result.OK


async def test_a_session_ended_inside_a_transaction_writes_nothing(
    postgres_store: PostgresStore, ledger: PostgresLedger
) -> None:
    blocker = await postgres_store.open()
    async with blocker.database.writer.connect() as connection:
        await blocker.database.lock(connection, "INC-1")
        append = asyncio.create_task(ledger.append("INC-1", [note()]))
        await postgres_store.until_waiting()
        postgres_store.as_role(
            ADMIN, f"SELECT pg_terminate_backend(pid) {OTHERS} AND wait_event_type = 'Lock'"
        )

        with pytest.raises(LedgerUnavailable, match="cannot be reached"):
            await append
    await blocker.close()

    assert len(await ledger.entries("INC-1")) == 1
    assert len(await ledger.append("INC-1", [note()], after_seq=1)) == 1


async def test_sessions_that_were_ended_while_idle_are_not_noticed(
    postgres_store: PostgresStore, ledger: PostgresLedger
) -> None:
    # Waits until they have ended; the last word of a session is only heard once it was said.
    postgres_store.as_role(ADMIN, f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")

    assert len(await ledger.append("INC-1", [note()])) == 1


@pytest.fixture
async def proxy(postgres_store: PostgresStore) -> AsyncIterator[CuttingProxy]:
    async with CuttingProxy(postgres_store.server.port) as listening:
        yield listening


@pytest.fixture
async def distant(postgres_store: PostgresStore, proxy: CuttingProxy) -> AsyncIterator[PostgresLedger]:
    """The same ledger behind the proxy."""
    url = f"postgresql://{APP}@127.0.0.1:{proxy.port}/{postgres_store.name}"
    async with await PostgresLedger.open(url) as opened_ledger:
        yield opened_ledger


async def test_nobody_waits_for_the_one_that_appends_to_hear_of_it(
    ledger: PostgresLedger, proxy: CuttingProxy, distant: PostgresLedger
) -> None:
    proxy.mode = Mode.DEAF
    append = asyncio.create_task(distant.append("INC-2", [note()]))
    while not await ledger.entries("INC-2"):  # noqa: ASYNC110 - the database sets no event
        await asyncio.sleep(0.005)

    (other,) = await ledger.append("INC-1", [note()])
    is_heard = append.done()
    proxy.released.set()
    (entry,) = await append

    assert not is_heard
    assert await ledger.entries("INC-2") == (entry,)
    assert (await ledger.entries("INC-1"))[-1] == other


async def test_rows_and_commit_are_one_message_that_nothing_can_part(
    proxy: CuttingProxy, distant: PostgresLedger
) -> None:
    proxy.mode = Mode.DEAF
    proxy.released.set()

    await distant.append("INC-2", [note()])

    length = int.from_bytes(proxy.appended[1:5], "big")
    assert (proxy.appended[:1], len(proxy.appended)) == (b"Q", 1 + length)
    assert proxy.appended.endswith(b"; COMMIT\0")


async def test_lost_commit_replies_are_found_to_be_commits(
    proxy: CuttingProxy, distant: PostgresLedger
) -> None:
    written = []
    for n in range(20):
        proxy.mode = Mode.CUT
        written += await distant.append("INC-1", [note(str(n))], after_seq=n)

    assert proxy.cuts == 20
    assert await distant.entries("INC-1") == tuple(written)


async def test_a_commit_that_arrives_after_the_question_is_waited_for(
    postgres_store: PostgresStore, proxy: CuttingProxy, distant: PostgresLedger
) -> None:
    proxy.mode = Mode.LATE
    append = asyncio.create_task(distant.append("INC-1", [note()]))
    await postgres_store.until_waiting()
    proxy.released.set()

    (entry,) = await append

    assert await distant.entries("INC-1") == (entry,)


async def test_a_commit_that_never_arrived_is_a_failure_and_nothing_is_there(
    proxy: CuttingProxy, distant: PostgresLedger
) -> None:
    proxy.mode = Mode.DROP

    with pytest.raises(LedgerUnavailable, match="cannot be reached") as error:
        await distant.append("INC-1", [note()])

    assert "not known" not in str(error.value)
    assert await distant.entries("INC-1") == ()
    assert len(await distant.append("INC-1", [note()], after_seq=0)) == 1


@contextmanager
def crash_at_the_cut(proxy: CuttingProxy, server: PostgresServer) -> Iterator[None]:
    """The server of all tests here: whatever comes of this one, it runs again afterwards."""
    proxy.on_cut = lambda: server.stop(signal.SIGQUIT)
    try:
        yield
    finally:
        server.stop()
        server.start()


async def test_when_nobody_can_tell_that_is_said(
    postgres_store: PostgresStore,
    proxy: CuttingProxy,
    distant: PostgresLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lost_reply, "_ASK_AGAIN_S", (0.0, 0.01))
    proxy.mode = Mode.DROP

    with (
        crash_at_the_cut(proxy, postgres_store.server),
        pytest.raises(LedgerUnavailable, match="whether the entry was written is not known"),
    ):
        await distant.append("INC-1", [note()])

    assert await distant.entries("INC-1") == ()


async def test_the_question_what_became_of_a_commit_is_not_asked_for_ever(
    postgres_store: PostgresStore,
    proxy: CuttingProxy,
    distant: PostgresLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lost_reply, "_ASK_FOR_S", 0.0)
    monkeypatch.setattr(lost_reply, "_ASK_AGAIN_S", (0.0, 3600.0))
    proxy.mode = Mode.DROP

    with (
        crash_at_the_cut(proxy, postgres_store.server),
        pytest.raises(LedgerUnavailable, match="whether the entry was written is not known"),
    ):
        await distant.append("INC-1", [note()])


async def test_a_database_that_says_nothing_any_more_is_given_up(
    proxy: CuttingProxy, distant: PostgresLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await distant.append("INC-1", [opened()])
    monkeypatch.setattr(PostgresDatabase, "deadline_s", 0.2)
    proxy.mode = Mode.STALL
    began = time.monotonic()

    with pytest.raises(LedgerUnavailable, match="did not answer in time"):
        await distant.append("INC-1", [note()])

    # psycopg asks the server to cancel and waits five seconds for the answer; it alone would wait for ever.
    assert time.monotonic() - began < 60
