"""The primary is lost at any moment and its standby takes over: what was acknowledged is there.

Long form only: `make chaos`.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.model.event import Intended
from tests.chaos.found import Left, faults_in
from tests.chaos.rounds import carried_on, until_over
from tests.chaos.shared_fate import AT_A_TIME, intents_in, lived_through, served
from tests.chaos.stage import Stage
from tests.support import postgres
from tests.support.postgres import APP
from tests.support.postgres_pair import PostgresPair, paired

ROUNDS = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0"))
pytestmark = [
    pytest.mark.sshd,
    pytest.mark.postgres,
    pytest.mark.timeout(4 * 3600),
    pytest.mark.skipif(not ROUNDS, reason="failovers that take minutes: make chaos"),
]

Say = Callable[[str], None]

#: As many as make that many actions, by the servers that live through each.
FAILOVERS = max(2, ROUNDS // AT_A_TIME)
#: How a primary is lost: its machine is gone, or it ends without a word to anybody.
WAYS = (signal.SIGKILL, signal.SIGQUIT)
#: Longer than the bot waits for the reply to a commit, and for what became of it.
_WAITED_S = 25.0


@pytest.fixture
def pair() -> Iterator[PostgresPair]:
    with paired(postgres.programs() or Path()) as servers:
        yield servers


@pytest.fixture
def loose_pair() -> Iterator[PostgresPair]:
    """Nobody waits for the standby."""
    with paired(postgres.programs() or Path(), is_synchronous=False) as servers:
        yield servers


def new_ledger(pair: PostgresPair) -> str:
    """A ledger of its own, by both addresses."""
    return pair.url(APP, pair.primary.ledger())


async def test_a_standby_that_takes_over_has_all_that_was_acknowledged(
    tmp_path: Path, pair: PostgresPair, say: Say
) -> None:
    found: list[Left] = []
    for number in range(FAILOVERS):
        found += await lived_through(
            tmp_path / str(number),
            lambda: new_ledger(pair),
            partial(pair.fail_over, WAYS[number % len(WAYS)]),
            seed=number,
        )
        await asyncio.to_thread(pair.join)

    entries = sum(len(one.acknowledged) for one in found)
    slowest = max(one.resolved_after_s or 0.0 for one in found)
    say(
        f"{FAILOVERS} failovers under {AT_A_TIME} servers: {sum(map(intents_in, found))} intents, "
        f"{entries} entries acknowledged, {sum(len(one.starts) for one in found)} actions; "
        f"0 lost, 0 twice, all done at most {slowest:.1f} s later"
    )


async def test_nothing_is_done_on_the_word_of_a_primary_whose_standby_is_away(
    tmp_path: Path, pair: PostgresPair, say: Say
) -> None:
    async with served(tmp_path, new_ledger(pair)) as (stage, server):
        await stage.ask()
        await stage.until(stage.cards)
        await asyncio.to_thread(pair.standby.stop)
        async with carried_on(stage, server):
            await asyncio.sleep(_WAITED_S)
        assert stage.host.starts() == ()
        await asyncio.to_thread(_take_over, pair)

        resolved = await until_over(stage, server, within_s=90)
        left = await stage.left(resolved_after_s=resolved)

    assert faults_in(left) == []
    say(f"standby away for {_WAITED_S:.0f} s, then the primary lost: nothing was begun meanwhile, 0 lost")


async def test_what_a_standby_that_nobody_waits_for_lacks_is_found_and_stops_actions(
    tmp_path: Path, loose_pair: PostgresPair
) -> None:
    async with served(tmp_path, new_ledger(loose_pair)) as (stage, server):
        await asyncio.to_thread(loose_pair.standby.stop)
        async with carried_on(stage, server):
            await stage.until(lambda: _is_intended(stage))
        await asyncio.to_thread(_take_over, loose_pair)

        await stage.until(lambda: _is_noticed(stage))
        left = await stage.left(resolved_after_s=None)

    assert "a failover may lose entries" in stage.log()
    assert "entry lost" in "".join(faults_in(left))


def _take_over(pair: PostgresPair) -> None:
    """The primary is lost, and only then the standby comes back."""
    pair.primary.stop(signal.SIGKILL)
    pair.standby.start()
    pair.fail_over(signal.SIGKILL)


async def _is_intended(stage: Stage) -> bool:
    return any(isinstance(e.event, Intended) for each in (await stage.entries()).values() for e in each)


async def _is_noticed(stage: Stage) -> bool:
    return "the ledger went back" in stage.log()
