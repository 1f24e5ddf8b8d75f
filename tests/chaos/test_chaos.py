"""kill -9 at named points and at random times: no promise is broken, and planted faults are found.

In `make test` a few rounds of each kind; `make chaos` plays all of them.
"""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot.model.event import Claimed
from tests.chaos.campaign import USUAL, NewLedger, Tally, campaign, drawn, measured, named
from tests.chaos.faults import Fault
from tests.chaos.found import Phase, faults_in
from tests.chaos.points import ON_THE_WAY, RECOVERY, Point
from tests.chaos.rounds import carried_on, connected_side_by_side
from tests.chaos.stage import Stage, staged

Say = Callable[[str], None]

pytestmark = pytest.mark.sshd

#: Rounds at random times; 0: the short form.
RANDOM = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0"))
#: Rounds at each named point.
EACH = RANDOM // 10
#: Points that `make test` takes: one on each side of each promise.
FEW = (Point.AFTER_CLAIM, Point.MID_ACTION, Point.BEFORE_OUTCOME, Point.SETTLE_ANSWERED)
#: Points that one of two servers can die at while the other lives.
SHARED = [point for point in ON_THE_WAY if point not in RECOVERY and point is not Point.STARTED]
#: A first kill hits each phase of these in at least this share of the rounds.
SPREAD = 0.15

#: PostgreSQL too in the long form; the short one has it where two servers share it.
DATABASES = ["sqlite", *([pytest.param("postgresql", marks=pytest.mark.postgres)] if RANDOM else [])]
EACH_DATABASE = pytest.mark.parametrize("new_ledger", DATABASES, indirect=True)
LONG = pytest.mark.timeout(4 * 3600)


def assert_kept(tally: Tally) -> None:
    assert tally.faults == []


@LONG
@EACH_DATABASE
async def test_a_kill_at_any_named_point_breaks_no_promise(
    folder: Path, new_ledger: NewLedger, lanes: int, say: Say
) -> None:
    plans = [named(point) for point in ON_THE_WAY for _ in range(EACH)] or [named(point) for point in FEW]
    tally = await campaign(folder, plans, lanes=lanes, new_ledger=new_ledger)

    say(f"named points: {tally}")
    assert_kept(tally)
    assert tally.not_reached == 0


@LONG
@EACH_DATABASE
async def test_kills_at_random_times_break_no_promise(
    folder: Path, new_ledger: NewLedger, lanes: int, say: Say
) -> None:
    pace = await measured(folder / "calm", rounds=lanes) if RANDOM else USUAL

    plans = [partial(drawn, seed, pace) for seed in range(RANDOM or 3)]
    tally = await campaign(folder, plans, lanes=lanes, new_ledger=new_ledger)

    say(f"random times: {tally}")
    assert_kept(tally)
    if RANDOM:
        for phase in (Phase.BEFORE, Phase.INTENT, Phase.STARTED):
            assert tally.phases[phase] >= SPREAD * len(tally.rounds), phase


@LONG
@pytest.mark.postgres
@pytest.mark.parametrize("new_ledger", ["postgresql"], indirect=True)
async def test_of_two_servers_one_dies_and_the_other_breaks_no_promise(
    folder: Path, new_ledger: NewLedger, lanes: int, say: Say
) -> None:
    plans = [named(point)[-1:] for point in SHARED for _ in range(EACH)]
    plans = plans or [named(Point.AFTER_CLAIM), named(Point.MID_ACTION)]
    tally = await campaign(folder, plans, lanes=lanes, new_ledger=new_ledger, side_by_side=True)

    say(f"two servers: {tally}")
    assert_kept(tally)


@pytest.mark.postgres
@pytest.mark.parametrize("new_ledger", ["postgresql"], indirect=True)
async def test_a_claim_by_select_and_then_update_is_found(folder: Path, new_ledger: NewLedger) -> None:
    async with staged(folder, await asyncio.to_thread(new_ledger)) as stage:
        stage.fault = Fault.SELECT_THEN_UPDATE
        servers = [stage.server(), stage.server()]
        try:
            await connected_side_by_side(stage, servers)
            async with carried_on(stage, servers[0]):
                await stage.until(lambda: is_claimed_twice(stage))
            # Two claims often leave a round that never ends.
            left = await stage.left(resolved_after_s=None)
        finally:
            for server in servers:
                await server.kill()

    assert "more than once: approval" in "".join(faults_in(left))


async def is_claimed_twice(stage: Stage) -> bool:
    events = [entry.event for entries in (await stage.entries()).values() for entry in entries]
    return sum(isinstance(event, Claimed) for event in events) > 1


async def test_an_intent_after_the_action_and_an_order_given_again_are_found(folder: Path) -> None:
    late, again = await asyncio.gather(
        campaign(folder / "late", [[]], lanes=1, fault=Fault.INTENT_AFTER),
        campaign(folder / "again", [named(Point.MID_ACTION)], lanes=1, fault=Fault.BLIND_RETRY),
    )

    assert "action before its intent" in "".join(late.faults)
    assert "executed 2 times for 1 approvals" in "".join(again.faults)
    assert "action without intent" in "".join(again.faults)
