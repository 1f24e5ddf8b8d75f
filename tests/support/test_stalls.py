"""What a machine takes is told apart from our own work, and what it spoiled is asked again."""

import time

from tests.support.stalls import calmly, measured_stalls


async def test_a_loop_that_is_not_let_turn_is_stalled_and_its_own_work_is_none() -> None:
    async with measured_stalls() as stalls:
        _nothing_turns()
        worked_s = -time.thread_time()
        while worked_s + time.thread_time() < 0.3:
            pass
        others_s = stalls.others_s

    assert stalls.total_s >= 0.25
    assert others_s >= 0.3


async def test_what_came_in_a_stall_is_asked_again_until_it_is_what_is_wanted() -> None:
    asked = 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        _nothing_turns()
        return asked

    given, _ = await calmly(ask, lambda number: number == 3)

    assert (given, asked) == (3, 3)


async def test_the_last_try_counts() -> None:
    asked: list[None] = []

    async def ask() -> None:
        asked.append(None)
        _nothing_turns()

    await calmly(ask, lambda _: False)

    assert len(asked) == 5


def _nothing_turns() -> None:
    """As on a machine that gives the time to somebody else."""
    time.sleep(0.3)
