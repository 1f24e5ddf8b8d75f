"""The kernel ended the app for want of memory."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.kernel_log import KernelEvent, KernelLog
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm_oom, _life, _outage, _quote, _told

#: An app that is killed this soon after its start will be again.
SHORT_S = 60.0


def oom_kill(  # unit, kernel and memory each hold a part of it
    unit: UnitState | None,
    kernel_log: KernelLog | None,
    app_journal: Journal | None,
    php_fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
) -> Finding | RuledOut | None:
    """The kernel's OOM killer ended the app: its memory limit, or the host's memory, was used up.

    Why: the kernel names a process of this unit's control group, and the unit ended by signal 9 or
    `oom-kill`; or one of the service that runs the dialled pool of PHP-FPM, as a connection broke.
    Ruled out when: the unit did not end by signal 9, and no kill in its control group stands in the
    kernel log.
    Mistaken when: somebody sent SIGKILL while another group's process was killed too.
    Mended by: more memory, a smaller heap, fewer workers, or a higher MemoryMax=/container limit; then find
    what grows.
    Not mended by: a longer proxy time-out, or a restart: it lasts until the memory is used up again.
    Source: mm/oom_kill.c; systemd.service(5) OOMPolicy=, Result=oom-kill (cgroup v2) or signal (v1).
    """
    of_fpm = _fpm_oom.finding(php_fpm, upstreams, error_log, kernel_log)
    if unit is None or (of_fpm is not None and not _own(kernel_log, unit)):
        return of_fpm
    exit_ = _life.last_exit(app_journal)
    kills = tuple(kill for kill in _own(kernel_log, unit) if not _is_older_than(kill, exit_))
    said_so = unit.result == "oom-kill"
    killed = said_so or (unit.exit_code == 2 and unit.exit_status == 9)
    if not kills and not killed:
        says = f"no OOM kill of this {unit.kind}, and it did not end by signal 9"
        seen = kernel_log is not None
        because = (_quote.state(unit, "Result", "ExecMainCode", "ExecMainStatus"),)
        return RuledOut(cause="oom_kill", says=says, because=because) if seen else None
    is_down_otherwise = not unit.is_running and unit.exit_code == 1
    if (unit.is_running and unit.restarts == 0 and not kills) or (is_down_otherwise and not said_so):
        return None
    lines: tuple[Line, ...] = (
        *(_quote.kernel(kill) for kill in kills[-1:]),
        _quote.state(unit, "Result", "ExecMainCode", "ExecMainStatus", "NRestarts", "MemoryMax"),
        *((_quote.logged(exit_),) if exit_ else ()),
    )
    return Finding(
        cause="oom_kill",
        certainty=_certainty(bool(kills), said_so=said_so),
        says=f"the kernel killed {_victim(unit)} for want of memory" + _whose(kills),
        because=lines,
        restart=_restart(unit, app_journal),
        next_check=None if kills else "the kernel log: who was killed, and in which control group?",
        weight=95,
    )


def _outlived(unit: UnitState) -> bool:
    """Its main process has run on since its start: one of its children was killed."""
    return unit.is_running and unit.restarts == 0 and unit.exit_code == 0 and unit.result == "success"


def _victim(unit: UnitState) -> str:
    return f"a child process of {unit.name}" if _outlived(unit) else unit.name


def _own(kernel_log: KernelLog | None, unit: UnitState) -> tuple[KernelEvent, ...]:
    if kernel_log is None:
        return ()
    return tuple(
        kill
        for kill in kernel_log.oom_kills
        if kill in _fpm_oom.kills_of(kernel_log, unit.name)
        or (unit.container and unit.container.id and unit.container.id in kill.control_group)
    )


def _is_older_than(kill: KernelEvent, exit_: JournalEntry | None) -> bool:
    """The app has since ended by itself, so the kill is not what ended it last."""
    if exit_ is None or exit_.at is None or kill.at is None or kill.at.tzinfo is None:
        return False
    return not _life.KILLED.search(exit_.message) and "oom-kill" not in exit_.message and kill.at < exit_.at


def _certainty(has_kill: bool, *, said_so: bool) -> Certainty:
    if has_kill:
        return Certainty.CONFIRMED
    return Certainty.LIKELY if said_so else Certainty.POSSIBLE


def _whose(kills: tuple[KernelEvent, ...]) -> str:
    if not kills:
        return ""
    return (
        ": its own memory limit was reached"
        if kills[-1].is_group_limit
        else ": the host's memory was used up"
    )


def _restart(unit: UnitState, app_journal: Journal | None) -> RestartAdvice:
    if _outlived(unit):
        return _quote.useless(
            "app", "its main process lives and starts another child in place of the killed one"
        )
    lived = _life.lived_s(unit, app_journal)
    if lived is not None and lived < SHORT_S:
        times = (
            f"{unit.keeper.value} has restarted it {unit.restarts} times" if unit.restarts else "it is new"
        )
        return _quote.useless("app", f"{times} and it was killed within {lived:.0f} s of its start")
    if unit.is_running or unit.sub == "auto-restart":
        return _quote.useless("app", f"{unit.keeper.value} starts it again by itself")
    return _quote.temporary("app", "it works until its memory is used up again")


_TEMPORARY = _quote.temporary("app", "it works until its memory is used up again")
_ANOTHER = _quote.useless("app", "its master has already started another in place of the one that was killed")
#: One of several that a master starts and replaces by itself.
_CHILD = re.compile(r"\b(?:child|worker)\b")
_FRONT = _quote.temporary("nginx", "it works until the memory is used up again")
_NOT_KNOWN = _quote.useless("app", "it is not known who killed it")
_CHECK = "the kernel log of that minute (dmesg -T | grep -i kill): was it for want of memory?"


def told(signs: Signs) -> Finding | None:
    """The kernel or a group's limit says whom it killed; a bare signal 9 has other senders too."""
    kills = signs.of("out_of_memory")
    named = next((sign for sign in kills if sign["who"] and "nginx" not in sign["who"]), None)
    if kill := named or next(iter(kills), None):
        whose = "its own memory limit" if kill["limit"] == "cgroup" else "the memory"
        says = f"{kill['who'] or 'a process'} was killed for want of memory: {whose} was used up"
        outage = _outage.any_sign(signs)
        if named is None and (kill["who"] or signs.has("front_refuses")):
            says = f"{kill['who'] or 'what answers clients'} was killed for want of memory, and not the app"
            return _told.likely("oom_kill", 80, says, _FRONT, kill, outage, next_check=_CHECK)
        return _told.confirmed("oom_kill", 95 if named else 93, says, _TEMPORARY, kill, outage)
    by_signal = (s for s in signs.of("killed") if s["signal"] in ("9", "SIGKILL", "KILL", ""))
    by_code = (*signs.where("container", code="137"), *signs.where("exited", code="137"))
    killed = next(iter((*by_signal, *by_code)), None)
    if killed is None:
        return _short_of_memory(signs)
    if signs.has("worker_timeout", "start_timeout", "stopped", "stopped_told"):
        says = "signal 9 may come from the kernel, but who waits in vain for an end sends it too"
        return _told.possible("oom_kill", 30, says, _NOT_KNOWN, killed, next_check=_CHECK)
    denied = signs.first("kills_denied")
    if denied is not None:
        says = "signal 9 may come from the kernel, but nothing of it is seen where the kernel would say so"
        return _told.possible("oom_kill", 30, says, _NOT_KNOWN, killed, denied, next_check=_CHECK)
    short = signs.first("oom_invoked", "memory_low", "no_memory", "no_swap")
    says = "the app was ended by signal 9, as the kernel does for want of memory"
    return _told.likely(
        "oom_kill",
        80 if short else 67 if killed.kind in ("container", "exited") else 64,
        says,
        _ANOTHER if _CHILD.search(killed["who"]) else _TEMPORARY,
        killed,
        short,
        next_check=_CHECK,
    )


def _short_of_memory(signs: Signs) -> Finding | None:
    """Nobody says who was killed: the host is only seen to be short of memory."""
    invoked, low = signs.first("oom_invoked"), signs.first("memory_low", "no_memory")
    if invoked is not None:
        says = "the kernel looked for a process to kill for want of memory"
        return _told.likely("oom_kill", 84, says, _TEMPORARY, invoked, next_check=_CHECK)
    died = _outage.any_sign(signs) or signs.first("worker_timeout", "exited")
    bare = signs.first("no_swap")
    if low is None and bare is not None and len(signs.all) == len(signs.of("no_swap", "limit")):
        says = "only the memory is shown, and there is no swap: maybe the kernel killed the app"
        return _told.possible("oom_kill", 26, says, _NOT_KNOWN, bare, next_check=_CHECK)
    said = signs.first("memory_told")
    if said is not None:
        says = "memory ran out, as the report says: then the kernel kills, and who is killed is down"
        return _told.likely("oom_kill", 74, says, _NOT_KNOWN, said, low, next_check=_CHECK)
    if (refused := _outage.host_lacks_memory(signs)) is not None:
        says = "no memory is left to start a process with: then the kernel kills, and who is killed is down"
        return _told.likely("oom_kill", 66, says, _NOT_KNOWN, refused, died, next_check=_CHECK)
    if low is None:
        return None
    if died is None and len(signs.all) == len(signs.of("memory_low", "no_memory", "no_swap", "limit")):
        says = "memory is short here, and nothing else is shown: then the kernel may have killed the app"
        return _told.possible("oom_kill", 42, says, _NOT_KNOWN, low, next_check=_CHECK)
    if died is None:
        return None
    says = "memory is short here, so the kernel may have killed the app"
    return _told.possible("oom_kill", 48, says, _NOT_KNOWN, low, died, next_check=_CHECK)
