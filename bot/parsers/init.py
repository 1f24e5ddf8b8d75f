"""`init.sh service=NAME`: what starts services where systemd does not, tab separated; nothing where it does.

init     openrc
service  myapp  openrc  crashed  -  3
nginx    1030  1796096063
process  1292  python3  supervise-daemo  1796096202
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number

#: Digits that are no time of this era any more.
_TOO_LONG = 12


@dataclass(frozen=True, kw_only=True)
class InitService:
    """A service by its name, and the state that its keeper's files or processes tell."""

    name: str
    #: openrc, sysvinit, runit or s6.
    keeper: str
    #: started, stopped, crashed, failed, starting, stopping, inactive or unknown.
    state: str
    pid: int | None
    #: How often its keeper started it again since somebody did; None where it does not count.
    restarts: int | None
    line: str


@dataclass(frozen=True, kw_only=True)
class InitProcess:
    """A process of the host."""

    pid: int
    name: str
    #: Its parent's name, cut to 15 letters as the kernel does; `-` where that is not seen.
    parent: str
    started_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Init:
    """What starts services on a host without systemd."""

    #: openrc, sysvinit, runit, s6, or the name of process 1; empty where systemd is.
    kind: str
    #: Other users' processes are not shown to the login: none that is missing here is known not to run.
    is_blind: bool
    services: tuple[InitService, ...]
    #: nginx's master processes: pid, and when each started.
    nginx: tuple[tuple[int, datetime | None], ...]
    processes: tuple[InitProcess, ...]

    @property
    def is_systemd(self) -> bool:
        """Units, their journals and systemctl are there."""
        return not self.kind

    def service(self, name: str) -> InitService | None:
        """The service of that name, if the host has it."""
        return next((one for one in self.services if one.name == name), None)

    def process(self, pid: int) -> InitProcess | None:
        """The process of that number."""
        return next((one for one in self.processes if one.pid == pid), None)


def init(output: CommandOutput) -> Init:
    """Lines of another shape are left out.

    Source: runbooks/scripts/init.sh; OpenRC librc.c (state folders below /run/openrc); LSB "Init Script
    Functions" pidofproc; proc(5).
    """
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    return Init(
        kind=next((row[1] for row in rows if row[0] == "init" and len(row) == 2), ""),
        is_blind=["hidden"] in rows,
        services=tuple(
            InitService(
                name=row[1],
                keeper=row[2],
                state=row[3],
                pid=int(row[4]) if is_number(row[4]) else None,
                restarts=int(row[5]) if is_number(row[5]) else None,
                line=f"{row[1]}: {row[3]}, says {row[2]}",
            )
            for row in rows
            if row[0] == "service" and len(row) == 6
        ),
        nginx=tuple(
            (int(row[1]), _time(row[2]))
            for row in rows
            if row[0] == "nginx" and len(row) == 3 and is_number(row[1])
        ),
        processes=tuple(
            InitProcess(pid=int(row[1]), name=row[2], parent=row[3], started_at=_time(row[4]))
            for row in rows
            if row[0] == "process" and len(row) == 5 and is_number(row[1])
        ),
    )


def _time(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if is_number(text) and len(text) < _TOO_LONG else None
