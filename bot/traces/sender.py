"""Sends spans to a collector in the background. Nothing ever waits for it; what it cannot send is dropped."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import httpx
import structlog

from bot.traces.otlp import body_of
from bot.traces.spans import Span

log = structlog.get_logger(__name__)

#: Spans kept while the collector is away; the oldest go first.
MOST_WAITING = 5000
MOST_AT_ONCE = 500
#: So long is waited for company before spans are sent, and so long after each failure in a row.
GATHER_S = 1.0
PAUSES_S = (1.0, 5.0, 15.0, 60.0)
_TIMEOUT_S = 5.0
#: OTLP specification, "Retryable Response Codes": anything else will be refused the next time as well.
_AGAIN = frozenset({429, 502, 503, 504})


class SpanSender:
    """One collector, spoken to by OTLP over HTTP."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        resource: Mapping[str, str],
        gather_s: float = GATHER_S,
        pauses_s: tuple[float, ...] = PAUSES_S,
    ) -> None:
        self._url, self._resource = url, resource
        self._gather_s, self._pauses_s = gather_s, pauses_s
        self._client = httpx.AsyncClient(
            headers={**headers, "content-type": "application/json"}, timeout=_TIMEOUT_S, trust_env=False
        )
        self._waiting: deque[Span] = deque(maxlen=MOST_WAITING)
        self._has_some = asyncio.Event()
        self._failures = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> Sequence[Span]:
        """Spans that were not sent yet, the oldest first."""
        return tuple(self._waiting)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_sending())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Try once more to send what waits, for as long as one request may take."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._waiting:
            await self._send()
        await self._client.aclose()

    def send(self, spans: Iterable[Span]) -> None:
        """Have them sent soon; returns at once."""
        self._waiting.extend(spans)
        if self._waiting:
            self._has_some.set()

    async def _keep_sending(self) -> None:
        while True:
            await self._has_some.wait()
            pause_s = self._pauses_s[min(self._failures, len(self._pauses_s)) - 1] if self._failures else 0.0
            await asyncio.sleep(max(self._gather_s, pause_s))
            await self._send()
            if not self._waiting:
                self._has_some.clear()

    async def _send(self) -> None:
        spans = [self._waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(self._waiting)))]
        try:
            answer = await self._client.post(self._url, content=body_of(spans, resource=self._resource))
        except httpx.HTTPError as error:
            self._failed(spans, f"{type(error).__name__}: {error}")
            return
        if answer.status_code in _AGAIN:
            self._failed(spans, f"the collector answered {answer.status_code}")
            return
        if answer.is_error:
            log.warning("spans refused", status=answer.status_code, dropped=len(spans))
        self._failures = 0

    def _failed(self, spans: list[Span], why: str) -> None:
        """Keep them for the next try, as far as there is room; the log hears of the first failure."""
        if not self._failures:
            log.warning("spans wait for the collector", why=why)
        self._failures += 1
        room = MOST_WAITING - len(self._waiting)
        self._waiting.extendleft(reversed(spans[len(spans) - min(room, len(spans)) :]))
