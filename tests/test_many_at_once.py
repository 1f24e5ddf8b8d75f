"""Many incidents at once through the real bot: every one acknowledged, looked at, and shown in order.

RUNBOOK_BOT_LOAD says how many (`make load`: 100); their acknowledgement times are printed, not judged.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import pytest

from bot.demo import SampleHosts
from bot.devslack import DevSlack, Options
from bot.devslack.seed import APP_USER, Person, Room, Seed
from bot.model.incident import fold
from bot.slack import manifest
from bot.store import SqliteLedger
from tests.support.people import NO_TLS, PATIENCE_S, People
from tests.support.served_stage import Stage
from tests.support.unhurried import UNHURRIED

INCIDENTS = int(os.environ.get("RUNBOOK_BOT_LOAD", "12"))
#: `make load` has the machine to itself, and Slack's three seconds hold.
PACE = {} if "RUNBOOK_BOT_LOAD" in os.environ else UNHURRIED
#: As many as there are hosts: who asks for one of them twice in a channel is shown the first look.
EACH = 3
#: Slack takes one message a second in a channel, so the incidents are spread.
ROOMS = [f"C0ROOM{number:02}" for number in range(-(-INCIDENTS // EACH))]
PEOPLE = [f"U0ASKER{number:02}" for number in range(len(ROOMS))]


def seed() -> Seed:
    app = next(one for one in Options().seed.people if one.id == APP_USER)
    asking = tuple(Person(id=user, name=user.lower(), real_name=user) for user in PEOPLE)
    rooms = tuple(
        Room(id=room, name=room.lower(), members=(APP_USER, user))
        for room, user in zip(ROOMS, PEOPLE, strict=True)
    )
    return Seed(people=(*asking, app), rooms=rooms, circles=())


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as undone:
        slack = DevSlack(Options(manifest=manifest(), seed=seed(), **PACE))
        undone.push_async_callback(slack.stop)
        await slack.start()
        people = People(slack.page_url)
        undone.push_async_callback(people.aclose)
        hosts = await undone.enter_async_context(SampleHosts(tmp_path))
        yield Stage(folder=tmp_path, slack=slack, hosts=hosts, people=people)


@pytest.mark.timeout(600)
async def test_none_is_lost_and_each_thread_is_in_order(stage: Stage) -> None:
    asked = [(room, user) for room, user in zip(ROOMS, PEOPLE, strict=True) for _ in range(EACH)][:INCIDENTS]

    async with stage.process():
        answers = await asyncio.gather(
            *(
                stage.people.command(f"/502 web-0{1 + number % 3}", user=user, channel=room)
                for number, (room, user) in enumerate(asked)
            )
        )
        await _all_shown(stage)
        threads = [
            thread for room, user in zip(ROOMS, PEOPLE, strict=True) for thread in await _threads(stage, user)
        ]
        calls = await _calls(stage)

    assert [answer for answer in answers if not answer["ok"]] == []
    assert len(threads) == INCIDENTS
    assert [thread for thread in threads if _keys(thread) != sorted(_keys(thread))] == []
    assert [call for call in calls if call["is_early"]] == []
    acks = sorted(answer["ack_ms"] for answer in answers)
    p99 = quantiles(acks, n=100)[98]
    print(f"\n{INCIDENTS} at once: acknowledged in {p99:.0f} ms (p99), {acks[-1]:.0f} ms at most")


async def _all_shown(stage: Stage) -> None:
    """Every incident has a verdict, and the thread its full output, which is posted last."""
    async with asyncio.timeout(500):
        while True:
            files = [one for user in PEOPLE for one in (await stage.people.workspace(user))["files"]]
            if len(files) >= INCIDENTS:
                break
            await asyncio.sleep(1.0)
    async with await SqliteLedger.open(stage.folder / "ledger.db") as ledger:
        states = [fold(await ledger.entries(name)) for name in await ledger.incidents(limit=INCIDENTS + 1)]
    assert len(states) == INCIDENTS
    assert [state.id for state in states if state.verdict is None or state.ignored] == []


async def _threads(stage: Stage, user: str) -> list[list[dict[str, Any]]]:
    seen = await stage.people.messages(user)
    roots = [one["ts"] for one in seen if one["thread_ts"] is None and not one["ephemeral_to"]]
    return [[one for one in seen if one["thread_ts"] == root] for root in roots]


#: What each message of a thread is, in the order in which they must stand.
_ORDER = ("Verdict on", "Approval needed", ": trouble", ": quiet", "Full output")


def _keys(thread: list[dict[str, Any]]) -> list[int]:
    texts = [one["text"] or " ".join(f"{file['title']}" for file in one["files"]) for one in thread]
    return [next((place for place, word in enumerate(_ORDER) if word in text), -1) for text in texts]


async def _calls(stage: Stage) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(
        base_url=stage.slack.page_url, trust_env=False, verify=NO_TLS, timeout=PATIENCE_S
    ) as client:
        answer = await client.get("local/calls")
    return list(answer.json()["calls"])
