"""Every error of the library and the system becomes one of ours, with a way out."""

import errno
import socket

import asyncssh
import pytest

from bot.errors import HostError, HostKeyRejected, HostUnreachable, SshAuthFailed, SshBroken
from bot.model.host import Host
from bot.ssh.edge import MEANING, Stage, host_error, kind_of, too_late

HOST = Host(name="web-01", address="10.0.0.1", port=2222, user="bot")


def exceptions_of_the_library() -> list[type[Exception]]:
    found = [getattr(asyncssh, name) for name in dir(asyncssh)]
    return [cls for cls in found if isinstance(cls, type) and issubclass(cls, Exception)]


@pytest.mark.parametrize("cls", exceptions_of_the_library())
def test_no_exception_of_the_library_is_forgotten(cls: type[Exception]) -> None:
    assert cls in MEANING or issubclass(cls, asyncssh.SFTPError)


def test_the_library_still_has_every_exception_we_map() -> None:
    assert set(MEANING) <= set(exceptions_of_the_library())


@pytest.mark.parametrize("stage", Stage)
def test_a_refused_key_is_a_refused_key_at_any_stage(stage: Stage) -> None:
    assert kind_of(asyncssh.HostKeyNotVerifiable("x"), stage) is HostKeyRejected
    assert kind_of(asyncssh.PermissionDenied("x"), stage) is SshAuthFailed


SAID = [
    (ConnectionRefusedError(errno.ECONNREFUSED, "x"), Stage.TCP, HostUnreachable, "is sshd running"),
    (OSError(errno.EHOSTUNREACH, "x"), Stage.TCP, HostUnreachable, "no route to host; is the host up"),
    (OSError(errno.ENETUNREACH, "x"), Stage.TCP, HostUnreachable, "network unreachable"),
    (socket.gaierror(-2, "x"), Stage.TCP, HostUnreachable, "does not resolve"),
    (ConnectionResetError(errno.ECONNRESET, "x"), Stage.BANNER, HostUnreachable, "connection reset"),
    (asyncssh.ConnectionLost("x"), Stage.BANNER, HostUnreachable, "hung up before its SSH banner"),
    (asyncssh.ChannelOpenError(2, "refused"), Stage.TCP, HostUnreachable, "through its bastion"),
    (asyncssh.ChannelOpenError(1, "open failed"), Stage.TCP, HostUnreachable, "AllowTcpForwarding"),
    (asyncssh.ConnectionLost("x"), Stage.BANNER, HostUnreachable, "is it sshd's port"),
    (asyncssh.PermissionDenied("x"), Stage.LOGIN, SshAuthFailed, "AllowUsers"),
    (asyncssh.ChannelOpenError(2, "Session request failed"), Stage.OPEN, SshBroken, "ulimit -u"),
    (asyncssh.ConnectionLost("x"), Stage.KEYS, SshBroken, "key exchange not finished"),
    (asyncssh.KeyExchangeFailed("no algorithm"), Stage.KEYS, SshBroken, "no algorithm"),
    (asyncssh.PermissionDenied("x"), Stage.LOGIN, SshAuthFailed, "authorized_keys"),
    (asyncssh.ChannelOpenError(1, "no more"), Stage.OPEN, SshBroken, "no more"),
    (ValueError("odd"), Stage.KEYS, SshBroken, "odd"),
]


@pytest.mark.parametrize(("error", "stage", "kind", "words"), SAID)
def test_a_message_says_what_to_what_and_what_to_do(
    error: Exception, stage: Stage, kind: type[HostError], words: str
) -> None:
    ours = host_error(error, HOST, stage=stage)

    assert type(ours) is kind
    assert str(ours).startswith("web-01 (10.0.0.1 port 2222): ")
    assert words in str(ours)


@pytest.mark.parametrize(
    ("stage", "kind", "words"),
    [
        (Stage.TCP, HostUnreachable, "no answer to a TCP connection within 5 s"),
        (Stage.BANNER, HostUnreachable, "tcp connects but no SSH banner within 5 s: sshd hangs"),
        (Stage.KEYS, SshBroken, "hangs: key exchange not finished within 5 s"),
        (Stage.LOGIN, SshBroken, "hangs: login not finished within 5 s"),
    ],
)
def test_a_stage_that_hangs_is_named(stage: Stage, kind: type[HostError], words: str) -> None:
    ours = too_late(HOST, stage=stage, after_s=5)

    assert type(ours) is kind
    assert words in str(ours)


def test_what_the_far_end_says_is_cut_and_printable() -> None:
    ours = host_error(asyncssh.DisconnectError(2, "bad\n\x1b[31m" + "x" * 900), HOST, stage=Stage.LOGIN)

    assert str(ours).isprintable()
    assert len(str(ours)) < 400
