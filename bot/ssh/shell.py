"""`bot.ports.Shell` over SSH: what reads hosts and acts on them."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncssh

from bot.errors import HostError, HostKeyRejected, SshBroken
from bot.model.action import ActResult, Order, Settlement
from bot.model.command import Command, Hello, RawOutput
from bot.model.host import Fleet, Host, Mode
from bot.ssh import unheard
from bot.ssh.acting import GRACE_S, Ordering, act_request, act_result, settle_request, settlement
from bot.ssh.connect import Connector, Link
from bot.ssh.edge import SHUT_OUT, drifted, shut_out
from bot.ssh.errand import order_errand, read_errand
from bot.ssh.exchange import Exchange, begin, hand_over
from bot.ssh.held import HeldBytes
from bot.ssh.host_keys import KnownHosts
from bot.ssh.options import SshOptions
from bot.ssh.order_wire import OrderRequest, Verb
from bot.ssh.pool import Borrowed, Pool
from bot.ssh.reading import Reading
from bot.ssh.warrant import Bringing, warrant_of
from bot.ssh.wire import Request

#: Seconds the runner on the host has less than we: its answers must still come in time.
_HEAD_START_S = 0.5


class SshShell:
    """Reads and acts over pooled, hardened connections. Close it with `aclose`."""

    def __init__(self, fleet: Fleet, *, options: SshOptions | None = None) -> None:
        """Raises FileError when the fleet's identity or known_hosts file cannot be used."""
        self._options = options or SshOptions()
        #: What is held of all hosts' answers.
        self.held = HeldBytes(self._options.max_held_bytes)
        known = KnownHosts(fleet.ssh.known_hosts)
        connector = Connector(known, fleet.ssh.identity, self._options)
        self._pool = Pool(connector, fleet.hosts, self._options)
        warrant = warrant_of(fleet.ssh, root=self._options.guard_root)
        self._acting = Bringing(warrant=warrant, connector=connector, pool=self._pool)

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncGenerator[Hello | RawOutput, None]:
        """See `bot.ports.Shell.read`. Raises ValueError for commands that no host could run."""
        began = asyncio.get_running_loop().time()
        until = began + deadline_s
        async with self._pool.borrow(host, until=until) as borrowed:
            try:
                reading, channel = await self._ask(borrowed, commands, until)
                is_stale = False
            except HostError:
                self._pool.drop(borrowed.link)
                if not borrowed.is_reused:
                    raise
                is_stale = True
            if not is_stale:
                async for answer in self._answers(borrowed.link, reading, channel, began, until):
                    yield answer
                return
        # The kept connection had died unnoticed: once more on a new one.
        async for answer in self.read(host, commands, deadline_s=until - asyncio.get_running_loop().time()):
            yield answer

    async def act(self, host: Host, order: Order) -> ActResult:
        """See `bot.ports.Shell.act`. Raises ValueError for a malformed nonce or command."""
        began = asyncio.get_running_loop().time()
        ordering = await self._order(host, act_request(order), host_key=order.host_key)
        after_s = asyncio.get_running_loop().time() - began
        return act_result(order, ordering, host=host.name, after_s=after_s)

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        """See `bot.ports.Shell.settle`. Raises ValueError for a malformed nonce."""
        ordering = await self._order(host, settle_request(nonce), host_key=host_key)
        return settlement(ordering, host=host.name)

    @asynccontextmanager
    async def link(self, host: Host, *, order: OrderRequest | None = None) -> AsyncGenerator[Link]:
        """A connection for whoever looks at the way in itself. Raises HostError.

        With an order it is the one that this order would be brought on.
        """
        until = asyncio.get_running_loop().time() + 2 * self._options.connect_s + self._options.login_s
        if order is not None:
            async with self._acting.link(host, order, until=until) as link:
                yield link
            return
        async with self._pool.borrow(host, until=until) as borrowed:
            yield borrowed.link

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def _order(self, host: Host, request: OrderRequest, *, host_key: str | None) -> Ordering:
        """Hand a request to the host and wait for its reply.

        Raises HostError for an order only where the host provably did not get it.
        """
        ordering = Ordering(request, order_errand(host, request))
        loop = asyncio.get_running_loop()
        until = loop.time() + 2 * self._options.connect_s + self._options.login_s
        wait_s = GRACE_S + (0.0 if request.verb is Verb.SETTLE else request.timeout_s)
        if host.mode is Mode.GUARDED and request.verb is Verb.ACT:
            async with self._acting.link(host, request, until=until) as link:
                _check_key(link, request.verb, host_key)
                try:
                    await ordering.send(link, until=until)
                except HostError:
                    if not ordering.may_have_left:
                        raise
                    # The order may be under way: lost, as one whose connection is cut later.
                    return ordering
                await ordering.wait(until=loop.time() + wait_s)
            return ordering
        for is_last in (False, True):
            async with self._pool.borrow(host, until=until) as borrowed:
                _check_key(borrowed.link, request.verb, host_key)
                try:
                    await ordering.send(borrowed.link, until=self._patience(borrowed, until))
                except HostError:
                    self._pool.drop(borrowed.link)
                    if is_last or not borrowed.is_reused:
                        raise
                    continue
                await ordering.wait(until=loop.time() + wait_s)
                if ordering.reply is None:
                    self._pool.drop(borrowed.link)
                break
        return ordering

    async def _ask(
        self, borrowed: Borrowed, commands: Sequence[Command], until: float
    ) -> tuple[Reading, "asyncssh.SSHClientChannel[Any]"]:
        """Send the request and wait for the greeting. Raises HostError when none comes."""
        link = borrowed.link
        nonce = secrets.token_hex(16)
        reading = Reading(nonce, commands, max_bytes=self._options.max_read_bytes, held=self.held)
        life_s = max(0.1, until - asyncio.get_running_loop().time() - _HEAD_START_S)
        request = Request(nonce=nonce, life_s=life_s, commands=tuple(commands))
        errand = read_errand(link.host, request, may_use_python=self._options.may_use_python)
        exchange = Exchange(reading.take, reading.ended)
        channel = await begin(link, errand.command, exchange, until=self._patience(borrowed, until))
        try:
            reading.sent()
            if errand.stdin:
                hand_over(link, channel, errand.stdin)
            await _greeted(link, reading, exchange, until)
        except BaseException:
            self.held.release(reading)
            channel.abort()
            raise
        return reading, channel

    def _patience(self, borrowed: Borrowed, until: float) -> float:
        """A kept connection whose far end is gone must not eat the time a new one needs."""
        if not borrowed.is_reused:
            return until
        return min(until, asyncio.get_running_loop().time() + self._options.connect_s)

    async def _answers(
        self,
        link: Link,
        reading: Reading,
        channel: "asyncssh.SSHClientChannel[Any]",
        began: float,
        until: float,
    ) -> AsyncGenerator[Hello | RawOutput, None]:
        try:
            yield reading.hello(link.fingerprint, began=began)
            async for answer in reading.answers(until=until):
                yield answer
        finally:
            self.held.release(reading)
            channel.abort()
            if reading.flaw is not None or asyncio.get_running_loop().time() >= until:
                self._pool.drop(link)


_OTHER_KEY = {
    Verb.ACT: "nothing ran; look at the host again and decide again",
    Verb.SETTLE: "it was not asked; find the machine that has the first key, and see there what ran",
}


def _check_key(link: Link, verb: Verb, host_key: str | None) -> None:
    if host_key is not None and link.fingerprint != host_key:
        raise HostKeyRejected(
            f"{link.host.name}: the order is for the host with key {host_key}, this one has "
            f"{link.fingerprint}; {_OTHER_KEY[verb]}"
        )


async def _greeted(link: Link, reading: Reading, exchange: Exchange, until: float) -> None:
    try:
        async with asyncio.timeout_at(until):
            greeting = await reading.greeting
    except TimeoutError as error:
        raise SshBroken(f"{link.host.name}: {unheard.silent(exchange)}") from error
    if reading.has_drifted:
        raise drifted(link.host.name)
    if greeting is None and link.host.mode is Mode.GUARDED and exchange.exit_status in SHUT_OUT:
        raise shut_out(link.host.name)
    if greeting is None:
        raise SshBroken(f"{link.host.name}: {unheard.ended(exchange, reading.flaw)}")
