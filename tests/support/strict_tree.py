"""Files and folders as they are, and as they would be found after a loss of power, at the strictest.

A file has the content of its last fsync. A name is there, moved or gone since the last fsync of its
folder, whatever was synced of the file itself: POSIX promises no more.
"""

import errno
import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(eq=False)
class File:
    """Bytes."""

    mode: int
    owner: tuple[int, int]
    content: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    changed_at: float = field(default_factory=time.time)

    @property
    def size_bytes(self) -> int:
        return len(self.content)

    def write(self, data: bytes, offset: int) -> int:
        """Beyond the end there are zeros between."""
        self.truncate(max(len(self.content), offset + len(data)))
        self.content[offset : offset + len(data)] = data
        return len(data)

    def truncate(self, size_bytes: int) -> None:
        del self.content[size_bytes:]
        self.content.extend(bytes(size_bytes - len(self.content)))
        self.changed_at = time.time()

    def sync(self) -> None:
        self.synced = bytes(self.content)


@dataclass(eq=False)
class Folder:
    """Names."""

    mode: int
    owner: tuple[int, int]
    names: "dict[str, File | Folder]" = field(default_factory=dict)
    synced: "dict[str, File | Folder]" = field(default_factory=dict)
    changed_at: float = field(default_factory=time.time)
    size_bytes = 4096

    def sync(self) -> None:
        self.synced = dict(self.names)

    def sync_all(self) -> None:
        """With all that is in it."""
        self.sync()
        for node in self.names.values():
            node.sync_all() if isinstance(node, Folder) else node.sync()


def node_at(root: Folder, path: str) -> File | Folder:
    """Raises OSError when there is none."""
    found: File | Folder = root
    for name in _parts(path):
        if not isinstance(found, Folder):
            raise OSError(errno.ENOTDIR, path)
        if name not in found.names:
            raise OSError(errno.ENOENT, path)
        found = found.names[name]
    return found


def folder_of(root: Folder, path: str) -> tuple[Folder, str]:
    """The folder a path is in, and its name there. Raises OSError."""
    above = node_at(root, str(Path(path).parent))
    if not isinstance(above, Folder):
        raise OSError(errno.ENOTDIR, path)
    return above, Path(path).name


def loaded(place: Path) -> Folder:
    """The tree that lies there, all of it synced."""
    found = place.stat()
    folder = Folder(mode=found.st_mode, owner=(found.st_uid, found.st_gid))
    for path in place.iterdir():
        if path.is_dir():
            folder.names[path.name] = loaded(path)
            continue
        found = path.stat()
        content = bytearray(path.read_bytes())
        file = File(mode=found.st_mode, owner=(found.st_uid, found.st_gid), content=content)
        file.sync()
        folder.names[path.name] = file
    folder.sync()
    return folder


def save_synced(folder: Folder, place: Path) -> None:
    """Write down what a loss of power leaves; the place is empty. Nobody listens on a socket any more."""
    for name, node in folder.synced.items():
        path = place / name
        if stat.S_ISSOCK(node.mode):
            continue
        if isinstance(node, Folder):
            path.mkdir()
            save_synced(node, path)
        else:
            path.write_bytes(node.synced)
        path.chmod(stat.S_IMODE(node.mode))
        os.chown(path, *node.owner)


def _parts(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]
