"""What the bot depends on goes away in the middle: replies of the database, the disk, the bot's own time.

Each outage is a real one. In `make test` some of them once; `make chaos` plays them all.
"""

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.audit import Result, verify_ledger
from bot.model.approval import ApprovalStatus
from bot.model.event import ActionEnded, Intended
from tests.chaos.found import faults_in
from tests.chaos.launcher import BotProcess
from tests.chaos.rounds import carried_on, until_over
from tests.chaos.stage import LOOK_EVERY_S, Stage, staged
from tests.support.cutting_proxy import CuttingProxy, Mode
from tests.support.people import APPROVER
from tests.support.postgres import APP, PostgresServer

pytestmark = [pytest.mark.sshd, pytest.mark.timeout(4 * 3600)]

Say = Callable[[str], None]

#: Lost replies to COMMIT; the rest goes by it.
CUTS = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0")) or 4
IS_LONG = CUTS > 4
LONG_FORM = pytest.mark.skipif(not IS_LONG, reason="outages that take minutes: make chaos")
#: So long the proxy waits for a commit to cut; always, and a database that nobody asks would never answer.
_ARMED_S = 0.15
#: Speeds at which the disk is filled, how big it is, and how much of that an action must find free.
FILLS, DISK_MB, ROOM_MIB = CUTS // 10, 12, 4
#: What is promised of a stop.
DRAIN_WITHIN_S = 30.0
ACTIONS = 20


# --- replies to COMMIT are lost --------------------------------------------------------------


@pytest.mark.postgres
async def test_lost_replies_to_commits_do_nothing_twice_and_tell_nothing_wrong(
    tmp_path: Path, postgres_server: PostgresServer, say: Say
) -> None:
    chance, cuts, rounds = random.Random(4), 0, 0
    while cuts < CUTS:
        name = postgres_server.ledger()
        where = postgres_server.url(APP, name)
        async with (
            CuttingProxy(postgres_server.port) as proxy,
            staged(tmp_path / str(rounds), where) as stage,
        ):
            through = f"postgresql://{APP}@127.0.0.1:{proxy.port}/{name}"
            server = replace(stage, where=through).server()
            try:
                assert await stage.connected(server)
                cutting = asyncio.create_task(_cut(proxy, chance))
                try:
                    resolved = await until_over(stage, server, within_s=120)
                finally:
                    cutting.cancel()
                    await asyncio.gather(cutting, return_exceptions=True)
                proxy.mode = Mode.PASS
                left = await stage.left(resolved_after_s=resolved)
            finally:
                await server.kill()
            assert faults_in(left) == []
            cuts += proxy.cuts
        rounds += 1

    say(f"lost replies to COMMIT: {cuts} in {rounds} actions; 0 twice, 0 told wrong")


async def _cut(proxy: CuttingProxy, chance: random.Random) -> None:
    """About every third commit is cut: after it was done, or before."""
    while True:
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        proxy.mode = chance.choice([Mode.CUT, Mode.CUT, Mode.DROP])
        await asyncio.sleep(_ARMED_S)
        proxy.mode = Mode.PASS


# --- the disk is full ------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[Path]:
    """A file system of that size."""
    if os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root")
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", folder], check=False)
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


@LONG_FORM
async def test_a_disk_that_fills_up_loses_no_outcome(tmp_path: Path, say: Say) -> None:
    ran = 0
    for number in range(FILLS):
        # From a disk that is full before the action begins to one that fills up in the middle of it.
        mb_a_second = 2.0 * 1.35**number
        with small_disk(tmp_path / f"disk-{number}", DISK_MB) as disk:
            async with staged(tmp_path / str(number), str(disk / "ledger.db")) as stage:
                stage.extra["RUNBOOK_BOT_LEDGER_ROOM_MIB"] = str(ROOM_MIB)
                ran += await _filled_up(stage, disk, mb_a_second)

    assert ran
    say(f"{DISK_MB} MB filled at {FILLS} speeds: {ran} actions ran, each with its intent and its outcome")


async def _filled_up(stage: Stage, disk: Path, mb_a_second: float) -> int:
    server = stage.server()
    try:
        assert await stage.connected(server)
        filling = asyncio.create_task(_fill(disk / "ballast", mb_a_second))
        async with carried_on(stage, server):
            with suppress(TimeoutError):
                await asyncio.wait_for(filling, 30)
            await asyncio.sleep(1.0)  # work goes on for a while against the full disk
        filling.cancel()
        (disk / "ballast").unlink(missing_ok=True)
        resolved = await until_over(stage, server, within_s=60)
        left = await stage.left(resolved_after_s=resolved)
    finally:
        await server.kill()
    assert faults_in(left) == []
    with closing(sqlite3.connect(disk / "ledger.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return len(left.starts)


async def _fill(ballast: Path, mb_a_second: float) -> None:
    """Write until the disk is full."""
    step = 64 * 1024
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(step))
            await asyncio.sleep(step / (mb_a_second * 1024 * 1024))


# --- the clock is wrong ----------------------------------------------------------------------

FAKETIME = next(
    (str(one) for one in sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))),
    shutil.which("libfaketime.so.1"),
)


@asynccontextmanager
async def server_in_time(stage: Stage, offset: str) -> AsyncIterator[Path]:
    """A server that lives in a time of its own; the file says which, and may be changed."""
    if FAKETIME is None:
        pytest.skip("no libfaketime: apt-get install libfaketime")
    told = stage.folder / "time"
    told.write_text(offset)
    environment = {
        **stage.environment(),
        "LD_PRELOAD": FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(told),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with (stage.folder / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"), env=environment, stdout=log, stderr=log
        )
    try:
        while not (await stage.people.workspace())["app"]["connections"]:
            assert process.returncode is None, stage.log()
            await asyncio.sleep(LOOK_EVERY_S)
        yield told
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@LONG_FORM
@pytest.mark.postgres
@pytest.mark.parametrize("offset", ["-600", "+600"])
async def test_a_server_with_a_wrong_clock_takes_no_expired_approval_and_every_good_one(
    tmp_path: Path, postgres_server: PostgresServer, offset: str
) -> None:
    where = postgres_server.url(APP, postgres_server.ledger())
    async with staged(tmp_path, where, approve_by="6s") as stage, server_in_time(stage, offset) as told:
        await stage.ask()
        await stage.until(stage.cards)
        cards = await stage.cards()
        told.write_text("-1200")  # jumps back while the card stands
        await stage.until(lambda: _has_expired(stage))
        for card in cards:
            await stage.people.click(card, "approve", user=APPROVER)
        await stage.until(lambda: _is_closed(stage))
        assert stage.host.starts() == ()

        told.write_text(offset)
        await stage.until(lambda: _asked_and_ended(stage))
        assert len(stage.host.starts()) == 1
        assert (await verify_ledger(stage.ledger)).result is Result.OK


async def _has_expired(stage: Stage) -> bool:
    (state,) = await stage.incidents()
    return await stage.ledger.now() > state.approvals[0].proposed.approve_by


async def _is_closed(stage: Stage) -> bool:
    (state,) = await stage.incidents()
    return state.approvals[0].status is ApprovalStatus.EXPIRED


async def _asked_and_ended(stage: Stage) -> bool:
    """Ask, and click while there is time; again when it was too short on a busy machine."""
    if not await stage.cards():
        await stage.ask()
        await asyncio.sleep(1)
    await stage.click(times=1)
    return any(one.outcome for state in await stage.incidents() for one in state.approvals)


# --- the bot is told to stop -----------------------------------------------------------------


@LONG_FORM
async def test_a_stop_lets_running_actions_end_and_leaves_none_behind(tmp_path: Path, say: Say) -> None:
    async with staged(tmp_path, names=ACTIONS, action_s=2.0) as stage:
        server = stage.server()
        with stage.host.held():
            await _all_running(stage, server)
            began = time.monotonic()
            server.signal(signal.SIGTERM)
        assert await server.ended(DRAIN_WITHIN_S + 10)
        drained_s = time.monotonic() - began

        events = [e.event for entries in (await stage.entries()).values() for e in entries]
        intents = {e.nonce for e in events if isinstance(e, Intended)}
        outcomes = {e.nonce for e in events if isinstance(e, ActionEnded)}
        say(
            f"stopped with {ACTIONS} actions running: ended after {drained_s:.1f} s, "
            f"{len(intents - outcomes)} of {len(intents)} without an outcome"
        )
        assert intents == outcomes
        assert drained_s <= DRAIN_WITHIN_S
        assert server.exit_status == 0


async def _all_running(stage: Stage, server: BotProcess) -> None:
    """Ask for every app, click once on each card, until all actions run at the same time."""
    assert await stage.connected(server)
    names = [f"web-{n:02}" for n in range(1, ACTIONS + 1)]
    for first in range(0, ACTIONS, 5):
        await stage.ask(f"/502 {' '.join(names[first : first + 5])}")
    clicked: set[str] = set()
    while len(stage.host.starts()) < ACTIONS:
        for card in await stage.cards():
            if card["ts"] not in clicked:
                clicked.add(card["ts"])
                await stage.people.click(card, "approve", user=APPROVER)
        await asyncio.sleep(LOOK_EVERY_S)
