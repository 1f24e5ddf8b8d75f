"""`dmesg -T` or `journalctl -k -o short-iso`: OOM kills, crashes and denials.

[Fri Nov 20 23:26:57 2026]
oom-kill:constraint=CONSTRAINT_MEMCG,…,oom_memcg=/lab/web-01/system.slice/myapp.service,
task_memcg=/system.slice/myapp.service,task=python3,pid=29635,uid=990
[Fri Nov 20 23:26:57 2026] python3[29701]: segfault at 0 ip 00007f… error 4 in libfoo.so
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers._times import time_of

_BOOT_TIME = re.compile(r"\[[A-Z][a-z]{2} ([A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4})\]")
_ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,]\d+)?([+-]\d\d:?\d\d|Z)?")
_OOM = re.compile(
    r"oom-kill:constraint=(?P<constraint>\w++).*?task_memcg=(?P<group>[^,]*),task=(?P<task>[^,]*),pid=(?P<pid>\d{1,10})"
)
_KILLED = re.compile(r"(?:Killed process|oom_reaper: reaped process) (?P<pid>\d{1,10}) \((?P<task>[^)]*)\)")
# Only from where a word begins: from every character of a long word it would cost its length squared.
_SEGFAULT = re.compile(
    r"(?<![^\s\[])(?P<task>[^\s\[]++)\[(?P<pid>\d{1,10})\]:? (?:segfault at|general protection|trap \w+)|"
    r"traps: (?P<trap>[^\s\[]+)\["
)
_DENIED = re.compile(r"avc:\s+denied|apparmor=\"DENIED\"")


@dataclass(frozen=True, kw_only=True)
class KernelEvent:
    """One line of the kernel log that matters."""

    #: Local time without a zone for `dmesg -T`, aware for a journal; None when not said.
    at: datetime | None
    task: str
    pid: int | None
    #: Control group of the task for an OOM kill; empty when not said.
    control_group: str
    #: The limit was the group's own and not the host's memory.
    is_group_limit: bool
    line: str


@dataclass(frozen=True, kw_only=True)
class KernelLog:
    """OOM kills, crashes by signal, and security denials, oldest first."""

    oom_kills: tuple[KernelEvent, ...]
    crashes: tuple[KernelEvent, ...]
    denials: tuple[KernelEvent, ...]


def kernel_log(output: CommandOutput) -> KernelLog:
    """Events of these three kinds; everything else is left out.

    A kill that has no `oom-kill:` line (before Linux 4.19) is taken from `Killed process`.
    Source: mm/oom_kill.c dump_header and __oom_kill_process, arch/x86/mm/fault.c show_signal_msg.
    """
    kills: list[KernelEvent] = []
    crashes: list[KernelEvent] = []
    denials: list[KernelEvent] = []
    for line in output.stdout.splitlines():
        if found := _OOM.search(line):
            kills.append(_event(line, found["task"], found["pid"], found["group"], found["constraint"]))
        elif (found := _KILLED.search(line)) and all(str(kill.pid) != found["pid"] for kill in kills):
            limit = "MEMCG" if "cgroup out of memory" in line else ""
            kills.append(_event(line, found["task"], found["pid"], "", limit))
        elif found := _SEGFAULT.search(line):
            crashes.append(_event(line, found["task"] or found["trap"], found["pid"], "", ""))
        elif _DENIED.search(line):
            denials.append(_event(line, "", None, "", ""))
    return KernelLog(oom_kills=tuple(kills), crashes=tuple(crashes), denials=tuple(denials))


def _event(line: str, task: str, pid: str | None, group: str, constraint: str) -> KernelEvent:
    return KernelEvent(
        at=_at(line),
        task=task,
        pid=int(pid) if pid else None,
        control_group=group,
        is_group_limit="MEMCG" in constraint,
        line=line.strip(),
    )


def _at(line: str) -> datetime | None:
    try:
        if found := _BOOT_TIME.match(line):
            at = datetime.strptime(found[1], "%b %d %H:%M:%S %Y")  # noqa: DTZ007  # local time of the host
            return time_of(at.isoformat())
        if found := _ISO.match(line):
            return time_of(found[1] + (found[2] or ""))
    except ValueError:
        pass
    return None
