"""The whole edge against the local Slack: Socket Mode and HTTP pass the same tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.office import APPROVER, GUEST, REQUESTER, Office, office
from tests.support.incidents import broken, proposed, ran
from tests.support.people import words_of


@pytest.fixture(params=["socket", "http"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, request.param) as made:
        yield made


async def test_a_command_opens_an_incident_with_a_root_and_a_thread(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")

    await place.append("inc-1", *ran(1, broken()), proposed())
    state = await place.shown("inc-1", "root", "verdict", "group:proxy", "card:a1")

    root = state.shown["root"]
    thread = await place.people.thread(root.ts)
    assert "upstream_down" in words_of(thread[0])
    assert "111: Connection refused" in words_of(thread[0])
    actor, hosts, where = place.desk.asked[0]
    assert (actor.account.id, actor.account.team, hosts) == (REQUESTER.id, "T0LOCAL", ("web-01",))
    assert where is not None and where.channel == "C0INCIDENTS"
