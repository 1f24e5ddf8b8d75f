"""kill -9 at named points and at random times: no promise is broken, and planted faults are found.

In `make test` a few rounds of each kind; `make chaos` plays all of them.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.campaign import USUAL, NewLedger, Tally, campaign, drawn, measured, named
from tests.chaos.faults import Fault
from tests.chaos.found import Phase
from tests.chaos.points import Death, Point
from tests.chaos.stage import Stage

Say = Callable[[str], None]

pytestmark = pytest.mark.sshd

#: Rounds at random times; 0: the short form.
RANDOM = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0"))
#: Rounds at each named point.
EACH = RANDOM // 10
#: Points that `make test` takes: one on each side of each promise.
FEW = (Point.AFTER_CLAIM, Point.MID_ACTION, Point.BEFORE_OUTCOME, Point.SETTLE_ANSWERED)
#: A first kill hits each phase of these in at least this share of the rounds.
SPREAD = 0.15

BOTH = pytest.mark.parametrize(
    "new_ledger",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
    indirect=True,
)
LONG = pytest.mark.timeout(4 * 3600)


def assert_kept(tally: Tally) -> None:
    assert tally.faults == []


@LONG
@BOTH
async def test_a_kill_at_any_named_point_breaks_no_promise(
    folder: Path, new_ledger: NewLedger, lanes: int, say: Say
) -> None:
    plans = [named(point) for point in Point for _ in range(EACH)] or [named(point) for point in FEW]
    tally = await campaign(folder, plans, lanes=lanes, new_ledger=new_ledger)

    say(f"named points: {tally}")
    assert_kept(tally)
    assert tally.not_reached == 0


@LONG
@BOTH
async def test_kills_at_random_times_break_no_promise(
    folder: Path, new_ledger: NewLedger, lanes: int, say: Say
) -> None:
    pace = await measured(folder / "calm", rounds=lanes) if RANDOM else USUAL

    plans = [drawn(seed, pace) for seed in range(RANDOM or 2)]
    tally = await campaign(folder, plans, lanes=lanes, new_ledger=new_ledger)

    say(f"random times: {tally}")
    assert_kept(tally)
    if RANDOM:
        for phase in (Phase.BEFORE, Phase.INTENT, Phase.STARTED):
            assert tally.phases[phase] >= SPREAD * len(tally.rounds), phase


async def faulty(folder: Path, fault: Fault, *deaths: Death) -> str:
    """What the harness says of rounds with a planted fault."""

    def plant(stage: Stage) -> None:
        stage.fault = fault

    tally = await campaign(folder, [deaths], lanes=1, prepare=plant)
    return "\n".join(tally.faults)


async def test_an_intent_that_is_written_after_the_action_is_found_without_any_crash(folder: Path) -> None:
    assert "action before its intent" in await faulty(folder, Fault.INTENT_AFTER)


async def test_an_action_that_is_repeated_after_a_crash_is_found(folder: Path) -> None:
    said = await faulty(folder, Fault.BLIND_RETRY, Death(at=Point.MID_ACTION))

    assert "executed 2 times for 1 approvals" in said
    assert "action without intent" in said
