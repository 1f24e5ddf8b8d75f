"""Counts calls to Slack where they leave the process, whoever makes them."""

import time
from types import SimpleNamespace

import aiohttp

from bot.health.metrics import ANSWERED, AWAY, FAILED, RATE_LIMITED, Metrics


def slack_calls(metrics: Metrics) -> aiohttp.TraceConfig:
    """For the session that the calls go through.

    `answered` says that Slack took the call, which it may have refused in the answer's body.
    """

    async def started(
        _session: aiohttp.ClientSession, call: SimpleNamespace, _params: aiohttp.TraceRequestStartParams
    ) -> None:
        call.started_at = time.perf_counter()

    async def ended(
        _session: aiohttp.ClientSession, call: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        took_s = time.perf_counter() - call.started_at
        metrics.called_slack(_method(params.url.path), _status(params.response.status), took_s)

    async def broke(
        _session: aiohttp.ClientSession, call: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        metrics.called_slack(_method(params.url.path), AWAY, time.perf_counter() - call.started_at)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(started)
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(broke)
    return trace


def _method(path: str) -> str:
    """`chat.update` of `/api/chat.update`."""
    return path.rpartition("/")[2]


def _status(status: int) -> str:
    if status == 429:
        return RATE_LIMITED
    return ANSWERED if status < 400 else FAILED
