"""More than one process on one ledger, and processes that die in the middle."""

import subprocess
import sys
from pathlib import Path

from bot.audit import Result, verify_ledger
from tests.store.stores import Store
from tests.store.writer import HOLDS, RACE_ENTRIES, ROUNDS

ROOT = Path(__file__).parents[2]


def run_writers(store: Store, mode: str) -> set[str]:
    command = [sys.executable, "-m", "tests.store.writer", store.where, mode]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.split())


async def test_what_was_acknowledged_survives_any_kill_and_the_chain_holds(store: Store) -> None:
    acknowledged = run_writers(store, "kill")

    async with await store.open() as ledger:
        entries = await ledger.entries("INC-1")
        assert len(acknowledged) >= ROUNDS
        assert acknowledged <= {entry.hash for entry in entries}
        # At most the one append of each killed writer stands without having been acknowledged.
        assert len(entries) - 1 - len(acknowledged) <= ROUNDS
        assert (await verify_ledger(ledger)).result is Result.OK


async def test_two_processes_append_to_one_chain_without_losing_an_entry(store: Store) -> None:
    acknowledged = run_writers(store, "race")

    async with await store.open() as ledger:
        entries = await ledger.entries("INC-1")
        assert acknowledged == {entry.hash for entry in entries[1:]}
        assert len(acknowledged) == 2 * RACE_ENTRIES
        assert (await verify_ledger(ledger)).result is Result.OK


def test_of_processes_that_want_the_same_hold_one_gets_it(store: Store) -> None:
    told = [line.split(":") for line in run_writers(store, "hold")]

    assert sorted(int(target) for target, _ in told) == list(range(HOLDS))
    holders = dict(store.select("SELECT target, incident FROM hold"))
    assert holders == {f"{target}.service": f"INC-{pid}-{target}" for target, pid in told}
