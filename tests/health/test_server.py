"""What a monitor gets over real HTTP."""

import asyncio
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.errors import LedgerUnavailable, SettingsError
from bot.health.labels import Known
from bot.health.metrics import Metrics
from bot.health.readiness import Check, claims_check, ledger_check, slack_check
from bot.health.server import HealthServer
from tests.support.office import CATALOG

UP = {"mode": "socket", "ok": True, "connections": 2}


class Answering:
    """The clock of a ledger: it answers, breaks, or hangs."""

    def __init__(self) -> None:
        self.error: LedgerUnavailable | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def now(self) -> datetime:
        await self.may_answer.wait()
        if self.error:
            raise self.error
        return datetime.now(UTC)


def server(checks: Mapping[str, Check] | None = None, *, port: int = 0) -> HealthServer:
    return HealthServer(host="127.0.0.1", port=port, checks=checks or {}, metrics=Metrics(Known.of(CATALOG)))


async def get(url: str) -> tuple[int, Any, str]:
    """Status, body and kind of content."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        is_json = answer.content_type == "application/json"
        return answer.status, await answer.json() if is_json else await answer.text(), answer.content_type


def checks(ledger: Answering, slack: Mapping[str, object]) -> dict[str, Check]:
    return {
        "ledger": ledger_check(ledger, within_s=0.2),  # type: ignore[arg-type]  # all it uses of a ledger
        "slack": slack_check(lambda: slack),
    }


async def test_a_living_process_says_so_whatever_else_is_broken() -> None:
    ledger = Answering()
    ledger.error = LedgerUnavailable("gone")

    async with server(checks(ledger, {"mode": "socket", "ok": False})) as running:
        status, said, _ = await get(f"{running.url}/healthz")

    assert (status, said) == (200, {"alive": True})


async def test_a_loop_that_does_not_turn_gives_no_answer() -> None:
    async with server() as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as probe:
            # This very thread is the server's loop, and stands here.
            probe.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            probe.settimeout(0.3)
            with pytest.raises(TimeoutError):
                probe.recv(1)


async def test_it_is_ready_when_the_ledger_answers_and_slack_is_there() -> None:
    async with server(checks(Answering(), UP)) as running:
        status, said, _ = await get(f"{running.url}/readyz")

    assert (status, said) == (200, {"ready": True, "why_not": {"ledger": None, "slack": None}})


@pytest.mark.parametrize(
    ("slack", "why"),
    [
        ({"mode": "socket", "ok": False, "connections": 0}, "no Socket Mode connection to Slack is up"),
        ({"mode": "socket", "ok": False}, "not signed in to Slack yet"),
        ({"mode": "http", "ok": False}, "not signed in to Slack yet"),
    ],
)
async def test_without_slack_it_is_not_ready_and_says_why(slack: dict[str, object], why: str) -> None:
    async with server(checks(Answering(), slack)) as running:
        status, said, _ = await get(f"{running.url}/readyz")

    assert (status, said) == (503, {"ready": False, "why_not": {"ledger": None, "slack": why}})


async def test_one_whose_heartbeats_do_not_come_through_is_not_ready() -> None:
    async with server({"claims": claims_check(lambda: True)}) as running:
        status, said, _ = await get(f"{running.url}/readyz")

    assert status == 503
    assert "left to others" in said["why_not"]["claims"]


async def test_a_ledger_that_breaks_is_named_and_comes_back() -> None:
    ledger = Answering()
    ledger.error = LedgerUnavailable("the database at db is away")

    async with server(checks(ledger, UP)) as running:
        away, said, _ = await get(f"{running.url}/readyz")
        ledger.error = None
        back, _, _ = await get(f"{running.url}/readyz")

    assert (away, back) == (503, 200)
    assert said["why_not"] == {"ledger": "the database at db is away", "slack": None}


async def test_a_ledger_that_hangs_is_given_up_in_time() -> None:
    ledger = Answering()
    ledger.may_answer.clear()

    async with server(checks(ledger, UP)) as running:
        status, said, _ = await get(f"{running.url}/readyz")

    assert status == 503
    assert said["why_not"]["ledger"] == "the ledger did not answer within 0.2 s"


async def test_metrics_come_in_prometheus_own_format() -> None:
    async with server() as running:
        status, text, kind = await get(f"{running.url}/metrics")

    assert (status, kind) == (200, "text/plain")
    assert "# TYPE runbook_bot_incidents_total counter" in text
    assert "process_resident_memory_bytes" in text


async def test_nothing_else_is_served() -> None:
    async with server() as running, aiohttp.ClientSession() as session:
        assert (await get(running.url))[0] == 404
        async with session.post(f"{running.url}/healthz") as answer:
            assert answer.status == 405


async def test_a_port_that_is_taken_is_told_with_the_way_out() -> None:
    async with server() as running:
        taken = int(running.url.rpartition(":")[2])
        with pytest.raises(SettingsError, match="RUNBOOK_BOT_HEALTH_PORT"):
            async with server(port=taken):
                pass
