"""One session of any kind on a link, and what came of it; for looking at the way in itself."""

import asyncio
from dataclasses import dataclass
from typing import Any

import asyncssh

from bot.ssh.connect import Link

#: Seconds for one session: what is refused ends at once, what is let in need not end.
PATIENCE_S = 5.0
#: Bytes of an answer that are looked at.
_MOST_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class Said:
    """What came of a session."""

    #: Standard output.
    out: bytes
    #: None when the session was not opened, did not end in time, or ended without one.
    status: int | None
    was_opened: bool = True
    #: False when the far end had neither refused nor ended it after PATIENCE_S: it may still do something.
    has_ended: bool = True
    #: Whether each extra request was granted; those that got no reply are not among them.
    granted: tuple[bool, ...] = ()


async def said_by(
    link: Link, *, request: tuple[bytes, ...] = (), stdin: bytes = b"", enough: int = 0, **what: Any
) -> Said:
    """Open one session with these words of `create_session`, and take what comes for PATIENCE_S.

    `enough`: so many bytes say all; by default what runs there is left to end, its input closed.
    """
    session = _Session(request, enough)
    try:
        async with asyncio.timeout(PATIENCE_S):
            channel, _ = await link.connection.create_session(lambda: session, encoding=None, **what)
    except (asyncssh.ChannelOpenError, TimeoutError) as error:
        is_refused = isinstance(error, asyncssh.ChannelOpenError)
        return Said(out=b"", status=None, was_opened=False, has_ended=is_refused, granted=_replies(session))
    try:
        if stdin:
            channel.write(stdin)
        if not enough:
            channel.write_eof()
        async with asyncio.timeout(PATIENCE_S):
            await session.ended.wait()
    except (TimeoutError, BrokenPipeError):
        pass
    finally:
        channel.abort()
    # What has told its exit status has ended, though a busy far end may close the channel later.
    has_ended = session.was_closed or session.status is not None
    return Said(out=session.out, status=session.status, has_ended=has_ended, granted=_replies(session))


class _Session(asyncssh.SSHClientSession[bytes]):
    """Keeps what comes; makes one extra request before the session's own."""

    def __init__(self, request: tuple[bytes, ...], enough: int) -> None:
        self._request, self._enough = request, enough
        self.out = b""
        self.status: int | None = None
        self.ended = asyncio.Event()
        self.was_closed = False
        self.granted: list[asyncio.Future[bool]] = []

    def connection_made(self, chan: "asyncssh.SSHClientChannel[bytes]") -> None:
        if not self._request:
            return
        # The public way asks for no reply, so that nobody could tell whether it was granted.
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        chan._request_waiters.append(waiter)
        chan._send_request(self._request[0], *self._request[1:], want_reply=True)
        self.granted.append(waiter)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        if datatype is None:
            self.out = (self.out + data)[:_MOST_BYTES]
        if 0 < self._enough <= len(self.out):
            self.ended.set()

    def exit_status_received(self, status: int) -> None:
        self.status = status

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncssh's signature
        self.was_closed = True
        self.ended.set()


def _replies(session: _Session) -> tuple[bool, ...]:
    return tuple(waiter.result() for waiter in session.granted if waiter.done() and not waiter.cancelled())
