"""`processes.sh`: processes of nginx and of the app with their descriptor limits.

process  272  python3  990  /system.slice/myapp.service  1024  -  1795216985
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

#: Digits that are no time of this era any more.
_TOO_LONG = 12


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process; None where we may not look."""

    pid: int
    name: str
    uid: int | None
    control_group: str
    fd_limit: int | None
    fds_open: int | None
    started_at: datetime | None
    line: str


@dataclass(frozen=True, kw_only=True)
class Processes:
    """Processes by pid order of /proc."""

    processes: tuple[Process, ...]

    def of_unit(self, unit: str) -> frozenset[int]:
        """Pids in that unit's control group."""
        return frozenset(
            p.pid
            for p in self.processes
            if p.control_group.endswith(f"/{unit}") or f"/{unit}/" in p.control_group
        )


def processes(output: CommandOutput) -> Processes:
    """Source: runbooks/scripts/processes.sh, proc_pid_limits(5), cgroups(7)."""
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    return Processes(
        processes=tuple(
            Process(
                pid=int(row[1]),
                name=row[2],
                uid=_number(row[3]),
                control_group=row[4],
                fd_limit=_number(row[5]),
                fds_open=_number(row[6]),
                started_at=_time(row[7]),
                line=f"{row[2]}[{row[1]}] of {row[4]}: {row[6]} of {row[5]} descriptors open",
            )
            for row in rows
            if row[0] == "process" and len(row) == 8 and is_number(row[1])
        )
    )


def _time(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if is_number(text) and len(text) < _TOO_LONG else None


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None
