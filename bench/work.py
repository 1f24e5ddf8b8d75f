"""The work every way has to do, and how a way says what it took. Imports nothing but the standard library."""

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

#: Fifteen read-only questions; the sleep stands for the slowest probe.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("sleep", "0.2"),
    ("ss", "-ltnp"),
    ("df", "-PB1"),
    ("df", "-Pi"),
    ("free", "-b"),
    ("uptime",),
    ("uname", "-a"),
    ("id",),
    ("date", "+%s"),
    ("cat", "/proc/loadavg"),
    ("cat", "/proc/meminfo"),
    ("cat", "/proc/net/sockstat"),
    ("cat", "/proc/pressure/cpu"),
    ("head", "-c", "20000", "/etc/services"),
    ("ls", "-l", "/etc"),
)
#: The same as one shell text, all at once, for the ways that take a text.
BATCH = " ".join(f"{' '.join(argv)} 2>&1 &" for argv in COMMANDS) + " wait"


@dataclass(kw_only=True)
class Target:
    """One host of the farm."""

    name: str
    port: int


@dataclass(kw_only=True)
class Farm:
    """All hosts and how to log in."""

    user: str
    identity: str
    known_hosts: str
    targets: list[Target]

    @classmethod
    def load(cls, path: str) -> "Farm":
        raw = json.loads(Path(path).read_text("utf-8"))
        return cls(**{**raw, "targets": [Target(**target) for target in raw["targets"]]})

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), "utf-8")


def used_cpu_s() -> float:
    """Seconds of CPU so far, own and of children that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


@dataclass(kw_only=True)
class Stopwatch:
    """Wall and CPU of this process and the children it waited for."""

    began: float = field(default_factory=time.monotonic)
    cpu_s: float = field(default_factory=used_cpu_s)
    first_s: float | None = None

    def heard(self) -> None:
        """Something came back from a host."""
        if self.first_s is None:
            self.first_s = time.monotonic() - self.began

    def say(self, **more: float) -> None:
        """Report to the bench on standard output."""
        took = {"wall_s": time.monotonic() - self.began, "cpu_s": used_cpu_s() - self.cpu_s}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**took, "first_s": self.first_s, "rss_mb": peak, **more}))
        sys.stdout.flush()
