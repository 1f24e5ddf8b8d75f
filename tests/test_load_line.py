"""Many requests about many hosts at once: two replicas share them, and the ledger has every one whole.

RUNBOOK_BOT_LOAD says how many requests, each about twenty hosts (`make load`: 100); 15 steps and more a host.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from bot.audit import Result, verify_ledger
from bot.demo import SampleHosts
from bot.demo.scenarios import Scenario
from bot.model.incident import Incident, fold
from bot.store import SqlLedger, open_ledger
from tests.support.postgres import APP, PostgresServer

REQUESTS = int(os.environ.get("RUNBOOK_BOT_LOAD", "2"))
HOSTS = 20 if "RUNBOOK_BOT_LOAD" in os.environ else 6
MOST_RSS_MB = 512
STEPS = 15

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(3600)]


@pytest.fixture
async def farm(tmp_path: Path) -> AsyncIterator[SampleHosts]:
    """Real SSH servers, half of them in front of a broken app."""
    scenarios = tuple(
        Scenario(
            name=f"web-{number:02}",
            about="one of many",
            before="bad_release" if number % 2 else "rolled_back",
            after="rolled_back",
        )
        for number in range(HOSTS)
    )
    async with SampleHosts(tmp_path, scenarios) as running:
        yield running


@pytest.fixture
def where(postgres_server: PostgresServer) -> str:
    return postgres_server.url(APP, postgres_server.ledger())


@asynccontextmanager
async def replica(farm: SampleHosts, where: str, requests: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that has asked so much, and works until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.asking", str(farm.fleet_path), where, str(requests), str(HOSTS),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(await process.stdout.readline())
    return told


async def end(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(b"end\n")
    return await line(process)


async def looked_at(ledger: SqlLedger, count: int) -> list[Incident]:
    """All incidents, once each has its verdict."""
    waiting: dict[str, Incident | None] = dict.fromkeys(await ledger.incidents(limit=count + 1))
    while unfinished := [name for name, state in waiting.items() if state is None]:
        for name in unfinished:
            state = fold(await ledger.entries(name))
            waiting[name] = state if state.verdict is not None and not state.undone else None
            if waiting[name] is None:
                break  # they end about in the order in which they were asked
        await asyncio.sleep(0.5)
    return [state for state in waiting.values() if state is not None]


async def test_every_host_of_every_request_is_looked_at_once_by_one_of_two_replicas(
    farm: SampleHosts, where: str
) -> None:
    async with replica(farm, where, 0) as helping, replica(farm, where, REQUESTS) as asking:
        assert (await line(helping), await line(asking)) == ({"asked": 0}, {"asked": REQUESTS * HOSTS})
        async with await open_ledger(where) as ledger:
            states = await looked_at(ledger, REQUESTS * HOSTS)
            ends = [await end(each) for each in (asking, helping)]
            report = await verify_ledger(ledger)

    took_s = [_took_s(state) for state in states]
    looks_s = [state.run.ended.duration_s for state in states if state.run and state.run.ended]
    print(
        f"\n{REQUESTS} requests x {HOSTS} hosts by two replicas: all looked at within {max(took_s):.0f} s; "
        f"from ask to verdict p95 {_p95(took_s):.1f} s, one look p95 {_p95(looks_s):.2f} s; "
        f"at most {max(each['rss_mb'] for each in ends)} MB; {report.entries} entries, {report.result.value}"
    )
    assert len(states) == REQUESTS * HOSTS
    assert [state.id for state in states if len(state.runs) != 1 or state.ignored] == []
    assert min(len(run.steps) for state in states for run in state.runs) >= STEPS
    assert report.result is Result.OK
    assert max(each["rss_mb"] for each in ends) < MOST_RSS_MB


def _took_s(state: Incident) -> float:
    assert state.run and state.run.ended_at and state.opened_at
    return (state.run.ended_at - state.opened_at).total_seconds()


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[18]
