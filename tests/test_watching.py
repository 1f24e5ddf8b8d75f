"""What `check` and `approve` say while one waits."""

import asyncio
import io

import pytest
from rich.console import Console

from bot import terminal
from bot.commands.watching import watching
from bot.model.event import Event, RunStarted
from bot.model.incident import Incident, fold
from bot.relay import Relay
from tests.support.incidents import (
    action_ended,
    broken,
    chained,
    claimed,
    intended,
    opened,
    proposed,
    ran,
    voted,
)

BEGUN = (opened(), RunStarted(run=1, reason="ask", runbook_digest="d", steps=("front", "unit")))
ANSWERED = ran(1, broken())[1]
STOOD = (opened(), *ran(1, broken()), proposed(), voted())
ACTED = (*STOOD, claimed(), intended())


class OneIncident:
    """A desk that knows one incident and says that it was asked for it."""

    def __init__(self, state: Incident) -> None:
        self.state, self.asked = state, asyncio.Event()

    async def incident(self, incident: str) -> Incident:
        assert incident == self.state.id
        self.asked.set()
        return self.state


async def watched(events: tuple[Event, ...], *, is_terminal: bool) -> str:
    desk, relay = OneIncident(fold(chained(events))), Relay()
    console = Console(file=io.StringIO(), force_terminal=is_terminal, width=100)
    async with watching(relay, desk, console):
        relay.changed(desk.state.id)
        if is_terminal:
            await asyncio.wait_for(desk.asked.wait(), 60)
    assert relay.listeners == [] and isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def test_a_terminal_is_told_how_far_it_is() -> None:
    assert "web-01: 1 of 2 steps answered" in await watched((*BEGUN, ANSWERED), is_terminal=True)


async def test_a_pipe_gets_nothing() -> None:
    assert await watched(BEGUN, is_terminal=False) == ""


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ((opened(),), "web-01: asked"),
        (BEGUN, "web-01: 0 of 2 steps answered"),
        ((opened(), *ran(1, broken())), "web-01: done"),
        (
            (*STOOD, RunStarted(run=2, reason="precheck:a1", runbook_digest="d", steps=("unit",))),
            "web-01: 0 of 1 steps answered, just before acting",
        ),
        (ACTED, "web-01: the remedy runs, then the service must answer"),
        (
            (
                *ACTED,
                action_ended(),
                RunStarted(run=2, reason="recheck:a1", runbook_digest="d", steps=("unit",)),
            ),
            "web-01: 0 of 1 steps answered, after the action",
        ),
    ],
)
def test_the_line_says_what_goes_on(events: tuple[Event, ...], says: str) -> None:
    assert terminal.progress([fold(chained(events))]) == says


def test_several_hosts_stand_on_one_line() -> None:
    two = [fold(chained((opened(host),), incident=f"inc-{host}")) for host in ("web-01", "web-02")]

    assert terminal.progress(two) == "web-01: asked · web-02: asked"
