"""Why a step gave no answer: from how its command ended, or why its host could not be asked. Pure."""

from collections.abc import Sequence

from bot.errors import HostError, HostKeyRejected, HostKeyUnknown, HostKitDrifted, SshAuthFailed
from bot.model.command import Ended, RawOutput
from bot.model.evidence import Gap, GapKind
from bot.model.runbook import Step
from bot.redact import Cleaned

_ENDED_KIND = {
    Ended.TIMED_OUT: (GapKind.TIMED_OUT, "no answer within {timeout:g} s"),
    Ended.LOST: (GapKind.LOST, "the connection ended before the answer did"),
    Ended.CUT_OFF: (
        GapKind.CUT_OFF,
        "the host sends more than is read; look for a log or program that floods",
    ),
    Ended.NOT_FOUND: (GapKind.NOT_FOUND, "{absent}"),
    Ended.REFUSED: (GapKind.REFUSED, "sudo refused `{command}`: {stderr}"),
}

#: systemd-journald.service(8): who may read the system's journal.
_NO_JOURNAL = (
    "this login may read nobody's messages but its own; put it into the journal's group: "
    "`usermod -aG systemd-journal LOGIN` as root"
)

#: systemctl of an account asks over D-Bus, root's asks systemd's own socket. Source: systemd,
#: src/shared/bus-util.c, `bus_connect_transport_systemd`.
_NO_BUS = "; the system's bus is down: `systemctl start dbus.socket` as root, who needs no bus for it"


def gap_of(raw: RawOutput, step: Step, out: Cleaned, err: Cleaned) -> Gap | None:
    """Why this output is no answer; None when it is one. Unknown is never OK."""
    stderr = _last_line(err.text)
    if raw.ended is not Ended.EXITED or raw.exit_status is None:
        kind, says = _ENDED_KIND.get(raw.ended, (GapKind.LOST, "its end was not seen"))
        if raw.ended is Ended.REFUSED and raw.argv[:1] == ("journalctl",):
            return Gap(step=raw.step, kind=kind, reason=_NO_JOURNAL)
        program = next((word for word in raw.argv if not _is_before(word)), "sudo")
        absent = _absent(raw.argv, program) + _elsewhere(step)
        command = " ".join(raw.argv[:6]) if len(" ".join(raw.argv)) < 120 else program
        reason = says.format(
            timeout=step.timeout_s, absent=absent, command=command, stderr=stderr or "no reason given"
        )
        return Gap(step=raw.step, kind=kind, reason=reason + _without_sudo(raw))
    if out.is_withheld or err.is_withheld:
        return Gap(step=raw.step, kind=GapKind.WITHHELD, reason=out.why or err.why or "looks like secrets")
    if raw.exit_status not in step.ok_exit:
        why = f": {stderr}" if stderr else ""
        why += _NO_BUS if stderr.startswith("Failed to connect to bus") else ""
        return Gap(step=raw.step, kind=GapKind.FAILED, reason=f"exit status {raw.exit_status}{why}")
    return None


def _without_sudo(raw: RawOutput) -> str:
    """What lets the login do without root, where sudo refused what a group may read."""
    if raw.ended is not Ended.REFUSED:
        return ""
    match raw.argv[2:3]:
        case ("journalctl",):
            return "; without sudo the group does: `usermod -aG systemd-journal LOGIN`"
        case ("tail",):
            return "; without sudo the group of that file does: on Debian `usermod -aG adm LOGIN`"
        case _:
            return ""


def _is_before(word: str) -> bool:
    """What stands before the program: sudo, or env with its settings."""
    return word in ("sudo", "-n", "-l", "env") or ("=" in word and word.partition("=")[0].isidentifier())


def _absent(argv: Sequence[str], program: str) -> str:
    """What could not be started: a script by its own name, which stands behind its text."""
    match argv:
        case ("sh", "-c", _, name, *_):
            return f"the script {name}.sh could not be started"
        case _:
            return f"{program} is not on this host or may not be run"


def _elsewhere(step: Step) -> str:
    """Which key of the fleet file says where a program is, if one does."""
    is_named = any("nginx.program" in word for word in step.run)
    return "; where it is elsewhere, service.nginx.program of the fleet file names it" if is_named else ""


def kind_of(error: HostError) -> GapKind:
    """The kind of gap that a host leaves which could not be asked."""
    match error:
        case SshAuthFailed():
            return GapKind.AUTH
        case HostKeyUnknown():
            return GapKind.HOST_KEY_UNKNOWN
        case HostKeyRejected():
            return GapKind.HOST_KEY
        case HostKitDrifted():
            return GapKind.KIT
        case _:
            return GapKind.UNREACHABLE


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else ""
