"""Many requests about many hosts at once: two replicas share them, and the ledger has every one whole.

RUNBOOK_BOT_LOAD says how many requests, each about twenty hosts (`make load`: 100), of fifteen steps a host.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from bot.audit import Result, verify_ledger
from bot.model.incident import Incident, fold
from bot.store import SqlLedger, open_ledger
from tests.support.farm import farm
from tests.support.lean import lean_runbooks
from tests.support.postgres import APP, PostgresServer
from tests.support.server_process import ended

REQUESTS = int(os.environ.get("RUNBOOK_BOT_LOAD", "2"))
HOSTS = 20 if "RUNBOOK_BOT_LOAD" in os.environ else 6
MOST_RSS_MB = 512
STEPS = 15

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(3600)]


@pytest.fixture
def where(postgres_server: PostgresServer) -> str:
    return postgres_server.url(APP, postgres_server.ledger())


@asynccontextmanager
async def replica(
    fleet: Path, where: str, runbooks: Path, requests: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that has asked so much, and works until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.asking", str(fleet), where, str(requests), str(HOSTS),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "RUNBOOK_BOT_RUNBOOKS": str(runbooks)},
    )  # fmt: skip
    try:
        yield process
    finally:
        await ended(process)


async def line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(await process.stdout.readline())
    return told


async def end(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(b"end\n")
    return await line(process)


async def states_of(ledger: SqlLedger) -> list[Incident]:
    names = await ledger.incidents(limit=REQUESTS * HOSTS + 1)
    return [fold(await ledger.entries(name)) for name in names]


async def test_every_host_of_every_request_is_looked_at_once_by_one_of_two_replicas(
    tmp_path: Path, where: str
) -> None:
    runbooks = lean_runbooks(tmp_path)
    async with (
        farm(tmp_path, HOSTS) as fleet,
        replica(fleet, where, runbooks, 0) as helping,
        replica(fleet, where, runbooks, REQUESTS) as asking,
    ):
        assert (await line(helping), await line(asking)) == ({"asked": 0}, {"asked": REQUESTS * HOSTS})
        assert (await line(helping), await line(asking)) == ({"is_done": True}, {"is_done": True})
        ends = [await end(each) for each in (asking, helping)]
    async with await open_ledger(where) as ledger:
        states = await states_of(ledger)
        report = await verify_ledger(ledger)

    took_s = [_took_s(state) for state in states]
    looks_s = [state.run.ended.duration_s for state in states if state.run and state.run.ended]
    print(
        f"\n{REQUESTS} requests x {HOSTS} hosts by two replicas: all looked at within {max(took_s):.0f} s; "
        f"from ask to verdict p50 {median(took_s):.1f} s, p95 {_p95(took_s):.1f} s; one look p95 "
        f"{_p95(looks_s):.2f} s; {_share(ends):.0f} ms of CPU a look; at most "
        f"{max(each['rss_mb'] for each in ends)} MB; {report.entries} entries, {report.result.value}"
    )
    assert len(states) == REQUESTS * HOSTS
    assert [state.id for state in states if state.verdict is None or state.undone] == []
    assert [state.id for state in states if len(state.runs) != 1 or state.ignored] == []
    assert {len(run.steps) for state in states for run in state.runs} == {STEPS}
    assert report.result is Result.OK
    assert max(each["rss_mb"] for each in ends) < MOST_RSS_MB


def _share(ends: list[dict[str, Any]]) -> float:
    """Milliseconds of CPU that both replicas spent on one look, their start among it."""
    return 1000 * sum(float(each["cpu_s"]) for each in ends) / (REQUESTS * HOSTS)


def _took_s(state: Incident) -> float:
    assert state.run and state.run.ended_at and state.opened_at
    return (state.run.ended_at - state.opened_at).total_seconds()


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[18]
