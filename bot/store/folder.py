"""Folders: a new file in one is on the disk for good only when the folder was synced, too."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Have its names on the disk: what was made, renamed and removed in it. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
