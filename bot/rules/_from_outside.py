"""A signal that somebody sent, told from one that a bug or the kernel brought about."""

from bot.parsers.journal import JournalEntry
from bot.parsers.kernel_log import KernelLog
from bot.rules import _life


def signal(exit_: JournalEntry | None, kernel_log: KernelLog | None) -> str | None:
    """SIGKILL or SIGTERM, which no bug sends, where the kernel's log shows no OOM kill."""
    found = _life.KILLED.search(exit_.message) if exit_ and kernel_log is not None else None
    return None if found is None else {"9": "SIGKILL", "15": "SIGTERM"}[found[1]]


def until(signal: str | None) -> str:
    """How long a restart helps."""
    if signal:
        return f"it works again until somebody or something sends it {signal} again"
    return "it works again until the same request or leak ends it"
