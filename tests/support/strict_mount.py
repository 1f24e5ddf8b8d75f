"""Mounts a strict tree by FUSE, as a process of its own: `python -m tests.support.strict_mount STORE AT`.

It needs libfuse and mfusepy, which are not among what the tests install: `why_not` says so.
"""

import errno
import importlib
import importlib.util
import itertools
import os
import shutil
import stat
import sys
import time
from ctypes.util import find_library
from pathlib import Path
from typing import Any

from tests.support.strict_tree import File, Folder, folder_of, loaded, node_at, save_synced

#: Setting these attributes of the root to anything cuts the power, and syncs everything.
POWER, SYNC = "user.power", "user.sync"
_FREE_BLOCKS = 4 * 1024 * 1024


def why_not() -> str | None:
    """What is missing; None when it can be mounted here."""
    if os.geteuid() != 0 or not Path("/dev/fuse").exists():
        return "a strict disk can only be mounted by root, where there is /dev/fuse"
    if not importlib.util.find_spec("mfusepy") or not (find_library("fuse3") or find_library("fuse")):
        return "no strict disk: apt-get install libfuse3-3, pip install mfusepy"
    return None


class StrictCalls:
    """What the kernel calls, one at a time. An OSError is told as its errno."""

    use_ns = True

    def __init__(self, store: Path) -> None:
        self._store, self._root = store, loaded(store)
        self._open: dict[int, File] = {}
        self._handles = itertools.count(1)

    def setxattr(self, path: str, name: str, value: bytes, options: int, position: int = 0) -> int:
        """Sync everything; or cut the power: what was synced goes to the store, this process ends."""
        if path != "/" or name not in (POWER, SYNC):
            raise OSError(errno.ENOTSUP, name)
        if name == SYNC:
            self._root.sync_all()
            return 0
        for one in self._store.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        save_synced(self._root, self._store)
        os._exit(0)

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        node = self._node(path, fh)
        at_ns = int(node.changed_at * 1e9)
        uid, gid = node.owner
        return {
            "st_mode": node.mode,
            "st_nlink": 1,
            "st_size": node.size_bytes,
            "st_blocks": -(-node.size_bytes // 512),
            "st_uid": uid,
            "st_gid": gid,
            "st_mtime": at_ns,
            "st_atime": at_ns,
            "st_ctime": at_ns,
        }

    def statfs(self, path: str) -> dict[str, int]:
        return {
            "f_bsize": 4096,
            "f_frsize": 4096,
            "f_blocks": _FREE_BLOCKS,
            "f_bfree": _FREE_BLOCKS,
            "f_bavail": _FREE_BLOCKS,
        }

    def readdir(self, path: str, fh: int) -> list[str]:
        node = node_at(self._root, path)
        return [".", "..", *(node.names if isinstance(node, Folder) else ())]

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        folder, name = folder_of(self._root, path)
        folder.names[name] = File(mode=stat.S_IFREG | stat.S_IMODE(mode), owner=_caller())
        return self._opened(folder.names[name])

    def mknod(self, path: str, mode: int, dev: int) -> int:
        folder, name = folder_of(self._root, path)
        folder.names[name] = File(mode=mode, owner=_caller())
        return 0

    def open(self, path: str, flags: int) -> int:
        return self._opened(node_at(self._root, path))

    def release(self, path: str, fh: int) -> int:
        self._open.pop(fh, None)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._open[fh].content[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        return self._open[fh].write(data, offset)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        node = self._node(path, fh)
        if not isinstance(node, File):
            raise OSError(errno.EISDIR, path)
        node.truncate(length)
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self._open[fh].sync()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        node = node_at(self._root, path)
        if isinstance(node, Folder):
            node.sync()
        return 0

    def mkdir(self, path: str, mode: int) -> int:
        folder, name = folder_of(self._root, path)
        folder.names[name] = Folder(mode=stat.S_IFDIR | stat.S_IMODE(mode), owner=_caller())
        return 0

    def rmdir(self, path: str) -> int:
        return self.unlink(path)

    def unlink(self, path: str) -> int:
        folder, name = folder_of(self._root, path)
        del folder.names[name]
        return 0

    def rename(self, old: str, new: str, flags: int = 0) -> int:
        (source, name), (target, new_name) = folder_of(self._root, old), folder_of(self._root, new)
        target.names[new_name] = source.names.pop(name)
        return 0

    def chmod(self, path: str, mode: int) -> int:
        node = node_at(self._root, path)
        node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        node_at(self._root, path).owner = (uid, gid)
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        node_at(self._root, path).changed_at = times[1] / 1e9 if times else time.time()
        return 0

    def _node(self, path: str, fh: int | None) -> File | Folder:
        """By its handle, if it has one: it may have no name any more."""
        return self._open.get(fh or 0) or node_at(self._root, path)

    def _opened(self, node: File | Folder) -> int:
        if not isinstance(node, File):
            raise OSError(errno.EISDIR)
        handle = next(self._handles)
        self._open[handle] = node
        return handle


def _caller() -> tuple[int, int]:
    uid, gid, _ = importlib.import_module("mfusepy").fuse_get_context()
    return uid, gid


def main(store: Path, at: Path) -> None:
    """Returns in this process once it is mounted; another one goes on until it is unmounted."""
    mfusepy = importlib.import_module("mfusepy")
    calls = type("StrictMount", (StrictCalls, mfusepy.Operations), {})
    mfusepy.FUSE(calls(store), str(at), foreground=False, nothreads=True, allow_other=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
