"""A kit on the bot's machine: as a folder or a tar file, and whether one there is still today's."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from bot.errors import FileError
from bot.hostkit.kit import MANIFEST, Kit

#: Files that are run by name.
_RUN = frozenset({"install.sh", "lib/guard"})


def write(kit: Kit, place: Path) -> None:
    """Into a new folder, in place of a former kit, or into a file that ends in `.tar`. Raises FileError."""
    try:
        if place.suffix == ".tar":
            place.write_bytes(packed(kit))
        else:
            _fill(kit, place)
    except OSError as error:
        raise FileError(f"{place}: cannot be written: {error.strerror or error}") from error


def packed(kit: Kit) -> bytes:
    """The kit as a tar file, all of it root's; the same kit gives the same bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in kit.files.items():
            entry = tarfile.TarInfo(f"host-kit-{kit.host}/{name}")
            entry.size, entry.mode = len(content), _mode(name)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def differences(kit: Kit, place: Path) -> tuple[str, ...]:
    """Files that differ from today's kit, each with how; empty when it is today's. Raises FileError."""
    there = _unpacked(place) if place.suffix == ".tar" else _folder(place)
    lacking = [f"{name}: is not there" for name in kit.files if name not in there]
    other = [f"{name}: differs" for name in kit.files if there.get(name, kit.files[name]) != kit.files[name]]
    more = [f"{name}: is no longer part of it" for name in there if name not in kit.files]
    return tuple(sorted([*lacking, *other, *more]))


def _fill(kit: Kit, place: Path) -> None:
    has_kit = (place / MANIFEST).is_file()
    if place.exists() and not has_kit and (not place.is_dir() or any(place.iterdir())):
        raise FileError(f"{place}: is there, and no kit; name another place with --output")
    for old in _folder(place) if has_kit else ():
        if old not in kit.files:
            (place / old).unlink()
    for name, content in kit.files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(_mode(name))


def _folder(place: Path) -> Mapping[str, bytes]:
    if not (place / MANIFEST).is_file():
        raise FileError(f"{place}: no kit; make one with `runbook-bot host-kit`")
    return {
        str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()
    }


def _unpacked(place: Path) -> Mapping[str, bytes]:
    try:
        with tarfile.open(place) as archive:
            members = [one for one in archive.getmembers() if one.isfile()]
            return {
                one.name.partition("/")[2]: found.read()
                for one in members
                if (found := archive.extractfile(one)) is not None
            }
    except (OSError, tarfile.TarError) as error:
        raise FileError(f"{place}: no kit: {error}; make one with `runbook-bot host-kit`") from error


def _mode(name: str) -> int:
    return 0o755 if name in _RUN else 0o644
