"""The database is taken away in the middle of an action: crashed, or standing still.

In `make test` one crash; `make chaos` plays fifty moments of each.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model.event import Intended
from tests.chaos.found import Left, faults_in
from tests.chaos.launcher import BotProcess
from tests.chaos.shared_fate import AT_A_TIME, acting, gone_on
from tests.chaos.stage import LOOK_EVERY_S, Stage
from tests.support.people import words_of
from tests.support.postgres import APP, PostgresServer, running

pytestmark = [pytest.mark.sshd, pytest.mark.postgres, pytest.mark.timeout(4 * 3600)]

Say = Callable[[str], None]
#: Takes the database away while inside.
Away = Callable[[PostgresServer], AbstractContextManager[None]]

ROUNDS = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0"))
#: Moments of an action at which it goes away, the servers that see the same outage, and its seconds.
MOMENTS, SERVERS, OUTAGE_S = (ROUNDS // 4, AT_A_TIME, 30.0) if ROUNDS else (1, 1, 3.0)
#: What is promised of an outage.
SEEN_WITHIN_S, BACK_WITHIN_S = 5.0, 10.0
#: Whether it is back is asked again and again, and each answer is to be one of its own.
ASKED_OFTEN = {
    "RUNBOOK_BOT_SHARE_LOOK_S": "0",
    "RUNBOOK_BOT_ASKS_PER_PERSON": "1000",
    "RUNBOOK_BOT_ASKS_PER_CHANNEL": "1000",
}
#: Crashed it refuses connections; frozen it takes them and says nothing.
WAYS = {"crashed": PostgresServer.down, "frozen": PostgresServer.frozen}
LONG_FORM = pytest.mark.skipif(not ROUNDS, reason="outages that take minutes: make chaos")


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server of its own: it is taken down."""
    with running(postgres_server.programs) as server:
        yield server


@pytest.mark.parametrize("way", ["crashed", pytest.param("frozen", marks=LONG_FORM)])
async def test_while_the_database_is_away_nothing_is_begun_and_people_are_told(
    tmp_path: Path, database: PostgresServer, say: Say, way: str
) -> None:
    seen, back = [], []
    for number in range(-(-MOMENTS // SERVERS)):
        async with acting(
            tmp_path / str(number),
            lambda: database.url(APP, database.ledger()),
            seed=number,
            servers=SERVERS,
            extra=ASKED_OFTEN,
        ) as worlds:
            told_s, back_s = await _outage(worlds, WAYS[way](database))
        seen += told_s
        back += back_s

    say(
        f"database {way} for {OUTAGE_S:.0f} s at {len(seen)} moments: told after at most {max(seen):.1f} s, "
        f"at work at most {max(back):.1f} s after it was back"
    )
    assert max(seen) <= SEEN_WITHIN_S
    assert max(back) <= BACK_WITHIN_S


async def _outage(
    worlds: Sequence[tuple[Stage, BotProcess]], away: AbstractContextManager[None]
) -> tuple[list[float], list[float]]:
    """Seconds until people were told, and from the database's return until a request was taken, of each."""
    await asyncio.to_thread(away.__enter__)
    # From here on no intent can be committed; one that just was may begin.
    down_at = time.time()
    try:
        told_s = await asyncio.gather(*(_told_of_trouble(stage) for stage, _ in worlds))
        await asyncio.sleep(max(0.0, OUTAGE_S - (time.time() - down_at)))
    finally:
        up_at = time.time()
        await asyncio.to_thread(away.__exit__, None, None, None)
    back_s = await asyncio.gather(*(_back_at_work(stage) for stage, _ in worlds))
    for left in await gone_on(worlds):
        assert faults_in(replace(left, messages=())) == []
        assert _begun_without_ledger(left, down_at, up_at) == []
    return told_s, back_s


async def _back_at_work(stage: Stage) -> float:
    """Seconds from now until it takes a request."""
    began = time.monotonic()
    await stage.until(lambda: _is_taken(stage))
    return time.monotonic() - began


async def _told_of_trouble(stage: Stage) -> float:
    """Seconds from the request of somebody until they read that nothing was done, or is before it answers."""
    began = time.monotonic()
    await stage.ask("/502 web-01")
    await stage.people.until(lambda seen: [one for one in seen if is_told(words_of(one))])
    return time.monotonic() - began


def is_told(words: str) -> bool:
    return "nothing was done" in words or "the ledger has said nothing" in words


async def _is_taken(stage: Stage) -> bool:
    with suppress(Exception):
        before = len(await stage.ledger.incidents())
        await stage.ask("/502 web-01")
        await asyncio.sleep(4 * LOOK_EVERY_S)
        return len(await stage.ledger.incidents()) > before
    return False


def _begun_without_ledger(left: Left, down_at: float, up_at: float) -> list[str]:
    """Actions that began during the outage and whose intent was not committed before it."""
    intents = {
        entry.event.nonce: entry.at.timestamp()
        for entries in left.entries.values()
        for entry in entries
        if isinstance(entry.event, Intended)
    }
    during = [one.nonce for one in left.starts if down_at < one.began < up_at]
    return [nonce for nonce in during if intents.get(nonce, up_at) > down_at]
