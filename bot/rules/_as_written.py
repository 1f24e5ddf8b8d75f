"""A unit that systemd leaves out or ends because of what its file asks for."""

import re
from dataclasses import dataclass

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _by_systemd, _quote, _unmet
from bot.rules._by_systemd import How

#: A step of systemd's between fork and exec -> what of the unit it is about. Source: exec.c exec_child.
_PIECES = {
    "CHDIR": "its WorkingDirectory={directory} does not exist or may not be entered",
    "NAMESPACE": "its sandbox cannot be made; a path in ReadWritePaths= or BindPaths= may be missing",
    "CREDENTIALS": "a file of LoadCredential= or SetCredential= cannot be read",
    "STDOUT": "the file of StandardOutput= cannot be opened",
    "STDERR": "the file of StandardError= cannot be opened",
    "STDIN": "the file of StandardInput= cannot be opened",
    "RUNTIME_DIRECTORY": "its RuntimeDirectory= cannot be made",
    "STATE_DIRECTORY": "its StateDirectory= cannot be made",
    "CACHE_DIRECTORY": "its CacheDirectory= cannot be made",
    "LOGS_DIRECTORY": "its LogsDirectory= cannot be made",
    "SECCOMP": "its SystemCallFilter= cannot be set",
    "CAPABILITIES": "its CapabilityBoundingSet= or AmbientCapabilities= cannot be set",
    "CHROOT": "its RootDirectory= cannot be entered",
    "CGROUP": "its control group cannot be used",
    "LIMITS": "one of its Limit…= cannot be set",
    "EXEC": "the kernel refuses its user another process: LimitNPROC= is reached, or memory is short",
    "NETWORK": "its PrivateNetwork= cannot be made",
}
_STEP = re.compile(r"Failed at step (?P<step>[A-Z_]{2,30})|status=\d{3}/(?P<status>[A-Z_]{2,30})")
_ENVIRONMENT = re.compile(r"Failed to load environment files?: (?P<why>.{1,80})")


def piece(unit: UnitState, said: str) -> str | None:
    """What of the unit systemd failed at, in words; None where its line does not tell."""
    if found := _ENVIRONMENT.search(said):
        return f"a file of EnvironmentFile= cannot be read ({found['why'].strip()})"
    found = _STEP.search(said)
    told = _PIECES.get(found["step"] or found["status"]) if found else None
    return told.format(directory=unit.working_directory) if told else None


def skipped(unit: UnitState, app_journal: Journal | None) -> Finding | None:
    """systemd leaves the start out, without an error, while a condition is not met."""
    unmet = _unmet.condition(unit, app_journal)
    if unmet is None:
        return None
    what = unmet.what or "a Condition…= or Assert…= of it"
    return Finding(
        cause="systemd_unit_error",
        certainty=Certainty.CONFIRMED,
        says=f"systemd does not start {unit.name}, because {what} is not met",
        because=unmet.because,
        restart=_quote.useless("app", "systemd leaves each start out until the condition is met"),
        mend=f"what {what} asks for, or that line out of the unit (systemctl cat {unit.name}); then a start",
        weight=93,
    )


def ended(unit: UnitState, app_journal: Journal | None, upstreams: HttpProbes | None) -> Finding | None:
    """systemd itself ended the program, or never came to run it."""
    end = _by_systemd.last(unit, app_journal)
    if end is None:
        return None
    told = _ENDS[end.how]
    answers = upstreams is not None and any(probe.is_well for probe in upstreams.probes)
    is_sure = end.how is How.BEFORE or (answers and end.how in (How.START_LATE, How.WATCHDOG))
    words = _by_systemd.words_before(end, app_journal) if end.how is How.BEFORE else None
    said = f": {words.message.strip()}" if words else ""
    return Finding(
        cause="systemd_unit_error",
        certainty=Certainty.CONFIRMED if is_sure else Certainty.LIKELY,
        says=told.says.format(unit=unit.name, type=unit.properties.get("Type", "")) + said,
        because=(
            *((_quote.logged(words),) if words else ()),
            _quote.logged(end.entry),
            _quote.state(unit, "Type", "ActiveState", "Result", "NRestarts", *told.properties),
            *(_quote.probe(p) for p in (upstreams.probes if upstreams and is_sure else ())[:1] if p.is_well),
        ),
        restart=_quote.useless("app", told.again),
        next_check=None if is_sure else told.check,
        mend=told.mend.format(unit=unit.name),
        weight=82,
    )


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What is said of one way in which systemd ended a unit."""

    says: str
    again: str
    check: str
    mend: str
    properties: tuple[str, ...] = ()


_ENDS = {
    How.BEFORE: _Told(
        says="a command that {unit} runs before the program (ExecStartPre=) fails, so it is never run",
        again="the same command runs before each start, and fails again",
        check="that command by hand, as the unit's user",
        mend="what that command lacks, by its own words; see ExecStartPre= in `systemctl cat {unit}`",
    ),
    How.BESIDE_LATE: _Told(
        says="a command that {unit} runs beside the program (ExecStartPre= or ExecStartPost=) does not end,"
        " and systemd gives up on the start",
        again="the same command runs at each start, and takes as long",
        check="what that command waits for: ExecStartPre= in `systemctl cat UNIT`, run by hand",
        mend="what that command waits for; or a longer TimeoutStartSec= where it must take that long",
        properties=("TimeoutStartUSec",),
    ),
    How.START_LATE: _Told(
        says="{unit} is Type={type}, and the program does not tell systemd in time that its start is done:"
        " systemd ends it",
        again="systemd would wait as long again, and end it again",
        check="does the program report its start as Type= promises (sd_notify, PIDFile=), or does it wait for"
        " something?",
        mend="Type=simple or exec where the program does not report its start; PIDFile= as the program writes"
        " it; else what its start waits for, or a longer TimeoutStartSec=",
        properties=("TimeoutStartUSec", "PIDFile"),
    ),
    How.SYSTEM_CALL: _Told(
        says="the kernel kills {unit} for a system call that its SystemCallFilter= forbids (SIGSYS)",
        again="the program makes the same call again",
        check="which call: `SYSCALL=` in the kernel's audit lines (journalctl -k | grep SECCOMP)",
        mend="that call allowed in SystemCallFilter=, or SystemCallErrorNumber=EPERM to let the program know",
    ),
    How.WATCHDOG: _Told(
        says="systemd's watchdog ends {unit}: it does not report that it is alive, as WatchdogSec= asks",
        again="it is ended again as soon as WatchdogSec= is over",
        check="has this program ever reported (sd_notify WATCHDOG=1), or did it begin to hang?",
        mend="no WatchdogSec= for a program that does not report; else what makes it hang, by a stack dump",
        properties=("WatchdogUSec",),
    ),
}
