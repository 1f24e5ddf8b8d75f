"""HTTP mode: only what Slack signed, once, and nothing of it in the log."""

import hashlib
import hmac
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.slack import SlackEdge
from tests.slack.office import RULES, FakeSettings, Office, office


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, "http") as made:
        yield made


def body(text: str = "web-01") -> bytes:
    return urlencode(
        {
            "command": "/502",
            "text": text,
            "team_id": "T0LOCAL",
            "user_id": "U0REQUESTER",
            "channel_id": "C0INCIDENTS",
            "trigger_id": text,
        }
    ).encode()


def signed(secret: str, raw: bytes, *, at: int | None = None) -> dict[str, str]:
    stamp = str(int(time.time()) if at is None else at)
    mac = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def post(place: Office, raw: bytes, headers: dict[str, str]) -> int:
    assert place.edge.door is not None
    async with (
        aiohttp.ClientSession() as session,
        session.post(place.edge.door.url, data=raw, headers=headers) as answer,
    ):
        return answer.status


async def test_a_signed_request_is_served(place: Office) -> None:
    status = await post(place, body(), signed(place.slack.signing_secret, body()))

    await place.shown("inc-1", "root")
    assert status == 200


def bad_requests() -> dict[str, object]:
    now = int(time.time())
    return {
        "unsigned": lambda good: {"Content-Type": good["Content-Type"]},
        "wrong secret": lambda good: signed("wrong", body()),
        "too old": lambda good: signed(good["secret"], body(), at=now - 400),
        "from the future": lambda good: signed(good["secret"], body(), at=now + 400),
        "signature of another body": lambda good: signed(good["secret"], body("web-02")),
        "stamp is no number": lambda good: good | {"X-Slack-Request-Timestamp": "abc"},
        "signature is not ASCII": lambda good: good | {"X-Slack-Signature": "v0=" + "é" * 64},
        "signature is short": lambda good: good | {"X-Slack-Signature": "v0=12"},
        "empty signature": lambda good: good | {"X-Slack-Signature": ""},
    }


@pytest.mark.parametrize("name", list(bad_requests()))
async def test_anything_else_is_refused_and_not_logged(
    place: Office, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good = signed(place.slack.signing_secret, body()) | {"secret": place.slack.signing_secret}
    headers = bad_requests()[name](good)  # type: ignore[operator]
    headers.pop("secret", None)

    status = await post(place, body(), headers)

    assert status == 401
    assert place.desk.asked == []
    assert "C0INCIDENTS" not in "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("bot.slack")
    )


SSL_CHECK = urlencode({"ssl_check": "1", "token": "x", "command": "/502", "text": "web-01"}).encode()


async def test_of_twelve_kinds_of_request_only_the_valid_one_runs_and_only_once(place: Office) -> None:
    secret, now = place.slack.signing_secret, int(time.time())
    good = signed(secret, body())
    unsigned = {"Content-Type": good["Content-Type"]}
    twelve: dict[str, tuple[bytes, dict[str, str], int]] = {
        "unsigned": (body(), unsigned, 401),
        "unsigned, with ssl_check": (SSL_CHECK, unsigned, 401),
        "forged, with ssl_check": (SSL_CHECK, signed("wrong", SSL_CHECK), 401),
        "signed with an empty secret": (body(), signed("", body()), 401),
        "signed with a blank secret": (body(), signed("   ", body()), 401),
        "old": (body(), signed(secret, body(), at=now - 400), 401),
        "future": (body(), signed(secret, body(), at=now + 400), 401),
        "bad stamp": (body(), good | {"X-Slack-Request-Timestamp": "abc"}, 401),
        "another body": (body("web-02"), good, 401),
        "not ASCII": (body(), good | {"X-Slack-Signature": "v0=" + "é" * 64}, 401),
        "valid": (body(), good, 200),
        "valid, again": (body(), good, 200),
    }

    got = {name: await post(place, raw, headers) for name, (raw, headers, _) in twelve.items()}
    await place.shown("inc-1", "root")

    assert len(twelve) == 12
    assert got == {name: status for name, (_, _, status) in twelve.items()}
    assert [hosts for _, hosts, _ in place.desk.asked] == [("web-01",)]


async def test_the_same_bytes_twice_are_served_once(place: Office) -> None:
    headers = signed(place.slack.signing_secret, body())
    await post(place, body(), headers)

    second = await post(place, body(), headers)

    await place.shown("inc-1", "root")
    assert second == 200
    assert len(place.desk.asked) == 1


async def test_a_refused_signature_does_not_block_the_real_one(place: Office) -> None:
    headers = signed(place.slack.signing_secret, body())

    forged = await post(place, body("web-02"), headers)
    real = await post(place, body(), headers)

    await place.shown("inc-1", "root")
    assert (forged, real) == (401, 200)


async def test_a_body_above_64_kib_is_refused(place: Office) -> None:
    raw = body("x" * 70_000)

    assert await post(place, raw, signed(place.slack.signing_secret, raw)) == 413


async def test_malformed_requests_are_never_a_server_error(place: Office) -> None:
    statuses = {await post(place, b"\xff" * 10, {"X-Slack-Signature": str(n)}) for n in range(100)}

    assert statuses == {401}


@pytest.mark.parametrize("secret", ["", "   "])
def test_an_empty_signing_secret_stops_the_start(secret: str) -> None:
    settings = FakeSettings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=None,
        slack_signing_secret=SecretStr(secret),
        slack_api_url="http://127.0.0.1:9/api/",
        slack_mode="http",
    )

    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET is empty"):
        SlackEdge(None, None, RULES, settings)  # type: ignore[arg-type]  # refused before they matter


@pytest.mark.parametrize(
    ("bot_token", "app_token", "says"),
    [("", "xapp-1", "SLACK_BOT_TOKEN"), ("xoxp-1", "xapp-1", "xoxb-"), ("xoxb-1", "", "SLACK_APP_TOKEN")],
)
def test_a_missing_token_is_named(bot_token: str, app_token: str, says: str) -> None:
    settings = FakeSettings(
        slack_bot_token=SecretStr(bot_token),
        slack_app_token=SecretStr(app_token),
        slack_signing_secret=None,
        slack_api_url="http://127.0.0.1:9/api/",
    )

    with pytest.raises(SettingsError, match=says):
        SlackEdge(None, None, RULES, settings)  # type: ignore[arg-type]  # refused before they matter
