"""A call is counted with what became of it, also when nobody answers."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.health.labels import Known
from bot.health.metrics import Metrics
from bot.health.slack_calls import slack_calls
from tests.health.test_metrics import read
from tests.support.kept_port import kept_port
from tests.support.office import CATALOG

CALLS = "runbook_bot_slack_calls_total{{method={}}}{{status={}}}"


@pytest.fixture
async def api() -> AsyncIterator[str]:
    """Answers `/api/METHOD?status=…` with that status."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=int(request.query["status"]))

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Known.of(CATALOG))


@pytest.mark.parametrize(
    ("path", "status", "counted"),
    [
        ("/api/chat.update", 200, CALLS.format("chat.update", "answered")),
        ("/api/chat.update", 429, CALLS.format("chat.update", "rate_limited")),
        ("/api/chat.postMessage", 503, CALLS.format("chat.postMessage", "failed")),
        ("/commands/T0/1234/secret", 200, CALLS.format("other", "answered")),
    ],
)
async def test_an_answer_is_counted(api: str, metrics: Metrics, path: str, status: int, counted: str) -> None:
    async with (
        aiohttp.ClientSession(trace_configs=[slack_calls(metrics)]) as session,
        session.post(f"{api}{path}", params={"status": status}) as answer,
    ):
        assert answer.status == status

    seen = read(metrics)
    assert seen[counted] == 1
    assert seen["runbook_bot_slack_call_seconds_count"] == 1


async def test_no_answer_is_counted_too(metrics: Metrics) -> None:
    with kept_port() as nobodys:
        async with aiohttp.ClientSession(trace_configs=[slack_calls(metrics)]) as session:
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.post(f"http://127.0.0.1:{nobodys}/api/auth.test")

    assert read(metrics)[CALLS.format("auth.test", "away")] == 1
