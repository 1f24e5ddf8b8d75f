"""`probe.sh sockets …`: unix sockets nginx dials, each directory above, and who nginx's workers are.

worker  33  33 33
path    socket     600  myapp  myapp  990  990  /run/myapp/app.sock
path    directory  755  myapp  myapp  990  990  /run/myapp
missing /run/old/app.sock
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from bot.model.evidence import CommandOutput

_ENTRY = re.compile(r"path\t[^\t]*\t[0-7]{1,5}\t[^\t]*\t[^\t]*\t\d{1,10}\t\d{1,10}\t", re.ASCII)
#: Different users nginx runs as; a real one has two.
_MOST_WORKERS = 16
_WORKER = re.compile(r"worker\t\d{1,10}\t(?:\d{1,10} ?)*\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class PathEntry:
    """A socket or a directory above one."""

    name: str
    kind: str
    #: Permission bits, e.g. 0o600.
    mode: int
    user: str
    group: str
    uid: int
    gid: int
    line: str

    def lets(self, *, uid: int, gids: frozenset[int], bit: int) -> bool:
        """Whether that user has permission `bit` (4 read, 2 write, 1 search), as the kernel decides."""
        if uid == 0:
            return True
        if uid == self.uid:
            return bool(self.mode >> 6 & bit)
        if self.gid in gids:
            return bool(self.mode >> 3 & bit)
        return bool(self.mode & bit)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """User and groups of an nginx process."""

    uid: int
    gids: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class SocketFiles:
    """All paths, sockets and directories; `unseen` are those we may not look at."""

    entries: tuple[PathEntry, ...]
    missing: tuple[str, ...]
    unseen: tuple[str, ...]
    workers: tuple[Worker, ...]

    def entry(self, name: str) -> PathEntry | None:
        """The entry of that path."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def of(self, *sockets: str) -> "SocketFiles":
        """Only what stands on the way to these sockets."""

        def leads(name: str) -> bool:
            return any(f"{socket}/".startswith(name.rstrip("/") + "/") for socket in sockets)

        return replace(
            self,
            entries=tuple(entry for entry in self.entries if leads(entry.name)),
            missing=tuple(name for name in self.missing if leads(name)),
            unseen=tuple(name for name in self.unseen if leads(name)),
        )

    def hindrance(self, socket: str) -> PathEntry | None:
        """The first path that keeps nginx's workers from `socket`; None when nothing seen does.

        Connecting takes write permission on the socket and search permission on each directory above.
        Source: unix(7), path_resolution(7).
        """
        workers = [worker for worker in self.workers if worker.uid != 0] or list(self.workers)
        parts = socket.rstrip("/").split("/")
        # Only what leads there is looked at: a host may name thousands of paths and of sockets.
        for name in accumulate(parts, "{}/{}".format):
            entry = self._by_name.get(name)
            if entry is None:
                continue
            bit = 2 if entry.name == socket else 1
            if any(not entry.lets(uid=w.uid, gids=w.gids, bit=bit) for w in workers):
                return entry
        return None

    @cached_property
    def _by_name(self) -> dict[str, PathEntry]:
        return {entry.name.rstrip("/"): entry for entry in reversed(self.entries)}


def socket_files(output: CommandOutput) -> SocketFiles:
    """Paths in the order looked at; empty when nginx dials no unix socket.

    Source: runbooks/scripts/probe.sh, stat(1).
    """
    rows = [line.split("\t") for line in output.stdout.splitlines() if "\t" in line]
    return SocketFiles(
        entries=tuple(
            _entry(row) for row in rows if row[0] == "path" and len(row) == 8 and _ENTRY.match("\t".join(row))
        ),
        missing=tuple(row[1] for row in rows if row[0] == "missing"),
        unseen=tuple(row[1] for row in rows if row[0] == "unseen"),
        workers=_workers(rows),
    )


def _workers(rows: list[list[str]]) -> tuple[Worker, ...]:
    found = (
        _worker(row) for row in rows if row[0] == "worker" and len(row) == 3 and _WORKER.match("\t".join(row))
    )
    return tuple(dict.fromkeys(found))[:_MOST_WORKERS]


def _entry(row: list[str]) -> PathEntry:
    return PathEntry(
        name=row[7],
        kind=row[1],
        mode=int(row[2], 8),
        user=row[3],
        group=row[4],
        uid=int(row[5]),
        gid=int(row[6]),
        line=f"{row[7]}: {row[1]}, mode {row[2]}, owner {row[3]}:{row[4]}",
    )


def _worker(row: list[str]) -> Worker:
    return Worker(uid=int(row[1]), gids=frozenset(int(word) for word in row[2].split()))
