"""How long a database has not said a word to those who wait for one."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Silence:
    """A slow answer to one is no silence as long as others are answered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        #: Who waits -> since when.
        self._since: dict[object, float] = {}
        self._heard_at = float("-inf")

    @contextmanager
    def waited(self) -> Iterator[None]:
        """Somebody waits while inside; an error is an answer, too, but for a TimeoutError."""
        waiter = object()
        self._since[waiter] = self._clock()
        has_answered = True
        try:
            yield
        except (TimeoutError, asyncio.CancelledError):
            has_answered = False
            raise
        finally:
            del self._since[waiter]
            if has_answered:
                self._heard_at = self._clock()

    @property
    def lasts_s(self) -> float:
        """Seconds; 0 when nobody waits."""
        if not self._since:
            return 0.0
        return self._clock() - max(self._heard_at, min(self._since.values()))
