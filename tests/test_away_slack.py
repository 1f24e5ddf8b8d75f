"""A server that cannot sign in to Slack says to what and why, and ends when it is told to."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import asyncssh
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import Api
from bot.slack.failures import Away
from tests.support.kept_port import kept_port
from tests.support.server_process import ended

#: Bounds a hang; the pause between two tries is up to half a minute.
PATIENCE_S = 120.0


@pytest.fixture
def port() -> Iterator[int]:
    """One that refuses connections: it is taken, so that nobody else comes to listen there."""
    with kept_port() as kept:
        yield kept


def fleet_in(folder: Path) -> Path:
    """A fleet file with a host that nobody asks."""
    key = folder / "id_runbook"
    key.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    key.chmod(0o600)
    (folder / "known_hosts").touch()
    host = {"address": "192.0.2.1", "user": "runbook"}
    fleet = {"hosts": {"web-02": host}, "ssh": {"identity": "id_runbook", "known_hosts": "known_hosts"}}
    (folder / "fleet.yaml").write_text(yaml.safe_dump(fleet))
    return folder / "fleet.yaml"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
async def test_a_server_that_waits_for_slack_ends_at_a_signal(
    tmp_path: Path, port: int, number: signal.Signals
) -> None:
    url = f"http://127.0.0.1:{port}/api/"
    environment = {
        "RUNBOOK_BOT_FLEET": str(fleet_in(tmp_path)),
        "RUNBOOK_BOT_LEDGER": str(tmp_path / "ledger.db"),
        "SLACK_BOT_TOKEN": "xoxb-nobody",
        "SLACK_APP_TOKEN": "xapp-nobody",
        "SLACK_API_URL": url,
    }
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=os.environ | environment, stderr=asyncio.subprocess.PIPE
    )  # fmt: skip
    assert server.stderr is not None
    said = b""

    try:
        async with asyncio.timeout(PATIENCE_S):
            # The fourth try is 8 s away: an end before it is the signal's doing.
            while b"next try in 8 s" not in said:
                line = await server.stderr.readline()
                assert line, said.decode()
                said += line
            server.send_signal(number)
            rest = await server.stderr.read()
            status = await server.wait()
    finally:
        await ended(server)

    assert status == 0
    reason = "Slack cannot be reached: connection refused; next try in 8 s"
    assert f"cannot sign in to Slack at {url}: {reason}" in said.decode()
    assert b"next try" not in rest and b"Traceback" not in rest


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://nowhere.invalid/api/", "name 'nowhere.invalid' does not resolve"),
        ("http://127.0.0.1:{port}/api/", "connection refused"),
    ],
)
async def test_why_slack_cannot_be_reached_is_said_in_the_networks_words(
    port: int, url: str, says: str
) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token="xoxb-x", base_url=url.format(port=port), session=session, retry_handlers=[]
        )

        with pytest.raises(Away) as away:
            await Api(client).self_test()

    assert str(away.value) == f"Slack cannot be reached: {says}"
