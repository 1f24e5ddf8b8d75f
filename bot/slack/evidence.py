"""Evidence texts for rendering, kept in memory within a bound."""

from collections import OrderedDict
from collections.abc import Sequence

from bot.ports import Ledger

_MOST_CHARS = 8_000_000


class Texts:
    """The ledger's evidence by digest; the least used goes first when there is too much."""

    def __init__(self, ledger: Ledger, *, most_chars: int = _MOST_CHARS) -> None:
        self._ledger = ledger
        self._most_chars = most_chars
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._chars = 0

    async def of(self, digests: Sequence[str]) -> dict[str, str]:
        """Digest -> text; erased ones are missing. Raises LedgerUnavailable."""
        found: dict[str, str] = {}
        for digest in digests:
            text = await self._one(digest)
            if text is not None:
                found[digest] = text
        return found

    async def _one(self, digest: str) -> str | None:
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        text = await self._ledger.evidence(digest)
        if text is not None:
            self._keep(digest, text)
        return text

    def _keep(self, digest: str, text: str) -> None:
        if digest in self._kept:
            return
        self._kept[digest] = text
        self._chars += len(text)
        while self._chars > self._most_chars and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._chars -= len(gone)
