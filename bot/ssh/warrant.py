"""What lets the bot act on a guarded host: a standing key, or a certificate for one order alone."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import asyncssh

from bot.errors import SshBroken
from bot.model.host import Host, SshFiles
from bot.ssh.connect import Connector, Link
from bot.ssh.guarded import ROOT, forced_command
from bot.ssh.identity import load_identity, load_private_key
from bot.ssh.order_wire import OrderRequest
from bot.ssh.pool import Pool

#: Seconds a certificate is good for, and how many of them lie before now: clocks differ.
LIFE_S, BEFORE_S = 60, 15


class Warrant(Protocol):
    """Gives what an order is brought with."""

    def key_for(self, host: Host, request: OrderRequest) -> asyncssh.SSHKeyPair:
        """To log in with, for this order on this host."""
        ...


@dataclass(frozen=True)
class Standing:
    """One key for all orders."""

    key: asyncssh.SSHKeyPair

    def key_for(self, host: Host, request: OrderRequest) -> asyncssh.SSHKeyPair:  # noqa: ARG002  # one for all
        """See `Warrant`."""
        return self.key


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A new key and a certificate for each order: good for a minute, on one host, for one nonce."""

    key: asyncssh.SSHKey
    #: Networks that a certificate may be used from; empty: any.
    sources: tuple[str, ...] = ()
    root: str = ROOT
    now_s: Callable[[], float] = time.time

    def key_for(self, host: Host, request: OrderRequest) -> asyncssh.SSHKeyPair:
        """See `Warrant`. It permits no terminal, no forwarding and no rc file."""
        fresh = asyncssh.generate_private_key("ssh-ed25519")
        return asyncssh.load_keypairs([(fresh, self.certificate(fresh, host, request))])[0]

    def certificate(
        self, bearer: asyncssh.SSHKey, host: Host, request: OrderRequest
    ) -> asyncssh.SSHCertificate:
        """For the bearer of this key, to bring this order."""
        now = int(self.now_s())
        return self.key.generate_user_certificate(
            bearer.convert_to_public(),
            f"runbook-bot {request.nonce}",
            principals=[principal(host)],
            valid_after=now - BEFORE_S,
            valid_before=now - BEFORE_S + LIFE_S,
            force_command=forced_command(self.root, request),
            source_address=self.sources or None,
            permit_x11_forwarding=False,
            permit_agent_forwarding=False,
            permit_port_forwarding=False,
            permit_pty=False,
            permit_user_rc=False,
        )


def principal(host: Host) -> str:
    """Whom a certificate for orders names; each host takes its own alone."""
    return f"runbook-bot-act@{host.name}"


def warrant_of(files: SshFiles, *, root: str = ROOT) -> Warrant | None:
    """What the fleet gives; None where it gives nothing to act with. Raises FileError."""
    if files.act_ca is not None:
        return Authority(key=load_private_key(files.act_ca), sources=files.sources, root=root)
    return Standing(load_identity(files.act_identity)) if files.act_identity is not None else None


@dataclass(frozen=True, kw_only=True)
class Bringing:
    """Connections that bring one order each, and are closed behind it."""

    #: None where the fleet gives nothing to act with.
    warrant: Warrant | None
    connector: Connector
    #: Whose bastions the way leads through.
    pool: Pool

    @asynccontextmanager
    async def link(self, host: Host, request: OrderRequest, *, until: float) -> AsyncIterator[Link]:
        """A new link for this order. Raises HostError."""
        if self.warrant is None:
            raise SshBroken(
                f"{host.name}: the fleet file gives no ssh.act_identity; a guarded host takes orders from it"
            )
        key = self.warrant.key_for(host, request)
        async with self.pool.passage(host, until=until) as through:
            link = await self.connector.open(host, until=until, through=through, key=key)
            try:
                yield link
            finally:
                link.connection.close()
