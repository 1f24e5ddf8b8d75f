"""How two replicas share clicks and hosts: each approval acted on once, one action on a host at a time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.engine import FOLLOW_RUNG_S, Engine, FencedLedger, Follower, HeldLeases
from bot.investigate import World
from bot.model.action import ActResult, Order
from bot.model.host import Host
from bot.ports import Ledger
from bot.store import open_ledger
from tests.support.office import Office
from tests.support.replay import ReplayShell

CLICKS = 20
SAME_HOST = 20


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
