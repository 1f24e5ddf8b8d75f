"""kill -9 the real process at any moment and start it again: never twice, and the thread is completed."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo import SampleHosts
from bot.devslack import DevSlack, Options
from bot.model.approval import ApprovalStatus
from bot.model.event import Intended
from bot.model.incident import Incident, fold
from bot.slack import manifest
from bot.store import SqliteLedger
from tests.support.messages import repeated
from tests.support.people import APPROVER, People, has_button, words_of
from tests.support.server_process import server_process

#: Seconds after the command in which the process may be killed: looking, deciding and acting lie in it.
SPREAD_S = 6.0


@dataclass(kw_only=True)
class Stage:
    """The world around the process, which outlives it."""

    folder: Path
    slack: DevSlack
    hosts: SampleHosts
    people: People

    @asynccontextmanager
    async def process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The bot as a process of its own, answering when the block begins; killed when it ends."""
        starting = server_process(
            self.folder, self.hosts.fleet_path, self.slack, is_ready=self.people.see_the_app
        )
        async with starting as process:
            yield process


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    slack = DevSlack(Options(manifest=manifest()))
    await slack.start()
    people = People(slack.page_url)
    async with SampleHosts(tmp_path) as hosts:
        yield Stage(folder=tmp_path, slack=slack, hosts=hosts, people=people)
    await people.aclose()
    await slack.stop()


def seeds() -> list[int]:
    return list(range(int(os.environ.get("RUNBOOK_BOT_KILLS", "5"))))


@pytest.mark.parametrize("seed", seeds())
async def test_a_killed_bot_goes_on_where_it_stopped(stage: Stage, seed: int) -> None:
    after_s = random.Random(seed).uniform(0, SPREAD_S)

    async with stage.process() as process:
        answer = await stage.people.command("/502 web-01")
        assert answer["ok"], answer
        clicking = asyncio.create_task(_approve(stage))
        await asyncio.sleep(after_s)  # the moment of death is what is varied here
        process.kill()
        await process.wait()
        clicking.cancel()
        await asyncio.gather(clicking, return_exceptions=True)
    async with stage.process():
        state = await _finished(stage)
        thread = await stage.people.until(lambda seen: _told(seen, state))

    sample = stage.hosts.samples["web-01"]
    assert sample.ran <= 1
    assert sample.is_mended == (sample.ran == 1)
    # Killed between the intent and the order it did not run, and the thread says to look again.
    assert state.verdict and state.verdict.is_healthy == sample.is_mended
    assert state.undone == () and state.ignored == 0
    intents = [entry for entry in await _entries(stage) if isinstance(entry.event, Intended)]
    assert len(intents) == len({entry.event.approval for entry in intents})
    _assert_each_message_once(thread)


async def _approve(stage: Stage) -> None:
    card = await stage.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )
    await stage.people.click(card, "approve", user=APPROVER)


async def _finished(stage: Stage) -> Incident:
    """Approve what is still open until the host is well and nothing is left to do."""
    async with asyncio.timeout(90):
        while True:
            state = fold(await _entries(stage))
            is_open = any(one.status is ApprovalStatus.OPEN for one in state.approvals)
            if is_open:
                await _approve(stage)
            is_done = any(one.outcome for one in state.approvals)
            if is_done and not state.undone and not is_open:
                return state
            await asyncio.sleep(0.2)


async def _entries(stage: Stage) -> Any:
    async with await SqliteLedger.open(stage.folder / "ledger.db") as ledger:
        incidents = await ledger.incidents()
        return await ledger.entries(incidents[0]) if incidents else ()


def _told(seen: list[dict[str, Any]], state: Incident) -> list[dict[str, Any]]:
    """The thread, once it shows the last verdict."""
    thread = [one for one in seen if one["thread_ts"]]
    says = state.verdict.says if state.verdict else ""
    is_told = any(says[:40] in words_of(one) for one in thread)
    return seen if is_told else []


def _assert_each_message_once(seen: list[dict[str, Any]]) -> None:
    roots = [one for one in seen if not one["thread_ts"] and not one["ephemeral_to"]]
    assert len(roots) == 1, [words_of(one)[:80] for one in roots]
    assert repeated(seen) == {}
