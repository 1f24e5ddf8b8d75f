"""`docker inspect --format` of one container, a property a line: what Docker knows of it.

ID=2e55c2ac3f9c8284c00c5b5debbeecbc5dacb1fe852b9910109839bdd8c27c8d
Status=restarting
ExitCode=1
RestartCount=4
PortBindings={"8000/tcp":[{"HostIp":"127.0.0.1","HostPort":"8000"}]}
"""

import json
from collections.abc import Mapping
from datetime import datetime

from bot.errors import ParseError
from bot.model.evidence import CommandOutput
from bot.parsers._docker_times import written
from bot.parsers._numbers import is_number
from bot.parsers.unit_state import Container, Keeper, Published, UnitState

#: Docker starts these again whenever they end, unless a person stopped them.
_ALWAYS = ("always", "unless-stopped")
#: A status above 128 is that of a signal: 137 is 9, 143 is 15.
_BY_SIGNAL = 128
_KILL, _TERM = 9, 15
#: The runtime could not run the program: no permission, no such file.
_NOT_RUN = (126, 127)
#: systemd's number for the same, which rules know.
_EXEC = 203


def container_state(output: CommandOutput) -> UnitState:
    """The container as the unit that it stands for; its properties are Docker's own.

    A container that Docker would start again and that rests all the same was stopped by a person. Without
    such a policy one that ended with 0, or by TERM, counts as stopped in good order.
    Raises ParseError when no Status is there, or when it is of another container than the last word of the
    command asked for: Docker takes a name that is gone for the beginning of an ID.
    Source: docker inspect; moby container/state.go, restartmanager.go, daemon/container.go, GetContainer;
    docs "Start containers automatically".
    """
    properties = dict(line.split("=", 1) for line in output.stdout.splitlines() if "=" in line)
    if not properties.get("Status"):
        raise ParseError(f"no Status in what docker inspect said: {output.stdout[:80]!r}")
    name = properties.get("Name", "").lstrip("/")
    if "inspect" in output.argv and name != (asked := output.argv[-1]):
        raise ParseError(
            f"there is no container {asked!r}: Docker took it for the beginning of an ID and told of {name!r}"
        )
    status, policy = properties["Status"], properties.get("RestartPolicy", "")
    started, ended = (written(properties.get(name, "")) for name in ("StartedAt", "FinishedAt"))
    code, number = _end(properties)
    active, sub, result = _state(properties, code, number)
    is_up = active == "active"
    memory = _number(properties.get("Memory"))
    return UnitState(
        name=name,
        load="loaded",
        active=active,
        sub=sub,
        result=result,
        exit_code=0 if is_up and not _number(properties.get("RestartCount")) else code,
        exit_status=number,
        restarts=_number(properties.get("RestartCount")) or 0,
        main_pid=_number(properties.get("Pid")) or 0,
        control_group="",
        working_directory="",
        user=properties.get("User", ""),
        file_state="enabled" if policy in _ALWAYS else "disabled",
        started_at=started,
        exited_at=ended,
        active_since=started if is_up else None,
        inactive_since=ended if active in ("inactive", "failed") else None,
        state_changed_at=_latest(started, ended),
        nofile_limit=None,
        memory_max_bytes=memory or None,
        needs_reload=False,
        properties={"Id": name, **properties},
        step=output.step,
        keeper=Keeper.DOCKER,
        container=Container(
            id=properties.get("ID", ""),
            is_paused=status == "paused",
            health=properties.get("Health", ""),
            error=_text(properties.get("Error")),
            network=properties.get("NetworkMode", ""),
            published=_published(properties.get("Ports")) or _published(properties.get("PortBindings")),
        ),
    )


def _state(properties: Mapping[str, str], code: int, number: int) -> tuple[str, str, str]:
    """systemd's words for it: ActiveState, SubState, Result."""
    status = properties["Status"]
    if status in ("running", "paused"):
        return "active", "running", "success"
    bad = "oom-kill" if properties.get("OOMKilled") == "true" else "signal" if code == 2 else "exit-code"
    if status == "restarting":
        return "activating", "auto-restart", bad
    if number == _EXEC or (status == "created" and number):
        return "failed", "failed", bad
    if status == "created":
        return "inactive", "dead", "success"
    ended_well = number == 0 or (code == 2 and number == _TERM)
    if properties.get("RestartPolicy") in _ALWAYS and status == "exited":
        never_ended = not _number(properties.get("RestartCount")) and bad != "oom-kill"
        return "inactive", "dead", "success" if ended_well or never_ended else bad
    return ("inactive", "dead", "success") if ended_well and bad != "oom-kill" else ("failed", "failed", bad)


def _end(properties: Mapping[str, str]) -> tuple[int, int]:
    """CLD_ code and status of the last end, as systemd would number them."""
    status = _number(properties.get("ExitCode")) or 0
    if status in _NOT_RUN and _text(properties.get("Error")):
        return 1, _EXEC
    if status > _BY_SIGNAL:
        return 2, status - _BY_SIGNAL
    return 1, status


def _published(text: str | None) -> tuple[Published, ...]:
    """`{"8000/tcp":[{"HostIp":"127.0.0.1","HostPort":"8000"}]}`; an empty HostIp is every address."""
    try:
        table = json.loads(text or "null") or {}
        return tuple(
            Published(host=one.get("HostIp") or "0.0.0.0", port=int(one["HostPort"]), inner=int(inner[:-4]))  # noqa: S104  # what Docker binds
            for inner, bound in table.items()
            if inner.endswith("/tcp")
            for one in bound or ()
            if is_number(one.get("HostPort", ""))
        )
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return ()


def _text(text: str | None) -> str:
    try:
        said = json.loads(text or '""')
    except (ValueError, RecursionError):
        return text or ""
    return said if isinstance(said, str) else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and is_number(text) else None


def _latest(*times: datetime | None) -> datetime | None:
    return max((at for at in times if at), default=None)
