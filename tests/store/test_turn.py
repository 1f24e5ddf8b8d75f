"""Whoever is urgent writes before the others, and nobody who gives up keeps the turn."""

import asyncio

from bot.store.turn import Turn
from tests.support.turning import turn as let_others_run


class Line:
    """People in line, and in which order they had their turn."""

    def __init__(self) -> None:
        self.turn = Turn()
        self.had: list[str] = []
        self.gate = asyncio.Event()

    async def stand(self, name: str, *, is_urgent: bool = False) -> None:
        async with self.turn.taken(is_urgent=is_urgent):
            self.had.append(name)
            await self.gate.wait()

    def stands(self, name: str, *, is_urgent: bool = False) -> asyncio.Task[None]:
        return asyncio.create_task(self.stand(name, is_urgent=is_urgent))


async def test_the_urgent_go_first_and_each_kind_in_the_order_in_which_it_came() -> None:
    line = Line()
    waiting = [line.stands("first")]
    await let_others_run()
    for name, is_urgent in (("b", False), ("vote 1", True), ("c", False), ("vote 2", True)):
        waiting.append(line.stands(name, is_urgent=is_urgent))
    await let_others_run()
    alone = list(line.had)

    line.gate.set()
    await asyncio.gather(*waiting)

    assert alone == ["first"]
    assert line.had == ["first", "vote 1", "vote 2", "b", "c"]


async def test_who_gives_up_in_line_is_passed_over() -> None:
    line = Line()
    first, gone, last = line.stands("first"), line.stands("gone", is_urgent=True), line.stands("last")
    await let_others_run()

    gone.cancel()
    await let_others_run()
    line.gate.set()
    await asyncio.gather(first, last)

    assert line.had == ["first", "last"]


async def test_who_is_given_the_turn_and_gives_up_at_the_same_moment_hands_it_on() -> None:
    line = Line()
    first, gone, last = line.stands("first"), line.stands("gone"), line.stands("last")
    await let_others_run()

    # Both before anybody runs again: the turn is given to one who is on the way out.
    line.gate.set()
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait_for(asyncio.gather(first, last), 60)

    assert line.had[0] == "first"
    assert line.had[-1] == "last"


async def test_an_error_inside_gives_the_turn_back() -> None:
    turn = Turn()

    async def fails() -> None:
        async with turn.taken():
            raise ValueError

    await asyncio.gather(fails(), return_exceptions=True)

    async with asyncio.timeout(60), turn.taken():
        pass
