"""What goes wrong in SSH, as errors of ours with a way out."""

import errno
import socket
from enum import Enum

import asyncssh

from bot.errors import HostError, HostKeyRejected, HostKitDrifted, HostUnreachable, SshAuthFailed, SshBroken
from bot.model.host import Host


class Stage(Enum):
    """How far a connection got."""

    TCP = "no TCP connection"
    BANNER = "no SSH banner"
    KEYS = "key exchange not finished"
    LOGIN = "login not finished"
    OPEN = "connected"


_REFUSED = "nothing listens there; is sshd running, is the port right"
_NO_ROUTE = "is the host up, is the network or a firewall in the way"
_WHY = {
    errno.ECONNREFUSED: ("connection refused", _REFUSED),
    errno.EHOSTUNREACH: ("no route to host", _NO_ROUTE),
    errno.ENETUNREACH: ("network unreachable", _NO_ROUTE),
    errno.ETIMEDOUT: ("no answer", _NO_ROUTE),
    errno.ECONNRESET: (
        "connection reset",
        "sshd or something before it hangs up: see MaxStartups and its log",
    ),
}

#: Every exception class asyncssh raises towards a client, by what it means here. A test holds this
#: against the library's own list. SFTP errors cannot come: the bot opens no SFTP session.
MEANING: dict[type[Exception], type[HostError]] = {
    asyncssh.HostKeyNotVerifiable: HostKeyRejected,
    asyncssh.PermissionDenied: SshAuthFailed,
    asyncssh.IllegalUserName: SshAuthFailed,
    asyncssh.PasswordChangeRequired: SshAuthFailed,
    asyncssh.KeyEncryptionError: SshAuthFailed,
    asyncssh.KeyImportError: SshAuthFailed,
    asyncssh.KeyExportError: SshAuthFailed,
    asyncssh.KeyGenerationError: SshAuthFailed,
    asyncssh.ConnectionLost: SshBroken,
    asyncssh.ChannelOpenError: SshBroken,
    asyncssh.ChannelListenError: SshBroken,
    asyncssh.CompressionError: SshBroken,
    asyncssh.KeyExchangeFailed: SshBroken,
    asyncssh.MACError: SshBroken,
    asyncssh.ProtocolError: SshBroken,
    asyncssh.ProtocolNotSupported: SshBroken,
    asyncssh.ServiceNotAvailable: SshBroken,
    asyncssh.ConfigParseError: SshBroken,
    asyncssh.ProcessError: SshBroken,
    asyncssh.TimeoutError: SshBroken,
    asyncssh.BreakReceived: SshBroken,
    asyncssh.SignalReceived: SshBroken,
    asyncssh.TerminalSizeChanged: SshBroken,
    asyncssh.DisconnectError: SshBroken,
    asyncssh.Error: SshBroken,
}


def host_error(error: BaseException, host: Host, *, stage: Stage) -> HostError:
    """The error of ours for one of asyncssh's or the operating system's."""
    if isinstance(error, HostError):
        return error
    kind = kind_of(error, stage)
    return kind(f"{_where(host)}: {_what(error, host, stage)}")


def kind_of(error: BaseException, stage: Stage) -> type[HostError]:
    """Which error of ours this is; the most specific class of MEANING wins."""
    for parent in type(error).__mro__:
        if parent in MEANING:
            kind = MEANING[parent]
            is_early = stage in (Stage.TCP, Stage.BANNER) and kind is SshBroken
            return HostUnreachable if is_early else kind
    return HostUnreachable if stage in (Stage.TCP, Stage.BANNER) else SshBroken


def too_late(host: Host, *, stage: Stage, after_s: float) -> HostError:
    """A stage did not end in time."""
    where = _where(host)
    match stage:
        case Stage.TCP:
            way = f" from its bastion {host.bastion}" if host.bastion else ""
            return HostUnreachable(
                f"{where}: no answer to a TCP connection{way} within {after_s:g} s; {_NO_ROUTE}"
            )
        case Stage.BANNER:
            says = f"tcp connects but no SSH banner within {after_s:g} s: sshd hangs or it is no SSH port"
            return HostUnreachable(f"{where}: {says}; look at the host's console, its load and its disks")
        case Stage.KEYS | Stage.LOGIN | Stage.OPEN:
            says = f"SSH answers but hangs: {stage.value} within {after_s:g} s"
            return SshBroken(
                f"{where}: {says}; look at the host's load, its disks, PAM and its directory service"
            )


#: Exit statuses of a guard that refuses, and of a shell that finds no guard.
SHUT_OUT = (126, 127)


def drifted(host: str) -> HostKitDrifted:
    """A guarded host does not hold what was asked for, and ran nothing."""
    return HostKitDrifted(
        f"{host}: nothing ran: its host kit and the runbooks here differ; make it again with "
        f"`runbook-bot host-kit {host}` and install it there"
    )


def shut_out(host: str) -> HostKitDrifted:
    """What answers on a guarded host ended with one of SHUT_OUT before it said a word."""
    return HostKitDrifted(
        f"{host}: nothing ran: its guard let us not in, or there is none; make its kit with "
        f"`runbook-bot host-kit {host}`, install it there, and see `runbook-bot doctor {host}`"
    )


def _where(host: Host) -> str:
    return f"{host.name} ({host.address} port {host.port})"


def _what(error: BaseException, host: Host, stage: Stage) -> str:
    if isinstance(error, socket.gaierror):
        return f"name {host.address!r} does not resolve; mend its address in the fleet file, or DNS"
    if isinstance(error, OSError):
        said, mend = _WHY.get(error.errno or 0, (error.strerror or type(error).__name__, _NO_ROUTE))
        return f"{said}; {mend}"
    if isinstance(error, asyncssh.PermissionDenied):
        return (
            f"refused our key for user {host.user!r}; put the public key of the fleet's ssh.identity into "
            "its authorized_keys, or mend user or identity in the fleet file; where both are right, sshd's "
            "log on the host says what else shuts it out (`journalctl -u ssh -u sshd -n 20`: AllowUsers, a "
            "locked account, modes of its home)"
        )
    if stage is Stage.TCP:
        if isinstance(error, asyncssh.ChannelOpenError) and error.code == _PROHIBITED:
            return f"its bastion {host.bastion} {_FORWARDS_NOT}"
        return f"could not be reached through its bastion {host.bastion} ({_reason(error)}); {_NO_ROUTE}"
    if stage is Stage.BANNER:
        return (
            f"hung up before its SSH banner ({_reason(error)}); is it sshd's port, or another server's; else "
            "see MaxStartups, its load and sshd's log"
        )
    if stage is Stage.OPEN:
        return f"logged in, but sshd gave no session ({_reason(error)}); {_NO_SESSION}"
    return f"SSH broke, {stage.value} ({_reason(error)}); see sshd's log on the host"


#: RFC 4254 section 5.1: "administratively prohibited".
_PROHIBITED = asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED
#: sshd_config(5) AllowTcpForwarding, PermitOpen; sshd(8) authorized_keys, `restrict`.
_FORWARDS_NOT = (
    "lets us in and forwards nothing to it: see AllowTcpForwarding and PermitOpen there, and whether "
    "`restrict` in its authorized_keys stands without `port-forwarding`"
)
#: sshd forks for each session, behind PAM's session modules (pam_systemd asks logind over D-Bus).
_NO_SESSION = (
    "may the account start no more processes (`ulimit -u`) or sessions (MaxSessions), does PAM wait for "
    "systemd-logind or D-Bus; `journalctl -u ssh -u sshd -n 20` on the host says it"
)


def _reason(error: BaseException) -> str:
    """The library's word for it; it may quote the far end, so it is cut and kept printable."""
    text = getattr(error, "reason", None) or str(error) or type(error).__name__
    return "".join(char if char.isprintable() else "?" for char in str(text))[:200]
