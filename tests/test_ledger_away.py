"""The ledger locked by somebody else: nothing runs on a host, and the people in the thread hear of it."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo import SampleHosts
from tests.support.people import APPROVER, has_button, words_of
from tests.support.served import Served, served
from tests.support.server_process import ended


@pytest.fixture
async def hosts(tmp_path: Path) -> AsyncIterator[SampleHosts]:
    async with SampleHosts(tmp_path) as running:
        yield running


@pytest.fixture
async def bot(tmp_path: Path, hosts: SampleHosts) -> AsyncIterator[Served]:
    async with served(tmp_path, hosts.fleet_path) as running:
        yield running


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Hold the database so that nobody else can even read it."""
    # The bot lives in this loop: to wait inside sqlite would keep it from ending what it writes.
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        while not _begun(connection):  # noqa: ASYNC110  # a database sets no event
            await asyncio.sleep(0.01)
        yield
    finally:
        connection.close()


def _begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    return True


async def test_nothing_runs_and_the_thread_says_so(bot: Served, hosts: SampleHosts) -> None:
    await bot.people.command("/502 web-01")
    card = await bot.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )
    # All of the thread stands, so that nobody is in the middle of writing.
    await bot.people.until(lambda seen: [one for one in seen if one["files"]])
    (incident,) = await bot.app.ledger.incidents()
    await bot.app.engine.idle()

    async with locked(bot.app.ledger.path):
        clicked = await bot.people.click(card, "approve", user=APPROVER)
        bot.app.engine.submit(incident)
        await bot.people.until(lambda seen: [one for one in seen if "It cannot go on" in words_of(one)])
        refused = await bot.people.until(
            lambda seen: [one for one in seen if "nothing was done" in words_of(one)], user=APPROVER
        )

    assert clicked["ok"] and refused
    assert hosts.samples["web-01"].ran == 0
    await bot.people.click(card, "approve", user=APPROVER)
    await bot.people.until(lambda seen: [one for one in seen if "Checked again: healthy" in words_of(one)])
    assert hosts.samples["web-01"].ran == 1


async def test_a_second_server_on_the_same_ledger_is_refused_by_name(bot: Served, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "serve",
        "--fleet",
        str(tmp_path / "fleet.yaml"),
        "--ledger",
        str(bot.app.ledger.path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), 120)
    finally:
        await ended(process)

    assert process.returncode == 2
    assert b"runbook-bot: " in said and b"process" in said
