"""`docker logs --timestamps NAME`: what a container's program printed, on both of its streams.

2026-11-30T10:47:39.545823127Z RuntimeError: DATABASE_URL is not set
"""

from bot.model.evidence import CommandOutput
from bot.parsers._docker_times import written
from bot.parsers.journal import Journal, JournalEntry


def container_log(output: CommandOutput) -> Journal:
    """Lines of both streams in the order of their times; one without a time goes with the line before it.

    Source: docker logs; the times are Docker's own, in UTC.
    """
    entries = [*_entries(output.stdout), *_entries(output.stderr)]
    timed = [entry for entry in entries if entry.at is not None]
    timed.sort(key=lambda entry: entry.at)  # type: ignore[arg-type, return-value]  # those without are left out
    return Journal(entries=tuple(timed))


def _entries(text: str) -> list[JournalEntry]:
    entries: list[JournalEntry] = []
    for line in text.splitlines():
        first, _, rest = line.partition(" ")
        at = written(first)
        if not line.strip() or (at is None and not entries):
            continue
        before = entries[-1].at if entries else None
        entries.append(
            JournalEntry(
                at=at or before,
                host="",
                program="container",
                pid=None,
                message=rest if at else line,
                line=line,
                step="container_log",
            )
        )
    return entries
