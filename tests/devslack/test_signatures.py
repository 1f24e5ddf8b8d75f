"""HTTP mode against real Bolt: good, stale, future, forged and replayed requests."""

from typing import Any

import pytest

from bot.devslack.acting import payloads
from bot.devslack.transport import Outcome, Parcel, Sort
from tests.devslack.office import INCIDENTS, Office, office


def parcel(place: Office) -> Parcel:
    parts = place.slack.parts
    person = parts.world.people["U0REQUESTER"]
    payload = payloads.command(parts, person, parts.world.channels[INCIDENTS], "/502", "web-01")
    return Parcel(sort=Sort.COMMAND, payload=payload)


def listen(place: Office) -> list[str]:
    seen: list[str] = []

    @place.app.command("/502")
    async def on_command(ack: Any, body: Any) -> None:
        await ack("seen")
        seen.append(body["trigger_id"])

    return seen


@pytest.mark.parametrize(
    ("age_s", "secret", "status"),
    [(0, None, 200), (290, None, 200), (310, None, 401), (-310, None, 401), (0, "wrong", 401)],
    ids=["good", "old enough", "stale", "from the future", "bad signature"],
)
async def test_bolt_takes_what_slack_signed_just_now(age_s: float, secret: str | None, status: int) -> None:
    async with office("http") as place:
        seen = listen(place)
        sender = place.slack.parts.sender

        ack = await sender.post(sender.sign(parcel(place), age_s=age_s, secret=secret))

        assert ack.status == status
        assert len(seen) == (status == 200)


async def test_bolt_takes_a_replay_so_the_bot_must_not() -> None:
    async with office("http") as place:
        seen = listen(place)
        sender = place.slack.parts.sender
        await place.page.act("command", text="/502 web-01")

        again = await sender.post(sender.sent[-1])

        assert again.outcome is Outcome.ACKED
        assert len(seen) == 2 and seen[0] == seen[1]


async def test_an_app_that_is_not_there_shows_dispatch_failed() -> None:
    async with office() as place:
        place.slack.deliver_to("http://127.0.0.1:9/slack/events")

        answer = await place.page.act("command", text="/502 web-01")

        assert answer["error"] == "dispatch_failed"


async def test_a_retried_event_carries_its_number_and_reason() -> None:
    async with office("http") as place:
        sender = place.slack.parts.sender
        signed = sender.sign(Parcel(sort=Sort.EVENT, payload={}, attempt=2, retry_reason="timeout"))

        assert signed.headers["X-Slack-Retry-Num"] == "2"
        assert signed.headers["X-Slack-Retry-Reason"] == "timeout"


async def test_http_mode_gives_no_sockets() -> None:
    async with office("http") as place:
        state = await place.page.get("state")

        assert state["app"]["mode"] == "http"
        answer = await place.app.client.api_call("api.test")
        assert answer["ok"]
