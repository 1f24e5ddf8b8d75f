"""`systemctl show UNIT` with TZ=UTC: what systemd knows of a unit.

ActiveState=failed
Result=exit-code
ExecMainStartTimestamp=Fri 2026-11-20 23:23:03 UTC
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from bot.errors import ParseError
from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number
from bot.parsers._times import time_of

#: What keys of `UnitState.state` begin with; the unit's name follows.
INVOCATION = "invocation of "
RESTARTS = "restarts by itself of "


class Keeper(Enum):
    """Who starts the app, knows its state and keeps its output."""

    SYSTEMD = "systemd"
    DOCKER = "Docker"


@dataclass(frozen=True, kw_only=True)
class Published:
    """A port of the host that leads to one of the container's."""

    host: str
    port: int
    inner: int


@dataclass(frozen=True, kw_only=True)
class Container:
    """What a container has and a unit has not."""

    id: str
    is_paused: bool
    #: starting, healthy or unhealthy; empty without a health check.
    health: str
    #: Why Docker could not start it; empty when it could.
    error: str
    #: `host` where it has no network of its own.
    network: str
    published: tuple[Published, ...]


@dataclass(frozen=True, kw_only=True)
class UnitState:
    """The state of a unit, or of a container in its words. Empty text and None: nothing was said."""

    name: str
    load: str
    active: str
    sub: str
    result: str
    #: CLD_ code of the main process's end: 1 exited, 2 killed, 3 dumped; 0 when it still runs.
    exit_code: int
    exit_status: int
    restarts: int
    main_pid: int
    control_group: str
    working_directory: str
    user: str
    file_state: str
    started_at: datetime | None
    exited_at: datetime | None
    active_since: datetime | None
    inactive_since: datetime | None
    state_changed_at: datetime | None
    nofile_limit: int | None
    memory_max_bytes: int | None
    needs_reload: bool
    #: Every property as its keeper printed it.
    properties: Mapping[str, str]
    #: Which step said it.
    step: str = "unit"
    keeper: Keeper = Keeper.SYSTEMD
    #: None for a unit.
    container: Container | None = None

    @property
    def kind(self) -> str:
        """What it is, for a sentence."""
        return "container" if self.container else "unit"

    @property
    def word(self) -> str:
        """Its state in its keeper's own word."""
        return self.properties.get("Status", "") if self.container else f"{self.active} ({self.sub})"

    @property
    def log(self) -> str:
        """Where its output stands, for a sentence."""
        return f"`docker logs {self.name}`" if self.container else f"the journal of {self.name}"

    @property
    def is_running(self) -> bool:
        """Its main process runs now."""
        return self.active in ("active", "reloading") and self.sub in ("running", "reload", "start-post")

    @property
    def was_killed(self) -> bool:
        """The last main process was ended by a signal."""
        return self.exit_code in (2, 3)

    @property
    def lived_s(self) -> float | None:
        """How long the last main process lived; None while it runs or when it never did."""
        if self.started_at is None or self.exited_at is None or self.exited_at < self.started_at:
            return None
        return (self.exited_at - self.started_at).total_seconds()

    @property
    def is_looping(self) -> bool:
        """systemd starts it again and again."""
        return self.restarts > 0 and (not self.is_running or self.sub == "auto-restart")

    def state(self) -> dict[str, str]:
        """What an approval is bound to: this very start of a unit that runs, and how many came by themselves.

        systemd and Docker begin to count anew when somebody starts it: a count that rose tells a loop from a
        restart by hand.
        Source: systemd service.c, n_restarts; moby container.go, ResetRestartManager.
        """
        invocation = self.properties.get("InvocationID", "")
        if self.container:
            invocation = f"{self.container.id[:12]} started {self.properties.get('StartedAt', '')}"
        if not self.is_running or not invocation:
            return {}
        return {f"{INVOCATION}{self.name}": invocation, f"{RESTARTS}{self.name}": str(self.restarts)}


def unit_state(output: CommandOutput) -> UnitState:
    """State of one unit; times are aware UTC.

    Raises ParseError when no ActiveState is there.
    Source: systemctl(1), org.freedesktop.systemd1(5).
    """
    properties = dict(line.split("=", 1) for line in output.stdout.splitlines() if "=" in line)
    if "ActiveState" not in properties:
        raise ParseError(f"no ActiveState in what systemctl said: {output.stdout[:80]!r}")
    get = properties.get
    return UnitState(
        name=get("Id", ""),
        load=get("LoadState", ""),
        active=properties["ActiveState"],
        sub=get("SubState", ""),
        result=get("Result", ""),
        exit_code=_number(get("ExecMainCode")) or 0,
        exit_status=_number(get("ExecMainStatus")) or 0,
        restarts=_number(get("NRestarts")) or 0,
        main_pid=_number(get("MainPID")) or 0,
        control_group=get("ControlGroup", ""),
        working_directory=get("WorkingDirectory", "").lstrip("!-"),
        user=get("User", ""),
        file_state=get("UnitFileState", ""),
        started_at=at_of(get("ExecMainStartTimestamp")),
        exited_at=at_of(get("ExecMainExitTimestamp")),
        active_since=at_of(get("ActiveEnterTimestamp")),
        inactive_since=at_of(get("InactiveEnterTimestamp")),
        state_changed_at=at_of(get("StateChangeTimestamp")),
        nofile_limit=_number(get("LimitNOFILE")),
        memory_max_bytes=_number(get("MemoryMax")),
        needs_reload=get("NeedDaemonReload") == "yes",
        properties=properties,
        step=output.step,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and is_number(text) else None


def at_of(text: str | None) -> datetime | None:
    """`Fri 2026-11-20 23:23:03 UTC`; another zone's name cannot be trusted and gives None."""
    words = (text or "").split()
    if len(words) != 4 or words[3] not in ("UTC", "GMT"):
        return None
    at = time_of(f"{words[1]}T{words[2]}")
    return at.replace(tzinfo=UTC) if at else None
