"""Answers from Slack, believed for a while; whoever asks at the same time shares one call."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.slack.failures import RateLimited
from bot.slack.pace import Time

Answer = TypeVar("Answer")
_MOST = 5000
#: Slack takes a hundred calls of a method in this time; of those for requests, of which a crowd makes many
#: and none changes a host, so many are made. The others are kept for decisions.
_PER_S, _FOR_REQUESTS = 60.0, 60


class Lookups(Generic[Answer]):
    """Remembers good answers only: an error is asked again by the next one, but never before Slack allows."""

    def __init__(self, time: Time, fetch: Callable[[str], Awaitable[Answer]]) -> None:
        self._time = time
        self._fetch = fetch
        self._asked: dict[str, tuple[float, asyncio.Task[Answer]]] = {}
        self._blocked_until = 0.0
        #: When calls for requests were made, of the last minute.
        self._for_requests: deque[float] = deque()

    async def get(self, key: str, *, max_age_s: float, is_decision: bool = True) -> Answer:
        """The answer, at most that old; one that is under way counts as new. Raises what the call raises.

        `is_decision` False: asked for a request, RateLimited when there were too many of them.
        """
        now = self._time.monotonic()
        at, task = self._asked.get(key, (now, None))
        if task is None or (task.done() and (now - at >= max_age_s or _has_failed(task))):
            if now < self._blocked_until:
                raise RateLimited(self._blocked_until - now)
            if not is_decision:
                self._count_request(now)
            task = asyncio.ensure_future(self._call(key))
            if len(self._asked) > _MOST:
                self._asked.clear()
            self._asked[key] = (now, task)
        return await asyncio.shield(task)

    def forget(self, key: str) -> None:
        """Ask again next time."""
        self._asked.pop(key, None)

    def _count_request(self, now: float) -> None:
        while self._for_requests and now - self._for_requests[0] >= _PER_S:
            self._for_requests.popleft()
        if len(self._for_requests) >= _FOR_REQUESTS:
            raise RateLimited(_PER_S - (now - self._for_requests[0]))
        self._for_requests.append(now)

    async def _call(self, key: str) -> Answer:
        try:
            return await self._fetch(key)
        except RateLimited as limited:
            # Slack counts by method, so all keys wait.
            self._blocked_until = self._time.monotonic() + limited.after_s
            raise


def _has_failed(task: "asyncio.Task[Answer]") -> bool:
    return task.cancelled() or task.exception() is not None
