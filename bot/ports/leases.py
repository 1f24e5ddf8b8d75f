"""What one of several processes has to itself."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Taken:
    """A claim that was got."""

    #: Whose it was, and who went silent; None when it was free or one's own.
    former: str | None = None


class Claims(Protocol):
    """Which process does what only one may do; each holder is believed while its heartbeat is fresh.

    Every method raises LedgerUnavailable when the database is.
    """

    async def beat(self, replica: str, *, is_server: bool) -> float | None:
        """Say that this process lives; seconds since it last did, None when nothing was known of it."""
        ...

    async def take(self, key: str, replica: str) -> Taken | None:
        """Have the key, if it is free, one's own, or its holder silent for too long; None when it is not."""
        ...

    async def give(self, keys: Collection[str], replica: str) -> None:
        """Let go of these keys, as far as they are one's own."""
        ...

    async def leave(self, replica: str) -> None:
        """Let go of everything and be forgotten; who waits for it is woken."""
        ...

    async def others(self, keys: Collection[str], replica: str) -> frozenset[str]:
        """Those of the keys that another living process has."""
        ...


class Leases(Protocol):
    """What this process has to itself; see `bot.engine.leases.HeldLeases`."""

    def holds(self, key: str) -> bool:
        """Whether it has the key and can prove it at this moment."""
        ...

    async def take(self, key: str) -> bool:
        """Have the key from now on; False when another living process has it. Raises LedgerUnavailable."""
        ...

    async def give(self, key: str) -> None:
        """Let go of it. Never raises: what cannot be given back now, is later."""
        ...

    async def others(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that another living process has. Raises LedgerUnavailable."""
        ...

    def when_free(self, key: str, call: Callable[[], None]) -> None:
        """Call once when no other living process has the key any more; so is everybody else who asked."""
        ...

    def when_lost(self, call: Callable[[], None]) -> None:
        """Call whenever everything that was held is lost, before anything else is done."""
        ...
