"""A payload that Slack signed but that lacks Slack's shape is answered, runs nothing and is written down."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.devslack.transport import Sort
from bot.model.refusal import AskRefused
from tests.slack.office import APPROVER, Office, office
from tests.slack.test_http import post, signed

MISSHAPEN: dict[str, object] = {
    "a list": [{"action_id": ["approve"], "value": "a1"}],
    "a number": [{"action_id": 7, "value": "a1"}],
    "an object": [{"action_id": {"a": "approve"}, "value": "a1"}],
    "nothing": [{"value": "a1"}],
    "no action": ["approve"],
}


def click(actions: object) -> dict[str, object]:
    return {
        "type": "block_actions",
        "user": {"id": APPROVER.id, "team_id": "T0LOCAL"},
        "team": {"id": "T0LOCAL"},
        "channel": {"id": "C0INCIDENTS"},
        "trigger_id": "1.2.odd",
        "actions": actions,
    }


@pytest.fixture(params=["http", "socket"])
async def place(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    async with office(tmp_path, mode=request.param) as made:
        yield made


async def refused(place: Office) -> AskRefused:
    """The one refusal, once all that was asked is served."""
    await place.edge.stop()
    (entry,) = await place.ledger.system.events(kinds=(AskRefused,))
    assert isinstance(entry.event, AskRefused)
    return entry.event


@pytest.mark.parametrize("name", list(MISSHAPEN))
async def test_a_click_without_a_name_is_refused_and_recorded(place: Office, name: str) -> None:
    body = click(MISSHAPEN[name])

    if place.edge.door is None:
        ack = await place.slack.parts.delivery.interaction(Sort.INTERACTIVE, body)
        assert ack.outcome.value == "acked"
    else:
        raw = urlencode({"payload": json.dumps(body)}).encode()
        assert await post(place, raw, signed(place.slack.signing_secret, raw)) == 200

    event = await refused(place)
    assert (event.by.id, event.wanted) == (APPROVER.id, "a button without a name")
    assert place.desk.votes == []
