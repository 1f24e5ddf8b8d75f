"""A file system the service needs has no inodes left."""

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.disks import Disks
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.rules import _life, _quote, _told
from bot.rules.disk_full import row


def inode_full(
    disks: Disks, app_journal: Journal | None, front: HttpProbes | None
) -> Finding | RuledOut | None:
    """No file can be created: the file system has space but no inodes left.

    Why: df -i shows none free, and the app says "No space left on device".
    Ruled out when: every file system of the service has inodes left.
    Mistaken when: the file system counts no inodes (btrfs, some network ones).
    Mended by: fewer files: sessions, caches or mail queues cleared; a file system made with more inodes.
    Not mended by: freeing space by deleting few large files; a restart.
    Source: open(2) ENOSPC, df -i.
    """
    full = disks.full(disks.inodes)
    if not full:
        return RuledOut(
            cause="inode_full",
            says="every file system the service needs has inodes left",
            because=tuple(Line(step="disks", text=row.line) for row in disks.inodes[:1]),
        )
    said = app_journal.matching(_life.NO_SPACE) if app_journal else ()
    is_failing = front is not None and not front.are_well
    return Finding(
        cause="inode_full",
        certainty=Certainty.CONFIRMED if said else Certainty.LIKELY if is_failing else Certainty.POSSIBLE,
        says=f"{full[0].mount} has no inodes left",
        because=(Line(step="disks", text=full[0].line), *(_quote.logged(e) for e in said[:1])),
        restart=_quote.harmful("app", "files it creates at its start fail too"),
        next_check=None if said else f"which directory of {full[0].mount} holds the many files",
        weight=96 if said else 50 if is_failing else -10,
    )


def told(signs: Signs) -> Finding | None:
    """df -i or a program says that no inode is left."""
    said = signs.first("inodes_full")
    if said is None:
        return _space_is_free(signs)
    return _told.confirmed(
        "inode_full", 96, "a file system has no inodes left", _WRITES, said, signs.first("disk_full")
    )


def _space_is_free(signs: Signs) -> Finding | None:
    """Who has space and is told that none is left lacks inodes, or a quota."""
    refused, free = signs.first("disk_full"), signs.first("space_free", "files_many")
    if refused is None or free is None or row(signs) is not None or signs.has("quota_used"):
        return None
    says = "nothing can be written although there is space: the inodes are likely used up"
    check = "`df -i` of that file system, and quotas (`quota -v`)"
    return _told.likely("inode_full", 80, says, _WRITES, refused, free, next_check=check)


_WRITES = _quote.harmful("app", "files it creates at its start fail too")
