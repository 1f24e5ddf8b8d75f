"""A process that appends until it is killed: `python -m tests.store.writer LEDGER MODE`.

`kill`: forks 20 writers one after the other and kills each with SIGKILL at another moment.
`race`: forks two writers at once that append 60 entries each.
`hold`: forks four at once that try to take the same 15 holds, each for an incident of its own.
What was acknowledged to a writer is on standard output: one hash a line; `TARGET:PID` of a hold it got.
"""

import asyncio
import os
import select
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.errors import HostBusy
from bot.model.event import Hold, Noted
from bot.store import open_ledger
from tests.support.incidents import MEI, opened

ROUNDS = 20
RACE_ENTRIES = 60
HOLDS = 15
HOLDERS = 4


Work = Callable[[str, int, int], Awaitable[None]]


async def append(where: str, out: int, count: int) -> None:
    """Append `count` entries to one chain; tell each hash once it is acknowledged."""
    async with await open_ledger(where) as ledger:
        for n in range(count):
            await ledger.keep(f"evidence {n}")
            written = await ledger.append("INC-1", [Noted(by=MEI, person="mei", text=f"{os.getpid()} {n}")])
            os.write(out, f"{written[-1].hash}\n".encode())


async def take(where: str, out: int, count: int) -> None:
    """Try to take `count` holds; tell each that was got."""
    async with await open_ledger(where) as ledger:
        for n in range(count):
            hold = Hold(host="web-01", target=f"{n}.service")
            with suppress(HostBusy):
                await ledger.append(f"INC-{os.getpid()}-{n}", [opened()], take=hold)
                os.write(out, f"{n}:{os.getpid()}\n".encode())


def fork(where: str, out: int, count: int, work: Work = append) -> int:
    """A child process that appends, or does other work."""
    child = os.fork()
    if child == 0:
        asyncio.run(work(where, out, count))
        os._exit(0)
    return child


def kill_rounds(where: str) -> None:
    """Kill writers at moments spread over an append and a little more."""
    for round_ in range(ROUNDS):
        reading, writing = os.pipe()
        child = fork(where, writing, 10_000)
        os.close(writing)
        select.select([reading], [], [], 60)
        time.sleep(round_ * 0.0013)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as told:
            whole_lines = [line for line in told if line.endswith(b"\n")]
        sys.stdout.write(b"".join(whole_lines).decode())


def race(where: str) -> None:
    """Two writers on one chain at once."""
    finish([fork(where, 1, RACE_ENTRIES) for _ in range(2)])


def hold(where: str) -> None:
    """Many that want the same."""
    finish([fork(where, 1, HOLDS, take) for _ in range(HOLDERS)])


def finish(children: list[int]) -> None:
    """Wait for all."""
    statuses = [os.waitpid(child, 0)[1] for child in children]
    if any(statuses):
        raise SystemExit(f"a writer failed: {statuses}")


async def begin(where: str) -> None:
    """The first entry."""
    async with await open_ledger(where) as ledger:
        await ledger.append("INC-1", [opened()])


if __name__ == "__main__":
    ledger = sys.argv[1]
    asyncio.run(begin(ledger))
    {"kill": kill_rounds, "race": race, "hold": hold}[sys.argv[2]](ledger)
