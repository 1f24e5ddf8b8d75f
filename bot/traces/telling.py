"""Puts the parts together for one collector."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from bot.ports import Ledger
from bot.traces.sender import SpanSender
from bot.traces.traced import TracedLedger


@asynccontextmanager
async def telling(
    url: str, *, headers: Mapping[str, str], process: str
) -> AsyncIterator[Callable[[Ledger], Ledger]]:
    """Makes ledgers tell spans to the collector; at the end what they committed is told."""
    resource = {"service.name": "runbook-bot", "service.instance.id": process}
    sender = SpanSender(url, headers=headers, resource=resource)
    made: list[TracedLedger] = []

    def traced(ledger: Ledger) -> Ledger:
        made.append(TracedLedger(ledger, sender.send))
        return made[-1]

    async with sender:
        yield traced
        for ledger in made:
            await ledger.settled()
