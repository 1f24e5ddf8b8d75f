"""What the core asks of the world. Adapters implement these; `app` wires them."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model.action import ActResult, Order, Settlement
from bot.model.command import Command, Hello, RawOutput
from bot.model.event import Entry, Event, Hold, Place
from bot.model.host import Host
from bot.model.person import Account, Actor
from bot.model.refusal import AskRefused
from bot.model.signed import Signed
from bot.model.summary import ExportFile, IncidentSummary


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

    async def settle(self, host: Host, nonce: str) -> Settlement:
        """Ask the host about a nonce; one that never ran is burnt, so that it never can. Raises HostError."""
        ...


class Ledger(Protocol):
    """Append-only, chained events. Every method raises LedgerUnavailable when the database is."""

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """Commit all events in one transaction, in order, and return them in the chain.

        `after_seq`: the seq the decision was based on; Conflict when the chain has grown since
        (0 for a new incident; None to append in any case). `take` acquires a hold for this incident
        (HostBusy, naming the holder, when another has it), `give` releases it.
        """
        ...

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """Entries in order; empty when there is no such incident."""
        ...

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """Ids, the most recently appended-to first."""
        ...

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """A new mark and the incidents appended to since the old one (0: from the start)."""
        ...

    async def incident_of(self, approval: str) -> str | None:
        """The incident an approval id belongs to."""
        ...

    async def keep(self, text: str) -> str:
        """Store cleaned evidence beside the chain; returns its salted digest, hex."""
        ...

    async def evidence(self, digest: str) -> str | None:
        """The text kept under a digest; None when it was erased."""
        ...

    async def now(self) -> datetime:
        """The database's clock, aware UTC: the only clock for expiry and order."""
        ...

    async def refuse(self, refusal: AskRefused) -> None:
        """Write down a refusal that belongs to no incident."""
        ...


class LedgerAround:
    """A Ledger that passes every call on to another one; who stands around it overrides what it changes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `Ledger`."""
        return await self._ledger.append(incident, events, after_seq=after_seq, take=take, give=give)

    async def entries(self, incident: str, *, after_seq: int = 0) -> tuple[Entry, ...]:
        """See `Ledger`."""
        return await self._ledger.entries(incident, after_seq=after_seq)

    async def incidents(self, *, limit: int = 100) -> tuple[str, ...]:
        """See `Ledger`."""
        return await self._ledger.incidents(limit=limit)

    async def changed_since(self, mark: int) -> tuple[int, tuple[str, ...]]:
        """See `Ledger`."""
        return await self._ledger.changed_since(mark)

    async def incident_of(self, approval: str) -> str | None:
        """See `Ledger`."""
        return await self._ledger.incident_of(approval)

    async def keep(self, text: str) -> str:
        """See `Ledger`."""
        return await self._ledger.keep(text)

    async def evidence(self, digest: str) -> str | None:
        """See `Ledger`."""
        return await self._ledger.evidence(digest)

    async def now(self) -> datetime:
        """See `Ledger`."""
        return await self._ledger.now()

    async def refuse(self, refusal: AskRefused) -> None:
        """See `Ledger`."""
        await self._ledger.refuse(refusal)


@dataclass(frozen=True)
class Taken:
    """A claim that was got."""

    #: Whose it was, and who went silent; None when it was free or one's own.
    former: str | None = None


class Claims(Protocol):
    """Which process does what only one may do; each holder is believed while its heartbeat is fresh.

    Every method raises LedgerUnavailable when the database is.
    """

    async def beat(self, replica: str, *, is_server: bool) -> float | None:
        """Say that this process lives; seconds since it last did, None when nothing was known of it."""
        ...

    async def take(self, key: str, replica: str) -> Taken | None:
        """Have the key, if it is free, one's own, or its holder silent for too long; None when it is not."""
        ...

    async def give(self, keys: Collection[str], replica: str) -> None:
        """Let go of these keys, as far as they are one's own."""
        ...

    async def leave(self, replica: str) -> None:
        """Let go of everything and be forgotten; who waits for it is woken."""
        ...

    async def others(self, keys: Collection[str], replica: str) -> frozenset[str]:
        """Those of the keys that another living process has."""
        ...


class Leases(Protocol):
    """What this process has to itself; see `bot.engine.leases.HeldLeases`."""

    def holds(self, key: str) -> bool:
        """Whether it has the key and can prove it at this moment."""
        ...

    async def take(self, key: str) -> bool:
        """Have the key from now on; False when another living process has it. Raises LedgerUnavailable."""
        ...

    async def give(self, key: str) -> None:
        """Let go of it. Never raises: what cannot be given back now, is later."""
        ...

    async def others(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that another living process has. Raises LedgerUnavailable."""
        ...

    def when_free(self, key: str, call: Callable[[], None]) -> None:
        """Call once when no other living process has the key any more; the last one to ask is called."""
        ...

    def when_lost(self, call: Callable[[], None]) -> None:
        """Call whenever everything that was held is lost, before anything else is done."""
        ...


class Chat(Protocol):
    """Where an incident is shown while it runs. Never raises for the chat being away."""

    def changed(self, incident: str) -> None:
        """The incident has new events; show them soon. Returns at once, coalesces."""
        ...

    def trouble(self, incident: str, says: str) -> None:
        """Something keeps the incident from going on; say so without the ledger. Returns at once."""
        ...


class Clock(Protocol):
    """Our own clock, for time-outs and durations."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...


class Prober(Protocol):
    """Asks the service from outside."""

    async def probe(self, url: str, *, deadline_s: float) -> RawOutput:
        """One GET as a RawOutput for step `outside`; never raises for what the far end does."""
        ...


class Directory(Protocol):
    """Whoever vouches for accounts: Slack for its own, the operating system for logins."""

    async def look_up(self, account: Account) -> Actor | None:
        """The account as it is now, asked afresh; None when that cannot be told. Never raises."""
        ...


class Signatures(Protocol):
    """Whoever knows which key is whose."""

    def check_signature(self, text: str, signature: str, *, principals: Collection[str]) -> Signed:
        """Whose of these principals' keys signed this text for an approval.

        Raises BadRequest saying what is wrong with the signature.
        """
        ...


class Desk(Protocol):
    """What people may ask of the bot; Slack and the terminal call the same.

    Everything that may be refused raises AskError with the sentence for the person; a refusal is in
    the ledger by then. LedgerUnavailable means: nothing was done, say so. Work that takes time is
    only handed to the engine here; each call returns within milliseconds.
    """

    async def ask(
        self,
        actor: Actor,
        *,
        runbook: str,
        hosts: Sequence[str],
        place: Place | None,
        words: str,
        request: str = "",
    ) -> tuple[str, ...]:
        """Look at each host; incidents in the order of `hosts`, those of a moment ago at this place again.

        `request` tells it from every other one: the same twice opens nothing twice, in any process.
        """
        ...

    async def vote(
        self,
        actor: Actor,
        approval: str,
        *,
        is_yes: bool,
        reason: str = "",
        break_glass: str = "",
        signature: str = "",
    ) -> str:
        """Count a vote on an approval; its incident. `break_glass` is a justification, `signature` SSH's."""
        ...

    async def again(self, actor: Actor, incident: str, *, request: str = "") -> None:
        """Run the checklist of an incident again; once for one request."""
        ...

    async def note(self, actor: Actor, incident: str, text: str, *, request: str = "") -> None:
        """Add a note to the timeline; once for one request."""
        ...

    async def export(self, actor: Actor, incident: str, form: str) -> ExportFile:
        """The timeline as `md`, `json`, `html` or `csv`."""
        ...

    async def status(self, *, limit: int = 10) -> tuple[IncidentSummary, ...]:
        """The latest incidents, newest first."""
        ...

    async def incident_at(self, channel: str, ts: str) -> str | None:
        """The incident whose thread (its root's channel and ts) this is."""
        ...
