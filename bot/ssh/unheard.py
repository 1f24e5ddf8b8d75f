"""Why a host that let us in gave no greeting: what its login shell did instead. Pure.

Source: sshd(8), LOGIN PROCESS: the command is run by the account's own shell, which reads its own files
first. bash reads ~/.bashrc for a command that comes over the network, too (bash(1), INVOCATION).
"""

from bot.ssh.exchange import Exchange

#: The POSIX sh runner's exit status where it finds no place for the answers.
_NO_PLACE = 4
_FILES = "the files it reads first (.bashrc, .zshenv, .cshrc, /etc/profile.d)"


def silent(exchange: Exchange) -> str:
    """The login shell runs, and what we sent was not read in time."""
    return (
        f"logged in, but the host does not start our runner in time{_said(exchange)}; does the account's "
        f"shell wait in {_FILES}, for input or a program; else look at the host's load, memory and disks"
    )


def ended(exchange: Exchange, flaw: str | None) -> str:
    """The login shell ended, or said what no runner of ours says."""
    if flaw is not None:
        return f"the host's answer is not the runner's ({flaw}); is a forced command set for this key"
    if exchange.exit_status == _NO_PLACE:
        return (
            "logged in, but nothing can be kept there: /dev/shm and /tmp are full, read-only or shut to the "
            "account; make room (`df -h /dev/shm /tmp`), or install python3, which needs no files"
        )
    status = "" if exchange.exit_status is None else f" with exit status {exchange.exit_status}"
    return (
        f"logged in, but the shell ended{status} before our runner said a word{_said(exchange)}; does the "
        "account have a login shell that may run commands (not nologin, not rbash), does none of "
        f"{_FILES} `exec` or exit, is /bin/sh there, is a forced command set for this key"
    )


def _said(exchange: Exchange) -> str:
    return f": it said {exchange.last_words!r}" if exchange.last_words else ""
