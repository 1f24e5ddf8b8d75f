"""`bot.ports.Shell` over SSH: what reads hosts and acts on them."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncssh

from bot.errors import HostError, SshBroken
from bot.model.command import Command, Hello, RawOutput
from bot.model.host import Fleet, Host
from bot.ssh.connect import Connector, Link
from bot.ssh.exchange import Exchange, begin
from bot.ssh.options import SshOptions
from bot.ssh.pool import Pool
from bot.ssh.programs import READ_COMMAND, READ_COMMAND_SH, read_input
from bot.ssh.reading import Reading
from bot.ssh.wire import Request, encode_request

#: Seconds the runner on the host has less than we: its answers must still come in time.
_HEAD_START_S = 0.5


class SshShell:
    """Reads and acts over pooled, hardened connections. Close it with `aclose`."""

    def __init__(self, fleet: Fleet, *, options: SshOptions | None = None) -> None:
        """Raises FileError when the fleet's identity or known_hosts file cannot be used."""
        self._options = options or SshOptions()
        connector = Connector(fleet.ssh, self._options)
        self._pool = Pool(connector, fleet.hosts, self._options)

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        """See `bot.ports.Shell.read`. Raises ValueError for commands that no host could run."""
        began = asyncio.get_running_loop().time()
        until = began + deadline_s
        async with self._pool.borrow(host, until=until) as borrowed:
            try:
                reading, channel = await self._ask(borrowed.link, commands, until)
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

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def _ask(
        self, link: Link, commands: Sequence[Command], until: float
    ) -> tuple[Reading, "asyncssh.SSHClientChannel[Any]"]:
        """Send the request and wait for the greeting. Raises HostError when none comes."""
        nonce = secrets.token_hex(16)
        reading = Reading(nonce, commands, max_bytes=self._options.max_read_bytes)
        life_s = max(0.1, until - asyncio.get_running_loop().time() - _HEAD_START_S)
        line = encode_request(Request(nonce=nonce, life_s=life_s, commands=tuple(commands)))
        command = READ_COMMAND if self._options.may_use_python else READ_COMMAND_SH
        exchange = Exchange(reading.take, reading.ended)
        channel = await begin(link, command, exchange, until=until)
        reading.sent()
        channel.write(read_input(line))
        try:
            async with asyncio.timeout_at(until):
                greeting = await reading.greeting
        except TimeoutError as error:
            raise SshBroken(f"{link.host.name}: {_SILENT}") from error
        if greeting is None:
            raise SshBroken(f"{link.host.name}: {_why(reading, exchange)}")
        return reading, channel

    async def _answers(
        self,
        link: Link,
        reading: Reading,
        channel: "asyncssh.SSHClientChannel[Any]",
        began: float,
        until: float,
    ) -> AsyncIterator[Hello | RawOutput]:
        try:
            yield reading.hello(link.fingerprint, began=began)
            async for answer in reading.answers(until=until):
                yield answer
        finally:
            channel.abort()
            if reading.flaw is not None or asyncio.get_running_loop().time() >= until:
                self._pool.drop(link)


_SILENT = "logged in, but the host does not start our runner in time; look at its load, memory and disks"


def _why(reading: Reading, exchange: Exchange) -> str:
    if reading.flaw is not None:
        return f"the host's answer is not the runner's ({reading.flaw}); is a forced command set for this key"
    status = "" if exchange.exit_status is None else f" with exit status {exchange.exit_status}"
    return (
        f"logged in, but the shell ended{status} before our runner said a word; "
        "does the account have a login shell, is /bin/sh there, is a forced command set for this key"
    )
