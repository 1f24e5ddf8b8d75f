"""How SQLite writes what it is given: as the bot has it, and in ways that a loss of power finds out."""

from enum import Enum

from bot.store.sqlite import PRAGMAS

#: Pragma, what to set, what must read back.
_Pragma = tuple[str, str, object]


class Journal(Enum):
    """A journal mode, and when it is synced."""

    #: Before SQLite 3.51.3.
    ROLLBACK_EXTRA = ("DELETE", "EXTRA", 3)
    #: From it on.
    WAL_FULL = ("WAL", "FULL", 2)
    #: Syncs when the log is moved into the database, not at a commit.
    WAL_NORMAL = ("WAL", "NORMAL", 1)
    #: A journal whose removal is not synced may be back, and take the commit back with it.
    ROLLBACK_FULL = ("DELETE", "FULL", 2)
    ROLLBACK_OFF = ("DELETE", "OFF", 0)

    @property
    def is_safe(self) -> bool:
        """Whether a commit that was acknowledged is on the disk."""
        return self in (Journal.ROLLBACK_EXTRA, Journal.WAL_FULL)

    @property
    def pragmas(self) -> tuple[_Pragma, ...]:
        """The bot's, with these in their place."""
        mode, synced, reads_back = self.value
        ours = {
            "journal_mode": ("journal_mode", mode, mode.lower()),
            "synchronous": ("synchronous", synced, reads_back),
        }
        return tuple(ours.get(pragma[0], pragma) for pragma in PRAGMAS)
