"""Hosts: asked and acted on over SSH, and asked from outside."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.model.action import ActResult, Order, Settlement
from bot.model.command import Command, Hello, RawOutput
from bot.model.host import Host


class Shell(Protocol):
    """Reads from hosts and acts on them over SSH."""

    def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        """Run all commands in parallel in one round trip; first `Hello`, then each answer as it ends.

        Exactly one RawOutput per command comes, also when the connection breaks or the deadline
        passes (then `ended` is LOST or TIMED_OUT). Raises HostError when the host could not be
        asked at all, before the first Hello.
        """
        ...

    async def act(self, host: Host, order: Order) -> ActResult:
        """Run the order at most once for its nonce, also across calls, crashes and replicas.

        Raises HostError only when the order provably did not start.
        """
        ...

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        """Ask the host about a nonce; one that never ran is burnt, so that it never can. Raises HostError.

        `host_key`: the fingerprint that the order was for; a host with another one is not asked, since what
        it does not remember says nothing. None where there was no order.
        """
        ...


class Prober(Protocol):
    """Asks the service from outside."""

    async def probe(self, url: str, *, deadline_s: float) -> RawOutput:
        """One GET as a RawOutput for step `outside`; never raises for what the far end does."""
        ...
