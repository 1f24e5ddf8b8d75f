"""One order under way, and what its reply means."""

import asyncio
import re
import secrets

from bot.errors import SshBroken
from bot.model.action import ActResult, Order, Settled, Settlement
from bot.model.command import Ended
from bot.ssh.classify import ending
from bot.ssh.connect import Link
from bot.ssh.edge import SHUT_OUT, drifted, shut_out
from bot.ssh.errand import Errand
from bot.ssh.exchange import Exchange, begin, hand_over
from bot.ssh.order_wire import OrderDecoder, OrderReply, OrderRequest, State, Verb
from bot.ssh.wire import WireError

_NONCE = re.compile(r"[0-9a-f]{32}")
#: Seconds the host may take beyond the order's own time: to end it (7), to write it down, to answer.
GRACE_S = 10.0


class Ordering:
    """Sends one order request and takes what comes back."""

    def __init__(self, request: OrderRequest, errand: Errand) -> None:
        self._errand = errand
        self._decoder = OrderDecoder(request.run)
        self._ended = asyncio.Event()

    @property
    def reply(self) -> OrderReply | None:
        """The host's last word; None when it was not heard."""
        return self._decoder.reply

    @property
    def is_first(self) -> bool | None:
        """Whether this call runs the order, as the host said; None when it did not."""
        return self._decoder.is_first

    @property
    def is_refused(self) -> bool:
        """True when the host said that it runs nothing."""
        return self._decoder.is_refused

    @property
    def has_drifted(self) -> bool:
        """True when a guarded host's kit does not hold the order: it runs nothing."""
        return self._decoder.has_drifted

    @property
    def was_shut_out(self) -> bool:
        """True when a guarded host ended the call before any order program began: it ran nothing."""
        is_silent = self.is_first is None and self.reply is None
        return is_silent and self._errand.is_guarded and self._exchange.exit_status in SHUT_OUT

    @property
    def may_have_left(self) -> bool:
        """True when the host may carry the request out although `send` failed.

        To a guarded host the exec's words are the whole request, and only the reply to them was missing.
        Any other gets a shell that waits for the request, which is handed over behind that reply alone.
        """
        return self._errand.is_guarded and self._exchange.was_opened

    async def send(self, link: Link, *, until: float) -> None:
        """Hand the request to the host. Raises SshBroken when it is not known to have it.

        It provably has not unless `may_have_left`.
        """
        self._exchange = Exchange(self._take, self._ended.set)
        self._channel = await begin(link, self._errand.command, self._exchange, until=until)
        if self._errand.stdin:
            hand_over(link, self._channel, self._errand.stdin)

    async def wait(self, *, until: float) -> None:
        """Until the reply is there, the channel is closed, or `until`; never raises for the host."""
        try:
            async with asyncio.timeout_at(until):
                await self._ended.wait()
        except TimeoutError:
            pass
        finally:
            self._channel.abort()

    def _take(self, data: bytes) -> None:
        try:
            self._decoder.feed(data)
        except WireError:
            self._ended.set()
        if self.reply is not None or self.is_refused or self.has_drifted:
            self._ended.set()


def act_request(order: Order) -> OrderRequest:
    """The request to run an order. Raises ValueError when it is malformed."""
    return OrderRequest(
        run=secrets.token_hex(16),
        verb=Verb.ACT,
        nonce=_checked(order.nonce),
        timeout_s=order.timeout_s,
        commands=order.commands,
    )


def settle_request(nonce: str) -> OrderRequest:
    """The request to ask about an order. Raises ValueError when the nonce is malformed."""
    return OrderRequest(run=secrets.token_hex(16), verb=Verb.SETTLE, nonce=_checked(nonce))


def act_result(order: Order, ordering: Ordering, *, host: str, after_s: float) -> ActResult:
    """What an order came to. Raises HostError when the host said that it does not run it."""
    if ordering.has_drifted:
        raise drifted(host)
    if ordering.was_shut_out:
        raise shut_out(host)
    if ordering.is_refused:
        raise SshBroken(
            f"{host}: not run: the host can remember no order: not in ~/.local/state, /dev/shm or /run/lock; "
            "free space or mend their owner and mode (0700)"
        )
    reply = ordering.reply
    is_first = ordering.is_first is not False
    if reply is None:
        return ActResult(
            is_first=is_first,
            ended=Ended.LOST,
            exit_status=None,
            stdout=b"",
            stderr=b"",
            duration_s=after_s,
        )
    ended = _ended(order, reply)
    return ActResult(
        is_first=is_first,
        ended=ended,
        exit_status=_signed(reply.status) if ended is Ended.EXITED else None,
        stdout=reply.stdout,
        stderr=reply.stderr,
        duration_s=reply.duration_s,
    )


def settlement(ordering: Ordering, *, host: str) -> Settlement:
    """What the host knows. Raises SshBroken when it did not say."""
    if ordering.is_refused or ordering.reply is None:
        raise SshBroken(f"{host}: it does not say what became of the order; ask again when it is well")
    reply = ordering.reply
    state = _SETTLED[reply.state]
    return Settlement(
        state=state,
        exit_status=_signed(reply.status) if state is Settled.DONE else None,
        stdout=reply.stdout,
        stderr=reply.stderr,
    )


_SETTLED = {
    State.ENDED: Settled.DONE,
    # Stopped by us; whether the far process heeded is not known.
    State.TIMED_OUT: Settled.CUT,
    State.RUNNING: Settled.RUNNING,
    State.CUT: Settled.CUT,
    State.BURNT: Settled.NEVER,
}


def _ended(order: Order, reply: OrderReply) -> Ended:
    if reply.state is State.TIMED_OUT:
        return Ended.TIMED_OUT
    if reply.state is not State.ENDED or not 0 <= reply.index < len(order.commands):
        return Ended.LOST
    argv = order.commands[reply.index]
    return ending(argv, status=reply.status, stderr=reply.stderr, ok_exit=frozenset({0}))


def _signed(status: int) -> int:
    """A shell's 128 + n is signal n."""
    return 128 - status if 128 < status <= 192 else status


def _checked(nonce: str) -> str:
    if not _NONCE.fullmatch(nonce):
        raise ValueError(f"a nonce is 32 lower-case hex digits, not {nonce!r}")
    return nonce
