"""Answers from Slack, believed for a while; whoever asks at the same time shares one call."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.slack.api import RateLimited
from bot.slack.pace import Time

Answer = TypeVar("Answer")
_MOST = 5000


class Lookups(Generic[Answer]):
    """Remembers good answers only: an error is asked again by the next one, but never before Slack allows."""

    def __init__(self, time: Time, fetch: Callable[[str], Awaitable[Answer]]) -> None:
        self._time = time
        self._fetch = fetch
        self._asked: dict[str, tuple[float, asyncio.Task[Answer]]] = {}
        self._blocked_until = 0.0

    async def get(self, key: str, *, max_age_s: float) -> Answer:
        """The answer, at most that old; one that is under way counts as new. Raises what the call raises."""
        now = self._time.monotonic()
        at, task = self._asked.get(key, (now, None))
        if task is None or (task.done() and (now - at >= max_age_s or _has_failed(task))):
            if now < self._blocked_until:
                raise RateLimited(self._blocked_until - now)
            task = asyncio.ensure_future(self._call(key))
            if len(self._asked) > _MOST:
                self._asked.clear()
            self._asked[key] = (now, task)
        return await asyncio.shield(task)

    def forget(self, key: str) -> None:
        """Ask again next time."""
        self._asked.pop(key, None)

    async def _call(self, key: str) -> Answer:
        try:
            return await self._fetch(key)
        except RateLimited as limited:
            # Slack counts by method, so all keys wait.
            self._blocked_until = self._time.monotonic() + limited.after_s
            raise


def _has_failed(task: "asyncio.Task[Answer]") -> bool:
    return task.cancelled() or task.exception() is not None
