"""What a command does meanwhile, on standard error where that is a terminal."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from rich.console import Console
from rich.status import Status

from bot import terminal
from bot.model.incident import Incident
from bot.relay import Relay


class Desk(Protocol):
    """Who tells how an incident stands."""

    async def incident(self, incident: str) -> Incident:
        """See `bot.desk.FrontDesk`."""
        ...


@contextlib.asynccontextmanager
async def watching(relay: Relay, desk: Desk, console: Console) -> AsyncIterator[None]:
    """Say how far it is while the block runs; nothing at all where nobody watches."""
    if not console.is_terminal:
        yield
        return
    with console.status("asking …") as status:
        watcher = _Watcher(desk, status)
        relay.listeners.append(watcher)
        task = asyncio.create_task(watcher.run())
        try:
            yield
        finally:
            relay.listeners.remove(watcher)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class _Watcher:
    """A Chat that keeps one line up to date."""

    def __init__(self, desk: Desk, status: Status) -> None:
        self._desk, self._status = desk, status
        self._seen: dict[str, None] = {}
        self._moved = asyncio.Event()

    def changed(self, incident: str) -> None:
        self._seen[incident] = None
        self._moved.set()

    def trouble(self, incident: str, says: str) -> None:
        self._status.console.print(f"{incident}: {says}", markup=False)

    async def run(self) -> None:
        while True:
            await self._moved.wait()
            self._moved.clear()
            states = [await self._desk.incident(one) for one in self._seen]
            # A host's name is no markup.
            self._status.update(terminal.progress(states).replace("[", r"\["))
