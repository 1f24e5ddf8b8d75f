"""Writers who come at once share a commit of a SQLite ledger; each alone answers for what it wrote."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.errors import Conflict, LedgerUnavailable
from bot.model.event import Entry
from bot.store import SqliteLedger, shared_commits
from tests.support.incidents import opened, shown, voted
from tests.support.turning import turn


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqliteLedger]:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as made:
        yield made


def commits_of(ledger: SqliteLedger) -> list[object]:
    """Grows with each commit from now on."""
    seen: list[object] = []
    event.listen(ledger.database.engine.sync_engine, "commit", seen.append)
    return seen


async def test_who_comes_while_another_writes_shares_its_commit(ledger: SqliteLedger) -> None:
    commits = commits_of(ledger)

    written = await asyncio.gather(*(ledger.append(f"inc-{n}", [opened()]) for n in range(20)))

    assert len(commits) == 1
    assert [await ledger.entries(f"inc-{n}") for n in range(20)] == list(written)


async def test_entries_of_one_incident_chain_within_a_commit(ledger: SqliteLedger) -> None:
    await asyncio.gather(*(ledger.append("inc-1", [shown(f"key-{n}")]) for n in range(5)))

    assert [one.seq for one in await ledger.entries("inc-1")] == [1, 2, 3, 4, 5]


async def test_a_conflict_is_of_its_writer_alone(ledger: SqliteLedger) -> None:
    commits = commits_of(ledger)
    kept = await ledger.keep("what the loser wanted to say")

    first, lost, last = await asyncio.gather(
        ledger.append("inc-1", [opened()], after_seq=0),
        ledger.append("inc-1", [opened()], after_seq=0),
        ledger.append("inc-2", [opened()]),
        return_exceptions=True,
    )

    assert isinstance(lost, Conflict)
    assert (await ledger.entries("inc-1"), await ledger.entries("inc-2")) == (first, last)
    assert len(commits) == 1
    assert await ledger.evidence(kept) == "what the loser wanted to say"


async def test_who_is_told_of_a_conflict_can_read_what_it_is_with(ledger: SqliteLedger) -> None:
    commits = commits_of(ledger)

    async def loses() -> tuple[int, tuple[Entry, ...]]:
        with pytest.raises(Conflict):
            await ledger.append("inc-1", [opened()], after_seq=0)
        return len(commits), await ledger.entries("inc-1")

    first, lost = await asyncio.gather(ledger.append("inc-1", [opened()], after_seq=0), loses())

    assert lost == (1, first)


async def test_a_conflict_with_what_is_not_committed_is_none(ledger: SqliteLedger) -> None:
    async def breaks() -> None:
        async with ledger._begin.write() as connection:
            await connection.execute(text("UPDATE entry SET body = ''"))  # the authorizer refuses it

    _, second, _ = await asyncio.gather(
        ledger.append("inc-1", [opened()], after_seq=0),
        ledger.append("inc-1", [opened()], after_seq=0),
        breaks(),
        return_exceptions=True,
    )

    assert isinstance(second, LedgerUnavailable)


async def test_what_a_writer_wrote_before_it_failed_is_undone_alone(ledger: SqliteLedger) -> None:
    async def fails() -> None:
        async with ledger._begin.write() as connection:
            await connection.execute(text("INSERT INTO claim (key, holder) VALUES ('work:inc-1', 'one')"))
            raise ValueError

    before, _, after = await asyncio.gather(
        ledger.append("inc-1", [opened()]),
        fails(),
        ledger.append("inc-2", [opened()]),
        return_exceptions=True,
    )

    async with ledger._begin.read() as connection:
        claims = (await connection.execute(text("SELECT key FROM claim"))).all()
    assert claims == []
    assert (await ledger.entries("inc-1"), await ledger.entries("inc-2")) == (before, after)


async def test_where_the_commit_fails_nobody_is_told_that_it_stands(ledger: SqliteLedger) -> None:
    async def breaks() -> None:
        async with ledger._begin.write() as connection:
            await connection.execute(text("UPDATE entry SET body = ''"))  # the authorizer refuses it

    before, broken, after = await asyncio.gather(
        ledger.append("inc-1", [opened()]),
        breaks(),
        ledger.append("inc-2", [opened()]),
        return_exceptions=True,
    )

    assert isinstance(before, LedgerUnavailable) and isinstance(broken, LedgerUnavailable)
    assert await ledger.entries("inc-1") == ()
    assert await ledger.entries("inc-2") == after


async def test_a_writer_that_is_cut_off_takes_the_others_with_it_and_the_next_one_writes(
    ledger: SqliteLedger,
) -> None:
    is_inside = asyncio.Event()

    async def hangs() -> None:
        async with ledger._begin.write():
            is_inside.set()
            await asyncio.Event().wait()

    first = asyncio.create_task(ledger.append("inc-1", [opened()]))
    hanging = asyncio.create_task(hangs())
    await is_inside.wait()
    hanging.cancel()
    told = await asyncio.gather(first, hanging, return_exceptions=True)
    next_one = await ledger.append("inc-1", [opened()])

    assert isinstance(told[0], LedgerUnavailable) and isinstance(told[1], asyncio.CancelledError)
    assert await ledger.entries("inc-1") == next_one


async def test_who_gives_up_waiting_leaves_the_commit_to_the_others(ledger: SqliteLedger) -> None:
    waiting = [asyncio.create_task(ledger.append(f"inc-{n}", [opened()])) for n in range(3)]
    await asyncio.sleep(0)
    commits = commits_of(ledger)
    event.listen(ledger.database.engine.sync_engine, "commit", lambda _: waiting[0].cancel(), insert=True)

    told = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(told[0], asyncio.CancelledError)
    assert await ledger.entries("inc-2") == told[2]
    assert len(commits) == 1


async def test_a_vote_is_written_and_committed_before_what_others_wait_to_write(
    ledger: SqliteLedger,
) -> None:
    is_inside, gate = asyncio.Event(), asyncio.Event()

    async def writes_long() -> None:
        async with ledger._begin.write():
            is_inside.set()
            await gate.wait()

    long = asyncio.create_task(writes_long())
    await is_inside.wait()
    looks = [asyncio.create_task(ledger.append(f"inc-{n}", [opened()])) for n in range(20)]
    await turn()
    vote = asyncio.create_task(ledger.append("inc-voted", [opened(), voted()]))
    await turn()
    gate.set()
    await vote
    written = [look.done() for look in looks]
    await asyncio.gather(long, *looks)
    _, order = await ledger.changed_since(0)

    # One of them may share its commit.
    assert sum(written) <= 1
    assert order[0] == "inc-voted"
    assert len(order) == 21


async def test_a_file_that_is_written_all_the_time_is_left_to_other_processes_now_and_then(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_commits, "BUSY_S", 0.05)
    clock, engine = asyncio.get_running_loop().time, ledger.database.engine.sync_engine
    ends, gaps = [clock()], list[float]()
    event.listen(engine, "commit", lambda _: ends.append(clock()))
    event.listen(engine, "begin", lambda _: gaps.append(clock() - ends[-1]))

    async def writes(name: str) -> None:
        for number in range(25):
            await ledger.append(name, [shown(f"key-{number}")])

    await asyncio.gather(*(writes(f"inc-{n}") for n in range(4)))

    assert max(gaps) >= shared_commits.GAP_S * 0.9


async def test_whoever_only_reads_opens_a_ledger_that_is_being_written(ledger: SqliteLedger) -> None:
    async with ledger._begin.write(), asyncio.timeout(60), await SqliteLedger.open(ledger.path) as other:
        assert await other.incidents() == ()
