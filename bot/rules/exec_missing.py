"""The program the unit names is not there."""

import re
from dataclasses import dataclass

from bot.model.evidence import HostClock
from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, RestartAdvice
from bot.parsers.changes import Changes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _by_socket, _quote, _since_end, _told, _unit_exit
from bot.rules._once import lines_of
from bot.rules._since_end import Since

_SAID = re.compile(
    r"status=203/EXEC|Failed to (locate|find) executable|Unable to locate executable|Failed at step EXEC"
)


def exec_missing(
    unit: UnitState, clock: HostClock, app_journal: Journal | None, changes: Changes | None, host: Host
) -> Finding | None:
    """The program (or its interpreter) in ExecStart= does not exist or may not be executed.

    Why: systemd ended the start with 203/EXEC.
    Ruled out when: the main process ended with another status.
    Mistaken when: the program itself exits with 203.
    Mended by: installing the program or virtualenv, or an absolute path in ExecStart= to where it is, with
    execute permission.
    Not mended by: a restart while it is not there, or daemon-reload alone.
    Source: systemd.exec(5) "Process Exit Codes", EXIT_EXEC.
    """
    if not _unit_exit.ended_with(unit, app_journal, clock, 203):
        return None
    if _unit_exit.is_refused(unit, app_journal, clock):
        return None  # systemd_unit_error
    because = _unit_exit.lines(unit, app_journal, _SAID, "ExecStart", "Error")
    why = _why(because[0].text, app_journal, changes)
    advice = _restart(unit, why, changes, _since_end.changed(changes, host, unit, app_journal))
    return Finding(
        cause="exec_missing",
        certainty=Certainty.CONFIRMED,
        says=f"{unit.keeper.value} cannot execute {_program(unit)} of {unit.name}"
        + (f": {why.says}" if why else ""),
        because=because,
        restart=advice,
        next_check=None if advice.is_sure else _CHECK,
        mend=_OF_IMAGE if unit.container else why.mend if why else _by_socket.mend(unit, advice),
        weight=93,
    )


_OF_IMAGE = (
    "the program put into the image at that path, or the command put right (CMD, ENTRYPOINT, `command:` of"
    " compose), and the container made anew"
)


@dataclass(frozen=True, kw_only=True)
class _Why:
    """Why the kernel did not run it, by its own error."""

    says: str
    again: str
    mend: str


_DENIED = _Why(
    says="it may not be executed (permission denied)",
    again="its mode stays as it is",
    mend="execute permission (chmod +x) on the program and the interpreter in its first line, and entry to"
    " the folders above for the unit's User=; a file system that is not mounted noexec",
)
_ALIEN = _Why(
    says="its format is not one that this machine runs",
    again="the file and the processor stay the same",
    mend="a program built for this processor (`file PATH` against `uname -m`), or a first line `#!…`"
    " in a script",
)
_NO_INTERPRETER = _Why(
    says="the file is there, but what is to run it (the interpreter in its first line, or its loader) is not",
    again="the interpreter is still not there",
    mend="the interpreter that its first line names (`head -1 PATH`), or a first line that names one that is"
    " there",
)


def _why(said: str, app_journal: Journal | None, changes: Changes | None) -> _Why | None:
    """ENOENT of a file that is there is said of its interpreter. Source: execve(2)."""
    if "Exec format error" in said:
        return _ALIEN
    if "ermission denied" in said:
        return _DENIED
    is_there = changes is not None and not changes.absent
    entries = app_journal.entries if app_journal else ()
    by_kernel = any(_BY_KERNEL.search(entry.message) for entry in entries)
    return _NO_INTERPRETER if is_there and by_kernel else None


#: `Failed to locate executable` is said of a file that is not there, `Failed to execute` after it was found.
_BY_KERNEL = re.compile(r"Failed to execute \S.{0,300}No such file or directory")


def _restart(
    unit: UnitState, why: _Why | None, changes: Changes | None, since: Since | None
) -> RestartAdvice:
    """Sure where its absence was seen now, or the last start is of now; else it may have come since."""
    if changes is not None and changes.absent:
        return _quote.useless("app", "the program is still not there")
    if since is not None:
        return since.advice
    is_of_now = unit.container is not None or unit.is_running or unit.active == "activating"
    if is_of_now or why in (_DENIED, _ALIEN):
        return _quote.useless("app", why.again if why else "the program is still not there")
    if changes is not None and why is None:  # it was looked for, and nothing that it names is missing
        return _quote.perhaps("app", f"{_program(unit)} is not seen to be missing now")
    gone = "what is to run it" if why else "it"
    return _quote.unknown("app", f"nobody looked whether {gone} was put there since its last start")


def _program(unit: UnitState) -> str:
    if unit.container:
        return unit.properties.get("Path", "").strip('"') or "the program"
    found = _PATH.search(unit.properties.get("ExecStart", ""))
    return found["path"] if found else "the program"


_PATH = re.compile(r"\bpath=(?P<path>/[^\s;]{1,300})")
_STILL_GONE = _quote.useless("app", "the program is still not there")
#: Managers of versions and servers of apps name what they look for; where they look may be another account's.
_BY_MANAGER = re.compile(
    r"NOT AVAILABLE in PATH|for command|Cannot execute|ErrorCode|unable to stat|-daemon: "
)
#: What a shell or env prints may be of a command typed by hand.
_OF_A_SHELL = re.compile(
    r"\bsh: |\benv: |^exec /|bad interpreter|command not found|start-stop-daemon|permission denied",
    re.IGNORECASE,
)
_SAME_FILE = _quote.useless("app", "the file and the processor stay the same")
_BUILT_FOR = "`uname -m`, against `file` of the program or the Architecture of `docker image inspect`"
_CHECK = "ls -l on the path in ExecStart=, and on the interpreter in its first line"


def told(signs: Signs) -> Finding | None:
    """The supervisor says that it could not run the program, which one, and why."""
    said = sorted(signs.of("unit_exec"), key=lambda s: not s["path"])
    if not said:
        return _by_shell(signs)
    first = said[0]
    named = f" {first['path']}" if first["path"] else ""
    says = f"the program{named} that the service is to run does not exist or may not be executed"
    if "exec format error" in first.line.lower():
        says = f"the program{named} is not for this machine's processor, or begins with no interpreter's name"
        return _told.likely("exec_missing", 74, says, _SAME_FILE, first, next_check=_BUILT_FOR)
    denied = signs.first("denied_by_policy")
    if denied is not None:
        says = f"the program{named} was not run; the kernel's policy denied something"
        return _told.likely("exec_missing", 60, says, _STILL_GONE, first, denied, next_check=_CHECK)
    if _BY_MANAGER.search(first.line):
        says = f"the interpreter or program{named} that is to run the app is not installed"
        return _told.likely("exec_missing", 88, says, _STILL_GONE, first, next_check=_CHECK)
    if _OF_A_SHELL.search(first.line):
        return _told.likely("exec_missing", 74, says, _STILL_GONE, first, next_check=_CHECK)
    if at_home(signs) is not None:
        says = f"{says}; it is in a home folder, which the unit's user may not enter"
        return _told.likely("exec_missing", 80, says, _STILL_GONE, first, next_check=_BY_USER)
    return _told.confirmed("exec_missing", 94, says, _STILL_GONE, first)


def at_home(signs: Signs) -> Sign | None:
    """systemd could not run a program of somebody's home folder, and no line says that it is not there.

    The folder is its owner's alone (mode 700), and ProtectHome= hides it: the program may be there.
    """
    said = signs.of("unit_exec")
    if not said or any("no such file" in s.line.lower() for s in said):
        return None
    return said[0] if any(_HOME.search(line) for line in lines_of(signs)) else None


_HOME = re.compile(r"(?:ExecStart=[-@:+!]{0,3}|spawning |execute (?:command )?|executable )/(?:root|home)/")
_BY_USER = "`sudo -u USER test -x PATH` with the unit's User=, and ProtectHome= in `systemctl cat UNIT`"


def _by_shell(signs: Signs) -> Finding | None:
    """A shell ends with 127 for a program it does not find, with 126 for one it may not run."""
    ends = (*signs.of("exited", "container"), *signs.of("unit"))
    ended = next((s for s in ends if (s["status"] or s["code"]).partition("/")[0] in ("126", "127")), None)
    absent = next((s for s in signs.of("missing_module") if _NOT_FOUND.search(s.line)), None)
    if ended is None and absent is not None:
        says = f"the shell does not find the program {absent['name']}"
        return _told.possible("exec_missing", 57, says, _STILL_GONE, absent, next_check=_CHECK)
    if ended is None:
        return None
    says = "the shell did not find the program that the service is to run"
    return _told.likely("exec_missing", 72, says, _STILL_GONE, ended, next_check=_CHECK)


_NOT_FOUND = re.compile(r"sh: (?:\d+: )?\S+: (?:command )?(?:not found|Permission denied)")
