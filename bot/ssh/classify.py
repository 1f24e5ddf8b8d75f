"""From what a runner reports to what may be said of the host. Pure."""

from bot.model.command import Command, Ended, RawOutput
from bot.ssh.wire import EXITED, NOT_STARTED, ResultFrame

#: What sudo says on standard error when it does not let a command run (sudo 1.8-1.9, LC_ALL=C).
#: Both runners know the same words, to go on to the next alternative.
_SUDO_REFUSES = (
    b"a password is required",
    b"a terminal is required",
    b"no tty present",
    b"you must have a tty",
    b"not allowed",
    b"may not run",
    b"is not in the sudoers",
    b"no new privileges",
    b"account validation failure",
)

#: What journalctl says, with exit status 0, to who may read no messages but their own.
#: Source: systemd, src/shared/logs-show.c or journal-util.c, `journal_access_check_and_warn`.
_JOURNAL_REFUSES = b"not seeing messages from other users"


def ending(argv: tuple[str, ...], *, status: int, stderr: bytes, ok_exit: frozenset[int]) -> Ended:
    """What an exit status means, knowing the command and its last words.

    sudo's own refusal is status 1, which many a command may give too: its words go before `ok_exit`.
    journalctl's is status 0: what it shows of others then is nothing, whatever they said.
    """
    if argv[:1] == ("journalctl",) and _JOURNAL_REFUSES in stderr:
        return Ended.REFUSED
    if argv[:2] == ("sudo", "-n") and status == 1:
        ended = _ending_of_sudo(stderr)
        if ended is not Ended.EXITED:
            return ended
    if status in (126, 127) and status not in ok_exit:
        return Ended.NOT_FOUND
    return Ended.EXITED


def raw_output(command: Command, frame: ResultFrame) -> RawOutput:
    """One frame as the answer to its command. Raises IndexError for an alternative nobody sent."""
    if not 0 <= frame.alternative < len(command.alternatives):
        raise IndexError(f"alternative {frame.alternative} of step {command.step!r}")
    argv = command.alternatives[frame.alternative]
    ended = Ended.TIMED_OUT
    if frame.how == NOT_STARTED:
        ended = Ended.NOT_FOUND
    elif frame.how == EXITED:
        ended = ending(argv, status=frame.status, stderr=frame.stderr, ok_exit=command.ok_exit)
    return RawOutput(
        step=command.step,
        argv=argv,
        alternative=frame.alternative,
        ended=ended,
        exit_status=frame.status if ended is Ended.EXITED else None,
        stdout=frame.stdout,
        stderr=frame.stderr,
        omitted_bytes=frame.omitted_bytes,
        duration_s=frame.duration_s,
    )


def unanswered(command: Command, ended: Ended, *, after_s: float) -> RawOutput:
    """The answer to a command whose end nobody saw."""
    return RawOutput(
        step=command.step,
        argv=command.alternatives[0],
        alternative=0,
        ended=ended,
        exit_status=None,
        stdout=b"",
        stderr=b"",
        duration_s=after_s,
    )


def _ending_of_sudo(stderr: bytes) -> Ended:
    # Only sudo's own lines count: the command's stderr may hold the same words.
    said = stderr.replace(b"\r\n", b"\n").split(b"\n")
    lines = [line for line in said if line.startswith((b"sudo: ", b"Sorry, user "))]
    lines += [line for line in said if b" is not in the sudoers file" in line]
    if any(line.startswith(b"sudo: ") and line.endswith(b": command not found") for line in lines):
        return Ended.NOT_FOUND
    if any(word in line for line in lines for word in _SUDO_REFUSES):
        return Ended.REFUSED
    return Ended.EXITED
