"""Ids and message times, unique and in order."""

import itertools
import secrets

from bot.devslack.clock import Clock


class Ids:
    """Hands out ids: counted where order helps a reader, random where guessing must not work."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = itertools.count(1)
        self._last_us = 0

    def ts(self) -> str:
        """A message time, `seconds.microseconds`, later than every one before."""
        self._last_us = max(int(self._clock.now() * 1_000_000), self._last_us + 1)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def next(self, prefix: str) -> str:
        """An id such as `F0000001`."""
        return f"{prefix}{next(self._count):07d}"

    def secret(self, nbytes: int = 16) -> str:
        """A token for an address that only its receiver may know."""
        return secrets.token_hex(nbytes)
