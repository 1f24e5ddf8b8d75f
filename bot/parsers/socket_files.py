"""`probe.sh sockets …`: unix sockets nginx dials, each directory above, and who nginx's workers are.

worker  33  33 33
path    socket     600  myapp  myapp  990  990  /run/myapp/app.sock
path    directory  755  myapp  myapp  990  990  /run/myapp
acl     user::rw-,user:998:rw-,group::---,mask::rw-,other::---  /run/php-fpm/www.sock
missing /run/old/app.sock
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import accumulate
from operator import or_

from bot.model.evidence import CommandOutput

_ENTRY = re.compile(r"path\t[^\t]*\t[0-7]{1,5}\t[^\t]*\t[^\t]*\t\d{1,10}\t\d{1,10}\t", re.ASCII)
#: A permission, the user or group it is for (empty: the owner's), and what is let.
_PERMISSION = re.compile(r"(user|group|mask|other):(\d{0,10}):([r-])([w-])([x-])", re.ASCII)
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
    #: What an access control list gives: kind, user or group, bits. Then the mode's group bits are its mask.
    acl: tuple[tuple[str, str, int], ...] = ()

    def lets(self, *, uid: int, gids: frozenset[int], bit: int) -> bool:
        """Whether that user has permission `bit` (4 read, 2 write, 1 search), as the kernel decides.

        Source: path_resolution(7), acl(5) "ACCESS CHECK ALGORITHM".
        """
        if uid == 0:
            return True
        if uid == self.uid:
            return bool(self.mode >> 6 & bit)
        if self.acl:
            return bool(self._given(uid, gids) & bit)
        if self.gid in gids:
            return bool(self.mode >> 3 & bit)
        return bool(self.mode & bit)

    def _given(self, uid: int, gids: frozenset[int]) -> int:
        """Bits that the list gives to who is not the owner; of many groups one that lets is enough."""
        masks = [bits for kind, _, bits in self.acl if kind == "mask"]
        mask = masks[0] if masks else 7
        named = [bits for kind, who, bits in self.acl if kind == "user" and who == str(uid)]
        groups = {str(gid) for gid in gids} | ({""} if self.gid in gids else set())
        shared = [bits for kind, who, bits in self.acl if kind == "group" and who in groups]
        if named:
            return named[0] & mask
        if shared:
            return reduce(or_, shared) & mask
        return next((bits for kind, _, bits in self.acl if kind == "other"), 0)


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
    acls = {row[2]: row[1] for row in rows if row[0] == "acl" and len(row) == 3}
    # Two sockets are below the same directories; each is told once.
    paths = {
        row[7]: row for row in rows if row[0] == "path" and len(row) == 8 and _ENTRY.match("\t".join(row))
    }
    return SocketFiles(
        entries=tuple(_entry(row, acls.get(name, "")) for name, row in paths.items()),
        missing=tuple(row[1] for row in rows if row[0] == "missing"),
        unseen=tuple(row[1] for row in rows if row[0] == "unseen"),
        workers=_workers(rows),
    )


def _workers(rows: list[list[str]]) -> tuple[Worker, ...]:
    found = (
        _worker(row) for row in rows if row[0] == "worker" and len(row) == 3 and _WORKER.match("\t".join(row))
    )
    return tuple(dict.fromkeys(found))[:_MOST_WORKERS]


def _entry(row: list[str], acl: str) -> PathEntry:
    return PathEntry(
        name=row[7],
        kind=row[1],
        mode=int(row[2], 8),
        user=row[3],
        group=row[4],
        uid=int(row[5]),
        gid=int(row[6]),
        line=f"{row[7]}: {row[1]}, mode {row[2]}, owner {row[3]}:{row[4]}" + (f", ACL {acl}" if acl else ""),
        acl=_acl(acl),
    )


def _worker(row: list[str]) -> Worker:
    return Worker(uid=int(row[1]), gids=frozenset(int(word) for word in row[2].split()))


def _acl(text: str) -> tuple[tuple[str, str, int], ...]:
    found = (_PERMISSION.fullmatch(entry) for entry in text.split(","))
    return tuple((one[1], one[2], _bits(one[3] + one[4] + one[5])) for one in found if one)


def _bits(rwx: str) -> int:
    return sum(bit for bit, sign in zip((4, 2, 1), rwx, strict=True) if sign != "-")
