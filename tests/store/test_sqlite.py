"""One SQLite file: opening it, and every way in which it can be no good."""

# ruff: noqa: ASYNC240  (the files are tiny and nothing else runs on the loop)

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.app import opened_ledger
from bot.audit import Result, verify_ledger
from bot.errors import LedgerUnavailable
from bot.model.event import Hold, Noted
from bot.settings import load
from bot.store import SqliteLedger
from bot.store import sqlite as adapter
from bot.store.sqlite import SqliteDatabase
from tests.support.incidents import MEI, claimed, opened

ROOT = Path(__file__).parents[2]
HOLD = Hold(host="web-01", target="shop.service")


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    async with await SqliteLedger.open(path) as opened_ledger:
        yield opened_ledger


def note(text: str = "x") -> Noted:
    return Noted(by=MEI, person="mei", text=text)


async def refused(where: str | Path, **options: bool) -> str:
    with pytest.raises(LedgerUnavailable) as error:
        await SqliteLedger.open(where, **options)
    return str(error.value)


async def test_a_missing_directory_is_named_with_the_way_to_make_it(tmp_path: Path) -> None:
    says = await refused(tmp_path / "not" / "there" / "ledger.db")

    assert says == (
        f"no directory {tmp_path}/not/there for the ledger; make it: mkdir -p {tmp_path}/not/there"
    )
    assert list(tmp_path.iterdir()) == []


async def test_a_missing_directory_is_made_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.db"

    async with await SqliteLedger.open(path, create_parents=True) as ledger:
        assert ledger.path == path

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_only_the_owner_may_read_it_even_when_it_was_open_to_all(path: Path) -> None:
    path.touch(mode=0o644)
    path.chmod(0o644)

    async with await SqliteLedger.open(path) as ledger:
        await ledger.append("INC-1", [opened()])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("prefix", ["sqlite:///", "sqlite+aiosqlite:///"])
async def test_opens_by_url(path: Path, prefix: str) -> None:
    async with await SqliteLedger.open(f"{prefix}{path}") as ledger:
        assert ledger.path == path


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("mysql://box/x", "no ledger can be in 'mysql'"),
        ("://", "cannot be read"),
        ("sqlite://", "would be gone after a restart"),
        (":memory:", "would be gone after a restart"),
        ("/", "is a directory"),
    ],
)
async def test_what_cannot_be_a_ledger_file_is_refused(where: str, says: str) -> None:
    assert says in await refused(where)


async def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.write_bytes(b"dear diary, " * 100)

    assert "is not a ledger" in await refused(path)
    assert path.read_bytes() == b"dear diary, " * 100


async def test_another_programs_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (x)")
    other.close()

    assert "is a database, but not a ledger" in await refused(path)


async def test_a_newer_versions_ledger_asks_for_an_upgrade(path: Path) -> None:
    await (await SqliteLedger.open(path)).close()
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9000'")
    newer.close()

    assert "is of a newer version (9000; this one knows 0003); upgrade runbook-bot" in await refused(path)


async def test_a_ledger_without_tables_is_made_up_to_date_only_once(path: Path) -> None:
    async with await SqliteLedger.open(path) as first, await SqliteLedger.open(path) as second:
        await first.append("INC-1", [opened()])

        assert len(await second.entries("INC-1")) == 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    holder = sqlite3.connect(path, isolation_level=None)
    with closing(holder):
        holder.execute("BEGIN EXCLUSIVE")
        yield


async def test_a_locked_database_is_said_to_be_and_works_again_afterwards(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_BUSY_TIMEOUT_MS", 50)
    quick = (("busy_timeout", "50", 50), *adapter.PRAGMAS[1:])
    monkeypatch.setattr(adapter, "PRAGMAS", quick)
    async with await SqliteLedger.open(path) as ledger:
        await ledger.append("INC-1", [opened()])
        with locked(path):
            with pytest.raises(LedgerUnavailable, match="is locked by another process"):
                await ledger.append("INC-1", [note()])
            with pytest.raises(LedgerUnavailable, match="is locked by another process"):
                await ledger.entries("INC-1")

        assert len(await ledger.append("INC-1", [note()], after_seq=1)) == 1


async def test_a_commit_that_a_reader_keeps_out_leaves_nothing_locked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = (("busy_timeout", "50", 50), ("journal_mode", "DELETE", "delete"), *adapter.PRAGMAS[2:])
    monkeypatch.setattr(adapter, "PRAGMAS", quick)
    refused: list[str] = []
    async with await SqliteLedger.open(path) as ledger:
        await ledger.append("INC-1", [opened()])
        # So that several connections are there to be kept out.
        await asyncio.gather(*(ledger.entries("INC-1") for _ in range(8)))
        engine = ledger.database.engine.sync_engine
        event.listen(engine, "handle_error", lambda context: refused.append(str(context.original_exception)))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entry").fetchone()
            with pytest.raises(LedgerUnavailable, match="is locked by another process"):
                await ledger.append("INC-1", [note()])

        assert refused == ["database is locked"]  # the commit, and nobody after it
        assert len(await ledger.append("INC-1", [note()], after_seq=1)) == 1


async def test_a_full_disk_is_said_to_be_and_loses_nothing_that_was_acknowledged(path: Path) -> None:
    await (await SqliteLedger.open(path)).close()
    database = SqliteDatabase(path)

    def small(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA max_page_count = 40")
        cursor.close()

    event.listen(database.engine.sync_engine, "connect", small, insert=True)
    ledger = SqliteLedger(database)
    acknowledged = []
    with pytest.raises(LedgerUnavailable, match="the disk is full; free space there"):
        while True:
            acknowledged += await ledger.append("INC-1", [note("x" * 5000)])
    await ledger.close()

    async with await SqliteLedger.open(path) as roomy:
        assert 0 < len(acknowledged) < 100
        assert await roomy.entries("INC-1") == tuple(acknowledged)
        assert (await verify_ledger(roomy)).result is Result.OK


@pytest.mark.parametrize("is_moved", [True, False], ids=["moved", "deleted"])
async def test_a_file_that_vanishes_in_use_is_noticed_and_not_made_anew(
    ledger: SqliteLedger, path: Path, is_moved: bool
) -> None:
    await ledger.append("INC-1", [opened()])
    if is_moved:
        path.rename(path.with_suffix(".moved"))
    else:
        path.unlink()

    with pytest.raises(LedgerUnavailable, match="was moved or deleted while in use"):
        await ledger.append("INC-1", [note()])

    assert not path.exists()


async def test_a_vanished_file_is_not_made_anew_by_a_new_connection(ledger: SqliteLedger, path: Path) -> None:
    await ledger.database.engine.dispose()
    path.unlink()

    with pytest.raises(LedgerUnavailable, match="cannot be opened"):
        await ledger.append("INC-1", [opened()])

    assert not path.exists()


async def test_a_damaged_file_is_said_to_be(ledger: SqliteLedger, path: Path) -> None:
    await ledger.append("INC-1", [opened()])
    await ledger.database.engine.dispose()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(LedgerUnavailable, match="is damaged; stop, keep a copy"):
        await ledger.entries("INC-1")
    assert (await verify_ledger(ledger)).result is Result.UNREADABLE


@contextmanager
def unprivileged(*owned: Path) -> Iterator[None]:
    """Be somebody to whom file modes apply: for root that is another user, who then owns the files."""
    if os.geteuid() != 0:
        yield
        return
    for path in owned:
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


async def test_a_file_that_may_not_be_written_is_said_so(path: Path) -> None:
    await (await SqliteLedger.open(path)).close()
    # pytest's own directories cannot be entered by the other user.
    with tempfile.TemporaryDirectory() as name:
        directory, copy = Path(name), Path(name) / "ledger.db"
        shutil.copy(path, copy)
        copy.chmod(0o400)

        with unprivileged(directory, copy):
            says = await refused(copy)

    assert says == f"ledger {copy} cannot be written; check owner and mode of the file and its directory"


def test_a_process_that_forgets_to_close_its_ledger_still_ends(path: Path) -> None:
    program = (
        "import asyncio, sys; from bot.store import SqliteLedger; "
        "asyncio.run(SqliteLedger.open(sys.argv[1])); print('done')"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=200
    )

    assert ended.stdout == "done\n"


async def test_a_path_with_odd_characters_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a b?c#d%20é.db"

    async with await SqliteLedger.open(path) as ledger:
        await ledger.append("INC-1", [opened()])

    assert {one.name for one in tmp_path.iterdir()} == {path.name}


async def test_a_closed_ledger_is_unavailable_or_works_but_never_crashes(path: Path) -> None:
    ledger = await SqliteLedger.open(path)
    await ledger.close()

    assert len(await ledger.append("INC-1", [opened()])) == 1
    await ledger.close()


async def test_one_server_at_a_time_and_the_second_is_told_who_has_it(path: Path) -> None:
    async with await SqliteLedger.open(path) as first, await SqliteLedger.open(path) as second:
        async with first.serve_lock():
            with pytest.raises(LedgerUnavailable, match=rf"another server \(process {os.getpid()}\) has"):
                async with second.serve_lock():
                    raise AssertionError("two servers")
            await second.append("INC-1", [opened()])
        async with second.serve_lock():
            pass

        kinds = [record.body.count("server_started") async for record in first.records(chain="system")]
        assert kinds == [1, 0, 1]


async def test_nothing_that_acts_is_written_when_there_is_less_room_than_the_settings_say(
    path: Path,
) -> None:
    settings = load(ledger=str(path), ledger_room_mib=1_000_000_000)

    async with opened_ledger(settings, may_make=True) as ledger:
        for attempt in (
            ledger.append("INC-1", [opened()], take=HOLD),
            ledger.append("INC-1", [claimed()]),
        ):
            with pytest.raises(LedgerUnavailable, match="KiB are free"):
                await attempt

        assert await ledger.entries("INC-1") == ()
        assert len(await ledger.append("INC-1", [opened()])) == 1
