"""The world around the servers of one round, which outlives them: Slack, a host, a ledger, people."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.audit import verify_ledger
from bot.devslack import DevSlack, Options
from bot.errors import LedgerUnavailable
from bot.model.event import Entry
from bot.model.incident import Incident, fold
from bot.slack import manifest
from bot.store import SqlLedger, open_ledger
from tests.chaos import host as hosts
from tests.chaos.faults import Fault
from tests.chaos.found import Left
from tests.chaos.journal import Journal
from tests.chaos.launcher import BotProcess, Script, warm_up
from tests.chaos.points import Death
from tests.support.disk import Disk
from tests.support.people import APPROVER, People, has_button, words_of
from tests.support.unhurried import UNHURRIED

#: Bounds hangs; nothing here waits as long when all is well.
PATIENCE_S = 90.0
#: Another process cannot set an event here, so it is asked.
LOOK_EVERY_S = 0.05
#: Looks at a ledger that does not answer before it counts as away.
_LOOKS = 3


@dataclass(kw_only=True)
class Stage:
    """One request's world."""

    folder: Path
    #: Path or URL of the ledger.
    where: str
    #: The same, to look at.
    ledger: SqlLedger
    slack: DevSlack
    host: hosts.Host
    people: People
    fault: Fault | None = None
    #: What a server takes the power of when it dies, and how its SQLite writes; None: nothing, and as it is.
    disk: Disk | None = None
    journal: Journal | None = None
    #: Reads of the ledger that are under way.
    reading: set[asyncio.Task[Any]] = field(default_factory=set)
    #: Added to the servers' environment.
    extra: dict[str, str] = field(default_factory=dict)

    def server(self, death: Death | None = None) -> BotProcess:
        self._last_words.unlink(missing_ok=True)
        return BotProcess(
            Script(
                environment=self.environment(),
                log=self.folder / "bot.log",
                acknowledged=self._acknowledged,
                trace=self.host.folder / "trace",
                last_words=self._last_words,
                death=death,
                fault=self.fault,
                disk=self.disk,
                journal=self.journal,
            )
        )

    async def connected(self, server: BotProcess, *, sockets: int = 1) -> bool:
        """Wait until Slack has it; False when it ended before."""
        async with asyncio.timeout(PATIENCE_S):
            while server.is_alive:
                if int((await self.people.workspace())["app"]["connections"]) >= sockets:
                    return True
                await asyncio.sleep(LOOK_EVERY_S)
        return False

    async def ask(self, words: str = "/502 web-01") -> bool:
        """Whether the bot took it."""
        return bool((await self.people.command(words))["ok"])

    async def cards(self) -> list[dict[str, Any]]:
        """Messages on which something can be approved."""
        return [one for one in await self.people.messages() if has_button(one, "approve")]

    async def until(self, wanted: Callable[[], Awaitable[object]]) -> None:
        """Look again and again until it is so. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if await wanted():
                    return
                await asyncio.sleep(LOOK_EVERY_S)

    async def click(self, *, times: int = 2) -> None:
        """Approve whatever can be approved, with as many clicks at the same time."""
        for card in await self.cards():
            clicks = [self.people.click(card, "approve", user=APPROVER) for _ in range(times)]
            await asyncio.gather(*clicks)

    async def entries(self) -> dict[str, tuple[Entry, ...]]:
        # Who is cancelled in the middle of a read would take its connection along.
        reading = asyncio.create_task(self._read())
        self.reading.add(reading)
        reading.add_done_callback(self._has_read)
        return await asyncio.shield(reading)

    async def _read(self) -> dict[str, tuple[Entry, ...]]:
        """Asked again when one look runs out of its time: whoever looks on is not what is tried."""
        for _ in range(_LOOKS - 1):
            with suppress(LedgerUnavailable):
                return await self._read_once()
        return await self._read_once()

    async def _read_once(self) -> dict[str, tuple[Entry, ...]]:
        return {one: await self.ledger.entries(one) for one in await self.ledger.incidents()}

    def _has_read(self, reading: asyncio.Task[Any]) -> None:
        self.reading.discard(reading)
        if not reading.cancelled():
            reading.exception()  # perhaps nobody waits for it any more

    async def incidents(self) -> list[Incident]:
        return [fold(entries) for entries in (await self.entries()).values()]

    async def told(self) -> list[dict[str, Any]]:
        """All messages, once each thread shows its last verdict and no card waits for a click."""
        states = await self.incidents()
        return list(await self.people.until(lambda seen: seen if _is_told(seen, states) else []))

    async def left(self, *, resolved_after_s: float | None) -> Left:
        messages = await (self.told() if resolved_after_s is not None else self.people.messages())
        report = await verify_ledger(self.ledger)
        # Before the entries: while a server lives both grow.
        acknowledged = self.acknowledged()
        return Left(
            entries=await self.entries(),
            starts=self.host.starts(),
            acknowledged=acknowledged,
            report=report,
            messages=messages,
            resolved_after_s=resolved_after_s,
        )

    def acknowledged(self) -> tuple[str, ...]:
        """See `Left`."""
        return tuple(self._acknowledged.read_text().splitlines()) if self._acknowledged.exists() else ()

    def log(self) -> str:
        """What the servers wrote."""
        return (self.folder / "bot.log").read_text()

    def died_at(self) -> float:
        """When the last server died; now for one that was killed from outside."""
        said = self._last_words.read_text() if self._last_words.exists() else ""
        return float(said or time.time())

    @property
    def _last_words(self) -> Path:
        return self.folder / "last-words"

    @property
    def _acknowledged(self) -> Path:
        return self.folder / "acknowledged"

    def environment(self) -> dict[str, str]:
        """What a server is started with."""
        return {
            "PATH": os.environ["PATH"],
            "RUNBOOK_BOT_FLEET": str(self.host.fleet),
            "RUNBOOK_BOT_RUNBOOKS": str(self.host.runbooks),
            "RUNBOOK_BOT_LEDGER": self.where,
            "RUNBOOK_BOT_ANCHORS": str(self.folder / "anchors"),
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            **self.extra,
        }


@asynccontextmanager
async def staged(folder: Path, where: str | None = None, **host: Any) -> AsyncIterator[Stage]:
    """A world with its ledger at `where`, by default a file in the folder."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(warm_up)
    where = where or str(folder / "ledger.db")
    async with AsyncExitStack() as undone:
        slack = DevSlack(Options(manifest=manifest(), **UNHURRIED))
        undone.push_async_callback(slack.stop)
        await slack.start()
        people = People(slack.page_url)
        undone.push_async_callback(people.aclose)
        # Starting and ending a host takes seconds on a busy machine, and others play on this event loop.
        running = hosts.running(folder, **host)
        at = await asyncio.to_thread(running.__enter__)
        undone.push_async_callback(asyncio.to_thread, running.__exit__, None, None, None)
        ledger = await undone.enter_async_context(await _opened(where))
        stage = Stage(folder=folder, where=where, ledger=ledger, slack=slack, host=at, people=people)
        try:
            yield stage
        finally:
            await asyncio.gather(*stage.reading, return_exceptions=True)


async def _opened(where: str) -> SqlLedger:
    """Asked again like a look, see `Stage._read`."""
    for _ in range(_LOOKS - 1):
        with suppress(LedgerUnavailable):
            return await open_ledger(where)
    return await open_ledger(where)


def _is_told(seen: list[dict[str, Any]], states: list[Incident]) -> bool:
    words = [words_of(one) for one in seen if one["thread_ts"]]
    says = [state.verdict.says[:40] for state in states if state.verdict]
    return all(any(one in text for text in words) for one in says) and not any(
        has_button(one, "approve") for one in seen
    )
