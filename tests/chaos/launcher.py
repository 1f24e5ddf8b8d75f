"""The bot's server as a process that dies where it is told to.

The server is the real one, `bot.commands.serve`; only what stands around its ledger and its shell is
of this file. Processes are forked from one that has the bot imported, which saves a second each.
"""

import asyncio
import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import bot.slack  # noqa: F401 - so that it is there after the fork
from bot.app import Around
from bot.commands.serve import serve
from bot.model.action import ActResult, Order, Settlement
from bot.model.event import Entry, Event
from bot.model.host import Host
from bot.ports import Claims, Ledger, LedgerAround, Shell
from bot.settings import load
from bot.store import sqlite
from tests.chaos.faults import Fault, ShellAround, faulty_claims, faulty_ledger, faulty_shell
from tests.chaos.host import has_taken, starts_in
from tests.chaos.journal import Journal
from tests.chaos.points import COMMITS, Death, Edge, Point
from tests.chaos.waits import telling
from tests.support.disk import Disk

_WATCH_EVERY_S = 0.0005
_LOOK_EVERY_S = 0.02
_REAP_WITHIN_S = 10.0
#: prctl(2): this process gets the signal when its parent, the one it was forked from, ends.
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Script:
    """What a process is and what becomes of it."""

    environment: Mapping[str, str]
    log: Path
    #: Gets a line for each entry that the ledger acknowledged.
    acknowledged: Path
    #: The host's trace.
    trace: Path
    #: Gets the time of its death, when that is by `death`.
    last_words: Path
    #: None: it lives until somebody ends it.
    death: Death | None = None
    fault: Fault | None = None
    #: A file system whose power goes with it; None: only the process dies.
    disk: Disk | None = None
    #: How SQLite is told to write; None: as the bot has it.
    journal: Journal | None = None


class Fuse:
    """Kills this process with signal 9, some time after the point of its death was passed."""

    def __init__(self, script: Script) -> None:
        self._death, self._trace, self._last_words = script.death, script.trace, script.last_words
        self._disk = script.disk
        self.passed(Point.STARTED)

    def passed(self, point: Point) -> None:
        if self._death is None or self._death.at is not point:
            return
        if not self._death.after_s:
            self._die()
        timer = threading.Timer(self._death.after_s, self._die)
        timer.daemon = True
        timer.start()

    def committing(self, edge: Edge, events: Sequence[Event]) -> None:
        if self._death and self._death.at in COMMITS and COMMITS[self._death.at].fits(edge, events):
            self.passed(self._death.at)

    def ordered(self, nonce: str) -> None:
        """Watch the host from a thread: the event loop is busy with the order itself."""
        self.passed(Point.ORDERED)
        threading.Thread(target=self._watch, args=(nonce,), daemon=True).start()

    def _die(self) -> None:
        self._last_words.write_text(f"{time.time()}")
        if self._disk is not None:
            self._disk.cut_power()
        os.kill(os.getpid(), signal.SIGKILL)

    def _watch(self, nonce: str) -> None:
        seen: set[Point] = set()
        while Point.ACTION_DONE not in seen:
            mine = [one for one in starts_in(self._trace) if one.nonce == nonce]
            now = {
                Point.ORDER_TAKEN: has_taken(nonce),
                Point.MID_ACTION: bool(mine),
                Point.ACTION_DONE: any(one.ended for one in mine),
            }
            for point, is_passed in now.items():
                if is_passed and point not in seen:
                    seen.add(point)
                    self.passed(point)
            time.sleep(_WATCH_EVERY_S)


class DyingLedger(LedgerAround):
    """Passes the points beside commits."""

    def __init__(self, ledger: Ledger, fuse: Fuse) -> None:
        super().__init__(ledger)
        self._fuse = fuse

    async def append(self, incident: str, events: Sequence[Event], **how: Any) -> tuple[Entry, ...]:
        self._fuse.committing(Edge.BEFORE, events)
        entries = await super().append(incident, events, **how)
        self._fuse.committing(Edge.AFTER, events)
        return entries


class AcknowledgedLedger(LedgerAround):
    """Writes down what the ledger acknowledged, where a kill cannot take it back."""

    def __init__(self, ledger: Ledger, path: Path) -> None:
        super().__init__(ledger)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def append(self, incident: str, events: Sequence[Event], **how: Any) -> tuple[Entry, ...]:
        entries = await super().append(incident, events, **how)
        os.write(self._file, "".join(f"{one.incident} {one.seq} {one.hash}\n" for one in entries).encode())
        return entries


class DyingShell(ShellAround):
    """Passes the points at the host."""

    def __init__(self, shell: Shell, fuse: Fuse) -> None:
        super().__init__(shell)
        self._fuse = fuse

    async def act(self, host: Host, order: Order) -> ActResult:
        self._fuse.ordered(order.nonce)
        result = await super().act(host, order)
        self._fuse.passed(Point.REPLY_READ)
        return result

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        self._fuse.passed(Point.SETTLE_ASKED)
        found = await super().settle(host, nonce, host_key=host_key)
        self._fuse.passed(Point.SETTLE_ANSWERED)
        return found


def bot_server(script: Script) -> None:
    """The body of the process."""
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    log = os.open(script.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(script.environment)
    fuse, folder = Fuse(script), script.trace.parent
    if script.journal is not None:
        sqlite.PRAGMAS = script.journal.pragmas

    def around_ledger(ledger: Ledger) -> Ledger:
        inner = faulty_ledger(script.fault, AcknowledgedLedger(ledger, script.acknowledged), folder)
        return DyingLedger(inner, fuse)

    def around_shell(shell: Shell) -> Shell:
        return DyingShell(faulty_shell(script.fault, shell, folder), fuse)

    def around_claims(claims: Claims) -> Claims:
        return faulty_claims(script.fault, claims, folder)

    around = Around(ledger=around_ledger, shell=around_shell, claims=around_claims)
    asyncio.run(telling(serve(load(), around=around)))


def warm_up() -> None:
    """Have the bot imported, which takes seconds on a busy machine, before anything waits for it."""
    process = _forking().Process(target=int)
    process.start()
    process.join()


def _forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


class BotProcess:
    """A started server."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._process = _forking().Process(target=bot_server, args=(script,), daemon=True)
        self._process.start()

    @property
    def is_doomed(self) -> bool:
        """It was started to die."""
        return self._script.death is not None

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def exit_status(self) -> int | None:
        """Of an ended one; -9 for one that was killed."""
        return self._process.exitcode

    def signal(self, number: signal.Signals) -> None:
        if self.is_alive:
            os.kill(self.pid, number)

    async def ended(self, within_s: float) -> bool:
        """Wait for the end; False when it still runs then."""
        until = time.monotonic() + within_s
        while True:
            if not self.is_alive:
                return True
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_LOOK_EVERY_S)  # another process cannot set an event here

    async def kill(self) -> None:
        """With signal 9; nothing for one that has ended."""
        self.signal(signal.SIGKILL)
        await self.ended(_REAP_WITHIN_S)
