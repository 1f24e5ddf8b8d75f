"""Open connections kept for the next question: one a host, bounded in number and in idle time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import HostError, SshBroken
from bot.model.host import Host
from bot.ssh.connect import Connector, Link
from bot.ssh.options import SshOptions

_LOG = logging.getLogger(__name__)
#: sshd's MaxSessions is 10 as shipped; the rest is left to people.
_SESSIONS = 8


@dataclass(eq=False)
class _Slot:
    """A host's place in the pool."""

    link: Link | None = None
    users: int = 0
    used_at: float = 0.0
    has_permit: bool = False
    bastion: "_Slot | None" = None
    idle: asyncio.TimerHandle | None = None
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    sessions: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SESSIONS))


@dataclass(frozen=True, kw_only=True)
class Borrowed:
    """A link for one exec."""

    link: Link
    #: It was open before: it may have died unnoticed.
    is_reused: bool


class Pool:
    """Links by host. A link that failed is given to `drop`."""

    def __init__(self, connector: Connector, hosts: Mapping[str, Host], options: SshOptions) -> None:
        self._connector, self._hosts, self._options = connector, hosts, options
        self._slots: dict[str, _Slot] = {}
        self._permits = asyncio.Semaphore(options.max_connections)
        self._waiting = 0
        self._is_closed = False

    @asynccontextmanager
    async def borrow(self, host: Host, *, until: float) -> AsyncIterator[Borrowed]:
        """A link for one exec, opened when there is none. Raises HostError."""
        slot = self._hold(host)
        try:
            await _in_time(
                slot.sessions.acquire(), until, f"{host.name}: {_SESSIONS} questions wait there already"
            )
            try:
                yield await self._link(slot, host, until)
            finally:
                slot.sessions.release()
        finally:
            self._let_go(slot)

    @asynccontextmanager
    async def passage(self, host: Host, *, until: float) -> AsyncIterator[Link | None]:
        """The link through which a host is reached; None when it is reached directly. Raises HostError."""
        if host.bastion is None:
            yield None
            return
        slot = _Slot()
        try:
            yield await self._through(slot, host, until)
        finally:
            self._close(slot)

    def drop(self, link: Link) -> None:
        """Close a link that failed, at once."""
        slot = self._slots.get(link.host.name)
        link.connection.abort()
        if slot is not None and slot.link is link:
            self._close(slot)

    async def aclose(self) -> None:
        """Close every connection; links still in use break."""
        self._is_closed = True
        links = [slot.link for slot in self._slots.values() if slot.link]
        for slot in tuple(self._slots.values()):
            self._close(slot)
        for link in links:
            await _closed(link)

    async def _link(self, slot: _Slot, host: Host, until: float) -> Borrowed:
        async with slot.opening:
            if slot.link is not None and slot.link.is_open() and slot.link.host == host:
                return Borrowed(link=slot.link, is_reused=True)
            self._close(slot)
            if self._is_closed:
                raise SshBroken(f"{host.name}: the bot is shutting down")
            slot.link = await self._open(slot, host, until)
            return Borrowed(link=slot.link, is_reused=False)

    async def _open(self, slot: _Slot, host: Host, until: float) -> Link:
        await self._permit(slot, host, until)
        try:
            if host.bastion is None:
                return await self._connector.open(host, until=until)
            return await self._open_through(slot, host, until)
        except BaseException:
            self._close(slot)
            raise

    async def _open_through(self, slot: _Slot, host: Host, until: float) -> Link:
        through = await self._through(slot, host, until)
        return await self._connector.open(host, until=until, through=through)

    async def _through(self, slot: _Slot, host: Host, until: float) -> Link:
        """The link to a host's bastion, held until the slot is closed."""
        bastion = self._hosts.get(host.bastion or "")
        if bastion is None or bastion.bastion is not None:
            raise SshBroken(f"{host.name}: bastion {host.bastion!r} is no host that is reached directly")
        slot.bastion = self._hold(bastion)
        try:
            async with slot.bastion.opening:
                return await self._bastion_link(slot.bastion, bastion, until)
        except HostError as error:
            raise type(error)(f"{host.name}: its bastion: {error}") from error

    async def _bastion_link(self, slot: _Slot, bastion: Host, until: float) -> Link:
        # No permit: a bastion waiting for one behind the hosts that wait for it would never end.
        if slot.link is None or not slot.link.is_open():
            self._close(slot)
            slot.link = await self._connector.open(bastion, until=until)
        return slot.link

    async def _permit(self, slot: _Slot, host: Host, until: float) -> None:
        if self._permits.locked():
            self._evict()
        self._waiting += 1
        try:
            busy = (
                f"{host.name}: all {self._options.max_connections} SSH connections are busy; ask again soon"
            )
            await _in_time(self._permits.acquire(), until, busy)
            slot.has_permit = True
        finally:
            self._waiting -= 1

    def _evict(self) -> None:
        idle = [slot for slot in self._slots.values() if slot.has_permit and not slot.users]
        if idle:
            self._close(min(idle, key=lambda slot: slot.used_at))

    def _hold(self, host: Host) -> _Slot:
        slot = self._slots.setdefault(host.name, _Slot())
        slot.users += 1
        if slot.idle is not None:
            slot.idle.cancel()
            slot.idle = None
        return slot

    def _let_go(self, slot: _Slot) -> None:
        slot.users -= 1
        if slot.users:
            return
        loop = asyncio.get_running_loop()
        slot.used_at = loop.time()
        if self._waiting and slot.has_permit:
            self._close(slot)
        elif slot.link is not None:
            slot.idle = loop.call_later(self._options.idle_s, self._close, slot)

    def _close(self, slot: _Slot) -> None:
        if slot.idle is not None:
            slot.idle.cancel()
            slot.idle = None
        if slot.link is not None:
            _LOG.debug("closing the connection to %s", slot.link.host.name)
            slot.link.connection.close()
            slot.link = None
        if slot.has_permit:
            slot.has_permit = False
            self._permits.release()
        if slot.bastion is not None:
            bastion, slot.bastion = slot.bastion, None
            self._let_go(bastion)


async def _in_time(waiting: object, until: float, says: str) -> None:
    try:
        async with asyncio.timeout_at(until):
            await waiting  # type: ignore[misc]  # any awaitable of a semaphore
    except TimeoutError as error:
        raise SshBroken(says) from error


async def _closed(link: Link) -> None:
    try:
        async with asyncio.timeout(1):
            await link.connection.wait_closed()
    except TimeoutError:
        link.connection.abort()
