"""Several real processes of the bot on one PostgreSQL ledger and one local Slack; slow hosts."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo import SampleHosts, hosts, server
from bot.demo.sample import SampleHost
from bot.devslack import DevSlack
from bot.model.event import Entry
from bot.model.incident import Incident, fold
from bot.ssh.order_wire import OrderReply, OrderRequest
from bot.ssh.wire import Request, ResultFrame
from bot.store import SqlLedger, open_ledger
from tests.support.people import People
from tests.support.postgres import APP, PostgresServer

#: How long the last answer of a look, and an order, take on a slow host.
LOOK_S = 4.0
ORDER_S = 6.0
#: Connections that each process has to Slack.
_SOCKETS = 2


class SlowHost(SampleHost):
    """A sample host on which a look and an order last long enough to be killed in the middle."""

    def read(self, request: Request, now: datetime) -> Iterator[ResultFrame]:
        *first, last = super().read(request, now)
        yield from first
        yield replace(last, duration_s=LOOK_S)

    def _act(self, request: OrderRequest) -> OrderReply:
        return replace(super()._act(request), duration_s=ORDER_S)


@asynccontextmanager
async def slow_hosts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SampleHosts]:
    """The usual sample hosts, slow."""
    monkeypatch.setattr(hosts, "SampleHost", SlowHost)
    monkeypatch.setattr(server, "_MAX_WAIT_S", LOOK_S)
    async with SampleHosts(folder) as running:
        yield running


@dataclass(kw_only=True)
class Replicas:
    """The world around the processes, and the processes by their pid."""

    folder: Path
    server: PostgresServer
    #: Name of the ledger's database there.
    database: str
    fleet: Path
    slack: DevSlack
    people: People
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self) -> asyncio.subprocess.Process:
        """One more; returns when all that run are connected to Slack, also those begun at the same time."""
        environment = {
            "PATH": os.environ["PATH"],
            "RUNBOOK_BOT_FLEET": str(self.fleet),
            "RUNBOOK_BOT_LEDGER": self.server.url(APP, self.database),
            "RUNBOOK_BOT_LOG_FORMAT": "json",
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            **self.settings,
        }
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", env=environment, stdout=log, stderr=log
            )
        self.running[process.pid] = process
        await self.until(self._connections, lambda count: count >= _SOCKETS * len(self.running))
        return process

    async def end(self, pid: int, how: signal.Signals = signal.SIGKILL) -> int:
        """Its exit status, once it is gone."""
        process = self.running.pop(pid)
        with suppress(ProcessLookupError):  # it ended by itself
            process.send_signal(how)
        return await process.wait()

    async def end_all(self) -> None:
        """Also one that stands still: that holds back no SIGKILL."""
        for pid in list(self.running):
            await self.end(pid)

    async def holder(self, key: str) -> int:
        """Pid of the process that has the claim, once one has it."""

        async def ask() -> list[tuple[str]]:
            return self.select(f"SELECT holder FROM claim WHERE key = '{key}'")

        ((holder,),) = await self.until(ask, bool)
        return int(holder.split(":")[1])

    def select(self, query: str) -> list[Any]:
        """Rows, as the bot's role."""
        return self.server.execute(APP, self.database, query)

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[SqlLedger]:
        async with await open_ledger(self.server.url(APP, self.database)) as ledger:
            yield ledger

    async def entries(self) -> tuple[Entry, ...]:
        """Of the latest incident."""
        async with self.ledger() as ledger:
            names = await ledger.incidents(limit=1)
            return await ledger.entries(names[0]) if names else ()

    async def state(self, is_so: Callable[[Incident], object], *, within_s: float = 120) -> Incident:
        """The latest incident once it is so."""

        async def ask() -> Incident:
            return fold(await self.entries())

        found = await self.until(ask, is_so, within_s=within_s)
        assert isinstance(found, Incident)
        return found

    async def until(
        self, ask: Callable[[], Any], is_so: Callable[[Any], object], *, within_s: float = 120
    ) -> Any:
        """What is told once it is so; other processes can set no event here."""
        async with asyncio.timeout(within_s):
            while True:
                told = await ask()
                if is_so(told):
                    return told
                await asyncio.sleep(0.05)

    async def _connections(self) -> int:
        return int((await self.people.workspace())["app"]["connections"])
