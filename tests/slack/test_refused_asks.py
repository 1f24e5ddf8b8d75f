"""Who is refused before there is an incident: told why, and written down in the system chain."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.model.refusal import AskRefused
from tests.slack.office import APPROVER, GUEST, REQUESTER, Office, office
from tests.support.team import team


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        yield made


async def refusals(place: Office) -> list[AskRefused]:
    placed = await place.ledger.system.events(kinds=(AskRefused,))
    return [one.event for one in placed if isinstance(one.event, AskRefused)]


async def test_a_shared_channel_is_refused_and_written_down(place: Office) -> None:
    await place.people.command("/502 web-01", channel="C0SHARED")
    told = await place.told(REQUESTER.id, "shared with another organisation")

    (event,) = await refusals(place)

    assert (event.by.id, event.wanted, event.why) == (REQUESTER.id, "502 web-01", told)


@pytest.mark.parametrize("user", ["U0STRANGER", "U0ELSEWHERE", GUEST.id])
async def test_status_is_for_members_and_a_refusal_is_written_down(place: Office, user: str) -> None:
    channel = "C0INCIDENTS" if user == GUEST.id else "C0SHARED"
    await place.people.command("/502 status", user=user, channel=channel)
    await place.told(user, "(rule '")

    (event,) = await refusals(place)

    assert (event.by.id, event.wanted) == (user, "status")


async def test_a_guessed_approval_is_written_down_with_who_guessed(place: Office) -> None:
    await place.people.say("hello")
    (message,) = await place.people.messages()

    await place.send_click(message, "approve", "A" * 22, user=APPROVER.id)
    await place.told(APPROVER.id, "not in the ledger")

    (event,) = await refusals(place)
    assert (event.by.id, event.wanted) == (APPROVER.id, f"a vote on {'A' * 22}")


async def test_who_may_not_ask_is_refused_by_the_desk_and_the_list_shows_it(tmp_path: Path) -> None:
    def only_the_approver_asks(policy: dict[str, object]) -> None:
        policy["ask"] = ["sre"]

    async with team(tmp_path, only_the_approver_asks) as bot:
        await bot.people.command("/502 web-01", user=REQUESTER.id)
        told = await bot.until_said("may run checks (rule 'ask')", user=REQUESTER.id)
        assert await bot.bot.app.ledger.incidents() == ()

    # In a thread: a command runs a loop of its own.
    command = ["audit", "refusals", "--ledger", str(tmp_path / "ledger.db")]
    done = await asyncio.to_thread(CliRunner().invoke, cli, command)

    assert done.exit_code == 0
    (line,) = done.stdout.splitlines()
    assert "502 web-01: only sre" in line and REQUESTER.id in line
    assert told["ephemeral_to"] == REQUESTER.id
