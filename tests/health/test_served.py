"""A whole bot asked by a monitor: real HTTP, real SSH to sample hosts, the local Slack."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.demo import SampleHosts
from tests.health.test_server import get
from tests.support.kept_port import kept_port
from tests.support.people import words_of
from tests.support.served import Served, served


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Served]:
    with kept_port() as port:
        async with (
            SampleHosts(tmp_path) as hosts,
            served(tmp_path, hosts.fleet_path, health_port=port) as running,
        ):
            yield running


def address(bot: Served, page: str) -> str:
    return f"http://127.0.0.1:{bot.app.settings.health_port}/{page}"


async def until_ready_says(bot: Served, wanted: int) -> dict[str, object]:
    async with asyncio.timeout(60):
        while True:
            status, said, _ = await get(address(bot, "readyz"))
            if status == wanted:
                return dict(said)
            await asyncio.sleep(0.1)  # a connection that dies sets no event here


async def test_what_was_asked_is_counted(bot: Served) -> None:
    await bot.people.command("/502 web-02")
    await bot.people.until(lambda seen: [one for one in seen if "Verdict on web-02" in words_of(one)])
    await bot.app.engine.idle()

    _, text, _ = await get(address(bot, "metrics"))

    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines['runbook_bot_incidents_total{runbook="502"}'] == "1.0"
    assert lines['runbook_bot_runs_total{cause="healthy",outcome="healthy"}'] == "1.0"
    assert float(lines["runbook_bot_run_seconds_count"]) == 1
    assert float(lines["runbook_bot_ledger_append_seconds_count"]) > 3
    assert float(lines['runbook_bot_slack_calls_total{method="chat.postMessage",status="answered"}']) >= 2
    assert lines['runbook_bot_queue_depth{queue="incidents"}'] == "0.0"
    assert lines["runbook_bot_slack_connections"] == "2.0"
    assert "web-02" not in text


async def test_slack_that_wants_silence_is_counted_as_such(bot: Served) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{bot.slack.page_url}local/fault",
            json={"kind": "ratelimit", "method": "chat.postMessage", "count": 1, "seconds": 1},
        ) as answer,
    ):
        assert answer.status == 200, await answer.text()
    await bot.people.command("/502 web-02")
    await bot.people.until(lambda seen: [one for one in seen if "Verdict on web-02" in words_of(one)])

    _, text, _ = await get(address(bot, "metrics"))

    assert 'slack_calls_total{method="chat.postMessage",status="rate_limited"} 1.0' in text


async def test_it_is_ready_only_while_slack_is_there(bot: Served) -> None:
    before, _, _ = await get(address(bot, "readyz"))

    await bot.slack.stop()
    away = await until_ready_says(bot, 503)

    assert before == 200
    assert away["why_not"] == {
        "ledger": None,
        "claims": None,
        "slack": "no Socket Mode connection to Slack is up",
    }
    assert (await get(address(bot, "healthz")))[0] == 200


async def test_without_a_port_nothing_listens_and_nothing_is_counted(tmp_path: Path) -> None:
    async with SampleHosts(tmp_path) as hosts, served(tmp_path, hosts.fleet_path) as running:
        assert running.app.monitor is None
        assert running.app.watched is running.app.ledger
