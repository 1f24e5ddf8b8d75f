"""What is left after a loss of power: the bytes of the last fsync, the names of the folder's last one."""

import os
import stat
from pathlib import Path

from tests.support.strict_tree import File, Folder, folder_of, loaded, node_at, save_synced

OWNER = (os.getuid(), os.getgid())


def folder(**names: "File | Folder") -> Folder:
    return Folder(mode=stat.S_IFDIR | 0o755, owner=OWNER, names=names)


def file(content: bytes) -> File:
    return File(mode=stat.S_IFREG | 0o600, owner=OWNER, content=bytearray(content))


def left(root: Folder, place: Path) -> dict[str, bytes]:
    save_synced(root, place)
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_a_file_has_the_bytes_of_its_last_sync(tmp_path: Path) -> None:
    written = file(b"old")
    root = folder(a=written)
    root.sync_all()
    written.write(b"new!", 0)

    assert left(root, tmp_path) == {"a": b"old"}


def test_a_synced_file_without_a_synced_name_is_gone(tmp_path: Path) -> None:
    written = file(b"x")
    written.sync()

    assert left(folder(a=written), tmp_path) == {}


def test_a_name_whose_file_was_never_synced_is_empty(tmp_path: Path) -> None:
    root = folder(a=file(b"x"))
    root.sync()

    assert left(root, tmp_path) == {"a": b""}


def test_what_was_renamed_or_removed_is_back_until_its_folder_is_synced(tmp_path: Path) -> None:
    root = folder(old=file(b"1"), gone=file(b"2"))
    root.sync_all()
    root.names["new"] = root.names.pop("old")
    del root.names["gone"]

    assert left(root, tmp_path) == {"old": b"1", "gone": b"2"}


def test_what_was_saved_is_loaded_as_synced(tmp_path: Path) -> None:
    root = folder(below=folder(a=file(b"x")))
    root.sync_all()
    save_synced(root, tmp_path)

    above, name = folder_of(loaded(tmp_path), "/below/a")

    assert name == "a"
    assert isinstance(found := node_at(above, "/a"), File)
    assert (found.synced, bytes(found.content)) == (b"x", b"x")


def test_between_the_end_and_what_is_written_behind_it_are_zeros() -> None:
    written = file(b"a")

    written.write(b"b", 3)

    assert bytes(written.content) == b"a\0\0b"
