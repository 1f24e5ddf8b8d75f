"""Who takes secrets out of outputs for those that must go on while it is done."""

from typing import Protocol

from bot.redact.clean import NOTHING_KNOWN, Cleaned, clean
from bot.redact.known import KnownValues


class Cleaner(Protocol):
    """Does what `clean` does, for several outputs of one step."""

    async def clean(
        self, *raws: bytes, within_s: float, learned: KnownValues = NOTHING_KNOWN
    ) -> tuple[Cleaned, ...]:
        """One for each; what takes too long or goes wrong is withheld. Never raises for what they hold.

        `learned` is hidden beside what the cleaner knows anyway.
        """
        ...


class CleanHere:
    """Cleans on the spot: for commands that do nothing else meanwhile."""

    def __init__(self, known: KnownValues = NOTHING_KNOWN) -> None:
        self._known = known

    async def clean(
        self,
        *raws: bytes,
        within_s: float,  # noqa: ARG002 - nobody waits
        learned: KnownValues = NOTHING_KNOWN,
    ) -> tuple[Cleaned, ...]:
        """See `Cleaner`."""
        known = self._known.also(learned)
        return tuple(clean(raw, known=known) for raw in raws)
