"""The power goes: every byte that was not synced is gone, and what was acknowledged is there all the same.

Two kinds of disks: a real ext4 that is shut down without writing anything back, and one that keeps what
POSIX promises and not a byte more. Long form only: `make chaos`.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.audit import Result, verify_ledger
from bot.audit.lines import read_lines
from bot.errors import LedgerUnavailable
from bot.model.event import Noted
from bot.store import open_ledger, sqlite
from bot.store.postgres import PostgresDatabase, PostgresLedger
from bot.store.postgres_url import address
from tests.chaos.found import Left, faults_in
from tests.chaos.journal import Journal
from tests.chaos.points import Death, Point
from tests.chaos.rounds import carried_on, until_over
from tests.chaos.shared_fate import AT_A_TIME, intents_in, lived_through
from tests.chaos.stage import PATIENCE_S, Stage, staged
from tests.support import postgres
from tests.support.disk import Disk, ext4
from tests.support.incidents import MEI, opened
from tests.support.postgres import ADMIN, APP, PostgresServer, running
from tests.support.strict_disk import strict

ROUNDS = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0"))
pytestmark = [
    pytest.mark.timeout(4 * 3600),
    pytest.mark.skipif(not ROUNDS, reason="losses of power that take minutes: make chaos"),
]

Say = Callable[[str], None]

ANCHORS = "audit/anchors"
#: A new disk, for as long as the block runs.
NewDisk = Callable[[], AbstractContextManager[Disk]]
DISKS: dict[str, NewDisk] = {"ext4": ext4, "strict": strict}
#: Losses for each disk and journal, or disk of PostgreSQL: as many intents for both databases.
EACH = max(1, ROUNDS // 4)
#: An unsafe setting may go well: a file system writes by itself, too, and a loss behind that takes nothing.
LOSSES = 3
#: Where it goes, in turn; in all of these an intent has been acknowledged.
_AT = (Point.AFTER_INTENT, Point.AFTER_INTENT, Point.MID_ACTION, Point.AFTER_OUTCOME)
#: Seconds after the second of them, at most.
_LATER_S = 0.3


def death(number: int) -> Death:
    at = _AT[number % len(_AT)]
    is_later = number % len(_AT) == 1
    return Death(at=at, after_s=random.Random(number).uniform(0, _LATER_S) if is_later else 0.0)


@asynccontextmanager
async def on_disk(folder: Path, new_disk: NewDisk, journal: Journal) -> AsyncIterator[tuple[Stage, Disk]]:
    """A world whose server has ledger, key and anchors on a disk that loses its power with it."""
    with new_disk() as disk:
        async with staged(folder, str(disk.at / "ledger.db")) as stage:
            stage.disk, stage.journal = disk, journal
            # Where no sync of SQLite's reaches their names.
            await asyncio.to_thread((disk.at / "audit").mkdir)
            await asyncio.to_thread(disk.sync)
            stage.extra = {
                "RUNBOOK_BOT_ANCHORS": str(disk.at / ANCHORS),
                "RUNBOOK_BOT_CHECKPOINT_KEY": str(disk.at / "audit/checkpoint.pem"),
            }
            try:
                yield stage, disk
            finally:
                await stage.ledger.close()


async def lose_power(stage: Stage, disk: Disk, number: int) -> None:
    """Act until the power goes; then the machine is started again, and nobody has touched its disk."""
    server = stage.server(death(number))
    async with carried_on(stage, server):
        assert await server.ended(PATIENCE_S), f"it did not come to {death(number)}"
    await asyncio.gather(*stage.reading, return_exceptions=True)
    with suppress(LedgerUnavailable):
        await stage.ledger.close()
    await asyncio.to_thread(disk.power_on)
    stage.ledger = await open_ledger(stage.where)


@pytest.mark.sshd
@pytest.mark.parametrize("disk", DISKS)
@pytest.mark.parametrize("journal", [one for one in Journal if one.is_safe], ids=lambda one: one.name)
async def test_what_was_acknowledged_is_there_after_a_loss_of_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Say, lanes: int, journal: Journal, disk: str
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", journal.pragmas)
    places, found = asyncio.Semaphore(lanes), list[Left]()

    async def one(number: int) -> None:
        async with places, on_disk(tmp_path / str(number), DISKS[disk], journal) as (stage, its):
            found.append(await _lost_and_gone_on(stage, its, number))

    async with asyncio.TaskGroup() as group:
        for number in range(EACH):
            group.create_task(one(number))

    assert [fault for left in found for fault in faults_in(left)] == []
    entries = sum(len(left.acknowledged) for left in found)
    say(
        f"power lost {len(found)} times, {disk}, {journal.name}: {sum(map(intents_in, found))} intents, "
        f"{entries} entries acknowledged; 0 missing"
    )


async def _lost_and_gone_on(stage: Stage, disk: Disk, number: int) -> Left:
    await lose_power(stage, disk, number)
    lines = read_lines((disk.at / ANCHORS).read_text().splitlines())
    report = await verify_ledger(stage.ledger, lines=lines)
    assert report.result in (Result.OK, Result.INCOMPLETE), report.troubles
    server = stage.server()
    try:
        resolved = await until_over(stage, server, within_s=60)
        return await stage.left(resolved_after_s=resolved)
    finally:
        await server.kill()


@pytest.mark.sshd
@pytest.mark.parametrize("disk", DISKS)
@pytest.mark.parametrize("journal", [one for one in Journal if not one.is_safe], ids=lambda one: one.name)
async def test_a_commit_that_was_not_synced_is_found_to_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: Journal, disk: str
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", journal.pragmas)
    for number in range(LOSSES):
        async with on_disk(tmp_path / str(number), DISKS[disk], journal) as (stage, its):
            try:
                await lose_power(stage, its, number)
                left = await stage.left(resolved_after_s=None)
            except LedgerUnavailable:
                assert journal is Journal.ROLLBACK_OFF
                return  # not even a database is left of it
        if "entry lost" in "".join(faults_in(left)):
            return

    pytest.fail(f"{LOSSES} losses of power took nothing along")


# --- PostgreSQL ------------------------------------------------------------------------------


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest) -> Iterator[Disk]:
    with ext4(size_mb=2048) if request.param == "ext4" else strict() as made:
        yield made


@pytest.fixture
def database(disk: Disk) -> Iterator[PostgresServer]:
    """A server with all its files on the disk; what made it is long ago."""
    with running(postgres.programs() or Path(), place=disk.at) as server:
        # Asynchronous commits are written when somebody else's are, or not at all while a test lasts.
        server.execute(ADMIN, "postgres", "ALTER SYSTEM SET wal_writer_delay = 10000")
        server.stop()
        server.start()
        disk.sync()
        yield server


def lose_database(disk: Disk, database: PostgresServer) -> None:
    """The power of its machine goes and comes back."""
    disk.cut_power()
    database.stop(signal.SIGKILL)
    disk.power_on()
    database.start()


@pytest.mark.sshd
@pytest.mark.postgres
async def test_what_postgresql_acknowledged_is_there_after_a_loss_of_power(
    tmp_path: Path, disk: Disk, database: PostgresServer, say: Say
) -> None:
    found: list[Left] = []
    for number in range(max(1, ROUNDS // 2 // AT_A_TIME)):
        found += await lived_through(
            tmp_path / str(number),
            lambda: database.url(APP, database.ledger()),
            lambda: lose_database(disk, database),
            seed=number,
        )

    entries = sum(len(left.acknowledged) for left in found)
    say(
        f"power of PostgreSQL lost {len(found) // AT_A_TIME} times under {AT_A_TIME} servers, "
        f"{type(disk).__name__}: "
        f"{sum(map(intents_in, found))} intents, {entries} entries acknowledged; 0 missing"
    )


@pytest.mark.postgres
async def test_a_role_that_would_not_wait_for_the_disk_does_in_an_append(
    disk: Disk, database: PostgresServer
) -> None:
    name = database.ledger()
    database.execute(ADMIN, name, f"ALTER ROLE {APP} SET synchronous_commit = off")
    database.execute(ADMIN, name, "CREATE TABLE other (n integer)", f"GRANT ALL ON other TO {APP}")
    async with await open_ledger(database.url(APP, name)) as ledger:
        written = [await ledger.append("INC-1", [opened()])]
        written += [await ledger.append("INC-1", [Noted(by=MEI, person="mei", text="x")]) for _ in range(20)]
        database.execute(APP, name, "INSERT INTO other VALUES (1)")
        await asyncio.to_thread(lose_database, disk, database)

        assert await ledger.entries("INC-1") == tuple(entry for each in written for entry in each)
        assert (await verify_ledger(ledger)).result is Result.OK
    # So the disk does forget what was not synced.
    assert database.execute(APP, name, "SELECT * FROM other") == []


@pytest.mark.postgres
async def test_a_server_that_syncs_nothing_is_found_to_lose_entries(
    disk: Disk, database: PostgresServer
) -> None:
    name = database.ledger()
    url = database.url(APP, name)
    database.execute(ADMIN, "postgres", "ALTER SYSTEM SET fsync = off")
    database.stop()
    database.start()
    disk.sync()
    # `open` refuses such a server.
    async with PostgresLedger(PostgresDatabase(address(url))) as ledger:
        written = await ledger.append("INC-1", [opened()])
        try:
            await asyncio.to_thread(lose_database, disk, database)
        except RuntimeError:
            return  # it does not even start again

        assert set(written).isdisjoint(await ledger.entries("INC-1"))
