"""A disk that keeps what POSIX promises and not a byte more: see `tests.support.strict_tree`."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.disk import unmount
from tests.support.strict_mount import POWER, SYNC, why_not


@dataclass(frozen=True)
class StrictDisk:
    """A FUSE file system; make it with `strict`."""

    store: Path
    at: Path

    def cut_power(self) -> None:
        """What was not synced is gone; who has files open there gets errors from now on."""
        with suppress(OSError):  # nobody is left to answer
            os.setxattr(self.at, POWER, b"")

    def power_on(self) -> None:
        """Start again with what was synced; whoever had files open there is about to end."""
        unmount(self.at)
        self.mount()

    def mount(self) -> None:
        """Put it where it belongs."""
        command = [sys.executable, "-m", "tests.support.strict_mount", self.store, self.at]
        subprocess.run(command, cwd=Path(__file__).parents[2], check=True)

    def sync(self) -> None:
        """Have everything that is there on the disk."""
        os.setxattr(self.at, SYNC, b"")


@contextmanager
def strict() -> Iterator[StrictDisk]:
    """A new, empty disk that everybody may enter; the test is skipped where none can be made."""
    if reason := why_not():
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="runbook-strict-"))
    disk = StrictDisk(folder / "store", folder / "disk")
    try:
        for one in (folder, disk.store, disk.at):
            one.mkdir(exist_ok=True)
            one.chmod(0o755)
        disk.mount()
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk.at], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder)
