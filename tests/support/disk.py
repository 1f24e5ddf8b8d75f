"""A disk whose power can be cut: what was not synced by then is gone, as on a real machine."""

import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

#: FS_IOC_SHUTDOWN of Linux, as its own tests of file systems use it: _IOR('X', 125, __u32).
_SHUTDOWN = 0x8004587D
#: Nothing more is written, not even the log of the file system.
_NO_LOG_FLUSH = 2
#: Nothing is written back by itself, and a rename or a truncation is no sync either.
_OPTIONS = "loop,noatime,commit=3000,noauto_da_alloc"
#: Bounds hangs.
_LET_GO_WITHIN_S = 120.0


class Disk(Protocol):
    """A file system of its own. May be handed to another process."""

    @property
    def at(self) -> Path:
        """Where it is mounted."""
        ...

    def cut_power(self) -> None:
        """What was not synced is gone; who has files open there gets errors from now on."""
        ...

    def power_on(self) -> None:
        """Start again with what is on the disk; whoever had files open there is about to end."""
        ...

    def sync(self) -> None:
        """Have everything that is there on the disk."""
        ...


class _CannotMount(RuntimeError):
    """This machine has no loop devices, or no ext4."""


@dataclass(frozen=True)
class Ext4Disk:
    """A real file system, on a file as its device; make it with `ext4`."""

    image: Path
    at: Path

    def cut_power(self) -> None:
        """Shut it down as it is: neither its cache nor its log is written any more."""
        folder = os.open(self.at, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(folder)

    def power_on(self) -> None:
        """Mount it again, which plays its log back."""
        unmount(self.at)
        self.mount()

    def mount(self) -> None:
        """Put it where it belongs."""
        if said := _said("mount", "-o", _OPTIONS, str(self.image), str(self.at)):
            raise _CannotMount(said)

    def sync(self) -> None:
        """Everything, its log too."""
        _said("sync", "--file-system", str(self.at))


@contextmanager
def ext4(*, size_mb: int = 64) -> Iterator[Ext4Disk]:
    """A new, empty disk that everybody may enter; the test is skipped where none can be made."""
    if os.geteuid() != 0:
        pytest.skip("the power of a disk can only be cut by root")
    if not shutil.which("mkfs.ext4"):
        pytest.skip("no mkfs.ext4: apt-get install e2fsprogs")
    folder = Path(tempfile.mkdtemp(prefix="runbook-disk-"))
    image, at = folder / "image", folder / "disk"
    disk = Ext4Disk(image, at)
    try:
        folder.chmod(0o755)
        at.mkdir()
        with image.open("wb") as file:
            file.truncate(size_mb * 1024 * 1024)
        _said("mkfs.ext4", "-q", "-F", str(image))
        disk.mount()
        yield disk
    except _CannotMount as error:
        pytest.skip(f"a disk cannot be mounted here: {error}")
    finally:
        subprocess.run(["umount", "-l", at], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder)


def unmount(at: Path) -> None:
    """Wait for the last process that has something open there: it tells nobody when it lets go."""
    until = time.monotonic() + _LET_GO_WITHIN_S
    while said := _said("umount", str(at)):
        if time.monotonic() > until:
            raise RuntimeError(said)
        time.sleep(0.02)


def _said(*words: str) -> str:
    """Run it; what it complained of, empty when it went well."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return f"{words[0]}: {done.stderr.strip()}" if done.returncode else ""
