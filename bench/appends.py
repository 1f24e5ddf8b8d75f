"""What an append costs when four processes do nothing else: `make bench-replicas` tells it.

    python -m bench.appends URL WAY WRITER     one of the processes

Beside the ledger, in turn and in the same run, each process inserts the same text into a plain table: the
least that anything kept by this server costs on this machine. What the chain adds is the ratio.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

import psycopg

from bot.model.event import Noted
from bot.store import SqlLedger, open_ledger
from bot.store.system import RulesLoaded
from tests.support.incidents import MEI, opened
from tests.support.postgres import APP, OWNER, PostgresServer

WRITERS = 4
FOR_S = 4.0
ROUNDS = 3
_WARM = 30
_SAYS = "the deploy of shop 2.4.1 was at 02:40; " * 4

#: Writes once more.
Write = Callable[[int], Awaitable[object]]

PLAIN, OWN, OPENING, SYSTEM = "plain insert", "own incident", "new incident", "system chain"
WAYS = (PLAIN, OWN, OPENING, SYSTEM)


async def appends(server: PostgresServer) -> None:
    """Four writers at once, by each way in turn."""
    database = server.ledger()
    server.execute(
        OWNER, database, "CREATE TABLE public.plain (text text)", f"GRANT INSERT ON public.plain TO {APP}"
    )
    took_ms: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            took_ms[way] += await _at_once(server.url(APP, database), way)
    for way, took in took_ms.items():
        print(f"append, {WRITERS} writers, {way}: {_told(took, took_ms[PLAIN])}", flush=True)


def _told(took_ms: list[float], least_ms: list[float]) -> str:
    p50, p99, a_second = median(took_ms), _p99(took_ms), len(took_ms) / FOR_S / ROUNDS
    return (
        f"{a_second:.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {max(took_ms):.0f} ms; "
        f"{p50 / median(least_ms):.1f} and {p99 / _p99(least_ms):.1f} times a plain insert"
    )


def _p99(took_ms: list[float]) -> float:
    return quantiles(took_ms, n=100)[98]


async def _at_once(url: str, way: str) -> list[float]:
    writers = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, url, way, f"{time.time_ns()}-{number}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**24,
        )
        for number in range(WRITERS)
    ]
    told = [(one, one.stdin, one.stdout) for one in writers if one.stdin and one.stdout]
    for _, _, out in told:
        await out.readline()  # it is warm
    for _, start, _ in told:
        start.write(b"\n")
    took = [json.loads(await out.readline()) for _, _, out in told]
    for one in writers:
        if await one.wait():
            raise RuntimeError(f"a writer of {way!r} failed")
    return [ms for each in took for ms in each]


async def _writer(url: str, way: str, name: str) -> None:
    if way == PLAIN:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            insert = "INSERT INTO public.plain VALUES (%s)"
            await _write_on(lambda _: connection.execute(insert, (_SAYS,)))
        return
    async with await open_ledger(url) as ledger:
        await _write_on(_way(ledger, way, name))


def _way(ledger: SqlLedger, way: str, name: str) -> Write:
    if way == OWN:
        return lambda _: ledger.append(f"inc-{name}", [Noted(by=MEI, person="mei", text=_SAYS)])
    if way == OPENING:
        return lambda number: ledger.append(f"inc-{name}-{number}", [opened()], after_seq=0)
    return lambda number: ledger.append_system(RulesLoaded(policy="0" * 64, hosts=number, runbooks=()))


async def _write_on(write: Write) -> None:
    for number in range(_WARM):
        await write(number)
    print("warm", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    took_ms: list[float] = []
    end = time.perf_counter() + FOR_S
    while (at := time.perf_counter()) < end:
        await write(_WARM + len(took_ms))
        took_ms.append((time.perf_counter() - at) * 1000)
    print(json.dumps(took_ms), flush=True)


if __name__ == "__main__":
    asyncio.run(_writer(*sys.argv[1:]))
