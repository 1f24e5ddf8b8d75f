"""One exec on a link: bytes in, bytes out, nothing buffered here."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import asyncssh

from bot.errors import SshBroken
from bot.ssh.connect import Link
from bot.ssh.edge import Stage, host_error

#: Bytes of the far end's first words that are kept, for telling why nothing else came.
_FIRST_BYTES = 2000
#: Bytes the far end may send before it must wait for us.
_WINDOW = 1_048_576


class Exchange(asyncssh.SSHClientSession[bytes]):
    """Hands on standard output as it comes; standard error is what a login shell says."""

    def __init__(self, take: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._take, self._ended = take, ended
        self.exit_status: int | None = None
        #: True once the far end opened the channel: the exec's words leave at once behind that.
        self.was_opened = False
        self._first = b""

    @property
    def last_words(self) -> str:
        """The last line of the first that came, on either stream: why a login shell went no further."""
        lines = [line.strip() for line in self._first.decode("utf-8", "replace").splitlines() if line.strip()]
        return "".join(c for c in lines[-1] if c.isprintable())[:160] if lines else ""

    def connection_made(self, chan: "asyncssh.SSHClientChannel[bytes]") -> None:  # noqa: ARG002  # asyncssh's signature
        """The channel is there, and nothing was asked for on it yet."""
        self.was_opened = True

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Standard output goes on; what `take` cannot read is its affair."""
        if len(self._first) < _FIRST_BYTES:
            self._first += data[:_FIRST_BYTES]
        if datatype is None:
            self._take(data)

    def exit_status_received(self, status: int) -> None:
        """The far shell's own end; says nothing about any command."""
        self.exit_status = status

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncssh's signature
        """The channel is closed, whatever the reason: no more bytes come."""
        self._ended()


# The channel is generic only in asyncssh's own stubs; it carries bytes here.
async def begin(
    link: Link, command: str, exchange: Exchange, *, until: float
) -> "asyncssh.SSHClientChannel[Any]":
    """Start the command. Raises SshBroken when the far end does not say that it took it.

    It may run all the same where the exchange was opened. A command that waits for its input does
    nothing then, since it gets none; one that is whole in its words may do all of it.
    """
    asyncio.get_running_loop().call_soon(_acknowledge, link)
    try:
        async with asyncio.timeout_at(until):
            channel, _ = await link.connection.create_session(
                lambda: exchange,
                command,
                encoding=None,
                window=_WINDOW,
                request_pty=False,
                env={},
                send_env=(),
                x11_forwarding=False,
            )
    except TimeoutError as error:
        raise SshBroken(f"{link.host.name}: sshd accepts the login but starts no command in time") from error
    except (OSError, asyncssh.Error) as error:
        raise host_error(error, link.host, stage=Stage.OPEN) from error
    return channel


def hand_over(link: Link, channel: "asyncssh.SSHClientChannel[Any]", request: bytes) -> None:
    """Send the request. Raises SshBroken when the channel was closed before: then nothing was sent."""
    try:
        channel.write(request)
    except OSError as error:
        raise SshBroken(
            f"{link.host.name}: sshd closed the command's channel before it was told anything; look at the "
            "host's load and sshd's limits"
        ) from error


def _acknowledge(link: Link) -> None:
    """Have the kernel acknowledge what comes at once, once the request for the channel is on its way.

    sshd writes twice behind a login (its host keys, then "the channel is open") and lets the second wait
    until the first is acknowledged (Nagle); this kernel waits 40 ms for something to send with that (tcp(7),
    TCP_QUICKACK). The option holds for some packets only, and the request for the channel ends it: hence
    called behind it. Where there is no such option nothing is lost but the 40 ms.
    """
    option = getattr(socket, "TCP_QUICKACK", None)
    peer = link.connection.get_extra_info("socket")
    if option is None or peer is None:
        return
    with contextlib.suppress(OSError):  # it hung up meanwhile: create_session says so
        peer.setsockopt(socket.IPPROTO_TCP, option, 1)
