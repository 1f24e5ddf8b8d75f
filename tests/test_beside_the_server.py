"""A command of the terminal and the server on one file: neither takes the other's look for one cut off."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app as root
from bot.demo import SampleHosts
from bot.model.event import RunStarted
from bot.model.incident import fold
from bot.settings import load
from tests.support.replicas import slow_hosts
from tests.support.served import served


@pytest.fixture
async def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SampleHosts]:
    async with slow_hosts(tmp_path, monkeypatch) as running:
        yield running


async def until_it_looks(app: root.App) -> str:
    """The incident, in the middle of its look."""
    async with asyncio.timeout(60):
        while True:
            for name in await app.ledger.incidents():
                if any(isinstance(entry.event, RunStarted) for entry in await app.ledger.entries(name)):
                    return name
            await asyncio.sleep(0.02)  # the ledger tells nobody here that it grew


async def test_a_server_that_starts_leaves_the_look_of_a_command_alone(
    tmp_path: Path, samples: SampleHosts
) -> None:
    settings = load(fleet=samples.fleet_path, ledger=str(tmp_path / "ledger.db"))
    async with root.wired(settings) as terminal:
        checking = asyncio.create_task(root.check(terminal, "502", ["web-01"], "check 502 web-01"))
        incident = await until_it_looks(terminal)

        async with served(tmp_path, samples.fleet_path) as bot:
            await checking
            await bot.app.engine.idle()
            state = fold(await bot.app.ledger.entries(incident))

    assert [run.failed for run in state.runs] == [None]
    assert state.verdict is not None


async def test_a_command_leaves_what_the_server_works_on_and_waits_for_it(
    tmp_path: Path, samples: SampleHosts
) -> None:
    settings = load(fleet=samples.fleet_path, ledger=str(tmp_path / "ledger.db"))
    async with served(tmp_path, samples.fleet_path) as bot, root.wired(settings) as terminal:
        await bot.people.command("/502 web-01")
        incident = await until_it_looks(bot.app)

        terminal.engine.submit(incident)
        await terminal.engine.idle()
        state = fold(await terminal.ledger.entries(incident))

    assert [run.failed for run in state.runs] == [None]
    assert state.verdict is not None
