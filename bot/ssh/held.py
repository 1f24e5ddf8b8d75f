"""How much of what hosts say is held at once, over all of them; who holds most gives up first."""

from typing import Protocol


class Holder(Protocol):
    """A read under way."""

    def give_up(self, why: str) -> None:
        """Let go of all bytes held and take no more; steps still open are told of as cut off."""
        ...


class HeldBytes:
    """Counts bytes that came and are not yet cleaned and kept.

    Making everybody wait would let hosts that flood hold up those that do not, and a wait for room that
    only half-read answers hold would never end. So the read with the most bytes is given up, and says so.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Holder, int] = {}

    @property
    def total(self) -> int:
        """Bytes held now."""
        return sum(self._held.values())

    def take(self, holder: Holder, size: int) -> None:
        """Count bytes that came; a read, perhaps this one, gives up when there are too many."""
        self._held[holder] = self._held.get(holder, 0) + size
        while self.total > self._most:
            greediest = max(self._held, key=lambda each: self._held[each])
            self.release(greediest)
            greediest.give_up(f"hosts sent more than the {self._most:,} bytes held at once, this one most")

    def release(self, holder: Holder) -> None:
        """The read is over, or gave up."""
        self._held.pop(holder, None)
