"""Faults that the harness has to find: each breaks one promise, as bots without it are written."""

import asyncio
import os
import pickle
import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Any

from bot.model.action import ActResult, Order, Settled, Settlement
from bot.model.command import Command, Hello, RawOutput
from bot.model.event import ActionEnded, Claimed, Entry, Event, Intended, Voted
from bot.model.host import Host
from bot.ports import Claims, Ledger, LedgerAround, Shell, Taken

#: Between the question who has claimed and the claim both servers have asked; at most so long.
_ASKED_WITHIN_S = 40.0
_SERVERS = 2
_LOOK_EVERY_S = 0.02


class Fault(Enum):
    """What is wrong with a process."""

    #: The intent is committed together with the outcome, after the action.
    INTENT_AFTER = auto()
    #: Who has claimed is asked first, and then the claim is written whatever has happened since.
    SELECT_THEN_UPDATE = auto()
    #: After a crash the order is given again.
    BLIND_RETRY = auto()


class LateIntent(LedgerAround):
    """Says that the intent is committed, and commits it with the outcome."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._intents: list[Event] = []

    async def append(self, incident: str, events: Sequence[Event], **how: Any) -> tuple[Entry, ...]:
        if any(isinstance(event, Intended) for event in events):
            self._intents = list(events)
            return ()
        if any(isinstance(event, ActionEnded) for event in events):
            events, self._intents = [*self._intents, *events], []
        return await super().append(incident, events, **how)


class UncheckedClaim(LedgerAround):
    """Claims and goes on by what it read before, not by what stands at the commit."""

    def __init__(self, ledger: Ledger, voted: Path) -> None:
        super().__init__(ledger)
        self._voted = voted

    async def append(self, incident: str, events: Sequence[Event], **how: Any) -> tuple[Entry, ...]:
        if any(isinstance(event, Voted) for event in events):
            self._voted.touch()
        if any(isinstance(event, Claimed) for event in events):
            await self._until_all_have_asked()
        if any(isinstance(event, Claimed | Intended) for event in events):
            how |= {"after_seq": None, "take": None}
        return await super().append(incident, events, **how)

    async def _until_all_have_asked(self) -> None:
        await asyncio.to_thread(self._voted.with_name(f"asked-{os.getpid()}").touch)
        with suppress(TimeoutError):
            async with asyncio.timeout(_ASKED_WITHIN_S):
                while len([*self._voted.parent.glob("asked-*")]) < _SERVERS:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_EVERY_S)  # another process cannot set an event here


class UncheckedClaims:
    """Has whatever it wants once somebody voted, whoever has it; the looks before stay one server's."""

    def __init__(self, claims: Claims, voted: Path) -> None:
        self._claims, self._voted = claims, voted
        self.beat, self.give, self.leave = claims.beat, claims.give, claims.leave

    async def take(self, key: str, replica: str) -> Taken | None:
        taken = await self._claims.take(key, replica)
        return taken or (Taken(former=None) if self._voted.exists() else None)

    async def others(self, keys: Collection[str], replica: str) -> frozenset[str]:
        return frozenset() if self._voted.exists() else await self._claims.others(keys, replica)


class ShellAround:
    """A shell that passes every call on to another one; who stands around it overrides what it changes."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        return self._shell.read(host, commands, deadline_s=deadline_s)

    async def act(self, host: Host, order: Order) -> ActResult:
        return await self._shell.act(host, order)

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        return await self._shell.settle(host, nonce, host_key=host_key)


class RetryingShell(ShellAround):
    """Keeps what it orders, and instead of asking about an order gives it again."""

    def __init__(self, shell: Shell, kept: Path) -> None:
        super().__init__(shell)
        self._kept = kept

    async def act(self, host: Host, order: Order) -> ActResult:
        self._kept.write_bytes(pickle.dumps(order))
        return await super().act(host, order)

    async def settle(self, host: Host, nonce: str, *, host_key: str | None) -> Settlement:
        order: Order = pickle.loads(self._kept.read_bytes())
        result = await self._shell.act(host, replace(order, nonce=secrets.token_hex(16)))
        return Settlement(state=Settled.DONE, exit_status=result.exit_status)


def faulty_ledger(fault: Fault | None, ledger: Ledger, folder: Path) -> Ledger:
    match fault:
        case Fault.INTENT_AFTER:
            return LateIntent(ledger)
        case Fault.SELECT_THEN_UPDATE:
            return UncheckedClaim(ledger, folder / "voted")
        case _:
            return ledger


def faulty_claims(fault: Fault | None, claims: Claims, folder: Path) -> Claims:
    return UncheckedClaims(claims, folder / "voted") if fault is Fault.SELECT_THEN_UPDATE else claims


def faulty_shell(fault: Fault | None, shell: Shell, folder: Path) -> Shell:
    return RetryingShell(shell, folder / "order") if fault is Fault.BLIND_RETRY else shell
