"""Leases of a process that is the only one: it has whatever it asks for."""

from collections.abc import Callable, Collection


class Alone:
    """`bot.ports.Leases` without a database."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        #: What somebody else has.
        self.busy: set[str] = set()
        self.waiting: dict[str, list[Callable[[], None]]] = {}
        self.lost: list[Callable[[], None]] = []
        #: How often it was asked what others have.
        self.asked = 0

    def holds(self, key: str) -> bool:
        return key in self.held

    async def take(self, key: str) -> bool:
        if key in self.busy:
            return False
        self.held.add(key)
        return True

    async def give(self, key: str) -> None:
        self.held.discard(key)

    async def others(self, keys: Collection[str]) -> frozenset[str]:
        self.asked += 1
        return frozenset(self.busy & set(keys))

    def when_free(self, key: str, call: Callable[[], None]) -> None:
        self.waiting.setdefault(key, []).append(call)

    def when_lost(self, call: Callable[[], None]) -> None:
        self.lost.append(call)

    def free(self, key: str) -> None:
        """Somebody else let go of it."""
        self.busy.discard(key)
        self.call_free(key)

    def call_free(self, key: str) -> None:
        for call in self.waiting.pop(key):
            call()

    def lose(self) -> None:
        """Others may have taken everything."""
        self.held.clear()
        for call in self.lost:
            call()

    def die(self) -> None:
        """It is gone, and what it had is free."""
        self.held.clear()


class Pair:
    """Leases of two processes; what one has the other cannot get."""

    def __init__(self) -> None:
        self.one, self.two = _Of(self), _Of(self)

    def other(self, mine: Alone) -> Alone:
        return self.two if mine is self.one else self.one


class _Of(Alone):
    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self._pair = pair

    async def take(self, key: str) -> bool:
        if key in self._pair.other(self).held:
            return False
        self.held.add(key)
        return True

    async def others(self, keys: Collection[str]) -> frozenset[str]:
        return frozenset(self._pair.other(self).held & set(keys))

    def die(self) -> None:
        left, self.held = self.held, set()
        for key in left & self._pair.other(self).waiting.keys():
            self._pair.other(self).call_free(key)

    def take_from(self, other: Alone, key: str) -> None:
        """As after the other was frozen: it finds out when it asks what it holds."""
        other.held.discard(key)
        self.held.add(key)
