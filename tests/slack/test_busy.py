"""A flood is bounded and told so; whoever asks for the same host at once is shown the look that is there."""

import asyncio
import os
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from bot.model.refusal import AskRefused
from tests.support.people import APPROVER, REQUESTER
from tests.support.team import Team, team

#: A thousand within ten seconds with `make flood`.
COMMANDS = int(os.environ.get("RUNBOOK_BOT_FLOOD", "200"))


def plain(_: dict[str, Any]) -> None:
    """The demo's policy as it is."""


async def refusals(place: Team) -> list[AskRefused]:
    found = await place.bot.app.ledger.system.events(kinds=(AskRefused,))
    return [one.event for one in found if isinstance(one.event, AskRefused)]


@pytest.mark.timeout(300)
async def test_of_a_thousand_commands_a_few_are_served_and_others_get_through(tmp_path: Path) -> None:
    async with team(tmp_path, plain, share_look_s=0) as place:
        card = await place.card("web-01")

        async def flood() -> list[float]:
            acked = []
            for _ in range(COMMANDS // 20):
                answers = await asyncio.gather(
                    *(place.people.command(f"/502 web-0{1 + n % 3}", user=REQUESTER) for n in range(20))
                )
                acked += [float(answer["ack_ms"]) for answer in answers]
            return acked

        flooding = asyncio.create_task(flood())
        began = time.monotonic()
        await place.people.click(card, "approve", user=APPROVER)
        await place.until(lambda: _has_voted(place))
        voted_s = time.monotonic() - began
        await place.people.command("/502 web-03", user=APPROVER)
        acked = sorted(await flooding)
        await place.bot.app.engine.idle()

        opened = await place.bot.app.ledger.incidents(limit=2000)
        (event, *more) = await refusals(place)
        p99 = quantiles(acked, n=100)[98]
        print(f"\n{COMMANDS} commands: {len(opened)} incidents, ack p99 {p99:.0f} ms, vote {voted_s:.1f} s")
        # Six a minute and person, twice that where the flood lasts longer than a minute.
        assert 7 <= len(opened) <= 6 * (2 + (time.monotonic() - began) / 60) + 1
        assert event.by.id == REQUESTER and event.why.startswith("busy: you asked 6 times in a minute")
        assert len(more) <= 1 + (time.monotonic() - began) / 30
        assert place.ran == 1


async def test_the_person_reads_how_long_to_wait(tmp_path: Path) -> None:
    async with team(tmp_path, plain, asks_per_person=1) as place:
        await place.people.command("/502 status")

        await place.people.command("/502 web-01")

        told = await place.until_said("busy: you asked 1 times in a minute; nothing was started, wait")
        assert told["ephemeral_to"] == REQUESTER


async def test_a_second_ask_here_is_shown_the_look_that_is_there(tmp_path: Path) -> None:
    async with team(tmp_path, plain) as place:
        await place.card("web-01")

        await place.people.command("/502 web-01", user=APPROVER)

        told = await place.until_said("so the host is not asked again", user=APPROVER)
        (incident,) = await place.bot.app.ledger.incidents()
        assert "requester asked for `web-01` here" in told["text"] and incident in told["text"]


async def test_after_an_action_the_host_is_asked_anew(tmp_path: Path) -> None:
    async with team(tmp_path, plain) as place:
        await place.people.click(await place.card("web-01"), "approve", user=APPROVER)
        await place.until_said("Checked again: healthy")

        await place.people.command("/502 web-01", user=APPROVER)

        await place.until(lambda: _has_two(place))


async def _has_voted(place: Team) -> bool:
    ledger = place.bot.app.ledger
    states = [await place.bot.app.desk.incident(name) for name in await ledger.incidents()]
    return any(one.votes for state in states for one in state.approvals)


async def _has_two(place: Team) -> bool:
    return len(await place.bot.app.ledger.incidents()) == 2


async def test_with_too_much_going_on_nothing_is_started_and_the_terminal_is_named(tmp_path: Path) -> None:
    async with team(tmp_path, plain, incidents_waiting=1) as place:
        place.bot.app.engine._tasks["inc-other"] = asyncio.create_task(asyncio.sleep(600))
        await place.people.command("/502 web-01")

        told = await place.until_said("busy: 1 incidents are being worked on")

        assert "runbook-bot check 502 web-01" in told["text"]
        place.bot.app.engine._tasks.pop("inc-other").cancel()
        assert await place.bot.app.ledger.incidents() == ()
