"""A server that took the question for another look dies before it begins: the next one looks.

A real process, killed right behind its commit; played by `make chaos`. What every run has of it is in
tests/test_work.py.
"""

import os
from pathlib import Path

import pytest

from bot.audit import Result, verify_ledger
from tests.chaos.campaign import NewLedger
from tests.chaos.points import Death, Point
from tests.chaos.stage import PATIENCE_S, Stage, staged
from tests.support.people import REQUESTER, has_button

IS_LONG = int(os.environ.get("RUNBOOK_BOT_CHAOS", "0")) > 0

pytestmark = [
    pytest.mark.sshd,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not IS_LONG, reason="a server dies in the middle of a click: make chaos"),
]


@pytest.mark.parametrize(
    "new_ledger", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
async def test_another_look_asked_of_a_server_that_dies_is_made_by_the_next(
    folder: Path, new_ledger: NewLedger
) -> None:
    async with staged(folder, new_ledger()) as stage:
        dying = stage.server(Death(at=Point.ASKED_AGAIN))
        assert await stage.connected(dying)
        await stage.ask()
        await stage.until(stage.cards)
        verdict = await stage.people.until(
            lambda seen: next((one for one in seen if has_button(one, "again")), None)
        )
        await stage.people.click(verdict, "again", user=REQUESTER)
        assert await dying.ended(PATIENCE_S)
        reasons = await reasons_of_looks(stage)

        server = stage.server()
        await stage.until(lambda: has_looked_twice(stage))
        await server.kill()

        assert reasons == ["ask"]
        assert await reasons_of_looks(stage) == ["ask", "again"]
        assert (await verify_ledger(stage.ledger)).result is Result.OK


async def reasons_of_looks(stage: Stage) -> list[str]:
    (state,) = await stage.incidents()
    return [run.started.reason for run in state.runs]


async def has_looked_twice(stage: Stage) -> bool:
    (state,) = await stage.incidents()
    return len(state.verdicts) == 2
