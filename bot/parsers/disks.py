"""`disks.sh`: blocks and inodes of local file systems, and the places the service needs.

# blocks
/dev/loop0           40115       40115         0     100% /srv/app/data
# places
place	work	/srv/app/current
"""

from dataclasses import dataclass

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

#: Always full, or never written to by a service.
_NOT_COUNTED = ("/snap/", "/proc", "/sys", "/dev")


@dataclass(frozen=True, kw_only=True)
class Filesystem:
    """One row of df."""

    device: str
    total: int
    free: int
    used_percent: int
    mount: str
    line: str

    @property
    def is_full(self) -> bool:
        """Nothing left for the service: none free, or df says 100 %."""
        return self.total > 0 and (self.free <= 0 or self.used_percent >= 100)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A directory the service needs: kind is root, log, tmp, nginx, data, work or app."""

    kind: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Disks:
    """Rows of `df -Pk` (1024-byte blocks) and `df -Pi` (inodes), and places."""

    blocks: tuple[Filesystem, ...]
    inodes: tuple[Filesystem, ...]
    places: tuple[Place, ...]

    def full(self, rows: tuple[Filesystem, ...]) -> tuple[Filesystem, ...]:
        """Full file systems among `rows` that hold a place, or are mounted below the app's directory."""
        return tuple(row for row in rows if row.is_full and self._matters(row.mount))

    def _matters(self, mount: str) -> bool:
        if mount.startswith(_NOT_COUNTED):
            return False
        below = any(p.kind == "app" and mount.startswith(p.path.rstrip("/") + "/") for p in self.places)
        return below or any(self._mount_of(place.path) == mount for place in self.places)

    def _mount_of(self, path: str) -> str:
        mounts = (row.mount for row in self.blocks)
        holding = [m for m in mounts if path == m or path.startswith(m.rstrip("/") + "/")]
        return max(holding, key=len, default="/")


def disks(output: CommandOutput) -> Disks:
    """File systems in df's order; a row that df could not fill (`-`) counts as 0.

    Source: POSIX df, section STDOUT; df -i of coreutils and busybox.
    """
    section, rows, places = "", dict[str, list[Filesystem]](), list[Place]()
    for line in output.stdout.splitlines():
        if line.startswith("# "):
            section = line[2:].strip()
            continue
        words = line.split("\t") if line.startswith("place\t") else line.split()
        if words[:1] == ["place"] and len(words) == 3:
            places.append(Place(kind=words[1], path=words[2]))
        elif len(words) >= 6 and is_number(words[4].rstrip("%").replace("-", "0")):
            rows.setdefault(section, []).append(_filesystem(words, line))
    return Disks(
        blocks=tuple(rows.get("blocks", ())), inodes=tuple(rows.get("inodes", ())), places=tuple(places)
    )


def _filesystem(words: list[str], line: str) -> Filesystem:
    return Filesystem(
        device=words[0],
        total=_number(words[1]),
        free=_number(words[3]),
        used_percent=_number(words[4].rstrip("%")),
        mount=" ".join(words[5:]),
        line=" ".join(line.split()),
    )


def _number(text: str) -> int:
    return int(text) if is_number(text.removeprefix("-")) else 0
